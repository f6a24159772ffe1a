using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.UseCases.Marking;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>Marks that can be taken back until the next ones are given, and drafts of two windows.</summary>
public sealed class HeldMarksTests(TestService service) : ControlledMarking(service), IClassFixture<TestService>
{
    private static readonly MarkingPolicy OneExpert = new(1, LeaseMinutes: 30);

    [Fact]
    public async Task Held_marks_become_a_round_when_the_next_ones_are_held_and_can_be_taken_back_until_then()
    {
        var (scene, item) = await Scripts(OneExpert, 3);
        var expert = await scene.Staff(Engine.Access.Role.Expert);
        var first = await Marks.Claim(expert, scene, item);

        (await Hold(expert, first, full: true).Json())["given"]!.GetValue<int>().Should().Be(0);
        (await Given(scene)).Should().BeEmpty();
        await expert.PostAsync(Marks.Path(first, "taking-back"), null).Json(204);
        await Hold(expert, first, full: false).Json();
        var second = await Marks.Claim(expert, scene, item);
        (await Hold(expert, second, full: true).Json())["given"]!.GetValue<int>().Should().Be(1);

        // The first marks were corrected from full points to none before they became a round.
        (await Given(scene))
            .Should()
            .ContainSingle()
            .Which.Points.Should()
            .Be(Engine.Points.Zero);
        await expert.PostAsync(Marks.Path(first, "taking-back"), null).Json(409);
        (await expert.GetAsync(Marks.Path(second, "")[..^1]).Json())["heldAt"].Should().NotBeNull();
    }

    [Fact]
    public async Task Held_marks_are_given_before_the_lease_ends_and_were_given_when_the_expert_gave_them()
    {
        var (scene, item) = await Scripts(OneExpert, 1);
        var expert = await scene.Staff(Engine.Access.Role.Expert);
        var script = await Marks.Claim(expert, scene, item);
        Service.Clock.Advance(Duration.FromMinutes(4));
        await Hold(expert, script, full: true).Json();
        var worker = Service.Services.GetRequiredService<HeldMarksWorker>();

        await worker.GiveDue(CancellationToken.None);
        (await Given(scene)).Should().BeEmpty();
        Service.Clock.Advance(Duration.FromMinutes(25.5));
        await worker.GiveDue(CancellationToken.None);

        (await Given(scene)).Should().ContainSingle();
        var statistics = await Service.Admin.GetAsync($"/api/v1/marking/statistics?campaignId={scene.Id}").Json();
        statistics["experts"]![0]!["medianSeconds"]!.GetValue<double>().Should().Be(240);
    }

    [Fact]
    public async Task Marks_of_an_expert_who_has_lost_the_right_are_not_given_when_the_lease_ends()
    {
        var (scene, item) = await Scripts(OneExpert, 1);
        var (expert, account) = await scene.StaffAccount(Engine.Access.Role.Expert);
        await Hold(expert, await Marks.Claim(expert, scene, item), full: true).Json();
        await scene.Database.Write(db =>
            db.Execute(
                "UPDATE access_grants SET ended_at = @now WHERE account_id = @account",
                new { account, now = Service.Clock.GetCurrentInstant() }
            )
        );
        Service.Clock.Advance(Duration.FromMinutes(29.5));

        await Service.Services.GetRequiredService<HeldMarksWorker>().GiveDue(CancellationToken.None);

        (await Given(scene)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_benchmark_is_held_and_taken_back_like_a_script()
    {
        var (scene, item) = await Scripts(Controlled(every: 1), 3);
        await Benchmark(scene, item, "control");
        var expert = await scene.Staff(Engine.Access.Role.Expert);
        var script = await Marks.Claim(expert, scene, item);
        var control = await Marks.Claim(expert, scene, item);
        Text(control).Should().StartWith(BenchmarkText);

        var shapes = new List<string>();
        foreach (var claim in new[] { script, control })
        {
            shapes.Add(Shape(await Hold(expert, claim, full: true).Json()));
            shapes.Add(Shape(await expert.GetAsync(Marks.Path(claim, "")[..^1]).Json()));
            await expert.PostAsync(Marks.Path(claim, "taking-back"), null).Json(204);
        }

        // The stimulus and the texts are the item's; only their presence would tell.
        shapes[2].Should().Be(shapes[0]);
        shapes[3].Should().Be(shapes[1]);
    }

    [Fact]
    public async Task A_second_window_is_told_and_overwrites_nothing()
    {
        var (scene, item) = await Scripts(OneExpert, 1);
        var expert = await scene.Staff(Engine.Access.Role.Expert);
        var script = await Marks.Claim(expert, scene, item);

        await Save(expert, script, "Первое окно", 0).Json(204);
        // The reply was lost, and the same draft comes again.
        await Save(expert, script, "Первое окно", 0).Json(204);
        var stale = await Save(expert, script, "Второе окно", 0).Json(412);
        stale["code"]!.GetValue<string>().Should().Be("stale-draft");
        stale["current"]!["comment"]!.GetValue<string>().Should().Be("Первое окно");
        stale["current"]!["revision"]!.GetValue<int>().Should().Be(1);
        (await Hold(expert, script, full: true, revision: 0).Json(412))["code"]!.GetValue<string>().Should().Be("stale-draft");
        await Save(expert, script, "Второе окно, прочитав первое", 1).Json(204);

        var draft = (await expert.GetAsync(Marks.Path(script, "")[..^1]).Json())["draft"]!;
        draft["comment"]!.GetValue<string>().Should().Be("Второе окно, прочитав первое");
        draft["revision"]!.GetValue<int>().Should().Be(2);
        // A program of the first version names no revision and replaces any draft, as before.
        await Save(expert, script, "Без редакции", null).Json(204);
        await Hold(expert, script, full: true, revision: 3).Json();
        (await Save(expert, script, "Опоздавшее окно", 4).Json(409))["code"]!.GetValue<string>().Should().Be("marks-held");
    }

    [Fact]
    public async Task The_notes_of_a_lapsed_claim_come_back_with_the_script_including_that_it_was_not_attempted()
    {
        var (scene, item) = await Scripts(OneExpert, 1);
        var expert = await scene.Staff(Engine.Access.Role.Expert);
        var script = await Marks.Claim(expert, scene, item);
        await expert
            .PutAsJsonAsync(
                Marks.Path(script, "draft"),
                new
                {
                    criteria = new { },
                    comment = "Пустой лист",
                    noAnswer = true,
                    revision = 0,
                }
            )
            .Json(204);
        Service.Clock.Advance(Duration.FromMinutes(31));

        var again = await Marks.Claim(expert, scene, item);

        again["assignmentId"]!.GetValue<Guid>().Should().NotBe(script["assignmentId"]!.GetValue<Guid>());
        again["draft"]!["comment"]!.GetValue<string>().Should().Be("Пустой лист");
        again["draft"]!["noAnswer"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task An_expert_sees_what_waits_and_what_was_marked_without_seeing_which_were_controls()
    {
        var (scene, item) = await Scripts(Controlled(every: 1), 12);
        await Benchmark(scene, item, "control");
        var expert = await scene.Staff(Engine.Access.Role.Expert);
        var waiting = new List<int>();
        for (var script = 1; script <= 4; script++)
        {
            await Give(expert, scene, item, full: true);
            var mine = (await expert.GetAsync("/api/v1/marking/mine").Json()).Items().Single()!;
            mine["marked"]!.GetValue<int>().Should().Be(script);
            waiting.Add(
                mine["items"]!.AsArray().Single(each => each!["itemCode"]!.GetValue<string>() == item)!["waitingUpTo"]!.GetValue<int>()
            );
        }

        // By hand: of four claims the second and the fourth are controls, so 11, 11, 10, 10 scripts wait, and tens are shown.
        waiting.Should().Equal(20, 20, 10, 10);
    }

    private static Task<HttpResponseMessage> Hold(HttpClient expert, JsonNode script, bool full, int? revision = null) =>
        expert.PostAsJsonAsync(Marks.Path(script, "hold"), new { criteria = Marks.Of(script, full), revision });

    private static Task<HttpResponseMessage> Save(HttpClient expert, JsonNode script, string comment, int? revision) =>
        expert.PutAsJsonAsync(
            Marks.Path(script, "draft"),
            new
            {
                criteria = new { },
                comment,
                revision,
            }
        );

    private static async Task<IReadOnlyList<MarkingRound>> Given(Scene scene) =>
        (await Rounds(scene)).Where(round => round.Kind is RoundKind.Expert).ToList();
}
