using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Server.Tests.Region;

/// <summary>A participant, and what the test itself knows about this person.</summary>
internal sealed class Taker(string home)
{
    internal required Guid Id { get; init; }

    internal required Actor Actor { get; set; }

    /// <summary>The sitting for which the person applied.</summary>
    internal string Home { get; } = home;

    /// <summary>The sitting in which the person takes the test.</summary>
    internal string Sitting { get; set; } = home;

    internal Guid Application { get; set; }

    internal Guid Session { get; set; }

    internal OwnTime Time { get; set; } = new(RegionalDiagnostic.Limit);

    internal int Variant { get; set; }

    internal List<int> SeenVariants { get; } = [];

    internal Dictionary<int, OwnAnswer> Answers { get; } = [];

    /// <summary>Whether more time was granted with the application.</summary>
    internal bool HasMoreTime { get; set; }

    internal bool IsErased { get; set; }

    /// <summary>The last slot that the person gets to; the rest stays untouched.</summary>
    internal int LastSlot { get; set; } = int.MaxValue;

    /// <summary>Whether the session of the entry diagnostic ended with a result.</summary>
    internal bool HasResult { get; set; }
}

/// <summary>A site with its staff.</summary>
internal sealed record Venue(Guid Id, Offset Offset, Actor Head, Actor Organiser, Actor Technician, Actor Observer);

/// <summary>
/// The region: one campaign at three sites in two time zones, forty people, staff and commissions, and the steps of its
/// days in the order of their times. The offsets are those of 2026 and 2027, when no clock is changed.
/// </summary>
internal sealed partial class RegionalDiagnostic(TestService service, Random lot)
{
    internal static readonly Duration Limit = Duration.FromMinutes(90);
    internal static readonly Offset Kaliningrad = Offset.FromHours(2);
    internal static readonly Offset Vladivostok = Offset.FromHours(10);

    private const string Territory = "region-20";

    private readonly PriorityQueue<Func<Task>, (Instant At, int Order)> agenda = new();
    private readonly Keys keys = new();
    private readonly HashSet<string> stuck = [];
    private int steps;
    private string? present;

    internal Instant Now => service.Clock.GetCurrentInstant();

    internal Actor Admin { get; private set; } = null!;

    internal Actor Operator { get; private set; } = null!;

    internal Actor SecondOperator { get; private set; } = null!;

    internal Guid Form { get; private set; }

    internal Guid Campaign { get; set; }

    internal Dictionary<string, Venue> Sites { get; } = [];

    internal Dictionary<string, (Guid Id, string Site, Instant StartsAt, Instant EndsAt, int Seats)> Sittings { get; } = [];

    internal List<Taker> Takers { get; } = [];

    internal Guid MarkingCommission { get; private set; }

    internal Guid ConflictCommission { get; private set; }

    internal Actor Chair { get; set; } = null!;

    internal List<Actor> Experts { get; } = [];

    internal Actor ConflictChair { get; set; } = null!;

    internal List<Actor> ConflictMembers { get; } = [];

    internal List<string> Played { get; } = [];

    /// <summary>Mishaps in which every step went as the procedure prescribes.</summary>
    internal IEnumerable<string> Solved => Played.Except(stuck);

    internal List<string> Refusals { get; } = [];

    internal int DeadlinesCompared { get; private set; }

    internal int PointsCompared { get; private set; }

    internal List<string> Unequal { get; } = [];

    internal static Instant Local(int month, int day, int hour, int minute, Offset offset, int year = 2026) =>
        new LocalDateTime(year, month, day, hour, minute).WithOffset(offset).ToInstant();

    internal static string Text(Instant at) => InstantPattern.ExtendedIso.Format(at);

    internal static Instant At(JsonNode node, string field) => InstantPattern.ExtendedIso.Parse(node.Word(field)!).Value;

    internal string Site(string name, string rest = "") => $"campaigns/{Campaign}/sites/{Sites[name].Id}{rest}";

    internal string SiteOf(Taker taker) => Sittings[taker.Sitting].Site;

    // Time

    /// <summary>Plans a step; it belongs to the same mishap as the step that plans it.</summary>
    internal void Plan(Instant at, Func<Task> step)
    {
        var mishap = present;
        agenda.Enqueue(() => Try(step, mishap), (at, steps++));
    }

    /// <summary>Lets some microseconds pass.</summary>
    internal void Tick() => service.Clock.Advance(Duration.FromTicks(10L * lot.Next(1, 900_000)));

    internal void TurnTo(Instant at)
    {
        if (at > Now)
            service.Clock.Advance(at - Now);
    }

    /// <summary>
    /// Runs one step, whether it belongs to a mishap or to the usual course of the day. An unexpected refusal is
    /// recorded, and the day goes on.
    /// </summary>
    internal async Task Try(Func<Task> step, string? mishap)
    {
        var before = Unequal.Count;
        present = mishap;
        try
        {
            await step();
        }
        catch (InvalidOperationException unexpected)
        {
            Unequal.Add(unexpected.Message);
        }
        present = null;
        if (mishap is not null && Unequal.Count > before)
            stuck.Add(mishap);
    }

    internal async Task PlayAgenda()
    {
        while (agenda.TryDequeue(out var step, out var when))
        {
            TurnTo(when.At);
            await step();
        }
    }

    /// <summary>
    /// A random time between the two given minutes of a sitting, counted from its start, to the microsecond.
    /// </summary>
    internal Instant Within(string sitting, double fromMinute, double toMinute) =>
        Sittings[sitting].StartsAt
        + Duration.FromTicks(10L * lot.NextInt64((long)(fromMinute * 60_000_000), (long)(toMinute * 60_000_000)));

    // Setting

    internal async Task Prepare()
    {
        Admin = new(service, "admin", service.AdminPassword) { IsSettled = true };
        (Operator, SecondOperator) = (await Staff("operator", "all"), await Staff("operator", "all"));
        Form = (await Operator.Get("forms?blueprint=teacher-mathematics-5-9").Ok()).Items().First().Id();
        Sites["K"] = await MakeSite("K", Kaliningrad, "Europe/Kaliningrad", 40);
        Sites["V"] = await MakeSite("V", Vladivostok, "Asia/Vladivostok", 30);
        Sites["W"] = await MakeSite("W", Vladivostok, "Asia/Vladivostok", 20);
        Campaign = await Draft("Региональная диагностика");
        await AddSitting("K1", "K", Local(9, 22, 9, 0, Kaliningrad), 25);
        await AddSitting("V1", "V", Local(9, 22, 9, 0, Vladivostok), 8);
        await AddSitting("W1", "W", Local(9, 22, 14, 0, Vladivostok), 7);
        await AddSitting("K2", "K", Local(9, 22, 14, 0, Kaliningrad), 10);
        await AddSitting("V2", "V", Local(9, 23, 9, 0, Vladivostok), 10);
        await AddSitting("KR", "K", Local(9, 25, 9, 0, Kaliningrad), 20, reserve: true);
        await AddSitting("VR", "V", Local(9, 25, 9, 0, Vladivostok), 20, reserve: true);
        await Operator.Post($"campaigns/{Campaign}/publication").Ok();
        await Documents();
        await Commissions();
        foreach (var (sitting, (_, site, _, _, _)) in Sittings)
            await AppointStaff(site, sitting);
        await Enrol();
    }

    internal async Task<Guid> Draft(
        string title,
        Instant? applicationsTo = null,
        Instant? sittingFrom = null,
        string stage = "entry",
        Guid? entry = null,
        string marking = "gia"
    )
    {
        var from = sittingFrom ?? Local(9, 22, 6, 0, Vladivostok);
        return (
            await Operator
                .Post(
                    "campaigns",
                    new
                    {
                        title,
                        audience = "Учителя математики",
                        formId = Form,
                        stage,
                        siteIds = Sites.Values.Select(site => site.Id),
                        timeLimitMinutes = (int)Limit.TotalMinutes,
                        entryCampaignId = entry,
                        policies = new[]
                        {
                            new
                            {
                                kind = "marking",
                                code = marking,
                                version = 1,
                            },
                        },
                        windows = new
                        {
                            applicationsFrom = Text(from - Duration.FromDays(20)),
                            applicationsTo = Text(applicationsTo ?? from - Duration.FromDays(2)),
                            sittingFrom = Text(from),
                            sittingTo = Text(from + Duration.FromDays(8)),
                            markingTo = Text(from + Duration.FromDays(20)),
                        },
                    }
                )
                .Ok()
        ).Id();
    }

    internal async Task AddSitting(string name, string site, Instant startsAt, int seats, bool reserve = false, string? reason = null)
    {
        var endsAt = startsAt + Duration.FromMinutes(150);
        var body = new
        {
            siteId = Sites[site].Id,
            startsAt = Text(startsAt),
            endsAt = Text(endsAt),
            seats,
            reserve,
            reason,
        };
        Sittings[name] = ((await Operator.Post($"campaigns/{Campaign}/sittings", body).Ok()).Id(), site, startsAt, endsAt, seats);
    }

    internal async Task<Actor> Staff(string? role = null, string? scope = null, object? scopeId = null, string organisation = "ЦНППМ")
    {
        var grants = role is null
            ? []
            : new object[]
            {
                new
                {
                    role,
                    scope,
                    scopeId,
                },
            };
        return Signed(
            await Admin
                .Post(
                    "accounts",
                    new
                    {
                        userName = $"staff-{Guid.NewGuid():N}"[..20],
                        organisation,
                        grants,
                    }
                )
                .Ok()
        );
    }

    internal Actor Signed(JsonNode account) =>
        new(service, account.Word("userName")!, account.Word("password")!) { Id = account.Id("accountId") };

    internal async Task<Venue> MakeSite(string name, Offset offset, string timeZone, int seats)
    {
        var code = $"{name}-{Guid.NewGuid():N}"[..12].ToLowerInvariant();
        var body = new
        {
            code,
            name = $"Площадка {name}",
            address = "ул. Школьная, 1",
            territory = Territory,
            timeZone,
            seats,
        };
        var id = (await Operator.Post("sites", body).Ok()).Id();
        return new(
            id,
            offset,
            Head: await Staff("site_head", "site", id),
            Organiser: await Staff("invigilator", "site", id),
            Technician: await Staff("invigilator", "site", id),
            Observer: await Staff()
        );
    }

    private async Task Documents()
    {
        foreach (var kind in new[] { "order", "items_protocol", "participant_instruction", "organiser_instruction", "expert_instruction" })
        {
            var members = kind == "items_protocol" ? new[] { new { name = "Алиева С. М.", post = "методист" } } : null;
            await Operator
                .Post(
                    $"campaigns/{Campaign}/documents",
                    new
                    {
                        kind,
                        title = $"Документ {kind}",
                        content = "Возьмите паспорт. Приходите за 15 минут.",
                        members,
                    }
                )
                .Ok();
        }
    }

    private async Task Commissions()
    {
        MarkingCommission = await Commission(Campaign, "marking");
        ConflictCommission = await Commission(Campaign, "conflict");
        Chair = await Join(MarkingCommission, "chair", "lead");
        foreach (var standing in new[] { "main", "main", "senior" })
            Experts.Add(await Join(MarkingCommission, "member", standing));
        foreach (var site in Sites.Values)
            await Appoint(MarkingCommission, site.Observer, "member", "main");
        ConflictChair = await Join(ConflictCommission, "chair");
        for (var member = 0; member < 3; member++)
            ConflictMembers.Add(await Join(ConflictCommission, "member"));
    }

    internal async Task<Guid> Commission(Guid campaign, string kind) =>
        (
            await Operator
                .Post(
                    "commissions",
                    new
                    {
                        campaignId = campaign,
                        kind,
                        title = $"Комиссия {kind}",
                    }
                )
                .Ok()
        ).Id();

    internal async Task<Actor> Join(Guid commission, string role, string standing = "main")
    {
        var member = await Staff();
        await Appoint(commission, member, role, standing);
        return member;
    }

    internal Task<JsonNode> Appoint(Guid commission, Actor member, string role, string standing = "main") =>
        Operator
            .Post(
                $"commissions/{commission}/members",
                new
                {
                    accountId = member.Id,
                    role,
                    standing,
                }
            )
            .Ok();

    internal async Task AppointStaff(string siteName, string sitting)
    {
        var site = Sites[siteName];
        var duties = new[]
        {
            (site.Head, "head"),
            (site.Organiser, "organiser"),
            (site.Technician, "technician"),
            (site.Observer, "commission_member"),
        };
        foreach (var (who, duty) in duties)
            await Operator
                .Post(
                    Site(siteName, "/staff"),
                    new
                    {
                        accountId = who.Id,
                        duty,
                        sittingId = Sittings[sitting].Id,
                    }
                )
                .Ok();
    }

    private async Task Enrol()
    {
        var homes = Enumerable.Repeat("K1", 25).Concat(Enumerable.Repeat("V1", 8)).Concat(Enumerable.Repeat("W1", 7)).ToList();
        foreach (var (number, home) in homes.Index())
            Takers.Add(await Enrol(home, number + 1));
    }

    internal async Task<Taker> Enrol(string home, int school)
    {
        var person = new
        {
            surname = "Гаджиева",
            givenName = "Патимат",
            organisation = $"МБОУ «СОШ № {school}»",
            territory = Territory,
        };
        var id = (await Operator.Post("people", person).Ok()).Id("participantId");
        return new(home) { Id = id, Actor = Signed(await Operator.Post($"people/{id}/account").Ok()) };
    }

    /// <summary>
    /// The profiles that a portal of the territory sees: only those of people who have agreed to share their profiles.
    /// </summary>
    internal async Task<IReadOnlyList<JsonNode>> Portal()
    {
        var made = await Admin
            .Post(
                "clients",
                new
                {
                    clientId = $"portal-{Guid.NewGuid():N}"[..20],
                    name = "Портал",
                    scopes = new[] { "profiles.read" },
                    territory = Territory,
                }
            )
            .Ok();
        using var client = await service.SignInClient(made.Word("clientId")!, made.Word("secret")!);
        using var answer = await client.GetAsync("/api/v1/profiles?limit=500");
        return (await Reply.Of(answer, "profiles of the portal")).Ok().Json.Items().ToList();
    }

    // What everybody does

    internal object ApplicationTo(string site, string? sitting = null, object? accommodations = null, bool accepted = true) =>
        new
        {
            siteId = Sites[site].Id,
            sittingId = sitting is null ? (Guid?)null : Sittings[sitting].Id,
            consent = new
            {
                code = "participation",
                version = 2,
                accepted,
            },
            dataProcessing = new
            {
                code = "data-processing",
                version = 1,
                accepted = true,
            },
            profileSharing = new
            {
                code = "profile-sharing",
                version = 1,
                accepted = true,
            },
            accommodations,
        };

    internal async Task Apply(Taker taker, object? accommodations = null) =>
        taker.Application = (
            await taker.Actor.Post($"campaigns/{Campaign}/applications", ApplicationTo(SiteOf(taker), taker.Sitting, accommodations)).Ok()
        ).Id();

    internal async Task<JsonNode> Approve(Taker taker, Actor? by = null) =>
        Seated(taker, await (by ?? Operator).Post($"applications/{taker.Application}/approval").Ok());

    internal JsonNode Seated(Taker taker, JsonNode application)
    {
        taker.Session = application.Id("sessionId");
        var id = application["sitting"]!.Id();
        taker.Sitting = Sittings.Single(sitting => sitting.Value.Id == id).Key;
        return application;
    }

    internal async Task<JsonNode> Reassign(Taker taker, object body) =>
        Seated(taker, await Operator.Post($"applications/{taker.Application}/reassignment", body).Ok());

    internal Task<Reply> Move(Actor by, Taker taker, string move, object? body = null) => by.Post($"sessions/{taker.Session}/{move}", body);

    internal async Task Admit(Taker taker)
    {
        var site = Sites[SiteOf(taker)];
        await site.Organiser.Post(Site(SiteOf(taker), "/journal/identity-checks"), new { sessionId = taker.Session }).Ok();
        Tick();
        await Move(site.Organiser, taker, "admission").Ok();
    }

    internal async Task Start(Taker taker)
    {
        var started = await Move(taker.Actor, taker, "start").Ok();
        taker.Time.Run(Now);
        taker.Variant = started["variant"]!.GetValue<int>();
        Compare(taker, started);
    }

    internal async Task Answer(Taker taker)
    {
        foreach (var shown in (await taker.Actor.Get($"sessions/{taker.Session}/items").Ok()).Items())
        {
            if (shown["slot"]!.GetValue<int>() > taker.LastSlot || keys.Choose(shown, taker.Variant, lot) is not { } answer)
                continue;
            Tick();
            var revision = taker.Answers.ContainsKey(answer.Slot) ? 1 : 0;
            await Save(taker, answer, revision).Ok();
            taker.Answers[answer.Slot] = answer;
        }
    }

    internal static Task<Reply> Save(Taker taker, OwnAnswer answer, int revision) =>
        taker.Actor.Put($"sessions/{taker.Session}/responses/{answer.Slot}", new { baseRevision = revision, response = answer.Response });

    internal async Task Finish(Taker taker)
    {
        Tick();
        var mine = await taker.Actor.Get($"sessions/{taker.Session}").Ok();
        Compare(taker, mine);
        var manifest = mine["responses"]!
            .Items()
            .ToDictionary(each => each["slot"]!.ToJsonString(), each => each["revision"]!.GetValue<int>());
        await Move(taker.Actor, taker, "finish", new { manifest }).Ok();
        taker.Time.Stop(Now);
        taker.HasResult = true;
    }

    /// <summary>Compares the deadline that the service gives with the one that the test computes itself.</summary>
    internal void Compare(Taker taker, JsonNode view)
    {
        DeadlinesCompared++;
        var expected = Text(taker.Time.Deadline);
        if (view.Word("deadline") != expected)
            Unequal.Add($"deadline of {taker.Sitting}: {view.Word("deadline")}, expected {expected}");
    }

    internal async Task ComparePoints(Taker taker, IReadOnlyDictionary<int, decimal>? changed = null)
    {
        var scores = await Operator.Get($"sessions/{taker.Session}/scores").Ok();
        foreach (var slot in scores["slots"]!.Items())
        {
            var number = slot["slot"]!.GetValue<int>();
            var seen = slot["points"] is null ? $"none yet: {slot.Word("explanation")}" : "points";
            Equal($"slot {number} of {taker.Home}, variant {taker.Variant}, {seen}", slot.Number("points"), Expected(number));
        }

        decimal Expected(int number) =>
            changed is not null && changed.TryGetValue(number, out var points) ? points
            : taker.Answers.TryGetValue(number, out var answer) ? answer.Points
            : 0;
    }

    internal void Equal(string what, decimal seen, decimal expected)
    {
        PointsCompared++;
        if (seen != expected)
            Unequal.Add($"{what}: {seen}, expected {expected}");
    }

    internal void Check(string what, bool holds)
    {
        if (!holds)
            Unequal.Add(what);
    }

    internal async Task<Reply> Refused(Task<Reply> asking, string? code)
    {
        var reply = await asking;
        if (reply.Succeeded || (code is not null && reply.Code != code))
            Unequal.Add($"{reply.Asked}: expected {code}, got {reply}");
        else
            Note(reply);
        return reply;
    }

    /// <summary>Plans what a person usually does in a sitting, beginning with admission.</summary>
    internal void PlanUsual(Taker taker, Func<Task>? instead = null)
    {
        var sitting = taker.Sitting;
        Plan(Within(sitting, -15, -5), () => Admit(taker));
        Plan(Within(sitting, 0, 10), () => Start(taker));
        Plan(Within(sitting, 12, 25), () => Unpaused(taker, () => Answer(taker)));
        Plan(Within(sitting, 70, 84), () => Unpaused(taker, instead ?? (() => Finish(taker))));
    }

    /// <summary>Runs the step now, or, during a power cut, once the power is back.</summary>
    private async Task Unpaused(Taker taker, Func<Task> step)
    {
        if (taker.Time.IsRunning)
            await step();
        else
            Plan(Now + Duration.FromMinutes(3), () => Unpaused(taker, step));
    }
}
