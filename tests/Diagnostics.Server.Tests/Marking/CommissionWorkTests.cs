using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Operations;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>
/// The work of two experts, a third expert and the chair, from claimed scripts to approved results, over HTTP.
/// </summary>
public sealed class CommissionWorkTests(TestService service) : IClassFixture<TestService>
{
    private static readonly MarkingPolicy Gia = new(
        2,
        30,
        Resolution.MeanInFavour,
        [new PointsApart(MarkUnit.Criterion, Points.From(2)), new PointsApart(MarkUnit.Item, Points.From(2)), new BlankAgainstScored()],
        ExpertStanding.Senior,
        RequireApproval: true
    );

    [Fact]
    public async Task Two_experts_who_agree_decide_by_their_mean_in_favour()
    {
        var (scene, commission) = await Begin(Gia);
        var session = await scene.Scored(OneEssay(scene, "Ответ"));
        var (first, second) = (await commission.Expert(), await commission.Expert());
        var one = await Marks.Claim(first, scene);
        await Award(first, one, lowered: 0);
        await Award(second, await Marks.Claim(second, scene), lowered: 1);

        var slot = await Open(session, scene);

        slot["standing"]!.GetValue<string>().Should().Be("decided_by_adjudication");
        slot["points"]!.GetValue<decimal>().Should().Be(slot["maximum"]!.GetValue<decimal>(), "4 and 3 are 3.5, rounded up");
        var deciding = slot["rounds"]!.AsArray().Single(round => round!["decides"]!.GetValue<bool>())!;
        (deciding["rule"]!.GetValue<string>(), deciding["markedBy"]).Should().Be(("mean_in_favour/2", null));
        (await commission.Senior().Claims(scene)).Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Marks_two_points_apart_go_to_a_senior_third_who_sees_both_and_decides()
    {
        var (scene, commission) = await Begin(Gia);
        var session = await scene.Scored(OneEssay(scene, "Спорный ответ"));
        var (first, second, another, senior) = (
            await commission.Expert(),
            await commission.Expert(),
            await commission.Expert(),
            await commission.Senior()
        );
        var blind = await Marks.Claim(first, scene);
        await Marks.Award(first, blind, full: true, "Полный ответ").Json();
        var second2 = await Marks.Claim(second, scene);
        await Marks.Award(second, second2, full: false, "Пустая отписка").Json();

        blind["earlierMarks"].Should().BeNull();
        second2["earlierMarks"].Should().BeNull("the second marks as blind as the first");
        (await Open(session, scene))["standing"]!.GetValue<string>().Should().Be("awaiting_adjudication");
        (await Claim(another, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent, "a third is of higher standing");
        (await Claim(first, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        var script = await Marks.Claim(senior, scene);
        script["thirdReason"]!.GetValue<string>().Should().Contain("расходятся");
        script["earlierMarks"]!
            .AsArray()
            .Select(mark => mark!["comment"]!.GetValue<string>())
            .Should()
            .BeEquivalentTo("Полный ответ", "Пустая отписка");
        await Award(senior, script, lowered: 1);

        var slot = await Open(session, scene);
        (slot["standing"]!.GetValue<string>(), slot["points"]!.GetValue<decimal>())
            .Should()
            .Be(("decided_by_adjudication", slot["maximum"]!.GetValue<decimal>() - 1));
        slot["rounds"]!
            .AsArray()
            .Where(round => round!["markedBy"] is not null)
            .Select(round => round!["markedBy"]!.GetValue<Guid>())
            .Should()
            .OnlyHaveUniqueItems()
            .And.HaveCount(3);
        (await Claim(await commission.Senior(), scene)).StatusCode.Should().Be(HttpStatusCode.NoContent, "one third decides");
    }

    [Fact]
    public async Task Not_attempted_against_zero_points_calls_a_third()
    {
        var (scene, commission) = await Begin(Gia);
        var session = await scene.Scored(OneEssay(scene, "не знаю"));
        var (first, second) = (await commission.Expert(), await commission.Expert());
        var one = await Marks.Claim(first, scene);
        (
            await first
                .PostAsJsonAsync(Marks.Path(one, "marks"), new { criteria = Marks.Of(one, full: true), noAnswer = true })
                .ProblemCode(422)
        )
            .Should()
            .Be("no-answer-with-points");
        await first.PostAsJsonAsync(Marks.Path(one, "marks"), new { criteria = Marks.Of(one, full: false), noAnswer = true }).Json();
        await Marks.Award(second, await Marks.Claim(second, scene), full: false).Json();

        var script = await Marks.Claim(await commission.Senior(), scene);

        script["thirdReason"]!.GetValue<string>().Should().Contain("не приступали");
        (await Open(session, scene))["points"].Should().BeNull();
    }

    [Fact]
    public async Task Marks_on_both_sides_of_a_level_boundary_call_a_third()
    {
        var (scene, commission) = await Begin(Gia with { Discrepancies = [new Straddle()] });
        var essay = scene.First(ItemType.ExtendedResponse);
        var block = scene.Slots().Where(slot => slot.Item.Block == essay.Item.Block).ToList();
        var (all, essays) = (
            block.Sum(slot => slot.Item.MaxPoints.ToDecimal()),
            block.Where(slot => slot.Item.Type is ItemType.ExtendedResponse).Sum(slot => slot.Item.MaxPoints.ToDecimal())
        );
        var (without, with) = ((all - essays) / all * 100, (all - essays + essay.Item.MaxPoints.ToDecimal()) / all * 100);
        decimal[] boundaries = [60, 81];
        boundaries
            .Any(boundary => without < boundary && boundary <= with)
            .Should()
            .BeTrue("closed answers right give {0:F1} %, with the essay {1:F1} %", without, with);
        await scene.Scored(OneEssay(scene, "Ответ"));
        var (first, second) = (await commission.Expert(), await commission.Expert());

        await Marks.Award(first, await Marks.Claim(first, scene), full: true).Json();
        await Marks.Award(second, await Marks.Claim(second, scene), full: false).Json();

        (await Marks.Claim(await commission.Senior(), scene))["thirdReason"]!.GetValue<string>().Should().Contain("разные уровни");
    }

    /// <summary>
    /// All closed answers of the block are right except a short one worth 2 points. With that answer counted as wrong
    /// the block has 11 of 17 points (65 %, a medium deficit); with it accepted the block has 13 points (76 %). The
    /// essay's 4 points raise the two sums to 15 (88 %, a minimal deficit) and 17.
    /// </summary>
    [Fact]
    public async Task A_third_for_the_level_of_a_block_is_called_once_its_short_answers_are_reviewed()
    {
        var (scene, commission) = await Begin(Gia with { Discrepancies = [new Straddle()] });
        var unmatched = scene.Slots().First(slot => slot.Item.Type is ItemType.ShortAnswer && slot.Item.MaxPoints > Points.From(1));
        var essay = OneEssay(scene, "Ответ");
        var session = await scene.Scored(slot => slot == unmatched ? new ShortAnswerResponse("нечто вовсе иное") : essay(slot));
        var (first, second, senior) = (await commission.Expert(), await commission.Expert(), await commission.Senior());
        await Marks.Award(first, await Marks.Claim(first, scene), full: true).Json();
        await Marks.Award(second, await Marks.Claim(second, scene), full: false).Json();
        (await Claim(senior, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Open(session, scene))["standing"]!.GetValue<string>().Should().Be("awaiting_adjudication");

        await service
            .Admin.PostAsJsonAsync(
                "/api/v1/key-reviews/decisions",
                new
                {
                    itemCode = unmatched.Item.Code,
                    itemVersion = unmatched.ItemVersion,
                    normalised = "нечто вовсе иное",
                    decision = "accept",
                    reason = "Верно.",
                }
            )
            .Json();

        (await Marks.Claim(senior, scene))["thirdReason"]!.GetValue<string>().Should().Contain("разные уровни");
    }

    [Fact]
    public async Task A_flagged_script_leaves_the_expert_for_good_goes_to_another_and_the_chair_sees_why()
    {
        var (scene, commission) = await Begin(Gia with { Experts = 1, Discrepancies = null });
        await scene.Scored(OneEssay(scene, "Я, Тайнова Вера, думаю так"));
        var (first, second, chair) = (await commission.Expert(), await commission.Expert(), await commission.Chair());
        var script = await Marks.Claim(first, scene);

        await first.PostAsJsonAsync(Marks.Path(script, "flags"), new { kind = "author_revealed", comment = "Назвала себя" });

        (await Claim(first, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await Marks.Give(second, scene, full: true);
        var flag = (await chair.GetAsync($"/api/v1/marking/flags?campaignId={scene.Id}").Json())["items"]!
            .AsArray()
            .Should()
            .ContainSingle()
            .Subject!;
        (flag["kind"]!.GetValue<string>(), flag["comment"]!.GetValue<string>(), flag["code"]!.GetValue<string>())
            .Should()
            .Be(("author_revealed", "Назвала себя", script["code"]!.GetValue<string>()));
        (await first.PostAsJsonAsync(Marks.Path(script, "flags"), new { kind = "other", comment = "ещё раз" }).ProblemCode(409))
            .Should()
            .Be("assignment-closed");
        (await first.GetAsync($"/api/v1/marking/flags?campaignId={scene.Id}")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_flag_reaches_the_roles_that_the_policy_names_with_the_time_in_which_they_must_look()
    {
        var policy = Gia with
        {
            Experts = 1,
            Discrepancies = null,
            Flags = [new(ScriptFlag.Unreadable, [Role.Operator], WithinMinutes: 90)],
        };
        var (scene, commission) = await Begin(policy);
        await scene.Scored(OneEssay(scene, "Мне очень плохо, помогите"));
        await scene.Scored(OneEssay(scene, "%$#"));
        var (expert, chair) = (await commission.Expert(), await commission.Chair());
        var now = service.Clock.GetCurrentInstant();
        // The policy names one kind; the others follow the usual rules: danger is for both, within an hour.
        var rules = (await expert.GetAsync($"/api/v1/marking/flags/rules?campaignId={scene.Id}").Json()).Items();
        rules
            .Select(rule =>
                (
                    rule!["kind"]!.GetValue<string>(),
                    string.Join('+', rule["tell"]!.AsArray().Select(role => role!.GetValue<string>())),
                    rule["withinMinutes"]?.GetValue<int>()
                )
            )
            .Should()
            .Equal(
                ("author_revealed", "chair", null),
                ("unreadable", "operator", 90),
                ("dangerous", "chair+operator", 60),
                ("other", "chair", null)
            );

        for (var script = 0; script < 2; script++)
        {
            var claimed = await Marks.Claim(expert, scene);
            var danger = claimed["answer"]!.GetValue<string>().Contains("помогите", StringComparison.Ordinal);
            await expert
                .PostAsJsonAsync(Marks.Path(claimed, "flags"), new { kind = danger ? "dangerous" : "unreadable", comment = "Посмотрите" })
                .Json(204);
        }

        (await Told(chair)).Select(Kind).Should().Equal("dangerous");
        var told = await Told(service.Admin);
        told.ToDictionary(Kind, flag => InstantPattern.ExtendedIso.Parse(flag!["dueAt"]!.GetValue<string>()).Value - now)
            .Should()
            .Equal(
                new Dictionary<string, Duration> { ["dangerous"] = Duration.FromMinutes(60), ["unreadable"] = Duration.FromMinutes(90) }
            );
        (await chair.GetAsync($"/api/v1/marking/flags?campaignId={scene.Id}").Json())["items"]!.AsArray().Should().HaveCount(2);

        string Kind(JsonNode? flag) => flag!["kind"]!.GetValue<string>();

        async Task<JsonArray> Told(HttpClient leader) =>
            (await leader.GetAsync($"/api/v1/marking/flags?campaignId={scene.Id}&toMe=true").Json())["items"]!.AsArray();
    }

    [Fact]
    public async Task A_chair_sees_no_marks_of_a_script_that_may_still_come_to_the_chair()
    {
        var (scene, commission) = await Begin(Gia);
        var session = await scene.Scored(OneEssay(scene, "Ответ"));
        var (first, second, chair) = (await commission.Expert(), await commission.Expert(), await commission.Chair());
        await Marks.Give(first, scene, full: true);

        var seen = await chair.GetAsync($"/api/v1/sessions/{session}/scores").Json();
        var hidden = Essay(seen);
        (hidden["rounds"]!.AsArray().Count, hidden["points"]).Should().Be((0, null));
        (await Open(session, scene))["rounds"]!.AsArray().Should().HaveCount(2, "the operator marks nothing");
        await Marks.Give(second, scene, full: true);

        // Other experts have marked the essay, so nothing is left for the chair.
        Essay(await chair.GetAsync($"/api/v1/sessions/{session}/scores").Json())["rounds"]!.AsArray().Should().HaveCount(4);

        JsonNode Essay(JsonNode scores) =>
            scores["slots"]!.AsArray().Single(slot => slot!["slot"]!.GetValue<int>() == scene.First(ItemType.ExtendedResponse).Slot)!;
    }

    [Fact]
    public async Task An_expert_never_gets_the_script_of_a_declared_acquaintance_nor_of_another_block()
    {
        var (scene, commission) = await Begin(Gia with { Experts = 1, Discrepancies = null });
        var person = await scene.Person();
        await scene.Session(OneEssay(scene, "Ответ"), person: person);
        await scene.Score();
        var (acquaintance, id) = await commission.Member();
        await service
            .Admin.PostAsJsonAsync(
                $"/api/v1/commissions/{commission.Id}/members/{id}/conflicts",
                new { participantId = person, reason = "Сестра" }
            )
            .Json();
        var (elsewhere, _) = await commission.Member(blocks: ["no-such-block"]);
        var (fitting, _) = await commission.Member(blocks: [scene.First(ItemType.ExtendedResponse).Item.Block]);

        (await Claim(acquaintance, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Claim(elsewhere, scene)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await Claim(fitting, scene)).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Answers_that_say_the_same_are_marked_in_one_decision_each_with_its_own_round()
    {
        var (scene, commission) = await Begin(Gia with { Experts = 1, Discrepancies = null });
        var alike = new List<Guid>();
        string[] texts = ["Не знаю.", "не знаю", "НЕ  ЗНАЮ"];
        foreach (var text in texts)
            alike.Add(await scene.Session(OneEssay(scene, text)));
        var other = await scene.Session(OneEssay(scene, "Знаю, но не скажу"));
        await scene.Score();
        var expert = await commission.Expert();
        var script = await Marks.Claim(expert, scene);
        if (script["answer"]!.GetValue<string>().StartsWith("Знаю", StringComparison.Ordinal))
            script = await Marks.Claim(expert, scene);

        script["alike"]!.GetValue<int>().Should().Be(2);
        var shown = await expert.GetAsync(Marks.Path(script, "alike")).Json();
        shown["scripts"]!.GetValue<int>().Should().Be(2);
        // Each as its author wrote it, and nothing else of the author.
        shown["answers"]!
            .AsArray()
            .Select(each => each!["text"]!.GetValue<string>())
            .Should()
            .BeEquivalentTo(texts.Where(text => text != script["answer"]!.GetValue<string>()));
        shown["answers"]!
            .AsArray()
            .SelectMany(each => each!.AsObject().Select(field => field.Key))
            .Distinct()
            .Should()
            .Equal("text", "scripts");
        var given = await expert
            .PostAsJsonAsync(Marks.Path(script, "marks"), new { criteria = Marks.Of(script, full: false), alsoAlike = true })
            .Json();

        given["alike"]!.GetValue<int>().Should().Be(2);
        foreach (var session in alike)
            (await Open(session, scene))["standing"]!.GetValue<string>().Should().Be("decided_by_expert");
        (await Open(other, scene))["standing"]!.GetValue<string>().Should().Be("awaiting_experts");
    }

    [Fact]
    public async Task Results_are_published_only_with_the_chairs_protocol_and_a_later_round_asks_for_another()
    {
        var (scene, commission) = await Begin(Gia);
        await scene.Scored(OneEssay(scene, "Ответ"));
        var (first, second, chair) = (await commission.Expert(), await commission.Expert(), await commission.Chair());
        var approval = new { @checked = new[] { "Проверены все работы" }, remarks = "Без замечаний" };
        (await chair.PostAsJsonAsync($"/api/v1/campaigns/{scene.Id}/results/approval", approval).ProblemCode(409))
            .Should()
            .Be("marking-open");
        await Award(first, await Marks.Claim(first, scene), 0);
        await Award(second, await Marks.Claim(second, scene), 0);
        (await Publish(scene)).Should().Be("results-open");

        (await first.PostAsJsonAsync($"/api/v1/campaigns/{scene.Id}/results/approval", approval))
            .StatusCode.Should()
            .Be(HttpStatusCode.Forbidden);
        (
            await chair
                .PostAsJsonAsync($"/api/v1/campaigns/{scene.Id}/results/approval", new { @checked = Array.Empty<string>() })
                .ProblemCode(422)
        )
            .Should()
            .Be("checked-invalid");
        var protocol = await chair.PostAsJsonAsync($"/api/v1/campaigns/{scene.Id}/results/approval", approval).Json(201);
        (
            protocol["number"]!.GetValue<int>(),
            protocol["scripts"]!.GetValue<int>(),
            protocol["expertRounds"]!.GetValue<int>(),
            protocol["thirdRounds"]!.GetValue<int>()
        )
            .Should()
            .Be((1, 1, 2, 0));

        // One more session is scored after the protocol.
        await scene.Scored(Answer.Right);
        (await Publish(scene)).Should().Be("results-open");
        await chair.PostAsJsonAsync($"/api/v1/campaigns/{scene.Id}/results/approval", approval).Json(201);
        (await Publish(scene)).Should().BeNull();
        (await chair.GetAsync($"/api/v1/campaigns/{scene.Id}/results/protocols").Json()).Items().Should().HaveCount(2);
    }

    [Fact]
    public async Task A_protocol_without_remarks_is_read_like_any_other()
    {
        var (scene, commission) = await Begin(Gia);
        await scene.Scored(Answer.Right);
        var chair = await commission.Chair();

        await chair.PostAsJsonAsync($"/api/v1/campaigns/{scene.Id}/results/approval", new { @checked = new[] { "Все работы" } }).Json(201);

        (await Publish(scene)).Should().BeNull();
        (await chair.GetAsync($"/api/v1/campaigns/{scene.Id}/results/protocols").Json())
            .Items()
            .Single()!
            .AsObject()
            .Should()
            .NotContainKey("remarks");
    }

    [Fact]
    public async Task The_chair_sees_who_is_severe_who_agrees_and_how_long_a_script_takes()
    {
        var (scene, commission) = await Begin(Gia with { Discrepancies = null, RequireApproval = false });
        foreach (var person in Enumerable.Range(0, 6))
            await scene.Session(OneEssay(scene, $"Ответ {person}"));
        await scene.Score();
        var (lenient, lenientId) = await commission.Member();
        var (severe, severeId) = await commission.Member();
        var chair = await commission.Chair();
        // The lenient expert gives full marks for each script; the severe one gives a point less for every other
        // script.
        for (var script = 0; script < 6; script++)
            await Award(lenient, await Marks.Claim(lenient, scene), 0);
        for (var script = 0; script < 6; script++)
            await Award(severe, await Marks.Claim(severe, scene), script % 2);

        var statistics = await chair.GetAsync($"/api/v1/marking/statistics?campaignId={scene.Id}").Json();

        statistics["scripts"]!.GetValue<int>().Should().Be(6);
        statistics["thirdShare"]!.GetValue<double>().Should().Be(0);
        var of = statistics["experts"]!.AsArray().ToDictionary(expert => expert!["expertId"]!.GetValue<Guid>(), expert => expert!);
        // Three of the six pairs of marks are equal, and all are within one point; the severe expert gives half a point
        // less on average.
        of[severeId]["exact"]!.GetValue<double>().Should().Be(0.5);
        of[severeId]["withinOne"]!.GetValue<double>().Should().Be(1);
        of[severeId]["severity"]!.GetValue<double>().Should().BeApproximately(-0.5, 1e-12);
        of[lenientId]["severity"]!.GetValue<double>().Should().BeApproximately(0.5, 1e-12);
        of[severeId]["shared"]!.GetValue<int>().Should().Be(6);
        of[severeId]["medianSeconds"]!.GetValue<double>().Should().BeGreaterThanOrEqualTo(0);
        statistics["criteria"]!
            .AsArray()
            .Sum(criterion => criterion!["counts"]!.AsObject().Sum(count => count.Value!.GetValue<int>()))
            .Should()
            .Be(12 * statistics["criteria"]!.AsArray().Count, "two experts and six scripts");
        (await severe.GetAsync($"/api/v1/marking/statistics?campaignId={scene.Id}")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Twenty_experts_at_once_never_mark_a_script_beyond_its_rounds_and_all_is_done()
    {
        var (scene, commission) = await Begin(Gia with { Discrepancies = [new PointsApart(MarkUnit.Item, Points.From(1))] });
        // For 500 scripts: DIAGNOSTICS_SCRIPTS=500 dotnet test tests/Diagnostics.Server.Tests --filter
        // Twenty_experts_at_once_never
        var scripts = int.Parse(Environment.GetEnvironmentVariable("DIAGNOSTICS_SCRIPTS") ?? "60", CultureInfo.InvariantCulture);
        await Task.WhenAll(Enumerable.Range(0, scripts).Select(person => scene.Session(OneEssay(scene, $"Ответ {person}"))));
        await scene.Score();
        var experts = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => number < 5 ? commission.Senior() : commission.Expert()));

        var marking = 0;
        var marked = (
            await Task.WhenAll(
                experts.Select(
                    async (expert, number) =>
                    {
                        var count = 0;
                        // An empty queue may fill again: once the other experts have marked, a third reading may become
                        // necessary.
                        for (var idle = 0; idle < 40; )
                        {
                            using var claimed = await Claim(expert, scene);
                            if (claimed.StatusCode is HttpStatusCode.NoContent)
                            {
                                // An attempt that finds nothing counts only while no other expert is marking.
                                if (Volatile.Read(ref marking) == 0)
                                    idle++;
                                await Task.Delay(50);
                                continue;
                            }
                            Interlocked.Increment(ref marking);
                            try
                            {
                                var script = (await claimed.Content.ReadFromJsonAsync<JsonNode>())!;
                                await Award(expert, script, number % 3 == 0 ? 1 : 0);
                            }
                            finally
                            {
                                Interlocked.Decrement(ref marking);
                            }
                            count++;
                        }
                        return count;
                    }
                )
            )
        ).ToList();

        var rounds = await scene.Database.Read(db => RoundStore.ByExperts(db, scene.Id));
        var byScript = rounds.GroupBy(round => round.SessionId).ToList();
        byScript.Should().HaveCount(scripts);
        byScript
            .Should()
            .OnlyContain(
                script => script.Count(round => round.Kind == RoundKind.Expert) == 2,
                "no script is marked beyond its independent rounds"
            );
        byScript
            .Should()
            .OnlyContain(
                script => script.Select(round => round.MarkedBy).Distinct().Count() == script.Count(),
                "nobody marks a script twice"
            );
        byScript
            .Should()
            .OnlyContain(
                script =>
                    script.Count(round => round.Kind == RoundKind.Adjudication)
                    == (script.Where(round => round.Kind == RoundKind.Expert).Select(round => round.Points).Distinct().Count() > 1 ? 1 : 0),
                "a third exactly where two differ"
            );
        marked.Sum().Should().Be(rounds.Count);
        marked.Should().OnlyContain(count => count > 0, "nobody starves");
        var progress = await service.Admin.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").Json();
        (progress["marked"]!.GetValue<int>(), progress["waiting"]!.GetValue<int>()).Should().Be((scripts, 0));
    }

    private Task<(Scene Scene, Commission Commission)> Begin(MarkingPolicy policy) => Commission.Begin(service, policy);

    private static Func<FormSlot, Response?> OneEssay(Scene scene, string text) =>
        Answer.Right.With(scene.First(ItemType.ExtendedResponse).Slot, new ExtendedResponse(text));

    private static Task<HttpResponseMessage> Claim(HttpClient expert, Scene scene) =>
        expert.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id });

    /// <summary>Gives full marks, minus the given number of points in the last criterion.</summary>
    private static Task<JsonNode> Award(HttpClient expert, JsonNode script, int lowered)
    {
        var criteria = Marks.Of(script, full: true);
        criteria[criteria.Keys.Last()] -= lowered;
        return Marks.Award(expert, script, criteria).Json();
    }

    private async Task<JsonNode> Open(Guid session, Scene scene) =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/scores").Json())["slots"]![
            scene.First(ItemType.ExtendedResponse).Slot - 1
        ]!;

    private async Task<string?> Publish(Scene scene)
    {
        using var sent = await service.Admin.PostAsJsonAsync($"/api/v1/campaigns/{scene.Id}/results/publication", new { });
        return sent.IsSuccessStatusCode ? null : (await sent.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>();
    }
}

/// <summary>A marking commission and its members.</summary>
internal sealed class Commission(TestService service, Scene scene, Guid id)
{
    internal Guid Id => id;

    internal static async Task<(Scene Scene, Commission Commission)> Begin(TestService service, MarkingPolicy policy)
    {
        var scene = await Scene.Make(service, policy);
        var made = await service
            .Admin.PostAsJsonAsync(
                "/api/v1/commissions",
                new
                {
                    campaignId = scene.Id,
                    kind = "marking",
                    title = "Региональная комиссия",
                }
            )
            .Json(201);
        return (scene, new(service, scene, made["id"]!.GetValue<Guid>()));
    }

    internal async Task<HttpClient> Expert() => (await Member()).Client;

    internal async Task<HttpClient> Senior() => (await Member(standing: "senior")).Client;

    internal async Task<HttpClient> Chair() => (await Member(role: "chair")).Client;

    internal async Task<(HttpClient Client, Guid AccountId)> Member(
        string role = "member",
        string standing = "main",
        string[]? blocks = null,
        string? organisation = null
    )
    {
        var newcomer = await scene.Newcomer(organisation);
        await service
            .Admin.PostAsJsonAsync(
                $"/api/v1/commissions/{id}/members",
                new
                {
                    accountId = newcomer.AccountId,
                    role,
                    standing,
                    blocks = blocks ?? [],
                }
            )
            .Json(201);
        return newcomer;
    }
}

internal static class CommissionClaims
{
    internal static async Task<HttpStatusCode> Claims(this Task<HttpClient> expert, Scene scene) =>
        (await (await expert).PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id })).StatusCode;
}
