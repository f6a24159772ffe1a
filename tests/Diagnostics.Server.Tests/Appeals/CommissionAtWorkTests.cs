using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests.Appeals;

using static Diagnostics.Server.Tests.Appeals.AppealScene;

/// <summary>Who judges, how the members vote, and what the commission sees.</summary>
public sealed class CommissionAtWorkTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Whoever_has_marked_the_script_is_recused_without_being_asked()
    {
        var scene = await AppealScene.Make(service, members: 3);
        await scene.Appoint(scene.Expert.AccountId);
        var appeal = await scene.Considered();
        await scene.Propose(appeal, "rejected").Json(201);

        var refused = await Vote(scene.Expert.Client, appeal).Json(403);

        (refused["code"]!.GetValue<string>(), refused["cause"]!.GetValue<string>()).Should().Be(("recused", "not_impartial"));
        (await scene.Expert.Client.GetAsync($"{AppealsPath}/{appeal}/work").ProblemCode(403)).Should().Be("recused");
        (await scene.Expert.Client.GetAsync($"{AppealsPath}/{appeal}").ProblemCode(403)).Should().Be("recused");
        (await scene.Expert.Client.GetAsync($"{AppealsPath}/{appeal}/proceedings").ProblemCode(403)).Should().Be("recused");
        var proceedings = await service.Admin.GetAsync($"{AppealsPath}/{appeal}/proceedings").Json();
        proceedings["eligible"]!.GetValue<int>().Should().Be(3);
        proceedings["members"]!.AsArray().Single(member => member!["accountId"]!.GetValue<Guid>() == scene.Expert.AccountId)!["recused"]!
            .GetValue<string>()
            .Should()
            .Be("marked_script");
    }

    [Fact]
    public async Task A_script_once_taken_and_given_back_recuses_too()
    {
        var scene = await AppealScene.Make(service, members: 3);
        var taken = scene.Members[2];
        await scene.Scene.Database.Write(db =>
            db.Execute(
                """
                INSERT INTO marking_assignments (id, task_id, place, expert_id, code, state, claimed_at, lease_until, closed_at, reason)
                SELECT @id, id, 9, @AccountId, @id, 'lapsed', created_at, created_at, created_at, 'истекло' FROM marking_tasks WHERE session_id = @Session LIMIT 1
                """,
                new
                {
                    id = Guid.CreateVersion7(),
                    taken.AccountId,
                    scene.Session,
                }
            )
        );
        var appeal = await scene.Considered();

        (await taken.Client.GetAsync($"{AppealsPath}/{appeal}/work").ProblemCode(403)).Should().Be("recused");
    }

    [Fact]
    public async Task A_member_who_wrote_the_work_under_an_account_of_their_own_does_not_judge_it()
    {
        var scene = await AppealScene.Make(service, members: 3);
        var author = scene.Members[2];
        await service
            .Admin.PostAsJsonAsync($"/api/v1/people/{scene.Person}/staff-accounts", new { accountId = author.AccountId })
            .Json(204);
        var appeal = await scene.Considered();
        await scene.Propose(appeal, "rejected").Json(201);

        (await Vote(author.Client, appeal).ProblemCode(403)).Should().Be("recused");
        (await author.Client.GetAsync($"{AppealsPath}/{appeal}/work").ProblemCode(403)).Should().Be("recused");
        (await service.Admin.GetAsync($"{AppealsPath}/{appeal}/proceedings").Json())["eligible"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public async Task Relatives_colleagues_and_those_who_step_aside_do_not_judge()
    {
        var scene = await AppealScene.Make(service, members: 4, organisation: "Гимназия № 1");
        var colleague = await scene.Join(organisation: "гимназия  № 1");
        var relative = scene.Members[2];
        await service
            .Admin.PostAsJsonAsync(
                $"/api/v1/commissions/{scene.Commission}/members/{relative.AccountId}/conflicts",
                new { participantId = scene.Person, reason = "Сестра" }
            )
            .Json();
        var appeal = await scene.Considered();
        (await Do(scene.Members[3].Client, appeal, "recusal", new { reason = "Узнала автора." }))
            .StatusCode.Should()
            .Be(HttpStatusCode.NoContent);

        var proceedings = await service.Admin.GetAsync($"{AppealsPath}/{appeal}/proceedings").Json();

        proceedings["members"]!
            .AsArray()
            .ToDictionary(member => member!["accountId"]!.GetValue<Guid>(), member => member!["recused"]?.GetValue<string>())
            .Should()
            .BeEquivalentTo(
                new Dictionary<Guid, string?>
                {
                    [scene.Members[0].AccountId] = null,
                    [scene.Members[1].AccountId] = null,
                    [relative.AccountId] = "declared_conflict",
                    [scene.Members[3].AccountId] = "own_statement",
                    [colleague.AccountId] = "same_organisation",
                }
            );
        proceedings["eligible"]!.GetValue<int>().Should().Be(2);
        (await Do(scene.Members[3].Client, appeal, "recusal", new { reason = "Ещё раз" }).ProblemCode(403)).Should().Be("recused");

        // The members do not see why somebody is recused: only the operator may learn the author's workplace and
        // acquaintances.
        var seen = await scene.Proceedings(appeal);
        seen["members"]!
            .AsArray()
            .Select(member => member!["recused"]?.GetValue<string>())
            .Should()
            .BeEquivalentTo([null, null, "not_impartial", "own_statement", "not_impartial"]);
        var told = new List<string>();
        foreach (var member in (HttpClient[])[colleague.Client, relative.Client])
        {
            var problem = (await member.GetAsync($"{AppealsPath}/{appeal}/work").Json(403)).AsObject();
            problem.Remove("traceId");
            told.Add(problem.ToJsonString());
        }
        told.Distinct()
            .Should()
            .ContainSingle()
            .Which.Should()
            .NotContain("организац")
            .And.NotContain("same_organisation")
            .And.NotContain("работает");
    }

    [Fact]
    public async Task Without_a_quorum_nothing_is_decided_and_a_late_vote_completes_it()
    {
        var scene = await AppealScene.Make(service, members: 6);
        var appeal = await scene.Considered();
        (await scene.Decide(appeal).ProblemCode(409)).Should().Be("proposal-missing");
        await scene.Propose(appeal, "rejected").Json(201);
        foreach (var member in scene.Members.Take(2))
            await Vote(member.Client, appeal).Json(201);

        var problem = await scene.Decide(appeal).Json(409);
        (problem["code"]!.GetValue<string>(), problem["voted"]!.GetValue<int>(), problem["eligible"]!.GetValue<int>())
            .Should()
            .Be(("quorum-missing", 2, 6));
        await Vote(scene.Members[2].Client, appeal).Json(201);

        (await scene.Decide(appeal).Json())["state"]!.GetValue<string>().Should().Be("decided");
    }

    [Fact]
    public async Task A_proposal_voted_down_gives_way_to_another_and_stays_on_record_with_the_dissent()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Considered();
        await scene.Propose(appeal, "rejected").Json(201);
        await Vote(scene.Chair, appeal).Json(201);
        await Vote(scene.Members[1].Client, appeal, inFavour: false, dissent: "Критерий выполнен.").Json(201);
        await Vote(scene.Members[2].Client, appeal, inFavour: false).Json(201);

        (await scene.Decide(appeal).ProblemCode(409)).Should().Be("proposal-voted-down");
        await scene.Propose(appeal, "satisfied_up", scene.Criteria(full: true)).Json(201);
        (await Vote(scene.Members[1].Client, appeal).ProblemCode(409))
            .Should()
            .Be("proposal-changed", "the vote names what the member has read");
        foreach (var member in scene.Members)
            await Vote(member.Client, appeal, proposal: 2).Json(201);
        (await scene.Decide(appeal, proposal: 1).ProblemCode(409)).Should().Be("proposal-changed");
        (await scene.Propose(appeal, "rejected").ProblemCode(409))
            .Should()
            .Be("proposal-carried", "a chair whom the vote does not suit may not ask again");
        await scene.Decide(appeal, proposal: 2).Json();

        var proposals = (await scene.Proceedings(appeal))["proposals"]!.AsArray();
        proposals.Select(proposal => proposal!["outcome"]!.GetValue<string>()).Should().Equal("rejected", "satisfied_up");
        proposals[0]!["votes"]!
            .AsArray()
            .Select(vote => vote!["dissent"]?.GetValue<string>())
            .OfType<string>()
            .Should()
            .Equal("Критерий выполнен.");
    }

    [Fact]
    public async Task At_a_tie_the_presiding_members_vote_decides()
    {
        var scene = await AppealScene.Make(service, members: 4);
        var appeal = await scene.Considered();
        await scene.Propose(appeal, "satisfied_up", scene.Criteria(full: true)).Json(201);
        await Vote(scene.Members[1].Client, appeal).Json(201);
        await Vote(scene.Members[2].Client, appeal, inFavour: false).Json(201);
        await Vote(scene.Members[3].Client, appeal, inFavour: false).Json(201);
        (await scene.Decide(appeal).ProblemCode(409)).Should().Be("proposal-voted-down");
        await Vote(scene.Chair, appeal).Json(201);

        await scene.Decide(appeal).Json();

        var decided = (await scene.Proceedings(appeal))["events"]!
            .AsArray()
            .Single(happened => happened!["kind"]!.GetValue<string>() == "decided")!["details"]!;
        (decided["castingVote"]!.GetValue<bool>(), decided["inFavour"]!.GetValue<int>(), decided["against"]!.GetValue<int>())
            .Should()
            .Be((true, 2, 2));
    }

    [Fact]
    public async Task Twenty_votes_at_once_are_all_counted_none_twice_and_twenty_decisions_give_one_round()
    {
        var scene = await AppealScene.Make(service, members: 20);
        var appeal = await scene.Considered();
        await scene.Propose(appeal, "satisfied_up", scene.Criteria(full: true)).Json(201);

        var votes = await Task.WhenAll(
            scene.Members.SelectMany(member =>
                new[] { Vote(member.Client, appeal), Vote(member.Client, appeal), Vote(member.Client, appeal, inFavour: false) }
            )
        );
        var decisions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => scene.Decide(appeal)));

        votes.Count(vote => vote.StatusCode is HttpStatusCode.Created).Should().Be(20);
        votes
            .Where(vote => vote.StatusCode is not HttpStatusCode.Created)
            .Should()
            .OnlyContain(vote => vote.StatusCode == HttpStatusCode.Conflict);
        var counted = (await scene.Proceedings(appeal))["proposals"]![0]!["votes"]!.AsArray();
        counted
            .Select(vote => vote!["memberId"]!.GetValue<Guid>())
            .Should()
            .BeEquivalentTo(scene.Members.Select(member => member.AccountId));
        var carried = counted.Count(vote => vote!["inFavour"]!.GetValue<bool>()) > 10;
        decisions.Count(decision => decision.StatusCode is HttpStatusCode.OK).Should().BeLessThanOrEqualTo(1);
        if (carried)
            decisions.Count(decision => decision.StatusCode is HttpStatusCode.OK).Should().Be(1);
        (await scene.SlotScore())["rounds"]!
            .AsArray()
            .Count(round => round!["kind"]!.GetValue<string>() == "appeal")
            .Should()
            .Be(decisions.Count(decision => decision.StatusCode is HttpStatusCode.OK));
    }

    [Fact]
    public async Task A_decision_and_a_withdrawal_at_once_do_not_both_happen()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Considered();
        var taker = await scene.Taker();
        await scene.Propose(appeal, "satisfied_up", scene.Criteria(full: true)).Json(201);
        foreach (var member in scene.Members)
            await Vote(member.Client, appeal).Json(201);

        var answers = await Task.WhenAll(scene.Decide(appeal), Do(taker, appeal, "withdrawal"));

        answers.Count(answer => answer.StatusCode is HttpStatusCode.OK).Should().Be(1);
        var state = (await scene.Read(appeal))["state"]!.GetValue<string>();
        (await scene.SlotScore())["rounds"]!.AsArray().Should().HaveCount(state == "decided" ? 3 : 2);
    }

    [Fact]
    public async Task Earlier_marks_are_shown_only_when_the_chair_opens_them()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        var member = scene.Members[1].Client;
        (await member.GetAsync($"{AppealsPath}/{appeal}/work").ProblemCode(409)).Should().Be("appeal-state");
        await Do(scene.Chair, appeal, "admission").Json();
        (await Do(scene.Chair, appeal, "earlier-marks").ProblemCode(409)).Should().Be("appeal-state");
        await Do(scene.Chair, appeal, "consideration").Json();

        var before = await member.GetAsync($"{AppealsPath}/{appeal}/work").Json();
        (await Do(member, appeal, "earlier-marks")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await Do(scene.Chair, appeal, "earlier-marks").Json())["earlierMarksOpened"]!.GetValue<bool>().Should().BeTrue();
        (await Do(scene.Chair, appeal, "earlier-marks").ProblemCode(409)).Should().Be("marks-opened");
        var after = await member.GetAsync($"{AppealsPath}/{appeal}/work").Json();

        before["answer"]!["answer"]!.GetValue<string>().Should().Be($"Развёрнутый ответ на задание {scene.Slot}");
        before["answer"]!["rubric"]!["criteria"]!.AsArray().Should().NotBeEmpty();
        before["answer"]!["earlierMarks"].Should().BeNull();
        var mark = after["answer"]!["earlierMarks"]!.AsArray().Should().ContainSingle().Subject!;
        (mark["kind"]!.GetValue<string>(), mark["decides"]!.GetValue<bool>(), mark["comment"]!.GetValue<string>())
            .Should()
            .Be(("expert", true, "Комментарий эксперта"));
        after.ToJsonString().Should().NotContain(scene.Expert.AccountId.ToString("D"));
    }

    [Fact]
    public async Task The_commission_sees_the_work_and_nothing_of_the_person()
    {
        var scene = await AppealScene.Make(service, organisation: "КАНАРЕЙКА-ШКОЛА");
        var appeal = await scene.Considered();
        await scene.Propose(appeal, "satisfied_up", scene.Criteria(full: true)).Json(201);

        foreach (
            var path in new[] { $"{AppealsPath}/{appeal}", $"{AppealsPath}/{appeal}/work", $"/api/v1/campaigns/{scene.Scene.Id}/appeals" }
        )
        {
            var seen = (await scene.Members[1].Client.GetAsync(path).Json()).ToJsonString();
            seen.Should()
                .NotContain("Тайнова")
                .And.NotContain("КАНАРЕЙКА")
                .And.NotContain(scene.Person.ToString("D"))
                .And.NotContain(scene.Session.ToString("D"), path);
        }
    }

    [Fact]
    public async Task An_appeal_is_nobodys_business_but_the_persons_and_the_commissions()
    {
        var scene = await AppealScene.Make(service);
        var other = await AppealScene.Make(service);
        var appeal = await scene.Filed();
        var foreign = await other.Filed();

        (await (await other.Taker()).GetAsync($"{AppealsPath}/{appeal}").ProblemCode(404)).Should().Be("appeal-not-found");
        (await Do(await other.Taker(), appeal, "withdrawal").ProblemCode(404)).Should().Be("appeal-not-found");
        (await scene.FileScore(by: await other.Taker()).ProblemCode(404)).Should().Be("session-not-found");
        (await (await scene.Taker()).GetAsync(AppealsPath).Json())
            .Items()
            .Select(mine => mine!["id"]!.GetValue<Guid>())
            .Should()
            .Equal(appeal);
        (await scene.Chair.GetAsync($"{AppealsPath}/{foreign}").ProblemCode(404)).Should().Be("appeal-not-found");
        foreach (var action in new[] { "admission", "consideration" })
            (await Do(scene.Chair, foreign, action).ProblemCode(404)).Should().Be("appeal-not-found");
        (await scene.Chair.GetAsync($"/api/v1/campaigns/{other.Scene.Id}/appeals").ProblemCode(403)).Should().Be("not-your-campaign");
        (await scene.Expert.Client.GetAsync($"{AppealsPath}/{appeal}")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await Do(scene.Members[1].Client, appeal, "admission")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await service.Admin.GetAsync($"{AppealsPath}/{appeal}").Json())["participantId"]!.GetValue<Guid>().Should().Be(scene.Person);
    }

    [Fact]
    public async Task With_the_place_in_the_commission_the_right_to_judge_ends()
    {
        var scene = await AppealScene.Make(service, members: 4);
        var appeal = await scene.Considered();
        await scene.Propose(appeal, "rejected").Json(201);
        var leaving = scene.Members[3];
        await Vote(leaving.Client, appeal, inFavour: false).Json(201);

        await service
            .Admin.PostAsJsonAsync($"/api/v1/commissions/{scene.Commission}/members/{leaving.AccountId}/leave", new { reason = "Отпуск" })
            .Json();

        (await leaving.Client.GetAsync($"{AppealsPath}/{appeal}/work")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await scene.Proceedings(appeal))["eligible"]!.GetValue<int>().Should().Be(3);
        foreach (var member in scene.Members.Take(2))
            await Vote(member.Client, appeal).Json(201);
        (await scene.Decide(appeal).ProblemCode(409)).Should().Be("quorum-missing", "the vote of one who has left counts no more");
    }

    [Fact]
    public async Task Reminders_and_overdue_appeals_are_listed_by_the_clocks_of_the_site()
    {
        await using var own = await Own.Start();
        var scene = await AppealScene.Make(own.Service);
        var appeal = await scene.Filed();
        // The appeal is filed on Monday 14 September in Petropavlovsk; the four working days are Tue 15 to Fri 18,
        // until midnight in Petropavlovsk. Reminders start on Thursday.
        var seen = await scene.Read(appeal);
        (seen["dueAt"]!.GetValue<string>(), seen["due"]!.GetValue<string>()).Should().Be(("2026-09-18T12:00:00Z", "on_time"));
        (await Listed("reminder")).Should().BeEmpty();

        own.Service.Clock.Advance(
            Instant.FromUtc(2026, 9, 16, 12, 0) - own.Service.Clock.GetCurrentInstant() - Duration.FromMilliseconds(1)
        );
        (await Listed("reminder")).Should().BeEmpty();
        own.Service.Clock.Advance(Duration.FromMilliseconds(1));
        (await Listed("reminder")).Should().Equal(appeal);
        (await Listed("overdue")).Should().BeEmpty();
        own.Service.Clock.Advance(Duration.FromDays(2));
        (await Listed("reminder")).Should().BeEmpty();
        (await Listed("overdue")).Should().Equal(appeal);

        async Task<IReadOnlyList<Guid>> Listed(string due)
        {
            using var keeper = await scene.Scene.Staff(Role.Operator);
            return (await keeper.GetAsync($"/api/v1/campaigns/{scene.Scene.Id}/appeals?due={due}").Json())["items"]!
                .AsArray()
                .Select(line => line!["id"]!.GetValue<Guid>())
                .ToList();
        }
    }

    [Fact]
    public async Task Wrong_states_and_bad_input_are_refused_by_name()
    {
        var scene = await AppealScene.Make(service);
        var taker = await scene.Taker();
        (await scene.FileScore(statement: "  ").ProblemCode(422)).Should().Be("text-missing");
        (await scene.FileScore(statement: new string('а', 4001)).ProblemCode(422)).Should().Be("text-too-long");
        (await scene.FileScore(slot: 999).ProblemCode(404)).Should().Be("slot-not-found");
        (await scene.FileScore("bribe").ProblemCode(400)).Should().Be("malformed-json");
        (
            await taker
                .PostAsJsonAsync(
                    AppealsPath,
                    new
                    {
                        kind = "score",
                        sessionId = scene.Session,
                        ground = "marks",
                        statement = "с",
                    }
                )
                .ProblemCode(422)
        ).Should().Be("slot-missing");
        (
            await taker
                .PostAsJsonAsync(
                    AppealsPath,
                    new
                    {
                        kind = "procedural",
                        sessionId = scene.Session,
                        ground = "procedure",
                        statement = "с",
                        slot = 1,
                    }
                )
                .ProblemCode(422)
        ).Should().Be("slot-unexpected");
        (
            await taker
                .PostAsJsonAsync(
                    AppealsPath,
                    new
                    {
                        kind = "score",
                        sessionId = Guid.NewGuid(),
                        ground = "marks",
                        statement = "с",
                        slot = 1,
                    }
                )
                .ProblemCode(404)
        ).Should().Be("session-not-found");
        (await service.Admin.GetAsync($"/api/v1/campaigns/{scene.Scene.Id}/appeals?due=soon").ProblemCode(422))
            .Should()
            .Be("unknown-filter");
        (await service.Admin.GetAsync($"/api/v1/campaigns/{Guid.NewGuid()}/appeals").ProblemCode(404)).Should().Be("campaign-not-found");

        var appeal = await scene.Filed();
        foreach (
            var (action, body) in new (string, object)[]
            {
                ("consideration", new { }),
                ("proposals", Proposal("rejected")),
                ("votes", new { proposal = 1, inFavour = true }),
                ("decision", new { proposal = 1 }),
            }
        )
            (await Do(scene.Chair, appeal, action, body).ProblemCode(409)).Should().Be("appeal-state", action);
        await scene.Consider(appeal);
        (await Do(scene.Chair, appeal, "admission").ProblemCode(409)).Should().Be("appeal-state");
        (await Do(scene.Chair, appeal, "refusal", new { ground = "item_content", reason = "п" }).ProblemCode(409))
            .Should()
            .Be("appeal-state");
        (await scene.Propose(appeal, "upheld").ProblemCode(422)).Should().Be("outcome-unfit");
        (await scene.Propose(appeal, "satisfied_up").ProblemCode(422)).Should().Be("criteria-missing");
        (await scene.Propose(appeal, "satisfied_up", new() { ["K9"] = 1 }).ProblemCode(422)).Should().Be("criterion-missing");
        (await scene.Propose(appeal, "rejected", scene.Criteria(full: true)).ProblemCode(422)).Should().Be("criteria-unexpected");
        (
            await Do(
                    scene.Chair,
                    appeal,
                    "proposals",
                    new
                    {
                        outcome = "rejected",
                        clause = "",
                        reason = "п",
                    }
                )
                .ProblemCode(422)
        ).Should().Be("text-missing");
        (await Vote(scene.Chair, appeal, proposal: 0).ProblemCode(409)).Should().Be("proposal-changed");
        await scene.Propose(appeal, "rejected").Json(201);
        (await Vote(scene.Chair, appeal, dissent: "Против себя").ProblemCode(422)).Should().Be("dissent-unexpected");
        await Vote(scene.Chair, appeal).Json(201);
        (await Vote(scene.Chair, appeal).ProblemCode(409)).Should().Be("vote-given");
        (await Do(scene.Chair, appeal, "recusal", new { reason = "Передумала" }).ProblemCode(409)).Should().Be("vote-given");
        (await Do(scene.Chair, Guid.NewGuid(), "decision", new { proposal = 1 }).ProblemCode(404)).Should().Be("appeal-not-found");

        static object Proposal(string outcome) =>
            new
            {
                outcome,
                clause = "п",
                reason = "п",
            };
    }

    [Fact]
    public async Task With_the_person_their_words_are_erased_and_their_appeal_ends()
    {
        var scene = await AppealScene.Make(service);
        var appeal = await scene.Considered();

        (await service.Admin.DeleteAsync($"/api/v1/people/{scene.Person}")).StatusCode.Should().Be(HttpStatusCode.NoContent);

        var left = await service.Admin.GetAsync($"{AppealsPath}/{appeal}").Json();
        (left["state"]!.GetValue<string>(), left["statement"]!.GetValue<string>()).Should().Be(("withdrawn", ""));
        (await scene.SlotScore())["rounds"]!.AsArray().Should().HaveCount(2, "results stay under the pseudonym");
    }

    [Fact]
    public async Task Points_are_appealed_after_publication_only()
    {
        var scene = await AppealScene.Make(service, publish: false);

        (await scene.FileScore().ProblemCode(409)).Should().Be("results-not-published");
        (await (await scene.Taker()).GetAsync($"/api/v1/sessions/{scene.Session}/appealable").ProblemCode(409))
            .Should()
            .Be("results-not-published");
    }
}
