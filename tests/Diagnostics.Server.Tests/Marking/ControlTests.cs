using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>A hidden control script comes like any other script and leaves no trace in the results.</summary>
public sealed class ControlTests(TestService service) : ControlledMarking(service), IClassFixture<TestService>
{
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
            await expert.PutAsJsonAsync(
                Marks.Path(script, "draft"),
                new { criteria = new Dictionary<string, decimal> { ["K1"] = 1 }, comment = "к К2 вернуться" }
            );
            var read = await expert.GetAsync($"/api/v1/marking/assignments/{script["assignmentId"]!.GetValue<Guid>()}").Json();
            (await expert.GetAsync("/api/v1/marking/claims").Json())
                .Items()
                .Should()
                .ContainSingle()
                .Which!.ToJsonString()
                .Should()
                .Be(read.ToJsonString());
            await expert.PostAsync(Marks.Path(script, "lease"), null).Json();
            answers.Add((read, await Marks.Award(expert, script, full: true, "Хорошо.").Json()));
            (await Marks.Award(expert, script, full: true).ProblemCode(409)).Should().Be("assignment-closed");
        }

        answers
            .Select(each => Text(each.Script).StartsWith(BenchmarkText, StringComparison.Ordinal))
            .Should()
            .Equal(false, false, true, false, false, true, false);
        answers.Select(each => Shape(each.Script)).Distinct().Should().ContainSingle("every field is there, and of the same kind");
        answers.Select(each => Shape(each.Awarded)).Distinct().Should().ContainSingle();
        foreach (var same in new[] { "satOn", "leaseUntil", "alike", "stem", "rubric", "itemVersion", "draft", "campaignId" })
            answers.Select(each => each.Script[same]!.ToJsonString()).Distinct().Should().ContainSingle(same);
        answers
            .Select(each => each.Script["code"]!.GetValue<string>())
            .Should()
            .OnlyHaveUniqueItems()
            .And.OnlyContain(code => code.Length == 8);
        (await Claim(expert, scene))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent, "without scripts there is nothing to hide a control among");
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
        (await expert.PostAsJsonAsync(Marks.Path(control, "return"), new { reason = "Узнал автора." }))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        var another = await Marks.Claim(expert, scene);
        Text(another).Should().StartWith(BenchmarkText).And.NotBe(Text(control));
        await expert.PutAsJsonAsync(Marks.Path(another, "draft"), new { criteria = new Dictionary<string, decimal> { ["K1"] = 1 } });
        Service.Clock.Advance(Duration.FromMinutes(31));
        (await Marks.Award(expert, another, full: true).ProblemCode(409)).Should().Be("lease-lapsed");
        var again = await Marks.Claim(expert, scene);

        Text(again).Should().Be(Text(another));
        again["draft"]!["criteria"]!["K1"]!.GetValue<decimal>().Should().Be(1);
        again["code"]!.GetValue<string>().Should().NotBe(another["code"]!.GetValue<string>());
        using var other = await scene.Staff(Role.Expert);
        (await Marks.Award(other, again, full: true).ProblemCode(404)).Should().Be("assignment-not-found");
    }
}
