using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.SiteDays;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>A sitting with its people, and the staff of its site with names and passwords.</summary>
internal sealed class SiteScene(TestService service, SiteDayScene day)
{
    private static readonly string[] Surnames =
    [
        "Абдуллаева",
        "Алиев",
        "Белова",
        "Васильев",
        "Гаджиева",
        "Гусейнов",
        "Дмитриева",
        "Ёлкина",
        "Жуков",
        "Зайцева",
        "Ибрагимова",
        "Исаев",
        "Караева",
        "Ковалёв",
        "Лебедева",
        "Магомедов",
        "Мусаева",
        "Никитин",
        "Омарова",
        "Петров",
        "Рамазанова",
        "Сидоренко-Преображенская",
        "Тагиров",
        "Умарова",
        "Фёдоров",
        "Хасанова",
        "Цветкова",
        "Чернов",
        "Шахбанова",
        "Юсупов",
    ];

    internal sealed record Taker(Guid Session, int Seat, HttpClient Client)
    {
        internal required string Surname { get; init; }
    }

    internal SiteDayScene Day => day;

    internal Guid Sitting { get; private set; }

    internal List<Taker> Takers { get; } = [];

    internal string Path => $"/site/{day.Region.Campaign:D}/{day.Region.Site:D}/{Sitting:D}";

    internal static async Task<SiteScene> Make(TestService service, int people, bool clients = false, int seats = 30)
    {
        var day = await SiteDayScene.Make(service, seats);
        var scene = new SiteScene(service, day);
        for (var number = 0; number < people; number++)
            scene.Takers.Add(await scene.Seat(Surnames[number % Surnames.Length], number, clients));
        // People choose among sittings as soon as there are any, so there are none before everybody has a seat.
        scene.Sitting = await day.AddSitting();
        foreach (var taker in scene.Takers)
            await day.Seat(taker.Session, scene.Sitting);
        return scene;
    }

    private async Task<Taker> Seat(string surname, int number, bool client)
    {
        var made = await day.Admin.PostAsJsonAsync("/api/v1/people", CampaignScene.PersonBody(surname)).Json(201);
        var person = made["participantId"]!.GetValue<Guid>();
        var needs = number == 3 ? new { extraTime = new { amount = 30, unit = "minutes" }, breaks = true } : null;
        var approved = await day.Region.Decide(await day.Region.FileFor(person), "approval", new { accommodations = needs }).Json();
        var session = approved["sessionId"]!.GetValue<Guid>();
        var http = day.Admin;
        if (client)
        {
            var (userName, password) = await PageScene.NewAccountOf(service, person);
            http = await service.SignIn(userName, password);
        }
        return new Taker(session, approved["seat"]!.GetValue<int>(), http) { Surname = surname };
    }

    /// <summary>A member of a site's staff, with a password of their own choice.</summary>
    internal async Task<(Guid Id, string UserName, string Password)> Staff(string role, Guid? site = null)
    {
        var grants = new[]
        {
            new
            {
                role,
                scope = "site",
                scopeId = site ?? day.Region.Site,
            },
        };
        var made = await service.Admin.PostAsJsonAsync("/api/v1/accounts", new { userName = CampaignScene.Unique(role), grants }).Json(201);
        var (userName, given) = (made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());
        using var client = await service.SignIn(userName, given);
        return (made["accountId"]!.GetValue<Guid>(), userName, TestService.Chosen(given));
    }

    /// <summary>An operator of one campaign only.</summary>
    internal async Task<(Guid Id, string UserName, string Password)> Operator(Guid campaign)
    {
        var grants = new[]
        {
            new
            {
                role = "operator",
                scope = "campaign",
                scopeId = campaign,
            },
        };
        var made = await service
            .Admin.PostAsJsonAsync("/api/v1/accounts", new { userName = CampaignScene.Unique("operator"), grants })
            .Json(201);
        var (userName, given) = (made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());
        using var client = await service.SignIn(userName, given);
        return (made["accountId"]!.GetValue<Guid>(), userName, TestService.Chosen(given));
    }

    internal async Task<Browser> Desk(string role = "invigilator", Guid? site = null)
    {
        var (_, userName, password) = await Staff(role, site);
        return await Browser.Of(service, userName, password);
    }

    internal Task Start(Taker taker) => taker.Client.PostAsJsonAsync($"/api/v1/sessions/{taker.Session}/start", new { }).Json();

    /// <summary>Answers the first question with options.</summary>
    internal static async Task Answer(Taker taker)
    {
        var items = (await taker.Client.GetAsync($"/api/v1/sessions/{taker.Session}/items").Json()).Items();
        var item = items.First(each => each!["type"]!.GetValue<string>() == "single_choice")!;
        var response = new { type = "single_choice", option = item["options"]![0]!["id"]!.GetValue<string>() };
        await taker
            .Client.PutAsJsonAsync($"/api/v1/sessions/{taker.Session}/responses/{item["slot"]}", new { baseRevision = 0, response })
            .Json();
    }

    /// <summary>What the page of a test asks for twice a minute.</summary>
    internal static Task See(Taker taker) => taker.Client.GetAsync($"/api/v1/sessions/{taker.Session}").Json();

    internal async Task<JsonNode> Supervised(Taker taker) =>
        await day.Admin.GetAsync($"/api/v1/sessions/{taker.Session}/supervision").Json();

    internal async Task<string> StateOf(Taker taker) => (await Supervised(taker))["state"]!.GetValue<string>();

    internal void Pass(Duration time) => service.Clock.Advance(time);
}
