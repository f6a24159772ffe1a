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
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Marking;

public sealed class KeyReviewTests(TestService service) : IClassFixture<TestService>
{
    private static int answers;

    [Fact]
    public async Task Equal_answers_wait_in_one_group_with_their_spellings_and_nothing_of_persons()
    {
        var (scene, slot, answer) = await Begin();
        await scene.Session(Answer.Right.With(slot.Slot, new ShortAnswerResponse(answer)));
        var session = await scene.Session(Answer.Right.With(slot.Slot, new ShortAnswerResponse($" {answer.ToUpperInvariant()} ")));
        await scene.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse($"{answer} иначе")));

        var groups = await Groups(scene);

        groups
            .Select(group => (group!["normalised"]!.GetValue<string>(), group["answers"]!.GetValue<int>()))
            .Should()
            .Equal((answer, 2), ($"{answer} иначе", 1));
        groups[0]!["samples"]!
            .AsArray()
            .Select(sample => sample!.GetValue<string>())
            .Should()
            .BeEquivalentTo(answer, $" {answer.ToUpperInvariant()} ");
        groups[0]!["stem"]!.GetValue<string>().Should().Be(slot.Item.Stem);
        groups.ToJsonString().Should().NotContain(session.ToString("D"));

        var page = await service.Admin.GetAsync($"/api/v1/key-reviews?campaignId={scene.Id}&limit=1").Json();
        var next = await service
            .Admin.GetAsync(
                $"/api/v1/key-reviews?campaignId={scene.Id}&limit=1&after={Uri.EscapeDataString(page["next"]!.GetValue<string>())}"
            )
            .Json();
        next["items"]![0]!["normalised"]!.GetValue<string>().Should().Be($"{answer} иначе");
        next["next"].Should().BeNull();
        (await service.Admin.GetAsync($"/api/v1/key-reviews?campaignId={scene.Id}&after=odd").ProblemCode(422))
            .Should()
            .Be("unknown-cursor");
    }

    [Fact]
    public async Task Acceptance_rescores_everyone_who_gave_the_answer_in_every_campaign_and_is_reversible()
    {
        var (scene, slot, answer) = await Begin();
        var other = await Scene.Make(service);
        var response = new ShortAnswerResponse(answer);
        var (here, there) = (
            await scene.Session(Answer.Right.With(slot.Slot, response)),
            await other.Session(Answer.Right.With(slot.Slot, response))
        );
        var unconcerned = await scene.Session(Answer.Right.With(slot.Slot, new ShortAnswerResponse($"{answer} иначе")));
        await scene.Score();

        var preview = await service.Admin.PostAsJsonAsync("/api/v1/key-reviews/decisions/preview", Decision(slot, answer, "accept")).Json();
        (await Points(here)).Should().Be(34 - slot.Item.MaxPoints.ToDecimal(), "a dry run changes nothing");
        var made = await Decide(slot, answer, "accept").Json();

        preview["sessions"]!.GetValue<int>().Should().Be(2);
        preview["pointsBefore"]!.GetValue<decimal>().Should().Be(0);
        preview["pointsAfter"]!.GetValue<decimal>().Should().Be(2 * slot.Item.MaxPoints.ToDecimal());
        made["rescored"]!.GetValue<int>().Should().Be(2);
        (await Points(here)).Should().Be(34);
        (await Points(there)).Should().Be(34);
        (await Points(unconcerned)).Should().Be(34 - slot.Item.MaxPoints.ToDecimal());
        (await Profiles(here)).Select(profile => profile!["cause"]!.GetValue<string>()).Should().Equal("scored", "rescored");
        (await Profiles(unconcerned)).Should().ContainSingle();
        (await Groups(scene)).Should().ContainSingle("the accepted group is decided");
        (await Groups(scene, decided: true)).Single()!["decision"]!.GetValue<string>().Should().Be("accept");

        var later = await scene.Scored(Answer.Right.With(slot.Slot, response));
        (await Points(later)).Should().Be(34, "whoever gives it from now on is right at once");

        await Decide(slot, answer, "revert").Json();
        (await Points(here)).Should().Be(34 - slot.Item.MaxPoints.ToDecimal());
        (await Points(later)).Should().Be(34 - slot.Item.MaxPoints.ToDecimal());
        var rounds = (await scene.Database.Read(db => RoundStore.OfSession(db, here))).Where(round => round.Slot == slot.Slot).ToList();
        rounds
            .Select(round => (round.Kind, round.Outcome))
            .Should()
            .Equal(
                (RoundKind.Auto, Engine.ItemBank.Scoring.Outcome.Unmatched),
                (RoundKind.Rescore, Engine.ItemBank.Scoring.Outcome.Right),
                (RoundKind.Rescore, Engine.ItemBank.Scoring.Outcome.Unmatched)
            );
        rounds.Skip(1).Should().OnlyContain(round => round.Reason == "Проверено по словарю." && round.MarkedBy != null);
        (await Groups(scene)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Rejection_turns_an_open_question_into_a_wrong_answer()
    {
        var (scene, slot, answer) = await Begin();
        var session = await scene.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse(answer)));

        await Decide(slot, answer, "reject").Json();

        var scores = await service.Admin.GetAsync($"/api/v1/sessions/{session}/scores").Json();
        scores["slots"]![slot.Slot - 1]!["standing"]!.GetValue<string>().Should().Be("decided_by_key_review");
        scores["slots"]![slot.Slot - 1]!["rounds"]![1]!["outcome"]!.GetValue<string>().Should().Be("wrong");
        (await Profiles(session)).Should().ContainSingle("the points are the same");
    }

    /// <summary>
    /// An answer given after the decision has no score from the key, so its score follows every change of the decision.
    /// </summary>
    [Theory]
    [InlineData("accept", "reject")]
    [InlineData("reject", "accept")]
    public async Task An_answer_that_joins_a_decided_group_keeps_no_mark_when_the_decision_is_taken_back(string decision, string opposite)
    {
        var (scene, slot, answer) = await Begin();
        var other = await Scene.Make(service);
        var response = new ShortAnswerResponse(answer);
        var (full, lost) = (34m, 34m - slot.Item.MaxPoints.ToDecimal());
        var first = await scene.Scored(Answer.Right.With(slot.Slot, response));
        await Decide(slot, answer, decision).Json();

        var joined = await other.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse($" {answer}. ")));
        (await Points(joined)).Should().Be(decision == "accept" ? full : lost);
        (await Groups(other)).Should().BeEmpty("nothing waits for anybody");

        (await Decide(slot, answer, "revert").Json())["rescored"]!.GetValue<int>().Should().Be(2);
        (await Points(first), await Points(joined)).Should().Be((lost, lost));
        (await Groups(other)).Single()!["answers"]!.GetValue<int>().Should().Be(1, "it waits like all of its group");
        (await Groups(other, decided: true)).Should().BeEmpty();
        (await service.Admin.PostAsJsonAsync($"/api/v1/campaigns/{other.Id}/results/publication", new { }).ProblemCode(409))
            .Should()
            .Be("results-open");
        var last = (await other.Database.Read(db => RoundStore.OfSession(db, joined))).Last(round => round.Slot == slot.Slot);
        (last.Kind, last.Outcome, last.MarkedBy is null).Should().Be((RoundKind.Rescore, Engine.ItemBank.Scoring.Outcome.Unmatched, false));

        (await Decide(slot, answer, opposite).Json())["rescored"]!.GetValue<int>().Should().Be(2);
        (await Points(joined)).Should().Be(opposite == "accept" ? full : lost);
    }

    [Fact]
    public async Task The_dry_run_tells_which_blocks_change_their_level()
    {
        var (scene, slot, answer) = await Begin();
        // The right answers in the block stay just below 60 %, so the block's level depends on the disputed answer.
        var block = scene.Slots().Where(each => each.Item.Block == slot.Item.Block).ToList();
        var maximum = block.Sum(each => each.Item.MaxPoints.ToDecimal());
        var (earned, right) = (0m, new HashSet<int>());
        foreach (var each in block.Where(each => each != slot && each.Item.Type is not ItemType.ExtendedResponse))
            if ((earned + each.Item.MaxPoints.ToDecimal()) / maximum < 0.6m && right.Add(each.Slot))
                earned += each.Item.MaxPoints.ToDecimal();
        ((earned + slot.Item.MaxPoints.ToDecimal()) / maximum).Should().BeInRange(0.6m, 0.8m, "the scene is laid out so");
        await scene.Scored(each =>
            each == slot ? new ShortAnswerResponse(answer)
            : right.Contains(each.Slot) ? Answer.Right(each)
            : null
        );

        var preview = await service.Admin.PostAsJsonAsync("/api/v1/key-reviews/decisions/preview", Decision(slot, answer, "accept")).Json();

        preview["levels"]!
            .AsArray()
            .Single()!
            .ToJsonString()
            .Should()
            .Be($$"""{"block":"{{slot.Item.Block}}","from":"high","to":"medium","sessions":1}""");
    }

    [Fact]
    public async Task Of_two_decisions_at_once_one_stands()
    {
        var (scene, slot, answer) = await Begin();
        await scene.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse(answer)));

        var statuses = (
            await Task.WhenAll(Enumerable.Range(0, 10).Select(each => Decide(slot, answer, each % 2 == 0 ? "accept" : "reject")))
        )
            .Select(sent => (int)sent.StatusCode)
            .ToList();

        statuses.Count(status => status == 200).Should().Be(1);
        statuses.Count(status => status == 409).Should().Be(9);
        (await Decide(slot, answer, "accept").ProblemCode(409)).Should().Be("key-decision-stands");
    }

    [Fact]
    public async Task Rescoring_cut_short_by_a_crash_is_finished_by_the_worker()
    {
        var (scene, slot, answer) = await Begin();
        await Task.WhenAll(
            Enumerable.Range(0, 60).Select(_ => scene.Session(Answer.Right.With(slot.Slot, new ShortAnswerResponse(answer))))
        );
        await scene.Score();
        var (_, chair) = await scene.StaffAccount(Role.Chair);
        // Simulates a server that was killed right after the decision had reached the disk.
        await scene.Database.Write(db =>
            KeyReviewStore.Add(
                db,
                new KeyDecisionRow
                {
                    ItemCode = slot.Item.Code,
                    ItemVersion = slot.ItemVersion,
                    Normalised = answer,
                    Rule = AnswerRule.Ru2.ScoreName,
                    Number = 1,
                    Decision = "accept",
                    Reason = "Верно.",
                    DecidedBy = chair,
                    DecidedAt = service.Clock.GetCurrentInstant(),
                }
            )
        );

        await using var scope = service.Services.CreateAsyncScope();
        var rescored = await scope.ServiceProvider.GetRequiredService<RescoreAnswers>().Run(new PendingFilter(CampaignId: scene.Id));

        rescored.Should().Be(60, "more than one batch");
        (await scene.Database.Read(db => KeyReviewStore.Pending(db, new PendingFilter(CampaignId: scene.Id), 1))).Should().BeEmpty();
        (await scope.ServiceProvider.GetRequiredService<RescoreAnswers>().Run(new PendingFilter())).Should().Be(0);
    }

    [Fact]
    public async Task Who_decides_answers_for_every_campaign_concerned()
    {
        var (scene, slot, answer) = await Begin();
        var other = await Scene.Make(service);
        using var chair = await scene.Staff(Role.Chair);
        await scene.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse(answer)));
        (await chair.PostAsJsonAsync("/api/v1/key-reviews/decisions/preview", Decision(slot, answer, "accept")).Json())["sessions"]!
            .GetValue<int>()
            .Should()
            .Be(1);

        await other.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse(answer)));

        (await chair.PostAsJsonAsync("/api/v1/key-reviews/decisions", Decision(slot, answer, "accept", "Верно.")).ProblemCode(403))
            .Should()
            .Be("not-your-campaign");
        (await chair.PostAsJsonAsync("/api/v1/key-reviews/decisions/preview", Decision(slot, answer, "accept")).ProblemCode(403))
            .Should()
            .Be("not-your-campaign");
        (await chair.GetAsync($"/api/v1/key-reviews?campaignId={other.Id}").ProblemCode(403)).Should().Be("not-your-campaign");
    }

    [Fact]
    public async Task A_campaign_published_under_ru_1_is_scored_and_rescored_by_it_to_its_end()
    {
        var (newer, slot, answer) = await Begin();
        var older = await Scene.Make(service, scoring: new ScoringPolicy("ru-1", RequireKeyReview: true));
        // The first answer rule treats a subscript as an ordinary digit, so 5₂ is the same as 52.
        var (index, digits) = ($"{answer} 5₂", $"{answer} 52");
        var first = await older.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse(index)));
        var second = await newer.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse(digits)));
        var third = await newer.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse(index)));
        var lost = slot.Item.MaxPoints.ToDecimal();

        (await Groups(older)).Select(Named).Should().Equal((digits, "ru-1"));
        (await Groups(newer)).Select(Named).Should().Equal((digits, "ru-2"), ($"{answer} 5_2", "ru-2"));
        (await Decide(slot, digits, "accept").ProblemCode(422)).Should().Be("normalisation-missing");
        (await DecideUnder("ru-3", digits, "accept").ProblemCode(404)).Should().Be("answer-not-found");
        (await DecideUnder("ru-1", digits, "accept").Json())["rescored"]!.GetValue<int>().Should().Be(1);
        (await Points(first), await Points(second), await Points(third)).Should().Be((34m, 34m - lost, 34m - lost));
        (await Points(await older.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse(digits))))).Should().Be(34m);
        (await Points(await newer.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse(digits))))).Should().Be(34m - lost);
        (await DecideUnder("ru-2", digits, "reject").Json())["rescored"]!.GetValue<int>().Should().Be(2);
        (await DecideUnder("ru-1", digits, "revert").Json())["rescored"]!.GetValue<int>().Should().Be(2);

        (await Points(first), await Points(second)).Should().Be((34m - lost, 34m - lost));
        (await Rules(older, first)).Should().Equal("short_answer/ru-1", "short_answer/ru-1", "short_answer/ru-1");
        (await Rules(newer, second)).Should().Equal("short_answer/ru-2", "short_answer/ru-2");

        static (string, string) Named(JsonNode? group) =>
            (group!["normalised"]!.GetValue<string>(), group["normalisation"]!.GetValue<string>());

        async Task<IEnumerable<string>> Rules(Scene scene, Guid session) =>
            (await scene.Database.Read(db => RoundStore.OfSession(db, session)))
                .Where(round => round.Slot == slot.Slot)
                .Select(round => round.Rule);

        Task<HttpResponseMessage> DecideUnder(string normalisation, string normalised, string decision) =>
            service.Admin.PostAsJsonAsync(
                "/api/v1/key-reviews/decisions",
                new
                {
                    itemCode = slot.Item.Code,
                    itemVersion = slot.ItemVersion,
                    normalised,
                    decision,
                    reason = "Проверено.",
                    normalisation,
                }
            );
    }

    [Fact]
    public async Task What_is_no_open_question_is_refused()
    {
        var (scene, slot, answer) = await Begin();
        var key = ((ShortAnswerResponse)Answer.Right(slot)!).Text!;
        await scene.Scored(Answer.Right.With(slot.Slot, new ShortAnswerResponse(answer)));
        await scene.Scored(Answer.Right);

        (await Decide(slot, "никто такого не писал", "accept").ProblemCode(404)).Should().Be("answer-not-found");
        (await Decide(slot, ((ShortAnswer)slot.Item.Body).Key.Read(key, AnswerRule.Ru2).Group, "reject").ProblemCode(409))
            .Should()
            .Be("answer-in-key");
        (await Decide(slot, answer, "revert").ProblemCode(409)).Should().Be("no-key-decision");
        (await Decide(slot, answer, "maybe").ProblemCode(400)).Should().Be("malformed-json");
        (await Decide(slot with { ItemVersion = 77 }, answer, "accept").ProblemCode(404)).Should().Be("item-version-not-found");
        (await service.Admin.PostAsJsonAsync("/api/v1/key-reviews/decisions", Decision(slot, answer, "accept", " ")).ProblemCode(422))
            .Should()
            .Be("text-missing");
        (await service.Admin.PostAsJsonAsync("/api/v1/key-reviews/decisions", Decision(slot, answer, "accept", "а\0")).ProblemCode(422))
            .Should()
            .Be("forbidden-character");
        (await service.Admin.PostAsJsonAsync("/api/v1/key-reviews/decisions/preview", Decision(slot, "\0", "accept")).ProblemCode(404))
            .Should()
            .Be("answer-not-found");
    }

    // Every test has its own answer, because decisions on an item apply to all campaigns.
    private async Task<(Scene Scene, FormSlot Slot, string Answer)> Begin()
    {
        var scene = await Scene.Make(service);
        return (
            scene,
            scene.Slots().First(slot => slot.Item.Type is ItemType.ShortAnswer && slot.Item.MaxPoints > Engine.Points.From(1)),
            $"нечто {Interlocked.Increment(ref answers)}-е"
        );
    }

    private static object Decision(FormSlot slot, string normalised, string decision, string? reason = null) =>
        reason is null
            ? new
            {
                itemCode = slot.Item.Code,
                itemVersion = slot.ItemVersion,
                normalised,
                decision,
            }
            : new
            {
                itemCode = slot.Item.Code,
                itemVersion = slot.ItemVersion,
                normalised,
                decision,
                reason,
            };

    private Task<HttpResponseMessage> Decide(FormSlot slot, string normalised, string decision) =>
        service.Admin.PostAsJsonAsync("/api/v1/key-reviews/decisions", Decision(slot, normalised, decision, "Проверено по словарю."));

    private async Task<JsonArray> Groups(Scene scene, bool decided = false) =>
        (await service.Admin.GetAsync($"/api/v1/key-reviews?campaignId={scene.Id}&decided={(decided ? "true" : "false")}").Json())[
            "items"
        ]!.AsArray();

    private async Task<decimal> Points(Guid session) =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/scores").Json())["points"]!.GetValue<decimal>();

    private async Task<JsonArray> Profiles(Guid session) =>
        (await service.Admin.GetAsync($"/api/v1/sessions/{session}/profiles").Json()).Items();
}
