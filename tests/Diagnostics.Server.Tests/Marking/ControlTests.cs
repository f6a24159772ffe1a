using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Forms;
using Diagnostics.Storage.Marking;
using NodaTime;

namespace Diagnostics.Server.Tests.Marking;

public sealed class ControlTests(TestService service) : IClassFixture<TestService>
{
    private const string BenchmarkText = "Эталонный ответ №";

    private static readonly MarkingPolicy Qualified = new(Experts: 1, LeaseMinutes: 30) { Qualification = new(2, Points.From(1), 3) };

    private static MarkingPolicy Controlled(int every = 2, int experts = 1) => new(experts, LeaseMinutes: 30) { Control = new(every, Points.From(1)) };

    [Fact]
    public async Task An_expert_is_admitted_after_marking_enough_benchmarks_within_tolerance()
    {
        var (scene, item) = await Scripts(Qualified, 2);
        await Benchmark(scene, item, "qualification", count: 3);
        using var expert = await scene.Staff(Role.Expert);

        var first = await Marks.Claim(expert, scene, item);
        var failed = await Marks.Award(expert, first, full: false).Json();
        var second = await Give(expert, scene, item, full: true);
        (await Standing(expert, scene, item)).Should().Be("qualifying");
        var third = await Give(expert, scene, item, full: true);
        (await Standing(expert, scene, item)).Should().Be("admitted");
        var real = await Marks.Claim(expert, scene, item);

        new[] { first, second, third }.Select(Text).Should().OnlyHaveUniqueItems().And.OnlyContain(text => text.StartsWith(BenchmarkText));
        Text(real).Should().StartWith("Ответ");
        failed.AsObject().Should().NotContainKey("agreed", "qualification gives no feedback");
        failed["points"]!.GetValue<decimal>().Should().Be(0);
        (await Rounds(scene)).Should().NotContain(round => round.Kind == RoundKind.Expert, "nothing of it is a mark of anybody's answer");
        var seen = (await service.Admin.GetAsync($"/api/v1/marking/admissions?campaignId={scene.Id}").Json()).AsArray().Single()!;
        (seen["state"]!.GetValue<string>(), seen["passed"]!.GetValue<int>(), seen["attempts"]!.GetValue<int>()).Should().Be(("admitted", 2, 3));
    }

    [Fact]
    public async Task Without_benchmarks_claims_are_refused_and_other_items_go_on()
    {
        var scene = await Scene.Make(service, Qualified);
        await scene.Scored(Answer.RightWithEssays);
        var items = OpenItems(scene);
        await Benchmark(scene, items[1], "qualification", count: 2);
        using var expert = await scene.Staff(Role.Expert);

        (await Claim(expert, scene, items[0]).ProblemCode(409)).Should().Be("benchmarks-missing");
        (await Marks.Claim(expert, scene))["itemCode"]!.GetValue<string>().Should().Be(items[1]);
        using var other = await scene.Staff(Role.Expert);
        await Retire(scene, items[1]);
        var refused = await Claim(other, scene).Json(409);
        (refused["code"]!.GetValue<string>(), refused["itemCode"]!.GetValue<string>()).Should().Be(("benchmarks-missing", items[0]));
    }

    [Fact]
    public async Task Qualification_runs_out_of_attempts_until_the_chair_orders_it_anew()
    {
        var (scene, item) = await Scripts(Qualified, 1);
        await Benchmark(scene, item, "qualification", count: 3);
        var (expert, account) = await scene.StaffAccount(Role.Expert);
        using var chair = await scene.Staff(Role.Chair);
        for (var attempt = 0; attempt < 3; attempt++) await Give(expert, scene, item, full: false);

        (await Claim(expert, scene, item).ProblemCode(409)).Should().Be("qualification-failed");
        var ordered = await Decide(chair, scene, account, item, "requalify").Json();
        ordered["state"]!.GetValue<string>().Should().Be("qualifying");
        await Give(expert, scene, item, full: true);
        await Give(expert, scene, item, full: true);
        Text(await Marks.Claim(expert, scene, item)).Should().StartWith("Ответ");
    }

    [Fact]
    public async Task Training_answers_with_the_agreed_marks_and_decides_nothing()
    {
        var (scene, item) = await Scripts(Qualified, 1);
        await Benchmark(scene, item, "training");
        await Benchmark(scene, item, "qualification", count: 2);
        using var expert = await scene.Staff(Role.Expert);

        var script = await expert.PostAsJsonAsync("/api/v1/marking/training", new { campaignId = scene.Id, itemCode = item }).Json(201);
        script.ToJsonString().Should().NotContain("Согласовано", "the agreed marks come after the own ones");
        var awarded = await Marks.Award(expert, script, full: false).Json();

        awarded["agreed"]!["points"]!.GetValue<decimal>().Should().Be(4);
        awarded["agreed"]!["distance"]!.GetValue<decimal>().Should().Be(4);
        awarded["agreed"]!["comment"]!.GetValue<string>().Should().StartWith("Согласовано");
        (await Standing(expert, scene, item)).Should().Be("qualifying");
        (await expert.PostAsJsonAsync("/api/v1/marking/training", new { campaignId = scene.Id, itemCode = OpenItems(scene)[1] })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await expert.PostAsJsonAsync("/api/v1/marking/training", new { campaignId = scene.Id, itemCode = "no-such-item" }).ProblemCode(422)).Should().Be("not-an-open-item");
    }

    [Fact]
    public async Task A_control_comes_every_so_many_scripts_and_nothing_tells_it_from_them()
    {
        var (scene, item) = await Scripts(Controlled(every: 2), 5);
        await Benchmark(scene, item, "control", count: 4);
        using var expert = await scene.Staff(Role.Expert);

        var answers = new List<(JsonNode Script, JsonNode Awarded)>();
        for (var claims = 0; claims < 7; claims++)
        {
            var script = await Marks.Claim(expert, scene);
            await expert.PutAsJsonAsync(Marks.Path(script, "draft"), new { criteria = new Dictionary<string, decimal> { ["K1"] = 1 }, comment = "к К2 вернуться" });
            var read = await expert.GetAsync($"/api/v1/marking/assignments/{script["assignmentId"]!.GetValue<Guid>()}").Json();
            (await expert.GetAsync("/api/v1/marking/claims").Json()).AsArray().Should().ContainSingle().Which!.ToJsonString().Should().Be(read.ToJsonString());
            await expert.PostAsync(Marks.Path(script, "lease"), null).Json();
            answers.Add((read, await Marks.Award(expert, script, full: true, "Хорошо.").Json()));
            (await Marks.Award(expert, script, full: true).ProblemCode(409)).Should().Be("assignment-closed");
        }

        answers.Select(each => Text(each.Script).StartsWith(BenchmarkText, StringComparison.Ordinal)).Should().Equal(false, false, true, false, false, true, false);
        answers.Select(each => Shape(each.Script)).Distinct().Should().ContainSingle("every field is there, and of the same kind");
        answers.Select(each => Shape(each.Awarded)).Distinct().Should().ContainSingle();
        foreach (var same in new[] { "satOn", "leaseUntil", "alike", "stem", "rubric", "itemVersion", "draft", "campaignId" })
            answers.Select(each => each.Script[same]!.ToJsonString()).Distinct().Should().ContainSingle(same);
        answers.Select(each => each.Script["code"]!.GetValue<string>()).Should().OnlyHaveUniqueItems().And.OnlyContain(code => code.Length == 8);
        (await Claim(expert, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent, "without scripts there is nothing to hide a control among");
    }

    [Fact]
    public async Task A_control_touches_no_progress_no_ledger_and_no_task()
    {
        var (scene, item) = await Scripts(Controlled(every: 1), 2);
        await Benchmark(scene, item, "control", count: 2);
        using var expert = await scene.Staff(Role.Expert);
        await Give(expert, scene, item, full: true);
        var (progress, rounds) = (await Progress(scene), await Rounds(scene));

        var control = await Marks.Claim(expert, scene);
        Text(control).Should().StartWith(BenchmarkText);
        (await Progress(scene)).Should().Be(progress, "it is in nobody's work");
        await Marks.Award(expert, control, full: true).Json();

        (await Progress(scene)).Should().Be(progress);
        (await Rounds(scene)).Should().HaveCount(rounds.Count);
    }

    [Fact]
    public async Task A_control_given_back_leaves_another_due_and_a_lapsed_one_returns_with_its_draft()
    {
        var (scene, item) = await Scripts(Controlled(every: 1), 3);
        await Benchmark(scene, item, "control", count: 3);
        using var expert = await scene.Staff(Role.Expert);
        await Give(expert, scene, item, full: true);
        var control = await Marks.Claim(expert, scene);

        (await expert.PostAsJsonAsync(Marks.Path(control, "return"), new { reason = " " }).ProblemCode(422)).Should().Be("text-missing");
        (await expert.PostAsJsonAsync(Marks.Path(control, "return"), new { reason = "Узнал автора." })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var another = await Marks.Claim(expert, scene);
        Text(another).Should().StartWith(BenchmarkText).And.NotBe(Text(control));
        await expert.PutAsJsonAsync(Marks.Path(another, "draft"), new { criteria = new Dictionary<string, decimal> { ["K1"] = 1 } });
        service.Clock.Advance(Duration.FromMinutes(31));
        (await Marks.Award(expert, another, full: true).ProblemCode(409)).Should().Be("lease-lapsed");
        var again = await Marks.Claim(expert, scene);

        Text(again).Should().Be(Text(another));
        again["draft"]!["criteria"]!["K1"]!.GetValue<decimal>().Should().Be(1);
        again["code"]!.GetValue<string>().Should().NotBe(another["code"]!.GetValue<string>());
        using var other = await scene.Staff(Role.Expert);
        (await Marks.Award(other, again, full: true).ProblemCode(404)).Should().Be("assignment-not-found");
    }

    [Fact]
    public async Task A_flag_on_a_control_is_answered_like_any_other_and_troubles_nobody()
    {
        var (scene, item) = await Scripts(Controlled(every: 1), 2);
        await Benchmark(scene, item, "control", count: 2);
        using var expert = await scene.Staff(Role.Expert);
        await Give(expert, scene, item, full: true);
        var control = await Marks.Claim(expert, scene);

        (await expert.PostAsJsonAsync(Marks.Path(control, "flags"), new { kind = "author_revealed", comment = "Похоже на почерк знакомого." })).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await expert.PostAsJsonAsync(Marks.Path(control, "flags"), new { kind = "author_revealed", comment = "Ещё раз." }).ProblemCode(409)).Should().Be("assignment-closed");
        (await service.Admin.GetAsync($"/api/v1/marking/flags?campaignId={scene.Id}").Json())["items"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_failed_control_pauses_the_expert_and_calls_a_second_look_at_what_was_marked_since_the_last_good_one()
    {
        var (scene, item) = await Scripts(Controlled(every: 2), 6);
        await Benchmark(scene, item, "control", count: 3);
        var (expert, account) = await scene.StaffAccount(Role.Expert);
        using var chair = await scene.Staff(Role.Chair);

        var trusted = new[] { await Give(expert, scene, item, full: true), await Give(expert, scene, item, full: true) };
        await Give(expert, scene, item, full: true);
        var doubted = new[] { await Give(expert, scene, item, full: true), await Give(expert, scene, item, full: true) };
        var control = await Marks.Claim(expert, scene);
        var held = await Marks.Claim(expert, scene);
        var awarded = await Marks.Award(expert, control, full: false, "Слабо.").Json();

        Text(control).Should().StartWith(BenchmarkText);
        awarded.AsObject().Should().NotContainKey("agreed");
        (await Marks.Award(expert, held, full: true).ProblemCode(409)).Should().Be("lease-lapsed", "what the expert holds returns to the queue");
        (await Claim(expert, scene, item).ProblemCode(409)).Should().Be("expert-paused");
        (await Claim(expert, scene).ProblemCode(409)).Should().Be("expert-paused");
        var alert = (await chair.GetAsync($"/api/v1/marking/alerts?campaignId={scene.Id}").Json())["items"]!.AsArray().Single()!;
        (alert["expertId"]!.GetValue<Guid>(), alert["itemCode"]!.GetValue<string>(), alert["secondLooks"]!.GetValue<int>(), alert["distance"]!.GetValue<decimal>(), alert["answered"]!.GetValue<bool>())
            .Should().Be((account, item, 2, 4m, false));
        alert["given"]!["K1"]!.GetValue<decimal>().Should().Be(0);
        alert["agreed"]!["K1"]!.GetValue<decimal>().Should().Be(2);
        var called = await Called(scene, item);
        called.Should().BeEquivalentTo(doubted.Select(Text));
        called.Should().NotIntersectWith(trusted.Select(Text));
    }

    [Fact]
    public async Task A_second_look_decides_over_the_single_expert_and_ends_the_doubt()
    {
        var (scene, item) = await Scripts(Controlled(every: 1), 2);
        await Benchmark(scene, item, "control");
        var (expert, account) = await scene.StaffAccount(Role.Expert);
        var chair = await Chair(scene);
        var script = await Give(expert, scene, item, full: true);
        Text(await Give(expert, scene, item, full: false)).Should().StartWith(BenchmarkText);

        var second = await ClaimUntil(chair, scene, item, Text(script));
        second["earlierMarks"]!.AsArray().Should().ContainSingle();
        second["thirdReason"]!.GetValue<string>().Should().StartWith("Второй взгляд");
        await Marks.Award(chair, second, full: false, "Задание не по теме.").Json();

        var slot = (await Rounds(scene)).Where(round => round.ItemCode == item && round.Kind is not RoundKind.Auto).ToList();
        slot.Select(round => (round.Kind, round.Points, round.MarkedBy == account)).Should().Equal((RoundKind.Expert, Points.From(4), true), (RoundKind.Adjudication, Points.Zero, false));
        Ledger.Decide(await RoundsOf(scene, slot[0].SessionId, slot[0].Slot), Controlled()).Round!.Points.Should().Be(Points.Zero);
    }

    [Fact]
    public async Task A_script_whose_second_mark_is_still_due_gets_its_second_look_too()
    {
        var (scene, item) = await Scripts(Controlled(every: 1, experts: 2), 2);
        await Benchmark(scene, item, "control");
        using var expert = await scene.Staff(Role.Expert);
        using var other = await scene.Staff(Role.Expert);
        var chair = await Chair(scene);
        var script = await Give(expert, scene, item, full: true);
        await Give(expert, scene, item, full: false);

        await Marks.Award(other, await ClaimUntil(other, scene, item, Text(script)), full: true).Json();
        var third = await ClaimUntil(chair, scene, item, Text(script));
        third["earlierMarks"]!.AsArray().Should().HaveCount(2);
    }

    [Fact]
    public async Task The_chair_lifts_a_pause_with_a_reason_and_not_the_own_one()
    {
        var (scene, item) = await Scripts(Controlled(every: 1), 3);
        await Benchmark(scene, item, "control", count: 2);
        var (expert, account) = await scene.StaffAccount(Role.Expert);
        var (chair, chairAccount) = await scene.StaffAccount(Role.Chair);
        var foreign = await Scene.Make(service);
        using var foreignChair = await scene.Staff(Role.Chair, campaign: foreign.Id);
        (await Decide(chair, scene, account, item, "resume").ProblemCode(404)).Should().Be("admission-not-found");
        await Give(expert, scene, item, full: true);
        (await Decide(chair, scene, account, item, "resume").ProblemCode(404)).Should().Be("admission-not-found", "nothing has happened to the admission yet");
        await Give(expert, scene, item, full: false);

        (await Decide(chair, scene, account, item, "resume", " ").ProblemCode(422)).Should().Be("text-missing");
        (await Decide(foreignChair, scene, account, item, "resume").ProblemCode(403)).Should().Be("not-your-campaign");
        (await Decide(service.Admin, scene, account, item, "resume").ProblemCode(403)).Should().Be("not-allowed");
        (await Decide(expert, scene, account, item, "resume").ProblemCode(403)).Should().Be("not-allowed");
        (await Decide(chair, scene, chairAccount, item, "resume").ProblemCode(403)).Should().Be("own-admission");
        (await Decide(chair, scene, account, "no-such-item", "resume").ProblemCode(404)).Should().Be("admission-not-found");
        (await Decide(chair, scene, account, item, "requalify").ProblemCode(409)).Should().Be("no-qualification");
        (await Decide(chair, scene, account, item, "resume").Json())["state"]!.GetValue<string>().Should().Be("admitted");
        (await Decide(chair, scene, account, item, "resume").ProblemCode(409)).Should().Be("expert-not-paused");

        Text(await Marks.Claim(expert, scene, item)).Should().StartWith("Ответ");
        (await chair.GetAsync($"/api/v1/marking/alerts?campaignId={scene.Id}").Json())["items"]![0]!["answered"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task A_retired_benchmark_in_an_experts_hands_has_no_consequences()
    {
        var (scene, item) = await Scripts(Controlled(every: 1), 2);
        await Benchmark(scene, item, "control");
        using var expert = await scene.Staff(Role.Expert);
        await Give(expert, scene, item, full: true);
        var control = await Marks.Claim(expert, scene);
        await Retire(scene, item);
        await Benchmark(scene, item, "control");

        await Marks.Award(expert, control, full: false).Json();

        Text(await Marks.Claim(expert, scene)).Should().StartWith("Ответ");
        (await service.Admin.GetAsync($"/api/v1/marking/alerts?campaignId={scene.Id}").Json())["items"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task Benchmarks_are_for_those_who_lead_the_campaigns_marking()
    {
        var (scene, foreign) = (await Scene.Make(service), await Scene.Make(service));
        var item = OpenItems(scene)[0];
        using var expert = await scene.Staff(Role.Expert);
        using var chair = await scene.Staff(Role.Chair);
        using var foreignChair = await scene.Staff(Role.Chair, campaign: foreign.Id);
        using var foreignExpert = await scene.Staff(Role.Expert, campaign: foreign.Id);
        var made = (await Benchmark(scene, item, "training", client: chair)).Single();
        var id = made["id"]!.GetValue<Guid>();

        foreach (var path in new[] { "benchmarks", "admissions", "alerts" })
        {
            (await expert.GetAsync($"/api/v1/marking/{path}?campaignId={scene.Id}").ProblemCode(403)).Should().Be("not-allowed");
            (await foreignChair.GetAsync($"/api/v1/marking/{path}?campaignId={scene.Id}").ProblemCode(403)).Should().Be("not-your-campaign");
            (await service.Admin.GetAsync($"/api/v1/marking/{path}?campaignId={Guid.NewGuid()}").ProblemCode(404)).Should().Be("campaign-not-found");
        }
        (await foreignExpert.GetAsync($"/api/v1/marking/admissions/mine?campaignId={scene.Id}").ProblemCode(403)).Should().Be("not-your-commission");
        (await foreignExpert.PostAsJsonAsync("/api/v1/marking/training", new { campaignId = scene.Id, itemCode = item }).ProblemCode(403)).Should().Be("not-your-commission");
        (await Post(expert, scene, item).ProblemCode(403)).Should().Be("not-allowed");
        (await Post(foreignChair, scene, item).ProblemCode(403)).Should().Be("not-your-campaign");
        (await foreignChair.PostAsJsonAsync($"/api/v1/marking/benchmarks/{id}/retire", new { reason = "x" }).ProblemCode(404)).Should().Be("benchmark-not-found");
        (await chair.PostAsJsonAsync($"/api/v1/marking/benchmarks/{id}/retire", new { reason = "" }).ProblemCode(422)).Should().Be("text-missing");
        (await chair.PostAsJsonAsync($"/api/v1/marking/benchmarks/{id}/retire", new { reason = "Спорный." }).Json())["retiredWhy"]!.GetValue<string>().Should().Be("Спорный.");
        (await chair.PostAsJsonAsync($"/api/v1/marking/benchmarks/{id}/retire", new { reason = "Спорный." }).ProblemCode(409)).Should().Be("benchmark-retired");
        (await chair.GetAsync($"/api/v1/marking/benchmarks?campaignId={scene.Id}").Json())["items"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task A_benchmark_that_the_rubric_does_not_fit_is_refused()
    {
        var scene = await Scene.Make(service);
        var item = OpenItems(scene)[0];
        var whole = Full(scene, item);

        (await Post(service.Admin, scene, item, new()).ProblemCode(422)).Should().Be("criterion-missing");
        (await Post(service.Admin, scene, item, new(whole) { ["K99"] = 1 }).ProblemCode(422)).Should().Be("unknown-criterion");
        (await Post(service.Admin, scene, item, new(whole) { ["K1"] = 17 }).ProblemCode(422)).Should().Be("points-not-in-rubric");
        (await Post(service.Admin, scene, item, whole, answer: " ").ProblemCode(422)).Should().Be("text-missing");
        (await Post(service.Admin, scene, item, whole, answer: new string('я', 20_001)).ProblemCode(422)).Should().Be("text-too-long");
        (await Post(service.Admin, scene, item, whole, comment: "а\0б").ProblemCode(422)).Should().Be("forbidden-character");
        (await Post(service.Admin, scene, scene.First(ItemType.SingleChoice).Item.Code, whole).ProblemCode(422)).Should().Be("not-an-open-item");
        (await Post(service.Admin, scene, item, whole, purpose: "exam").ProblemCode(400)).Should().Be("malformed-json");
        (await service.Admin.PostAsJsonAsync("/api/v1/marking/benchmarks", new { campaignId = Guid.NewGuid(), itemCode = item, purpose = "control", answer = "x", criteria = whole, comment = "x" }).ProblemCode(404)).Should().Be("campaign-not-found");
    }

    /// <summary>A campaign with so many answers to one open item.</summary>
    private async Task<(Scene Scene, string Item)> Scripts(MarkingPolicy policy, int people)
    {
        var scene = await Scene.Make(service, policy);
        var item = OpenItems(scene)[0];
        for (var person = 0; person < people; person++)
        {
            var number = person;
            await scene.Session(slot => slot.Item.Code == item ? new ExtendedResponse($"Ответ {number}") : null);
        }
        await scene.Score();
        return (scene, item);
    }

    private static List<string> OpenItems(Scene scene) =>
        scene.Slots().Where(slot => slot.Item.Type is ItemType.ExtendedResponse).Select(slot => slot.Item.Code).Order(StringComparer.Ordinal).ToList();

    private static Dictionary<string, decimal> Full(Scene scene, string item) =>
        ((ExtendedTask)scene.Form.OfItem(item)!.Item.Body).Rubric.Criteria.ToDictionary(criterion => criterion.Code, criterion => criterion.Maximum.ToDecimal());

    private async Task<List<JsonNode>> Benchmark(Scene scene, string item, string purpose, int count = 1, HttpClient? client = null)
    {
        var made = new List<JsonNode>();
        for (var number = 1; number <= count; number++)
            made.Add(await Post(client ?? service.Admin, scene, item, null, purpose, $"{BenchmarkText}{number} ({purpose})").Json(201));
        return made;
    }

    private static Task<HttpResponseMessage> Post(
        HttpClient client, Scene scene, string item, Dictionary<string, decimal>? criteria = null, string purpose = "control", string answer = "Эталон", string comment = "Согласовано: всё верно.") =>
        client.PostAsJsonAsync("/api/v1/marking/benchmarks", new { campaignId = scene.Id, itemCode = item, purpose, answer, criteria = criteria ?? Full(scene, item), comment });

    private async Task Retire(Scene scene, string item)
    {
        foreach (var benchmark in (await service.Admin.GetAsync($"/api/v1/marking/benchmarks?campaignId={scene.Id}").Json())["items"]!.AsArray().Where(each => each!["itemCode"]!.GetValue<string>() == item))
            await service.Admin.PostAsJsonAsync($"/api/v1/marking/benchmarks/{benchmark!["id"]!.GetValue<Guid>()}/retire", new { reason = "Спорный ответ." }).Json();
    }

    private static Task<HttpResponseMessage> Claim(HttpClient expert, Scene scene, string? itemCode = null) =>
        expert.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id, itemCode });

    /// <summary>Claims the next and marks it, a minute later.</summary>
    private async Task<JsonNode> Give(HttpClient expert, Scene scene, string item, bool full)
    {
        var script = await Marks.Claim(expert, scene, item);
        service.Clock.Advance(Duration.FromMinutes(1));
        await Marks.Award(expert, script, full).Json();
        return script;
    }

    /// <summary>Claims, past whatever else comes, the script with this answer.</summary>
    private static async Task<JsonNode> ClaimUntil(HttpClient expert, Scene scene, string item, string text)
    {
        while (true)
            if (await Marks.Claim(expert, scene, item) is var script && Text(script) == text) return script;
    }

    private static Task<HttpResponseMessage> Decide(HttpClient client, Scene scene, Guid expert, string item, string act, string reason = "Разобрано с экспертом.") =>
        client.PostAsJsonAsync($"/api/v1/marking/admissions/{expert}/{item}/{act}", new { campaignId = scene.Id, reason });

    /// <summary>The chair of a commission, who may give the reading that decides.</summary>
    private async Task<HttpClient> Chair(Scene scene)
    {
        var (client, account) = await scene.Newcomer("Институт развития образования");
        var commission = await service.Admin.PostAsJsonAsync("/api/v1/commissions", new { campaignId = scene.Id, kind = "marking", title = "РК" }).Json(201);
        await service.Admin.PostAsJsonAsync($"/api/v1/commissions/{commission["id"]!.GetValue<Guid>()}/members", new { accountId = account, role = "chair", standing = "lead" }).Json(201);
        return client;
    }

    private static async Task<string> Standing(HttpClient expert, Scene scene, string item) =>
        (await expert.GetAsync($"/api/v1/marking/admissions/mine?campaignId={scene.Id}").Json()).AsArray().Single(each => each!["itemCode"]!.GetValue<string>() == item)!["state"]!.GetValue<string>();

    private async Task<string> Progress(Scene scene) => (await service.Admin.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").Json()).ToJsonString();

    private static Task<IReadOnlyList<MarkingRound>> Rounds(Scene scene) => scene.Database.Read<IReadOnlyList<MarkingRound>>(async db =>
    {
        var rounds = new List<MarkingRound>();
        foreach (var session in await db.Query<Guid>("SELECT id FROM sessions WHERE campaign_id = @Id", new { scene.Id })) rounds.AddRange(await RoundStore.OfSession(db, session));
        return rounds;
    });

    private static async Task<IReadOnlyList<MarkingRound>> RoundsOf(Scene scene, Guid session, int slot) =>
        (await scene.Database.Read(db => RoundStore.OfSession(db, session))).Where(round => round.Slot == slot).ToList();

    /// <summary>Answers that wait for a reading besides the independent ones.</summary>
    private static async Task<IReadOnlyList<string>> Called(Scene scene, string item) => (await scene.Database.Read(db => db.Query<string>("""
        SELECT r.content
        FROM marking_tasks AS t JOIN session_responses AS r ON r.session_id = t.session_id AND r.slot = t.slot
        WHERE t.campaign_id = @Id AND t.item_code = @item AND t.thirds = 1 AND t.state = 'waiting' AND t.third_reason LIKE 'Второй взгляд%'
        """, new { scene.Id, item }))).Select(answer => JsonNode.Parse(answer)!["text"]!.GetValue<string>()).ToList();

    private static string Text(JsonNode script) => script["answer"]!.GetValue<string>();

    /// <summary>Names and kinds of all fields, in order.</summary>
    private static string Shape(JsonNode node) => node switch
    {
        JsonObject fields => $"{{{string.Join(',', fields.Select(field => $"{field.Key}:{(field.Value is null ? "null" : Shape(field.Value))}"))}}}",
        JsonArray elements => $"[{string.Join(',', elements.Select(element => element is null ? "null" : Shape(element)))}]",
        _ => node.GetValueKind().ToString(),
    };
}
