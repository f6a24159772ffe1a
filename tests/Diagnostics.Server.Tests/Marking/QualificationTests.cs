using System.Net;
using System.Net.Http.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>How an expert gets from training to being admitted to mark an item.</summary>
public sealed class QualificationTests(TestService service) : ControlledMarking(service), IClassFixture<TestService>
{
    private static readonly MarkingPolicy Qualified = new(Experts: 1, LeaseMinutes: 30) { Qualification = new(2, Points.From(1), 3) };

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
        var seen = (await Service.Admin.GetAsync($"/api/v1/marking/admissions?campaignId={scene.Id}").Json()).Items().Single()!;
        (seen["state"]!.GetValue<string>(), seen["passed"]!.GetValue<int>(), seen["attempts"]!.GetValue<int>())
            .Should()
            .Be(("admitted", 2, 3));
    }

    [Fact]
    public async Task Without_benchmarks_claims_are_refused_and_other_items_go_on()
    {
        var scene = await Scene.Make(Service, Qualified);
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
        for (var attempt = 0; attempt < 3; attempt++)
            await Give(expert, scene, item, full: false);

        (await Claim(expert, scene, item).ProblemCode(409)).Should().Be("qualification-failed");
        var ordered = await Decide(chair, scene, account, item, "requalification").Json();
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

        awarded["agreed"]!["points"]!.GetValue<decimal>().Should().Be(3);
        awarded["agreed"]!["distance"]!.GetValue<decimal>().Should().Be(3);
        awarded["agreed"]!["comment"]!.GetValue<string>().Should().StartWith("Согласовано");
        (await Standing(expert, scene, item)).Should().Be("qualifying");
        (await expert.PostAsJsonAsync("/api/v1/marking/training", new { campaignId = scene.Id, itemCode = OpenItems(scene)[1] }))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        (
            await expert
                .PostAsJsonAsync("/api/v1/marking/training", new { campaignId = scene.Id, itemCode = "no-such-item" })
                .ProblemCode(422)
        )
            .Should()
            .Be("not-an-open-item");
    }
}
