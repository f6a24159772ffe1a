using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>Who makes benchmarks, the rules for them, and what happens to a faulty one.</summary>
public sealed class BenchmarkTests(TestService service) : ControlledMarking(service), IClassFixture<TestService>
{
    [Fact]
    public async Task A_flag_on_a_benchmark_is_answered_like_any_other_and_tells_the_chair_which_one_does_not_serve()
    {
        var (scene, item) = await Scripts(Controlled(every: 1), 3);
        await Benchmark(scene, item, "control", count: 2);
        using var expert = await scene.Staff(Role.Expert);
        using var chair = await scene.Staff(Role.Chair);
        await Give(expert, scene, item, full: true);
        var control = await Marks.Claim(expert, scene);

        (await expert.PostAsJsonAsync(Marks.Path(control, "flags"), new { kind = "author_revealed", comment = "Автор назвал школу." }))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);
        (
            await expert
                .PostAsJsonAsync(Marks.Path(control, "flags"), new { kind = "author_revealed", comment = "Ещё раз." })
                .ProblemCode(409)
        )
            .Should()
            .Be("assignment-closed");
        Service.Clock.Advance(Duration.FromMinutes(1));
        await Marks.Award(expert, await Marks.Claim(expert, scene), full: true).Json();
        var script = await Marks.Claim(expert, scene);
        Text(script).Should().StartWith("Ответ");
        (await expert.PostAsJsonAsync(Marks.Path(script, "flags"), new { kind = "unreadable", comment = "Не разобрать." }))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);

        var (onBenchmark, rest) = await Page(null);
        onBenchmark["comment"]!.GetValue<string>().Should().Be("Автор назвал школу.");
        onBenchmark["code"]!.GetValue<string>().Should().Be(control["code"]!.GetValue<string>());
        onBenchmark.AsObject().Should().NotContainKeys("sessionId", "slot");
        var flagged = (await chair.GetAsync($"/api/v1/marking/benchmarks?campaignId={scene.Id}").Json())["items"]!
            .AsArray()
            .Single(benchmark => benchmark!["id"]!.GetValue<Guid>() == onBenchmark["benchmarkId"]!.GetValue<Guid>())!;
        flagged["answer"]!.GetValue<string>().Should().Be(Text(control));
        var (onScript, none) = await Page(rest);
        (onScript["comment"]!.GetValue<string>(), onScript["slot"]!.GetValue<int>(), none)
            .Should()
            .Be(("Не разобрать.", scene.Slots().Single(slot => slot.Item.Code == item).Slot, null));
        onScript.AsObject().Should().NotContainKey("benchmarkId");

        async Task<(JsonNode Flag, string? Next)> Page(string? after)
        {
            var page = await chair
                .GetAsync($"/api/v1/marking/flags?campaignId={scene.Id}&limit=1{(after is null ? "" : $"&after={after}")}")
                .Json();
            return (page["items"]!.AsArray().Single()!, page["next"]?.GetValue<string>());
        }
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
        (await Service.Admin.GetAsync($"/api/v1/marking/alerts?campaignId={scene.Id}").Json())["items"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task Benchmarks_are_for_those_who_lead_the_campaigns_marking()
    {
        var (scene, foreign) = (await Scene.Make(Service), await Scene.Make(Service));
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
            (await foreignChair.GetAsync($"/api/v1/marking/{path}?campaignId={scene.Id}").ProblemCode(403))
                .Should()
                .Be("not-your-campaign");
            (await Service.Admin.GetAsync($"/api/v1/marking/{path}?campaignId={Guid.NewGuid()}").ProblemCode(404))
                .Should()
                .Be("campaign-not-found");
        }
        (await foreignExpert.GetAsync($"/api/v1/marking/admissions/mine?campaignId={scene.Id}").ProblemCode(403))
            .Should()
            .Be("not-your-commission");
        (await foreignExpert.PostAsJsonAsync("/api/v1/marking/training", new { campaignId = scene.Id, itemCode = item }).ProblemCode(403))
            .Should()
            .Be("not-your-commission");
        (await Post(expert, scene, item).ProblemCode(403)).Should().Be("not-allowed");
        (await Post(foreignChair, scene, item).ProblemCode(403)).Should().Be("not-your-campaign");
        (await foreignChair.PostAsJsonAsync($"/api/v1/marking/benchmarks/{id}/retirement", new { reason = "x" }).ProblemCode(404))
            .Should()
            .Be("benchmark-not-found");
        (await chair.PostAsJsonAsync($"/api/v1/marking/benchmarks/{id}/retirement", new { reason = "" }).ProblemCode(422))
            .Should()
            .Be("text-missing");
        (await chair.PostAsJsonAsync($"/api/v1/marking/benchmarks/{id}/retirement", new { reason = "Спорный." }).Json())["retiredWhy"]!
            .GetValue<string>()
            .Should()
            .Be("Спорный.");
        (await chair.PostAsJsonAsync($"/api/v1/marking/benchmarks/{id}/retirement", new { reason = "Спорный." }).ProblemCode(409))
            .Should()
            .Be("benchmark-retired");
        (await chair.GetAsync($"/api/v1/marking/benchmarks?campaignId={scene.Id}").Json())["items"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task A_benchmark_that_the_rubric_does_not_fit_is_refused()
    {
        var scene = await Scene.Make(Service);
        var item = OpenItems(scene)[0];
        var whole = Full(scene, item);

        (await Post(Service.Admin, scene, item, new()).ProblemCode(422)).Should().Be("criterion-missing");
        (await Post(Service.Admin, scene, item, new(whole) { ["K99"] = 1 }).ProblemCode(422)).Should().Be("unknown-criterion");
        (await Post(Service.Admin, scene, item, new(whole) { ["K1"] = 17 }).ProblemCode(422)).Should().Be("points-not-in-rubric");
        (await Post(Service.Admin, scene, item, whole, answer: " ").ProblemCode(422)).Should().Be("text-missing");
        (await Post(Service.Admin, scene, item, whole, answer: new string('я', 20_001)).ProblemCode(422)).Should().Be("text-too-long");
        (await Post(Service.Admin, scene, item, whole, comment: "а\0б").ProblemCode(422)).Should().Be("forbidden-character");
        (await Post(Service.Admin, scene, scene.First(ItemType.SingleChoice).Item.Code, whole).ProblemCode(422))
            .Should()
            .Be("not-an-open-item");
        (await Post(Service.Admin, scene, item, whole, purpose: "exam").ProblemCode(400)).Should().Be("malformed-json");
        (
            await Service
                .Admin.PostAsJsonAsync(
                    "/api/v1/marking/benchmarks",
                    new
                    {
                        campaignId = Guid.NewGuid(),
                        itemCode = item,
                        purpose = "control",
                        answer = "x",
                        criteria = whole,
                        comment = "x",
                    }
                )
                .ProblemCode(404)
        ).Should().Be("campaign-not-found");
    }
}
