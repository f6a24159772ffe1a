using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage.Forms;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Marking;

public sealed class ScoringTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Every_slot_of_the_variant_gets_a_round_whether_answered_or_not()
    {
        var scene = await Scene.Make(service);
        var (choice, order, text) = (scene.First(ItemType.SingleChoice), scene.First(ItemType.Ordering), scene.First(ItemType.ShortAnswer));
        var session = await scene.Scored(slot =>
            slot == choice ? Answer.Right(slot)
            : slot == text ? new ShortAnswerResponse("совсем другое")
            : null
        );

        var rounds = await scene.Database.Read(db => RoundStore.OfSession(db, session));

        rounds
            .Select(round => (round.Slot, round.Number, round.Kind))
            .Should()
            .Equal(scene.Slots().Select(slot => (slot.Slot, 1, RoundKind.Auto)));
        Outcome(choice.Slot).Should().Be(Engine.ItemBank.Scoring.Outcome.Right);
        Outcome(order.Slot).Should().Be(Engine.ItemBank.Scoring.Outcome.Untouched);
        Outcome(text.Slot).Should().Be(Engine.ItemBank.Scoring.Outcome.Unmatched);
        rounds.Single(round => round.Slot == text.Slot).Normalised.Should().Be("совсем другое");
        rounds
            .Where(round => round.Slot != choice.Slot && round.Slot != order.Slot && round.Slot != text.Slot && !IsOrdering(round.Slot))
            .Should()
            .OnlyContain(round => round.Outcome == Engine.ItemBank.Scoring.Outcome.Blank && round.ResponseRevision == 0);

        Outcome Outcome(int slot) => rounds.Single(round => round.Slot == slot).Outcome;
        bool IsOrdering(int slot) => scene.Slots().Single(each => each.Slot == slot).Item.Type is ItemType.Ordering;
    }

    [Fact]
    public async Task A_session_without_open_answers_has_its_profile_at_once()
    {
        var scene = await Scene.Make(service);
        var session = await scene.Scored(Answer.Right);

        var profiles = (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items();

        profiles.Should().ContainSingle();
        profiles[0]!["status"]!.GetValue<string>().Should().Be("provisional");
        profiles[0]!["cause"]!.GetValue<string>().Should().Be("scored");
        // Three essays, of four, four and three points, are blank, which leaves 34 of 45 points: 75.55 % rounded down.
        profiles[0]!["total"]!["resultPercent"]!.GetValue<decimal>().Should().Be(75.55m);
    }

    [Fact]
    public async Task Many_nodes_that_score_one_session_at_once_score_it_once()
    {
        var scene = await Scene.Make(service);
        var session = await scene.Session(Answer.RightWithEssays);

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        await using var scope = service.Services.CreateAsyncScope();
                        return await scope.ServiceProvider.GetRequiredService<SessionScoring>().Run(session);
                    })
                )
        );

        // The service's own worker may have scored the session already.
        outcomes.Count(outcome => outcome is ScoringOutcome.Scored).Should().BeLessThanOrEqualTo(1);
        (await scene.Database.Read(db => RoundStore.OfSession(db, session))).Should().HaveCount(scene.Slots().Count);
        (await Progress(scene))["total"]!.GetValue<int>().Should().Be(3);
    }

    [Fact]
    public async Task A_session_that_is_not_over_is_not_scored()
    {
        var scene = await Scene.Make(service);
        var session = await scene.Begin(await scene.Person());
        await scene.Score();

        (await service.Admin.PostAsync($"/api/v1/sessions/{session}/scoring", null).ProblemCode(409)).Should().Be("session-state");
        (await scene.Find(session))!.ScoredAt.Should().BeNull();
    }

    [Fact]
    public async Task A_damaged_answer_is_shown_to_operators_and_never_scored_zero()
    {
        var scene = await Scene.Make(service);
        var choice = scene.First(ItemType.SingleChoice);
        var damaged = await scene.Begin(await scene.Person());
        await Insert(scene, damaged, choice.Slot, 1, """{"type":"single_choice","option":"no-such-option"}""");
        await scene.Finish(damaged);
        var healthy = await scene.Session(Answer.Right);
        await scene.Score();

        var faults = await service.Admin.GetAsync($"/api/v1/campaigns/{scene.Id}/scoring-faults").Json();
        faults["items"]!.AsArray().Single()!["sessionId"]!.GetValue<Guid>().Should().Be(damaged);
        faults["items"]![0]!["fault"]!.GetValue<string>().Should().Contain(choice.Item.Code);
        (await scene.Database.Read(db => RoundStore.OfSession(db, damaged))).Should().BeEmpty();
        (await scene.Find(healthy))!.ScoredAt.Should().NotBeNull("one broken session holds up no other");
        (await service.Admin.PostAsync($"/api/v1/sessions/{damaged}/scoring", null).ProblemCode(409)).Should().Be("scoring-fault");

        await Insert(scene, damaged, choice.Slot, 2, $$"""{"type":"single_choice","option":"{{((SingleChoice)choice.Item.Body).Key}}"}""");
        await service.Admin.PostAsync($"/api/v1/sessions/{damaged}/scoring", null).Json();

        (await service.Admin.GetAsync($"/api/v1/campaigns/{scene.Id}/scoring-faults").Json())["items"]!.AsArray().Should().BeEmpty();
        (await scene.Find(damaged))!.ScoringFault.Should().BeNull();
        (await scene.Database.Read(db => RoundStore.OfSession(db, damaged))).Should().HaveCount(scene.Slots().Count);
    }

    [Fact]
    public async Task An_item_whose_rule_does_not_fit_faults_the_session_and_leaves_the_worker_alive()
    {
        var scene = await Scene.Make(service, formId: await FormWithBrokenContent());
        var session = await scene.Session(Answer.Right);
        await scene.Score();

        var fault = (await scene.Find(session))!;
        fault.ScoredAt.Should().BeNull();
        fault.ScoringFault.Should().NotBeNullOrEmpty();

        var other = await Scene.Make(service);
        (await other.Find(await other.Scored(Answer.Right)))!.ScoredAt.Should().NotBeNull();

        async Task<Guid> FormWithBrokenContent()
        {
            var whole = await Scene.Make(service);
            var (id, broken) = (Guid.CreateVersion7(), whole.First(ItemType.SingleChoice));
            var content = ItemJson.Write(broken.Item with { MaxPoints = Points.Zero, Rule = new RubricRule() });
            await whole.Database.Write(async db =>
            {
                await db.Execute(
                    "INSERT INTO item_versions (code, version, facet, variant, content, fingerprint, created_at) VALUES "
                        + "(@Code, 99, @Facet, 1, @content, 'x', @now)",
                    new
                    {
                        broken.Item.Code,
                        broken.Item.Facet,
                        content,
                        now = service.Clock.GetCurrentInstant(),
                    }
                );
                var form = (await FormStore.Find(db, whole.Form.Form.Id))!;
                await FormStore.Add(db, form with { Id = id, Title = Scene.Copy });
                foreach (var slot in await FormStore.Slots(db, form.Id))
                    await FormStore.AddSlot(
                        db,
                        id,
                        slot.Variant,
                        slot.Slot,
                        slot.FacetCode,
                        slot.FacetVersion,
                        slot.ItemCode,
                        slot.ItemCode == broken.Item.Code ? 99 : slot.ItemVersion
                    );
                return 0;
            });
            return id;
        }
    }

    [Fact]
    public async Task Extra_time_brings_new_rounds_for_new_answers_and_leaves_the_marks_of_the_rest()
    {
        var scene = await Scene.Make(service);
        var (choice, essays) = (
            scene.First(ItemType.SingleChoice),
            scene.Slots().Where(slot => slot.Item.Type is ItemType.ExtendedResponse).ToList()
        );
        var session = await scene.Scored(Answer.RightWithEssays.With(choice.Slot, null));
        using var expert = await scene.Staff(Role.Expert, "Другая школа");
        foreach (var _ in essays)
            await Marks.Give(expert, scene, full: true);
        (await Profiles(session)).Should().HaveCount(1);

        await Reopen(scene, session);
        await scene.Save(session, choice.Slot, Answer.Right(choice));
        await scene.Save(session, essays[0].Slot, new ExtendedResponse("Переписанный ответ"), baseRevision: 1);
        await scene.Finish(session);
        await scene.Score();

        var rounds = await scene.Database.Read(db => RoundStore.OfSession(db, session));
        Kinds(choice.Slot).Should().Equal(RoundKind.Auto, RoundKind.Auto);
        Kinds(essays[0].Slot).Should().Equal(RoundKind.Auto, RoundKind.Expert, RoundKind.Auto);
        Kinds(essays[1].Slot).Should().Equal(RoundKind.Auto, RoundKind.Expert);
        (await Progress(scene))["waiting"]!.GetValue<int>().Should().Be(1, "the rewritten answer is marked anew");

        // The rewritten answer is a new script, so the same expert may read it.
        (await Marks.Give(expert, scene, full: true))["answer"]!
            .GetValue<string>()
            .Should()
            .Be("Переписанный ответ");
        (await Profiles(session)).Should().HaveCount(2);

        IEnumerable<RoundKind> Kinds(int slot) => rounds.Where(round => round.Slot == slot).Select(round => round.Kind);
    }

    [Fact]
    public async Task A_script_of_a_session_taken_up_again_is_out_of_the_experts_hands()
    {
        var scene = await Scene.Make(service);
        var session = await scene.Scored(Answer.RightWithEssays);
        using var expert = await scene.Staff(Role.Expert);
        var held = await Marks.Claim(expert, scene);
        await Reopen(scene, session);

        (await Marks.Award(expert, held, full: true).ProblemCode(409)).Should().Be("script-withdrawn");
        using var other = await scene.Staff(Role.Expert);
        (await other.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id }))
            .StatusCode.Should()
            .Be(System.Net.HttpStatusCode.NoContent);

        // An emptied answer leaves nothing to mark.
        var slot = scene.Slots().Single(each => each.Item.Code == held["itemCode"]!.GetValue<string>());
        await scene.Save(session, slot.Slot, null, baseRevision: 1);
        await scene.Finish(session);
        await scene.Score();
        (await Marks.Award(expert, held, full: true).ProblemCode(409)).Should().Be("lease-lapsed");
        (await Progress(scene))["total"]!.GetValue<int>().Should().Be(2);
    }

    private static async Task Reopen(Scene scene, Guid session)
    {
        // Extra time reopens only an expired session, because a finished one stays finished.
        await scene.Database.Write(db => db.Execute("UPDATE sessions SET state = 'expired' WHERE id = @session", new { session }));
        await scene.Move(session, clock => clock.Extend(TestService.Start, Duration.FromMinutes(30)));
    }

    private static Task Insert(Scene scene, Guid session, int slot, int revision, string content) =>
        scene.Database.Write(db =>
            db.Execute(
                """
                INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES (@session, @slot, @revision, @revision - 1, @content, '2026-09-14T06:00:00.000000Z')
                """,
                new
                {
                    session,
                    slot,
                    revision,
                    content,
                }
            )
        );

    private Task<JsonNode> Progress(Scene scene) => service.Admin.GetAsync($"/api/v1/marking/progress?campaignId={scene.Id}").Json();

    private async Task<JsonArray> Profiles(Guid session) =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items();
}
