using System.Net.Http.Json;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Appeals;

using static Diagnostics.Server.Tests.Appeals.AppealScene;

public sealed class ScoreAppealTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_satisfied_appeal_adds_a_deciding_round_and_a_final_profile_and_leaves_the_old_ones()
    {
        var scene = await AppealScene.Make(service);
        var before = await scene.SlotScore();
        before["points"]!.GetValue<decimal>().Should().Be(0);
        var appeal = await scene.Considered();

        var decided = await scene.Decided(appeal, "satisfied_up", scene.Criteria(full: true));

        (decided["state"]!.GetValue<string>(), decided["outcome"]!.GetValue<string>()).Should().Be(("decided", "satisfied_up"));
        var after = await scene.SlotScore();
        after["points"]!.GetValue<decimal>().Should().Be(after["maximum"]!.GetValue<decimal>());
        after["standing"]!.GetValue<string>().Should().Be("decided_by_appeal");
        after["rounds"]!
            .AsArray()
            .Select(round => (round!["kind"]!.GetValue<string>(), round["decides"]!.GetValue<bool>()))
            .Should()
            .Equal(("auto", false), ("expert", false), ("appeal", true));
        after["rounds"]![1]!["points"]!.ToJsonString().Should().Be(before["rounds"]![1]!["points"]!.ToJsonString());
        after["rounds"]![2]!["reason"]!.GetValue<string>().Should().Be("Ответ сверен с критериями.");
        (await scene.Profiles()).Should().EndWith([("final", "published"), ("final", "appealed")]);
        var seen = await scene.Read(appeal);
        (
            seen["clause"]!.GetValue<string>(),
            seen["reason"]!.GetValue<string>(),
            seen["policy"]!["code"]!.GetValue<string>(),
            seen["policy"]!["version"]!.GetValue<int>()
        )
            .Should()
            .Be(("Критерии задания", "Ответ сверен с критериями.", "default", 1));
        seen["due"].Should().BeNull();
    }

    [Fact]
    public async Task An_appeal_may_end_with_fewer_points_where_the_policy_lets_it()
    {
        var scene = await AppealScene.Make(service, lowered: true);
        var appeal = await scene.Considered();

        (await scene.Propose(appeal, "satisfied_up", scene.Criteria(full: false)).ProblemCode(422)).Should().Be("outcome-mismatch");
        await scene.Decided(appeal, "satisfied_down", scene.Criteria(full: false));

        (await scene.SlotScore())["points"]!.GetValue<decimal>().Should().Be(0);
        (await scene.Profiles())[^1].Should().Be(("final", "appealed"));
    }

    [Fact]
    public async Task A_technical_correction_gives_the_points_that_the_record_had_lost()
    {
        var scene = await AppealScene.Make(service);
        var appeal = (await scene.FileScore("technical").Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(appeal);

        await scene.Decided(appeal, "technical_correction", scene.Criteria(full: true));

        (await scene.SlotScore())["standing"]!.GetValue<string>().Should().Be("decided_by_appeal");
        (await scene.Read(appeal))["outcome"]!.GetValue<string>().Should().Be("technical_correction");
    }

    [Fact]
    public async Task A_rejected_appeal_changes_nothing_and_ends_the_matter()
    {
        var scene = await AppealScene.Make(service);
        var (ledger, profiles) = ((await scene.SlotScore()).ToJsonString(), await scene.Profiles());
        var appeal = await scene.Considered();

        var decided = await scene.Decided(appeal, "rejected");

        decided["outcome"]!.GetValue<string>().Should().Be("rejected");
        (await scene.SlotScore()).ToJsonString().Should().Be(ledger);
        (await scene.Profiles()).Should().Equal(profiles);
        (await scene.FileScore().ProblemCode(409)).Should().Be("appeal-exists");
        (await Do(await scene.Taker(), appeal, "withdrawal").ProblemCode(409)).Should().Be("appeal-state");
    }

    [Fact]
    public async Task What_was_decided_on_appeal_is_not_undone_by_a_change_of_a_key()
    {
        var scene = await AppealScene.Make(service);
        await scene.Decided(await scene.Considered(), "satisfied_up", scene.Criteria(full: true));
        var rounds = (await scene.Scene.Database.Read(db => RoundStore.OfSession(db, scene.Session)))
            .Where(round => round.Slot == scene.Slot)
            .ToList();

        await scene.Scene.Database.Write(async db =>
        {
            await RoundStore.Add(
                db,
                rounds[^1] with
                {
                    Number = rounds[^1].Number + 1,
                    Kind = Engine.Marking.RoundKind.Rescore,
                    Points = Engine.Points.Zero,
                }
            );
            return 0;
        });

        (await scene.SlotScore())["standing"]!.GetValue<string>().Should().Be("decided_by_appeal");
    }

    [Fact]
    public async Task The_last_moment_of_the_last_working_day_at_the_site_is_in_time_and_midnight_is_late()
    {
        await using var own = await Own.Start();
        var punctual = await AppealScene.Make(own.Service);
        var late = await AppealScene.Make(own.Service);
        // The result is published on Monday 14 September at 18:00 in Petropavlovsk; the two working days are Tue 15 and
        // Wed 16, until midnight in Petropavlovsk, which is 15:00 in Moscow.
        var deadline = Instant.FromUtc(2026, 9, 16, 12, 0);
        own.Service.Clock.Advance(deadline - own.Service.Clock.GetCurrentInstant() - Duration.FromMilliseconds(1));
        await punctual.Filed();

        own.Service.Clock.Advance(Duration.FromMilliseconds(1));
        var problem = await late.FileScore().Json(409);

        problem["code"]!.GetValue<string>().Should().Be("appeal-late");
        problem["deadline"]!.GetValue<string>().Should().Be("2026-09-16T12:00:00Z");
        var shown = await (await late.Taker()).GetAsync($"/api/v1/sessions/{late.Session}/appealable").Json();
        (shown["deadline"]!.GetValue<string>(), shown["open"]!.GetValue<bool>()).Should().Be(("2026-09-16T12:00:00Z", false));
    }

    [Fact]
    public async Task A_withdrawn_appeal_may_be_filed_again_and_goes_no_further_itself()
    {
        var scene = await AppealScene.Make(service);
        var first = await scene.Considered();
        await scene.Propose(first, "rejected").Json(201);

        (await Do(await scene.Taker(), first, "withdrawal").Json())["state"]!.GetValue<string>().Should().Be("withdrawn");

        (await Vote(scene.Chair, first).ProblemCode(409)).Should().Be("appeal-state");
        (await scene.Decide(first).ProblemCode(409)).Should().Be("appeal-state");
        (await scene.Filed()).Should().NotBe(first);
        (await scene.FileScore().ProblemCode(409)).Should().Be("appeal-exists");
    }

    /// <summary>
    /// If an appeal withdrawn after the votes could be filed again, a person could withdraw and file it until the votes
    /// turned out differently.
    /// </summary>
    [Fact]
    public async Task Withdrawn_after_the_votes_an_appeal_is_not_filed_again_for_the_same_thing_and_for_another_it_is()
    {
        var scene = await AppealScene.Make(service);
        var first = await scene.Considered();
        await scene.Propose(first, "rejected").Json(201);
        await Vote(scene.Chair, first).Json(201);
        await Do(await scene.Taker(), first, "withdrawal").Json();
        var other = scene.Scene.Slots().Last(each => each.Item.Type is ItemType.ExtendedResponse).Slot;

        (await scene.FileScore().ProblemCode(409)).Should().Be("appeal-exists");
        (await scene.FileScore("technical").ProblemCode(409)).Should().Be("appeal-exists");
        var slots = (await (await scene.Taker()).GetAsync($"/api/v1/sessions/{scene.Session}/appealable").Json())["slots"]!.AsArray();
        slots.Single(each => each!["slot"]!.GetValue<int>() == scene.Slot)!["appealable"]!.GetValue<bool>().Should().BeFalse();
        await scene.FileScore(slot: other).Json(201);
    }

    [Fact]
    public async Task Full_points_are_not_appealed()
    {
        var scene = await AppealScene.Make(service, full: true);

        var problem = await scene.FileScore().Json(409);

        (problem["code"]!.GetValue<string>(), problem["because"]!.GetValue<string>()).Should().Be(("not-appealable", "full_points"));
        (await (await scene.Taker()).GetAsync($"/api/v1/sessions/{scene.Session}/appealable").Json())["slots"]!
            .AsArray()
            .Should()
            .OnlyContain(slot => !slot!["appealable"]!.GetValue<bool>() && slot["whyNot"] != null);
    }

    [Fact]
    public async Task An_answer_left_blank_is_not_appealed()
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person();
        var session = await scene.Scored(Answer.Right, person: person);
        await service.Admin.PostAsync($"/api/v1/campaigns/{scene.Id}/results/publication", null).Json();
        using var taker = await scene.Taker(person);

        var problem = await taker
            .PostAsJsonAsync(
                AppealsPath,
                new
                {
                    kind = "score",
                    sessionId = session,
                    ground = "technical",
                    statement = Statement,
                    slot = scene.First(ItemType.ExtendedResponse).Slot,
                }
            )
            .Json(409);

        (problem["code"]!.GetValue<string>(), problem["because"]!.GetValue<string>()).Should().Be(("not-appealable", "blank"));
    }

    /// <summary>
    /// Before the publication, the service's answer does not reveal whether an item is closed or open, or whether it
    /// exists.
    /// </summary>
    [Fact]
    public async Task Before_the_publication_an_appeal_learns_nothing_of_the_items()
    {
        var scene = await AppealScene.Make(service, publish: false);
        await scene.Taker();

        foreach (var slot in (int[])[scene.Slot, scene.Scene.First(ItemType.SingleChoice).Slot, 99])
            (await scene.FileScore(slot: slot).ProblemCode(409)).Should().Be("results-not-published");
    }

    [Fact]
    public async Task What_may_not_be_appealed_is_refused_with_its_clause()
    {
        var scene = await AppealScene.Make(service);
        var closed = scene.Scene.First(ItemType.SingleChoice).Slot;
        await scene.Taker();

        foreach (
            var (sending, ground) in new[]
            {
                (scene.FileScore(slot: closed), "closed_item"),
                (scene.FileScore("item_content"), "item_content"),
                (scene.FileScore("own_violation"), "own_violation"),
                (scene.FileScore("answer_form"), "answer_form"),
            }
        )
        {
            var problem = await sending.Json(409);
            (problem["code"]!.GetValue<string>(), problem["ground"]!.GetValue<string>()).Should().Be(("not-appealable", ground));
            problem["clause"]!.GetValue<string>().Should().Contain("7.1.3").And.Contain(ground);
        }
        (await scene.FileScore("procedure").ProblemCode(422)).Should().Be("ground-unfit");
    }

    [Fact]
    public async Task The_chair_refuses_only_with_a_clause_of_the_policy()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();

        (await Do(scene.Chair, appeal, "refusal", new { ground = "marks", reason = "Не хотим" }).ProblemCode(422))
            .Should()
            .Be("ground-appealable");
        (await Do(scene.Chair, appeal, "refusal", new { ground = "item_content", reason = " " }).ProblemCode(422))
            .Should()
            .Be("text-missing");
        await Do(scene.Chair, appeal, "refusal", new { ground = "item_content", reason = "Оспаривается условие задания." }).Json();

        var seen = await scene.Read(appeal);
        (seen["state"]!.GetValue<string>(), seen["reason"]!.GetValue<string>()).Should().Be(("refused", "Оспаривается условие задания."));
        seen["clause"]!.GetValue<string>().Should().Contain("item_content");
        await scene.Filed();
    }

    [Fact]
    public async Task The_person_sees_own_answers_and_marks_by_criteria_and_nothing_of_who_gave_them()
    {
        var scene = await AppealScene.Make(service);
        using var stranger = await scene.Scene.Taker(await scene.Scene.Person());

        var shown = await (await scene.Taker()).GetAsync($"/api/v1/sessions/{scene.Session}/appealable").Json();

        var slot = shown["slots"]!.AsArray().Single(each => each!["slot"]!.GetValue<int>() == scene.Slot)!;
        slot["answer"]!.GetValue<string>().Should().Be($"Развёрнутый ответ на задание {scene.Slot}");
        var marks = slot["marks"]!.AsArray().Should().ContainSingle().Subject!;
        marks["criteria"]!
            .AsArray()
            .Select(criterion => (criterion!["code"]!.GetValue<string>(), criterion["points"]!.GetValue<decimal>()))
            .Should()
            .Equal(scene.Criteria(full: false).Select(pair => (pair.Key, pair.Value)));
        shown["slots"]!
            .AsArray()
            .Where(each => each!["appealable"]!.GetValue<bool>())
            .Should()
            .OnlyContain(each => each!["type"]!.GetValue<string>() == "extended_response");
        shown["slots"]!
            .AsArray()
            .Where(each => each!["type"]!.GetValue<string>() != "extended_response")
            .Should()
            .OnlyContain(each => each!["clause"] != null && each["answer"] == null);
        shown
            .ToJsonString()
            .Should()
            .NotContain(scene.Expert.AccountId.ToString("D"))
            .And.NotContain("Комментарий эксперта")
            .And.NotContain(scene.Task.Rubric.Criteria[0].Levels[0].Description, "rubrics are not for takers");
        (await stranger.GetAsync($"/api/v1/sessions/{scene.Session}/appealable").ProblemCode(404)).Should().Be("session-not-found");
        var appeal = await scene.Filed();
        shown = await (await scene.Taker()).GetAsync($"/api/v1/sessions/{scene.Session}/appealable").Json();
        slot = shown["slots"]!.AsArray().Single(each => each!["slot"]!.GetValue<int>() == scene.Slot)!;
        (slot["appealable"]!.GetValue<bool>(), slot["appealId"]!.GetValue<Guid>()).Should().Be((false, appeal));
    }

    [Fact]
    public async Task Of_twenty_filings_at_once_one_stands_and_a_repeated_one_answers_the_same()
    {
        var scene = await AppealScene.Make(service);
        await scene.Taker();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => scene.FileScore()));

        answers.Count(answer => answer.StatusCode is System.Net.HttpStatusCode.Created).Should().Be(1);
        (await (await scene.Taker()).GetAsync(AppealsPath).Json()).Items().Should().ContainSingle();
        var other = await AppealScene.Make(service);
        var (first, again) = (await Keyed(other), await Keyed(other));
        again["id"]!.GetValue<Guid>().Should().Be(first["id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task Everything_that_happened_is_in_the_audit_without_the_persons_words()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Considered();
        await scene.Members[1].Client.GetAsync($"{AppealsPath}/{appeal}/work").Json();
        await scene.Decided(appeal, "rejected");

        var entries = await scene.Scene.Database.Read(db => AuditStore.List(db, null, null, $"appeal:{appeal:D}", 0, 50));

        entries
            .Select(entry => entry.Action)
            .Should()
            .Equal(
                "appeal.filed",
                "appeal.admitted",
                "appeal.considered",
                "appeal.work-viewed",
                "appeal.proposed",
                "appeal.voted",
                "appeal.voted",
                "appeal.voted",
                "appeal.decided"
            );
        entries.Should().OnlyContain(entry => entry.Details == null || !entry.Details.Contains(Statement));
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> Keyed(AppealScene scene)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AppealsPath)
        {
            Content = JsonContent.Create(
                new
                {
                    kind = "score",
                    sessionId = scene.Session,
                    ground = "marks",
                    statement = Statement,
                    slot = scene.Slot,
                }
            ),
            Headers = { { "Idempotency-Key", $"appeal-{scene.Session}" } },
        };
        return await (await scene.Taker()).SendAsync(request).Json(201);
    }
}

/// <summary>A service for one test, which may move its clock.</summary>
internal sealed class Own : IAsyncDisposable
{
    internal TestService Service { get; } = new();

    internal static async Task<Own> Start()
    {
        var own = new Own();
        await own.Service.InitializeAsync();
        return own;
    }

    public async ValueTask DisposeAsync() => await Service.DisposeAsync();
}
