using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>
/// What follows when the marks of a control script are out of tolerance: the pause, the second look, and the chair's
/// reading.
/// </summary>
public sealed class SecondLookTests(TestService service) : ControlledMarking(service), IClassFixture<TestService>
{
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
        (await Marks.Award(expert, held, full: true).ProblemCode(409))
            .Should()
            .Be("lease-lapsed", "what the expert holds returns to the queue");
        (await Claim(expert, scene, item).ProblemCode(409)).Should().Be("expert-paused");
        (await Claim(expert, scene).ProblemCode(409)).Should().Be("expert-paused");
        var alert = (await chair.GetAsync($"/api/v1/marking/alerts?campaignId={scene.Id}").Json())["items"]!.AsArray().Single()!;
        (
            alert["expertId"]!.GetValue<Guid>(),
            alert["itemCode"]!.GetValue<string>(),
            alert["secondLooks"]!.GetValue<int>(),
            alert["distance"]!.GetValue<decimal>(),
            alert["answered"]!.GetValue<bool>()
        )
            .Should()
            .Be((account, item, 2, 3m, false));
        alert["given"]!["K1"]!.GetValue<decimal>().Should().Be(0);
        alert["agreed"]!["K1"]!.GetValue<decimal>().Should().Be(2);
        var called = await Called(scene, item);
        called.Should().BeEquivalentTo(doubted.Select(Text));
        called.Should().NotIntersectWith(trusted.Select(Text));
    }

    /// <summary>
    /// An expert may give the same marks to all answers that are alike. When the expert's marks are in doubt, each
    /// script marked in this way is read again.
    /// </summary>
    [Fact]
    public async Task Answers_marked_in_one_decision_are_called_back_together()
    {
        var (scene, item) = await Scripts(Controlled(every: 2), 8);
        var alike = new List<string> { "Не знаю.", "не знаю", "НЕ  ЗНАЮ" };
        foreach (var text in alike)
            await scene.Session(slot => slot.Item.Code == item ? new ExtendedResponse(text) : null);
        await scene.Score();
        await Benchmark(scene, item, "control");
        using var expert = await scene.Staff(Role.Expert);
        var script = await Marks.Claim(expert, scene, item);
        // Every script that comes before the alike scripts, including any control script, gets its proper marks.
        for (; !alike.Contains(Text(script)); script = await Marks.Claim(expert, scene, item))
            await Marks.Award(expert, script, full: true).Json();
        Service.Clock.Advance(Duration.FromMinutes(1));
        var given = await expert
            .PostAsJsonAsync(Marks.Path(script, "marks"), new { criteria = Marks.Of(script, full: true), alsoAlike = true })
            .Json();
        given["alike"]!.GetValue<int>().Should().Be(2);

        Text(await Give(expert, scene, item, full: false)).Should().StartWith(BenchmarkText);

        (await Called(scene, item)).Should().Contain(alike);
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
        slot.Select(round => (round.Kind, round.Points, round.MarkedBy == account))
            .Should()
            .Equal((RoundKind.Expert, Points.From(3), true), (RoundKind.Adjudication, Points.Zero, false));
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
    public async Task The_chair_sees_second_looks_apart_from_thirds_in_statistics_and_protocol()
    {
        var (scene, item) = await Scripts(
            Controlled(every: 1, experts: 2) with
            {
                Discrepancies = [new PointsApart(MarkUnit.Item, Points.From(2))],
                RequireApproval = true,
            },
            2
        );
        await Benchmark(scene, item, "control", count: 2);
        var (doubted, doubtedId) = await scene.StaffAccount(Role.Expert);
        var (other, otherId) = await scene.StaffAccount(Role.Expert);
        var chair = await Chair(scene);
        var disputed = Text(await Give(doubted, scene, item, full: true));
        var control = await Marks.Claim(doubted, scene, item);
        var agreed = Text(await Give(doubted, scene, item, full: true));
        await MarkAll(other, scene, text => text != disputed);
        // Two marks are four points apart, so a third reading is called for.
        (await Give(chair, scene, item, full: false))["thirdReason"]!
            .GetValue<string>()
            .Should()
            .Contain("расходятся");
        await Marks.Award(doubted, control, full: false).Json();
        var seconds = await MarkAll(chair, scene, _ => true);

        seconds
            .Where(script => script["thirdReason"] is not null)
            .Select(Text)
            .Should()
            .Equal([agreed], "the disputed one has been read by another since");
        var statistics = await chair.GetAsync($"/api/v1/marking/statistics?campaignId={scene.Id}").Json();
        (
            statistics["scripts"]!.GetValue<int>(),
            statistics["thirdShare"]!.GetValue<double>(),
            statistics["secondLookShare"]!.GetValue<double>()
        )
            .Should()
            .Be((2, 0.5, 0.5));
        var of = statistics["experts"]!.AsArray().ToDictionary(expert => expert!["expertId"]!.GetValue<Guid>(), expert => expert!);
        foreach (var id in new[] { doubtedId, otherId })
            (of[id]["scripts"]!.GetValue<int>(), of[id]["thirdShare"]!.GetValue<double>(), of[id]["secondLookShare"]!.GetValue<double>())
                .Should()
                .Be((2, 0.5, 0.5));
        var leader = of.Single(expert => expert.Key != doubtedId && expert.Key != otherId).Value;
        leader["scripts"]!.GetValue<int>().Should().Be(2);
        leader
            .AsObject()
            .Should()
            .NotContainKeys(["thirdShare", "secondLookShare"], "who only reads after others gives nothing to compare");
        leader["shared"]!.GetValue<int>().Should().Be(0);
        var protocol = await chair
            .PostAsJsonAsync($"/api/v1/campaigns/{scene.Id}/results/approval", new { @checked = new[] { "Все работы" } })
            .Json(201);
        new[] { "scripts", "expertRounds", "thirdRounds", "scriptsWithThird", "secondLookRounds", "scriptsWithSecondLook" }
            .Select(count => protocol[count]!.GetValue<int>())
            .Should()
            .Equal(2, 4, 1, 1, 1, 1);
        var explained = await Task.WhenAll(
            (await Rounds(scene))
                .Where(round => round.Kind is RoundKind.Expert)
                .Select(round => (round.SessionId, round.Slot))
                .Distinct()
                .Select(async slot =>
                    (await chair.GetAsync($"/api/v1/sessions/{slot.SessionId}/scores").Json())["slots"]![slot.Slot - 1]![
                        "explanation"
                    ]!.GetValue<string>()
                )
        );
        explained
            .Should()
            .ContainSingle(text => text.StartsWith("Решает третий эксперт"))
            .And.ContainSingle(text => text.StartsWith("Решает второй взгляд"));
    }

    [Fact]
    public async Task The_chair_lifts_a_pause_with_a_reason_and_not_the_own_one()
    {
        var (scene, item) = await Scripts(Controlled(every: 1), 3);
        await Benchmark(scene, item, "control", count: 2);
        var (expert, account) = await scene.StaffAccount(Role.Expert);
        var (chair, chairAccount) = await scene.StaffAccount(Role.Chair);
        var foreign = await Scene.Make(Service);
        using var foreignChair = await scene.Staff(Role.Chair, campaign: foreign.Id);
        (await Decide(chair, scene, account, item, "resumption").ProblemCode(404)).Should().Be("admission-not-found");
        await Give(expert, scene, item, full: true);
        (await Decide(chair, scene, account, item, "resumption").ProblemCode(404))
            .Should()
            .Be("admission-not-found", "nothing has happened to the admission yet");
        await Give(expert, scene, item, full: false);

        (await Decide(chair, scene, account, item, "resumption", " ").ProblemCode(422)).Should().Be("text-missing");
        (await Decide(foreignChair, scene, account, item, "resumption").ProblemCode(403)).Should().Be("not-your-campaign");
        (await Decide(Service.Admin, scene, account, item, "resumption").ProblemCode(403)).Should().Be("not-allowed");
        (await Decide(expert, scene, account, item, "resumption").ProblemCode(403)).Should().Be("not-allowed");
        (await Decide(chair, scene, chairAccount, item, "resumption").ProblemCode(403)).Should().Be("own-admission");
        (await Decide(chair, scene, account, "no-such-item", "resumption").ProblemCode(404)).Should().Be("admission-not-found");
        (await Decide(chair, scene, account, item, "requalification").ProblemCode(409)).Should().Be("no-qualification");
        (await Decide(chair, scene, account, item, "resumption").Json())["state"]!.GetValue<string>().Should().Be("admitted");
        (await Decide(chair, scene, account, item, "resumption").ProblemCode(409)).Should().Be("expert-not-paused");

        Text(await Marks.Claim(expert, scene, item)).Should().StartWith("Ответ");
        (await chair.GetAsync($"/api/v1/marking/alerts?campaignId={scene.Id}").Json())["items"]![0]!["answered"]!
            .GetValue<bool>()
            .Should()
            .BeTrue();
    }

    /// <summary>Marks every script that comes; benchmarks get the agreed marks.</summary>
    private async Task<List<JsonNode>> MarkAll(HttpClient expert, Scene scene, Func<string, bool> full)
    {
        var scripts = new List<JsonNode>();
        while (await Marks.TryClaim(expert, scene) is { } script)
        {
            Service.Clock.Advance(Duration.FromMinutes(1));
            await Marks
                .Award(expert, script, Text(script).StartsWith(BenchmarkText, StringComparison.Ordinal) || full(Text(script)))
                .Json();
            scripts.Add(script);
        }
        return scripts;
    }
}
