using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>A campaign with sittings, and helper methods for its tests.</summary>
internal static class SittingScene
{
    /// <summary>A sitting from 9:00 to 12:00 in Moscow on a day of September 2026.</summary>
    internal static object On(Guid site, int day, int? seats = null, int hourUtc = 6, bool reserve = false, string? reason = null) =>
        new
        {
            siteId = site,
            startsAt = At(day, hourUtc),
            endsAt = At(day, hourUtc + 3),
            seats,
            reserve,
            reason,
        };

    /// <summary>
    /// A sitting on 14 September, the day on which the tests begin, so that a sign-in lasts long enough. Both limits
    /// are counted in minutes from 6:00 UTC.
    /// </summary>
    internal static object Soon(Guid site, int fromMinute, int toMinute) =>
        new
        {
            siteId = site,
            startsAt = Minute(fromMinute),
            endsAt = Minute(toMinute),
        };

    internal static string Minute(int minute) => InstantPattern.ExtendedIso.Format(TestService.Start + Duration.FromMinutes(minute));

    internal static string At(int day, int hourUtc) => InstantPattern.ExtendedIso.Format(Instant.FromUtc(2026, 9, day, hourUtc, 0));

    /// <summary>
    /// A published campaign at one site, and its sittings in the order in which they were added to the draft.
    /// </summary>
    internal static async Task<(CampaignScene Scene, IReadOnlyList<Guid> Sittings)> WithSittings(
        TestService service,
        int seats,
        Func<Guid, IEnumerable<object>> sittings
    )
    {
        var scene = await PublishedByAnother(service, seats);
        var campaign = await scene.AddDraft(scene.Site);
        var added = new List<Guid>();
        foreach (var sitting in sittings(scene.Site))
            added.Add((await scene.AddSitting(campaign, sitting).Json(201)).Id());
        await scene.Publish(campaign).Json();
        scene.Campaign = campaign;
        return (scene, added);
    }

    internal static Task<HttpResponseMessage> AddSitting(this CampaignScene scene, Guid campaign, object sitting) =>
        scene.Admin.PostAsJsonAsync($"{V1}/campaigns/{campaign}/sittings", sitting);

    internal static async Task<IReadOnlyList<JsonNode>> Sittings(this CampaignScene scene) =>
        (await scene.Admin.GetAsync($"{V1}/campaigns/{scene.Campaign}/sittings").Json()).Items().Select(each => each!).ToList();

    /// <summary>A decision on the published campaign, such as <c>extension</c> or <c>sittings/…/move</c>.</summary>
    internal static Task<HttpResponseMessage> Decree(this CampaignScene scene, string what, object body) =>
        scene.Admin.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/{what}", body);

    internal static async Task<IReadOnlyList<JsonNode>> Decisions(this CampaignScene scene) =>
        (await scene.Admin.GetAsync($"{V1}/campaigns/{scene.Campaign}/decisions").Json()).Items().Select(each => each!).ToList();

    /// <summary>An approved person, and the application as the approval returned it.</summary>
    internal static async Task<JsonNode> Approved(this CampaignScene scene, Guid? sitting = null) =>
        await scene.Decide(await scene.FileFor(await scene.Enrol()), "approval", new { sittingId = sitting }).Json();

    /// <summary>An approved person who can sign in.</summary>
    internal static async Task<(HttpClient Person, JsonNode Application)> ApprovedPerson(this CampaignScene scene, Guid? sitting = null)
    {
        var (id, person) = await scene.Person();
        return (person, await scene.Decide(await scene.FileFor(id), "approval", new { sittingId = sitting }).Json());
    }

    internal static Guid Session(this JsonNode application) => application["sessionId"]!.GetValue<Guid>();

    internal static Guid? Sitting(this JsonNode application) => application["sitting"]?["id"]!.GetValue<Guid>();

    internal static Task<HttpResponseMessage> Admit(this CampaignScene scene, Guid session) =>
        scene.Admin.PostAsync($"{V1}/sessions/{session}/admission", null);

    internal static Task<HttpResponseMessage> Start(this HttpClient person, Guid session) =>
        person.PostAsJsonAsync($"{V1}/sessions/{session}/start", new { });
}
