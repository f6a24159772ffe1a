using System.Globalization;
using System.Text.Json.Nodes;
using Diagnostics.TestKit;
using NodaTime;

namespace Diagnostics.Server.Tests.Region;

/// <summary>
/// The part of the regional diagnostic that checks variants and results, plans the work of the staff, and holds the
/// final diagnostic.
/// </summary>
internal sealed partial class RegionalDiagnostic
{
    private static readonly LocalDate[] DaysOff = [new(2026, 11, 4), new(2026, 12, 31)];

    internal Instant PublishedAt { get; set; }

    internal async Task<Taker> Extra(string home)
    {
        var taker = await Enrol(home, 100 + Takers.Count);
        Takers.Add(taker);
        return taker;
    }

    /// <summary>
    /// Checks how often each variant is drawn in a sitting, and that neighbours have different variants.
    /// </summary>
    internal async Task CheckVariants(string sitting, params int[] counts)
    {
        var sessions = (await Operator.Get($"campaigns/{Campaign}/sessions?sittingId={Sittings[sitting].Id}&limit=500").Ok())
            .Items()
            .Where(session => session.Word("state") != "annulled")
            .ToDictionary(session => session["seat"]!.GetValue<int>(), session => session["variant"]!.GetValue<int>());
        var drawn = sessions.Values.CountBy(variant => variant).Select(each => each.Value).OrderDescending().ToList();
        if (counts.Length > 0)
            Check($"variants of {sitting}: {string.Join('/', drawn)}", drawn.SequenceEqual(counts));
        Check($"variants of {sitting}: {string.Join('/', drawn)}", drawn.Max() - drawn.Min() <= 1 || counts.Length == 0);
        Check($"neighbours of {sitting}", sessions.All(one => !sessions.TryGetValue(one.Key + 1, out var next) || next != one.Value));
    }

    /// <summary>
    /// The staff come an hour before the start, and the head signs the act four hours after the start.
    /// </summary>
    internal void PlanStaff(string name)
    {
        if (name == "KC")
            return;
        var (id, site, startsAt, _, _) = Sittings[name];
        var head = Sites[site].Head;
        Plan(
            startsAt - Duration.FromMinutes(60),
            async () =>
            {
                var staff = (await head.Get(Site(site, "/staff")).Ok()).Items();
                foreach (var one in staff.Where(one => one["sittingId"]?.GetValue<Guid>() == id && one["endedAt"] is null))
                {
                    Tick();
                    await head.Post(Site(site, "/journal/presence"), new { appointmentId = one.Id() }).Ok();
                }
                var roster = await Sites[site].Organiser.Get(Site(site, $"/roster?sittingId={id}")).Ok();
                Check($"{name}: somebody is missing: {roster["missing"]}", roster["missing"]!.AsArray().Count == 0);
                var expected = Takers.Count(taker => taker.Sitting == name);
                var listed = roster["counts"]!["expected"]!.GetValue<int>();
                Check($"{name}: {listed} on the roster, not {expected}", listed == expected);
            }
        );
        Plan(
            startsAt + Duration.FromMinutes(245),
            async () =>
            {
                var signing = HeadOf.GetValueOrDefault(name, head);
                var act = await signing.Get(Site(site, $"/act?sittingId={id}")).Ok();
                var signature = new { fingerprint = act.Word("fingerprint"), sittingId = id };
                var signed = await signing.Post(Site(site, "/act/signature"), signature).Ok();
                Check($"{name}: signed", signed["signature"] is not null);
                var finished = Takers.Count(taker => taker.Sitting == name && taker.HasResult);
                var told = act["content"]!["counts"]!["finished"]!.GetValue<int>();
                Check($"{name}: {told} have finished by the act, not {finished}", told == finished);
            }
        );
    }

    internal Task Scored() =>
        Wait.Until(
            "every session is scored",
            async () =>
            {
                foreach (var taker in Takers.Where(taker => taker.HasResult))
                    if ((await Operator.Get($"sessions/{taker.Session}/scores").Ok()).Word("scoredAt") is null)
                        return false;
                return true;
            }
        );

    internal async Task CheckProfiles(string stage)
    {
        var profiles = new List<JsonNode>();
        for (string? after = ""; after is not null; )
        {
            var page = await Operator.Get($"campaigns/{Campaign}/profiles?limit=100{(after.Length > 0 ? "&after=" + after : "")}").Ok();
            profiles.AddRange(page.Items());
            after = page.Word("next");
        }
        foreach (var taker in Takers.Where(taker => taker.HasResult))
        {
            var listed = profiles.Single(profile => profile.Id("sessionId") == taker.Session);
            Check($"final: {listed.Word("status")}", listed.Word("status") == "final");
            var profile = await taker.Actor.Get($"profiles/{listed.Id()}").Ok();
            Equal($"{stage} total", profile["total"]!.Number("earned"), taker.Answers.Values.Sum(answer => answer.Points));
            foreach (var block in profile["blocks"]!.Items())
            {
                var code = block.Word("code")!;
                var most = keys.Slots.Where(slot => slot.Block == code).Sum(slot => slot.Points);
                var earned = taker.Answers.Values.Where(answer => answer.Block == code).Sum(answer => answer.Points);
                Equal($"{stage} {code}", block["result"]!.Number("earned"), earned);
                var level =
                    earned * 100 < most * 60 ? "high"
                    : earned * 100 < most * 81 ? "medium"
                    : "minimal";
                Check($"{stage} {code} {earned}/{most}: {block["result"]!.Word("level")}", block["result"]!.Word("level") == level);
            }
            CheckDates(taker, profile, stage);
        }
    }

    /// <summary>
    /// The draft of the route is due ten working days after the publication. The next diagnostic is due six months
    /// after an entry diagnostic and a year after a final one. All dates are local dates of the site.
    /// </summary>
    private void CheckDates(Taker taker, JsonNode profile, string stage)
    {
        var offset = Sites[SiteOf(taker)].Offset;
        var due = PublishedAt.WithOffset(offset).Date;
        for (var days = 0; days < 10; )
        {
            due = due.PlusDays(1);
            if (due.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) && !DaysOff.Contains(due))
                days++;
        }
        var sat = Sittings[taker.Sitting].StartsAt.WithOffset(offset).Date;
        var dates = profile["routeForm"]!["dates"]!;
        Same("draftRouteDue", due);
        Same("diagnosedOn", sat);
        Same("nextDiagnosticOn", sat.PlusMonths(stage == "entry" ? 6 : 12));

        void Same(string field, LocalDate expected) =>
            Check(
                $"{stage} {field}: {dates[field]}, expected {expected}",
                dates.Word(field) == expected.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            );
    }

    /// <summary>
    /// Checks that people who have no duty on the exam day can read what the procedure lets them read.
    /// </summary>
    internal async Task CheckReaders()
    {
        var (auditor, methodologist) = (await Staff("auditor", "all"), await Staff("methodologist", "territory", Territory));
        Check("the audit is whole", (await auditor.Get("audit/verification").Ok())["whole"]!.GetValue<bool>());
        Check("the methodologist sees the campaign", (await methodologist.Get($"campaigns/{Campaign}")).Succeeded);
        await Refused(methodologist.Get($"campaigns/{Campaign}/applications"), "not-allowed");
        await CheckDocuments(Takers[0].Actor, "order", "participant_instruction");
        await CheckDocuments(Sites["K"].Organiser, "order", "organiser_instruction", "participant_instruction");
        await CheckDocuments(Experts[0], "order", "expert_instruction");
    }

    private async Task CheckDocuments(Actor reader, params string[] kinds)
    {
        var read = (await reader.Get($"campaigns/{Campaign}/documents").Ok())
            .Items()
            .Select(document => document.Word("kind")!)
            .ToHashSet();
        Check($"documents {string.Join(", ", read)} instead of {string.Join(", ", kinds)}", read.SetEquals(kinds));
    }

    internal async Task Final()
    {
        var entry = Campaign;
        TurnTo(Local(3, 5, 9, 0, Kaliningrad, 2027));
        Campaign = await Draft("Итоговая диагностика", sittingFrom: Local(3, 22, 6, 0, Vladivostok, 2027), stage: "final", entry: entry);
        await AddSitting("FK", "K", Local(3, 23, 9, 0, Kaliningrad, 2027), 40);
        await AddSitting("FV", "V", Local(3, 23, 9, 0, Vladivostok, 2027), 30);
        await Operator.Post($"campaigns/{Campaign}/publication").Ok();
        (MarkingCommission, ConflictCommission) = (await Commission(Campaign, "marking"), await Commission(Campaign, "conflict"));
        Chair = await Join(MarkingCommission, "chair", "lead");
        for (var number = 0; number < Experts.Count; number++)
            Experts[number] = await Join(MarkingCommission, "member", number == 2 ? "senior" : "main");
        Takers.RemoveAll(taker => taker.IsErased);
        foreach (var taker in Takers)
        {
            var sat = taker.HasResult;
            if (taker.Variant != 0)
                taker.SeenVariants.Add(taker.Variant);
            taker.Answers.Clear();
            taker.Time = new(Limit);
            taker.HasResult = false;
            taker.LastSlot = 10;
            taker.Sitting = SiteOf(taker) == "K" ? "FK" : "FV";
            await Apply(taker);
            var application = await Operator.Get($"applications/{taker.Application}").Ok();
            var entryResult = application.Word("entryResult");
            Check($"entry result {entryResult}, sat {sat}", entryResult == (sat ? "present" : "absent"));
            await Approve(taker);
            PlanUsual(taker);
        }
        await CheckVariants("FK");
        await PlayAgenda();
        foreach (var taker in Takers)
            Check($"variant {taker.Variant} was seen", !taker.SeenVariants.Contains(taker.Variant));
        await Scored();
        await ReviewKeys(Campaign);
        await MarkAll(Campaign);
        foreach (var taker in Takers)
            await ComparePoints(taker);
        await Chair.Post($"campaigns/{Campaign}/results/approval", new { AtMarking.Checked }).Ok();
        Tick();
        await Operator.Post($"campaigns/{Campaign}/results/publication").Ok();
        PublishedAt = Now;
        await CheckProfiles("final");
    }
}
