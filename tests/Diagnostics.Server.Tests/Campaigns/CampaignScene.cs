using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Campaigns;

/// <summary>
/// A region over HTTP: sites, a campaign, people with their sign-ins, and helper methods for these tests.
/// </summary>
internal sealed class CampaignScene(TestService service)
{
    internal const string V1 = "/api/v1";

    internal HttpClient Admin { get; private set; } = service.Admin;

    internal Guid Site { get; private set; }

    internal Guid Campaign { get; set; }

    internal static async Task<CampaignScene> Published(TestService service, int seats = 30)
    {
        var scene = new CampaignScene(service);
        scene.Site = await scene.AddSite(seats);
        scene.Campaign = await scene.AddDraft(scene.Site);
        await scene.Publish(scene.Campaign).Json();
        return scene;
    }

    /// <summary>
    /// A scene with its own operator, for tests that send more simultaneous requests than one account may send.
    /// </summary>
    internal static async Task<CampaignScene> PublishedByAnother(TestService service, int seats = 30)
    {
        var scene = await Published(service, seats);
        scene.Admin = (await scene.Staff(new { role = "operator", scope = "all" })).Client;
        return scene;
    }

    internal static string Unique(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..20];

    internal static object SiteBody(
        string? code = null,
        int seats = 30,
        string territory = "82-701",
        string timeZone = "Europe/Moscow",
        string name = "Школа № 5"
    ) =>
        new
        {
            code = code ?? Unique("site"),
            name,
            address = "Махачкала, ул. Ленина, 1",
            territory,
            timeZone,
            seats,
        };

    internal async Task<Guid> AddSite(int seats = 30, string territory = "82-701") =>
        (await Admin.PostAsJsonAsync($"{V1}/sites", SiteBody(seats: seats, territory: territory)).Json(201)).Id();

    internal async Task<Guid> Form() => (await Admin.GetAsync($"{V1}/forms").Json())["items"]![0]!.Id();

    internal static object Windows(
        string applicationsFrom = "2026-09-01T00:00:00Z",
        string applicationsTo = "2026-09-20T00:00:00Z",
        string sittingFrom = "2026-09-14T06:00:00Z",
        string sittingTo = "2026-09-30T00:00:00Z",
        string markingTo = "2026-10-10T00:00:00Z"
    ) =>
        new
        {
            applicationsFrom,
            applicationsTo,
            sittingFrom,
            sittingTo,
            markingTo,
        };

    internal async Task<JsonObject> CampaignBody(params Guid[] sites) =>
        JsonObjectOf(
            new
            {
                title = "Входная диагностика учителей математики",
                audience = "учителя математики 5–9 классов",
                formId = await Form(),
                stage = "entry",
                windows = Windows(),
                siteIds = sites,
            }
        );

    internal async Task<Guid> AddDraft(params Guid[] sites) =>
        (await Admin.PostAsJsonAsync($"{V1}/campaigns", await CampaignBody(sites)).Json(201)).Id();

    internal Task<HttpResponseMessage> Publish(Guid campaign) => Admin.PostAsJsonAsync($"{V1}/campaigns/{campaign}/publication", new { });

    internal static object PersonBody(string surname = "Магомедова", string territory = "82-701", string? externalId = null) =>
        new
        {
            surname,
            givenName = "Патимат",
            organisation = "МБОУ СОШ № 5",
            territory,
            externalId,
        };

    internal async Task<Guid> Enrol(string territory = "82-701") =>
        (await Admin.PostAsJsonAsync($"{V1}/people", PersonBody(territory: territory)).Json(201))["participantId"]!.GetValue<Guid>();

    internal async Task<IReadOnlyList<Guid>> Enrol(int count) =>
        (await Admin.PostAsJsonAsync($"{V1}/people/bulk", new { people = Enumerable.Repeat(PersonBody(), count) }).Json())[
            "participantIds"
        ]!
            .AsArray()
            .Select(id => id!.GetValue<Guid>())
            .ToList();

    /// <summary>A person who can sign in.</summary>
    internal async Task<(Guid Id, HttpClient Client)> Person(string territory = "82-701")
    {
        var id = await Enrol(territory);
        return (id, await SignIn(await Admin.PostAsJsonAsync($"{V1}/people/{id}/account", new { }).Json(201)));
    }

    /// <summary>A member of staff.</summary>
    internal async Task<(Guid Id, HttpClient Client)> Staff(params object[] grants)
    {
        var made = await Admin.PostAsJsonAsync($"{V1}/accounts", new { userName = Unique("staff"), grants }).Json(201);
        return (made["accountId"]!.GetValue<Guid>(), await SignIn(made));
    }

    internal async Task<HttpClient> Portal(string? territory, params string[] scopes)
    {
        var made = await Admin
            .PostAsJsonAsync(
                $"{V1}/clients",
                new
                {
                    clientId = Unique("portal"),
                    name = "Портал",
                    scopes,
                    territory,
                }
            )
            .Json(201);
        return await service.SignInClient(made["clientId"]!.GetValue<string>(), made["secret"]!.GetValue<string>());
    }

    internal Task<HttpClient> SignIn(JsonNode made) =>
        service.SignIn(made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());

    internal object ApplicationBody(
        Guid? participant = null,
        Guid? site = null,
        int version = 2,
        bool accepted = true,
        bool sharing = false
    ) =>
        new
        {
            siteId = site ?? Site,
            consent = new
            {
                code = "participation",
                version,
                accepted,
            },
            dataProcessing = new
            {
                code = "data-processing",
                version = 1,
                accepted = true,
            },
            profileSharing = sharing
                ? new
                {
                    code = "profile-sharing",
                    version = 1,
                    accepted = true,
                }
                : null,
            participantId = participant,
        };

    internal Task<HttpResponseMessage> Apply(HttpClient by, object? body = null, Guid? campaign = null) =>
        by.PostAsJsonAsync($"{V1}/campaigns/{campaign ?? Campaign}/applications", body ?? ApplicationBody());

    /// <summary>An operator files an application for the person.</summary>
    internal async Task<Guid> FileFor(Guid participant, Guid? campaign = null, Guid? site = null) =>
        (await Apply(Admin, ApplicationBody(participant, site), campaign).Json(201)).Id();

    internal Task<HttpResponseMessage> Decide(Guid application, string decision, object? body = null, HttpClient? by = null) =>
        (by ?? Admin).PostAsJsonAsync($"{V1}/applications/{application}/{decision}", body ?? new { });

    internal async Task<string> Status(Guid application) =>
        (await Admin.GetAsync($"{V1}/applications/{application}").Json())["status"]!.GetValue<string>();

    internal async Task<IReadOnlyList<JsonNode>> Sessions() =>
        (await Admin.GetAsync($"{V1}/campaigns/{Campaign}/sessions?limit=500").Json())["items"]!
            .AsArray()
            .Select(session => session!)
            .ToList();

    internal static Task<HttpResponseMessage> PutAt(HttpClient client, string path, object body, int? revision)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        if (revision is { } based)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{based}\"");
        return client.SendAsync(request);
    }

    internal static Task<HttpResponseMessage> PostOnce(HttpClient client, string path, object body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(request);
    }

    internal static JsonObject JsonObjectOf(object value) => System.Text.Json.JsonSerializer.SerializeToNode(value)!.AsObject();
}

internal static class SceneJson
{
    internal static Guid Id(this JsonNode node) => node["id"]!.GetValue<Guid>();
}
