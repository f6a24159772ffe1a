using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.SiteDays;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>A site on an exam day, its staff, and helper methods for these tests.</summary>
internal sealed class SiteDayScene(TestService service, CampaignScene region)
{
    internal CampaignScene Region => region;

    internal HttpClient Admin => region.Admin;

    internal Database Database => service.Services.GetRequiredService<Database>();

    internal string Path(string rest) => $"{V1}/campaigns/{region.Campaign}/sites/{region.Site}{rest}";

    internal static async Task<SiteDayScene> Make(TestService service, int seats = 30) => new(service, await Published(service, seats));

    internal Task<(Guid Id, HttpClient Client)> Staff(string role, Guid? site = null) =>
        region.Staff(
            new
            {
                role,
                scope = "site",
                scopeId = site ?? region.Site,
            }
        );

    internal Task<HttpResponseMessage> Appoint(Guid accountId, string duty, Guid? sittingId = null, HttpClient? by = null) =>
        (by ?? Admin).PostAsJsonAsync(
            Path("/staff"),
            new
            {
                accountId,
                duty,
                sittingId,
            }
        );

    /// <summary>Appoints the head of the site for the exam day and signs the head in.</summary>
    internal async Task<(Guid Appointment, HttpClient Client)> Head(Guid? sittingId = null)
    {
        var (id, client) = await Staff("site_head");
        return ((await Appoint(id, "head", sittingId).Json(201)).Id(), client);
    }

    /// <summary>A person with a session, and the client with which the person takes the test.</summary>
    internal async Task<(Guid Person, Guid Session, int Seat, HttpClient Client)> Taker(object? accommodations = null)
    {
        var (person, client) = await region.Person();
        var application = await region.FileFor(person);
        var approved = await region.Decide(application, "approval", new { accommodations }).Json();
        return (person, approved["sessionId"]!.GetValue<Guid>(), approved["seat"]!.GetValue<int>(), client);
    }

    internal Task<JsonNode> Move(Guid session, string move, object? body = null) =>
        Admin.PostAsJsonAsync($"{V1}/sessions/{session}/{move}", body ?? new { }).Json();

    internal async Task Start((Guid Person, Guid Session, int Seat, HttpClient Client) taker)
    {
        await Move(taker.Session, "admission");
        await taker.Client.PostAsJsonAsync($"{V1}/sessions/{taker.Session}/start", new { }).Json();
    }

    internal Task<JsonNode> Finish((Guid Person, Guid Session, int Seat, HttpClient Client) taker) =>
        taker.Client.PostAsJsonAsync($"{V1}/sessions/{taker.Session}/finish", new { manifest = new Dictionary<string, int>() }).Json();

    /// <summary>Adds a journal entry one second after the preceding entry.</summary>
    internal Task<HttpResponseMessage> Note(string what, object entry, HttpClient? by = null)
    {
        service.Clock.Advance(Duration.FromSeconds(1));
        return (by ?? Admin).PostAsJsonAsync(Path($"/journal/{what}"), entry);
    }

    internal Task<JsonNode> Roster(string query = "", HttpClient? by = null) => (by ?? Admin).GetAsync(Path($"/roster{query}")).Json();

    internal Task<JsonNode> Act(string query = "", HttpClient? by = null) => (by ?? Admin).GetAsync(Path($"/act{query}")).Json();

    internal Task<HttpResponseMessage> Sign(HttpClient by, JsonNode act, Guid? sittingId = null) =>
        by.PostAsJsonAsync(Path("/act/signature"), new { fingerprint = act["fingerprint"]!.GetValue<string>(), sittingId });

    /// <summary>A morning shift at the scene's site: three hours from nine, Moscow time.</summary>
    internal async Task<Guid> AddSitting(int shift = 1, Instant? startsAt = null)
    {
        var start = startsAt ?? TestService.Start;
        var id = Guid.CreateVersion7();
        await Database.Write(async db =>
        {
            await SittingStore.Add(
                db,
                new()
                {
                    Id = id,
                    CampaignId = region.Campaign,
                    SiteId = region.Site,
                    StartsAt = start,
                    EndsAt = start + Duration.FromHours(3),
                    Shift = shift,
                    Seats = 10,
                    CreatedAt = TestService.Start,
                }
            );
            return default(Engine.Done);
        });
        return id;
    }

    internal Task Seat(Guid session, Guid sitting) =>
        Database.Write(db => db.Execute("UPDATE sessions SET sitting_id = @sitting WHERE id = @session", new { session, sitting }));

    internal static IReadOnlyList<string> Codes(JsonNode list, string member) =>
        list.AsArray().Select(each => each![member]!.GetValue<string>()).ToList();
}
