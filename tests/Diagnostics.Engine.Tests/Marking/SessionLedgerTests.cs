using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Tests.Profiles;
using NodaTime;
using static Diagnostics.Engine.Tests.Marking.LedgerScene;

namespace Diagnostics.Engine.Tests.Marking;

/// <summary>
/// Examples on the slots of <see cref="LedgerScene"/>, with the scale of clause 3.4: a deficit is high below 60 % and
/// minimal from 81 %.
/// </summary>
public sealed class SessionLedgerTests
{
    private static readonly Instant Later = Noon + Duration.FromHours(1);

    [Fact]
    public void An_ended_session_gets_one_automatic_round_a_slot_and_its_essay_waits_for_experts()
    {
        var scored = Empty(One).Score(Answers(), KeyDecisions.None, Noon);

        scored
            .Rounds.Should()
            .Equal(
                new MarkingRound
                {
                    SessionId = Session,
                    Slot = 1,
                    Number = 1,
                    Kind = RoundKind.Auto,
                    ResponseRevision = 2,
                    Outcome = Outcome.Right,
                    Points = Points.From(1),
                    Maximum = Points.From(1),
                    Rule = "exact/1",
                    ItemCode = "choice-1",
                    ItemVersion = 1,
                    At = Noon,
                },
                new MarkingRound
                {
                    SessionId = Session,
                    Slot = 2,
                    Number = 1,
                    Kind = RoundKind.Auto,
                    ResponseRevision = 1,
                    Outcome = Outcome.Unmatched,
                    Points = Points.Zero,
                    Maximum = Points.From(2),
                    Rule = "short_answer/ru-1",
                    ItemCode = "short-1",
                    ItemVersion = 2,
                    Normalised = "включение",
                    At = Noon,
                },
                new MarkingRound
                {
                    SessionId = Session,
                    Slot = 3,
                    Number = 1,
                    Kind = RoundKind.Auto,
                    ResponseRevision = 5,
                    Outcome = Outcome.AwaitingMarking,
                    Points = Points.Zero,
                    Maximum = Points.From(4),
                    Rule = "rubric/1",
                    ItemCode = "essay-1",
                    ItemVersion = 3,
                    At = Noon,
                }
            );
        scored.Tasks.Should().ContainSingle().Which.Should().BeOfType<TaskChange.Queue>().Which.Slot.Should().Be(Essay);
        scored.Ledger.IsDecided.Should().BeFalse("the essay is open");
        scored.Ledger.Points.Should().Be(Points.From(1));
    }

    [Fact]
    public void A_session_without_answers_is_decided_at_once_with_nothing_to_mark()
    {
        var scored = Empty(Two()).Score(new Dictionary<int, SavedAnswer>(), KeyDecisions.None, Noon);

        scored
            .Rounds.Select(round => (round.ResponseRevision, round.Outcome, round.Points))
            .Should()
            .HaveCount(3)
            .And.AllBeEquivalentTo((0, Outcome.Blank, Points.Zero));
        scored.Tasks.Should().Equal(new TaskChange.Withdraw(Essay));
        scored.Ledger.IsDecided.Should().BeTrue();
    }

    [Fact]
    public void A_standing_decision_on_a_short_answer_counts_from_the_first_round_on()
    {
        var accepted = new KeyDecisions(AnswerRule.Ru1, new Dictionary<(string, string), bool> { [("short-1", "включение")] = true });

        Empty(One).Score(Answers(), accepted, Noon).Ledger.Deciding(Short)!.Points.Should().Be(Points.From(2));
    }

    [Fact]
    public void Answers_in_the_same_words_are_queued_as_alike()
    {
        Queued("Мой ответ.").Should().Be(Queued("мой  ОТВЕТ"));
        Queued("Мой ответ.").Should().NotBe(Queued("Другой ответ"));

        static string Queued(string text) => ((TaskChange.Queue)Empty(One).Score(Answers(text), KeyDecisions.None, Noon).Tasks[0]).Likeness;
    }

    [Fact]
    public void A_session_taken_up_again_is_scored_only_where_it_was_answered_anew()
    {
        var marked = Scored(One).Award(Essay, 1, Marks(2, 1), First, null, Noon).Ledger;

        var same = marked.Score(Answers(), KeyDecisions.None, Later);
        same.Rounds.Should().BeEmpty();
        same.Tasks.Should().BeEmpty();

        var anew = marked.Score(Answers("Ответ подробнее", essayRevision: 6), KeyDecisions.None, Later);
        anew.Rounds.Select(round => (round.Slot, round.Number, round.ResponseRevision, round.At)).Should().Equal((Essay, 3, 6, Later));
        anew.Tasks.Should().ContainSingle().Which.Should().BeOfType<TaskChange.Queue>();
        anew.Ledger.Decide(Essay).Standing.Should().Be(Standing.AwaitingExperts, "marks of the older answer say nothing of the newer");
    }

    [Fact]
    public void An_essay_emptied_in_extra_time_is_taken_from_the_experts()
    {
        var answers = Answers();
        answers[Essay] = new SavedAnswer(6, null);

        var emptied = Scored(One).Score(answers, KeyDecisions.None, Later);

        emptied.Tasks.Should().Equal(new TaskChange.Withdraw(Essay));
        emptied.Ledger.Deciding(Essay)!.Outcome.Should().Be(Outcome.Blank);
    }

    [Fact]
    public void A_damaged_answer_is_an_error_and_never_a_zero()
    {
        var answers = Answers();
        answers[Choice] = new SavedAnswer(3, """{"type":"single_choice","option":"zzz"}""");

        var score = () => Empty(One).Score(answers, KeyDecisions.None, Noon);

        score.Should().Throw<BrokenItemException>();
    }

    [Fact]
    public void A_single_experts_marks_are_the_score()
    {
        var awarded = Scored(One).Award(Essay, 1, Marks(2, 1), First, "Одна ошибка.", Later);

        var round = awarded.Rounds.Should().ContainSingle().Subject;
        round
            .Should()
            .Be(
                new MarkingRound
                {
                    SessionId = Session,
                    Slot = 3,
                    Number = 2,
                    Kind = RoundKind.Expert,
                    ResponseRevision = 5,
                    Outcome = Outcome.Partial,
                    Points = Points.From(3),
                    Maximum = Points.From(4),
                    Rule = "rubric/1",
                    ItemCode = "essay-1",
                    ItemVersion = 3,
                    Criteria = round.Criteria,
                    MarkedBy = First,
                    Reason = "Одна ошибка.",
                    At = Later,
                }
            );
        round.Criteria.Should().Equal(new Dictionary<string, Points> { ["K1"] = Points.From(2), ["K2"] = Points.From(1) });
        awarded.Ledger.Deciding(Essay).Should().BeSameAs(round);
        awarded.Ledger.IsDecided.Should().BeTrue();
        awarded.Ledger.Points.Should().Be(Points.From(4), "1 for the choice, none for the short answer, 3 for the essay");
        awarded.Ledger.Settle(Scales.Default, Later).Rounds.Should().BeEmpty("a single expert is joined with nobody");
    }

    [Fact]
    public void Marks_stay_as_they_were_given_and_count_behind_the_gate()
    {
        var round = Scored(One).Award(Essay, 1, Marks(0, 2), First, "", Noon).Rounds[0];

        (round.Points, round.Outcome, round.Criteria!["K2"], round.Reason).Should().Be((Points.Zero, Outcome.Wrong, Points.From(2), null));
    }

    /// <summary>
    /// Marks of 3 and 2 out of 4 have the mean 2.5, which is rounded up to 3 in the person's favour. Of the block's 7
    /// points, 1 + 0 + 2 (43 %) and 1 + 0 + 3 (57 %) both mean a high deficit.
    /// </summary>
    [Fact]
    public void Marks_that_agree_are_joined_by_the_policys_rule()
    {
        var one = Scored(Two(new Straddle())).Award(Essay, 1, Marks(2, 1), First, null, Noon).Ledger;
        one.Settle(Scales.Default, Noon).Rounds.Should().BeEmpty("the other expert has not marked");

        var settled = one.Award(Essay, 2, Marks(1, 1), Second, null, Noon).Ledger.Settle(Scales.Default, Later);

        settled.Tasks.Should().BeEmpty();
        settled
            .Rounds.Should()
            .Equal(
                new MarkingRound
                {
                    SessionId = Session,
                    Slot = 3,
                    Number = 4,
                    Kind = RoundKind.Adjudication,
                    ResponseRevision = 5,
                    Outcome = Outcome.Partial,
                    Points = Points.From(3),
                    Maximum = Points.From(4),
                    Rule = "mean_in_favour/2",
                    ItemCode = "essay-1",
                    ItemVersion = 3,
                    At = Later,
                }
            );
        settled.Ledger.IsDecided.Should().BeTrue();
        settled.Ledger.Settle(Scales.Default, Later).Rounds.Should().BeEmpty("what is settled is not settled twice");
    }

    /// <summary>
    /// With the short answer accepted, 1 + 2 + 2 of 7 points (71 %) mean a medium deficit, and 1 + 2 + 3 points (86 %)
    /// mean a minimal deficit.
    /// </summary>
    [Fact]
    public void Marks_on_both_sides_of_a_level_boundary_call_a_third_who_decides()
    {
        var marked = Scored(Two(new Straddle()))
            .Rescore(Short, KeyDecision.Accept, Chair, "Синоним.", Noon)
            .Ledger.Award(Essay, 1, Marks(2, 1), First, null, Noon)
            .Ledger.Award(Essay, 2, Marks(1, 1), Second, null, Noon)
            .Ledger;

        var called = marked.Settle(Scales.Default, Later);

        called.Rounds.Should().BeEmpty();
        const string detail = "По баллам экспертов блок получает разные уровни: «Средний» и «Минимальный или отсутствие дефицита».";
        called.Tasks.Should().Equal(new TaskChange.CallThird(Essay, "straddle", detail));
        called.Ledger.Settle(Scales.Default, Later).Tasks.Should().Equal(called.Tasks, "the call stands until the third has marked");

        var decided = called.Ledger.Award(Essay, 3, Marks(1, 1), Third, null, Later).Ledger;
        decided.Decide(Essay).Should().Be(new SlotDecision(Standing.DecidedByAdjudication, decided.Rounds(Essay)[^1]));
        decided.Points.Should().Be(Points.From(5));
        decided.Settle(Scales.Default, Later).Tasks.Should().BeEmpty();
    }

    /// <summary>
    /// Without the short answer, 1 + 2 and 1 + 3 of 7 points both mean a high deficit; with the short answer accepted,
    /// 71 % means a medium deficit and 86 % a minimal one.
    /// </summary>
    [Theory]
    [InlineData(KeyDecision.Accept)]
    [InlineData(KeyDecision.Reject)]
    public void Whether_marks_straddle_a_boundary_does_not_depend_on_what_came_first_they_or_the_key_review(KeyDecision decision)
    {
        var reviewed = Settle(Marked(Review(Awaiting())));
        var waiting = Settle(Marked(Awaiting()));
        var after = Settle(Review(waiting.Ledger));

        (waiting.Rounds.Count, waiting.Tasks.Count).Should().Be((0, 0), "the block has no level yet");
        after.Tasks.Should().Equal(reviewed.Tasks);
        after.Ledger.Points.Should().Be(reviewed.Ledger.Points);
        after
            .Tasks.OfType<TaskChange.CallThird>()
            .Select(call => call.Reason)
            .Should()
            .Equal(decision is KeyDecision.Accept ? ["straddle"] : Array.Empty<string>());
        after.Ledger.IsDecided.Should().Be(decision is KeyDecision.Reject);

        SessionLedger Awaiting() =>
            new SessionLedger(Session, Slots, [], Two(new Straddle()), awaitsKeyReview: true)
                .Score(Answers(), KeyDecisions.None, Noon)
                .Ledger;
        SessionLedger Review(SessionLedger ledger) => ledger.Rescore(Short, decision, Chair, "Разобрано.", Later).Ledger;
        static SessionLedger Marked(SessionLedger ledger) =>
            ledger.Award(Essay, 1, Marks(2, 1), First, null, Noon).Ledger.Award(Essay, 2, Marks(1, 1), Second, null, Noon).Ledger;
        static LedgerChange Settle(SessionLedger ledger) => ledger.Settle(Scales.Default, Later);
    }

    [Fact]
    public void Not_attempted_against_marks_calls_a_third()
    {
        var marked = Scored(Two(new BlankAgainstScored()))
            .Award(Essay, 1, Marks(0, 0, noAnswer: true), First, null, Noon)
            .Ledger.Award(Essay, 2, Marks(0, 0), Second, null, Noon)
            .Ledger;

        marked.Rounds(Essay)[1].Outcome.Should().Be(Outcome.Blank);
        marked
            .Settle(Scales.Default, Noon)
            .Tasks.Should()
            .ContainSingle()
            .Which.Should()
            .BeOfType<TaskChange.CallThird>()
            .Which.Reason.Should()
            .Be("blank_against_scored");
    }

    [Fact]
    public void A_second_look_decides_over_a_settled_score()
    {
        var settled = Scored(Two())
            .Award(Essay, 1, Marks(2, 2), First, null, Noon)
            .Ledger.Award(Essay, 2, Marks(2, 2), Second, null, Noon)
            .Ledger.Settle(Scales.Default, Noon)
            .Ledger;

        var looked = settled.Award(Essay, 3, Marks(1, 0), Third, "Прочитано ещё раз.", Later);

        looked.Rounds[0].Kind.Should().Be(RoundKind.Adjudication);
        looked.Ledger.Deciding(Essay)!.Points.Should().Be(Points.From(1));
        looked.Ledger.Rounds(Essay).Select(round => round.Number).Should().Equal(1, 2, 3, 4, 5);
        looked.Ledger.Settle(Scales.Default, Later).Rounds.Should().BeEmpty();
    }

    [Fact]
    public void A_second_look_at_a_single_experts_marks_decides_too()
    {
        var marked = Scored(One).Award(Essay, 1, Marks(2, 2), First, null, Noon).Ledger;

        marked.Award(Essay, 2, Marks(1, 0), Second, null, Later).Ledger.Decide(Essay).Standing.Should().Be(Standing.DecidedByAdjudication);
    }

    [Fact]
    public void A_key_decision_gives_a_round_and_its_revert_another()
    {
        var accepted = Scored(One).Rescore(Short, KeyDecision.Accept, Chair, "Синоним.", Later);

        accepted
            .Rounds.Should()
            .Equal(
                new MarkingRound
                {
                    SessionId = Session,
                    Slot = 2,
                    Number = 2,
                    Kind = RoundKind.Rescore,
                    ResponseRevision = 1,
                    Outcome = Outcome.Right,
                    Points = Points.From(2),
                    Maximum = Points.From(2),
                    Rule = "short_answer/ru-1",
                    ItemCode = "short-1",
                    ItemVersion = 2,
                    Normalised = "включение",
                    MarkedBy = Chair,
                    Reason = "Синоним.",
                    At = Later,
                }
            );
        accepted.Ledger.Rescore(Short, KeyDecision.Accept, Chair, "Синоним.", Later).Rounds.Should().BeEmpty("the score says so already");

        var reverted = accepted.Ledger.Rescore(Short, KeyDecision.Revert, Chair, "Ошибочно.", Later);
        reverted.Rounds.Select(round => (round.Number, round.Outcome, round.Points)).Should().Equal((3, Outcome.Unmatched, Points.Zero));
        reverted.Ledger.Rescore(Short, KeyDecision.Reject, Chair, "Иное.", Later).Rounds[0].Outcome.Should().Be(Outcome.Wrong);
    }

    [Fact]
    public void No_key_decision_takes_away_what_the_key_accepts()
    {
        var answers = Answers();
        answers[Short] = new SavedAnswer(1, """{"type":"short_answer","text":"Инклюзия"}""");
        var scored = Empty(One).Score(answers, KeyDecisions.None, Noon).Ledger;

        scored.Rescore(Short, KeyDecision.Reject, Chair, "Отклонить.", Later).Rounds.Should().BeEmpty();
        scored.Deciding(Short)!.Points.Should().Be(Points.From(2));
    }

    [Fact]
    public void What_an_appeal_decided_is_the_score_whatever_comes_after()
    {
        var appealed = Scored(One)
            .Award(Essay, 1, Marks(1, 0), First, null, Noon)
            .Ledger.Appeal(Essay, Marks(2, 1), Chair, "Критерий К1 выполнен.", Later);

        var round = appealed.Rounds.Should().ContainSingle().Subject;
        round
            .Should()
            .Be(
                new MarkingRound
                {
                    SessionId = Session,
                    Slot = 3,
                    Number = 3,
                    Kind = RoundKind.Appeal,
                    ResponseRevision = 5,
                    Outcome = Outcome.Partial,
                    Points = Points.From(3),
                    Maximum = Points.From(4),
                    Rule = "rubric/1",
                    ItemCode = "essay-1",
                    ItemVersion = 3,
                    Criteria = round.Criteria,
                    MarkedBy = Chair,
                    Reason = "Критерий К1 выполнен.",
                    At = Later,
                }
            );
        appealed
            .Ledger.Award(Essay, 2, Marks(0, 0), Second, null, Later)
            .Ledger.Decide(Essay)
            .Should()
            .Be(new SlotDecision(Standing.DecidedByAppeal, round));
    }

    [Fact]
    public void An_operation_leaves_the_ledger_it_was_asked_of_as_it_was()
    {
        var ledger = Scored(One);

        ledger.Award(Essay, 1, Marks(2, 1), First, null, Noon);

        ledger.Rounds(Essay).Should().ContainSingle();
        ledger.NextNumber(Essay).Should().Be(2);
        Empty(One).NextNumber(Essay).Should().Be(1);
    }

    [Fact]
    public void Before_it_is_scored_a_slot_takes_no_marks_no_appeal_and_no_key_decision()
    {
        var empty = Empty(One);

        empty.Decide(Essay).Should().Be(new SlotDecision(Standing.NotScored, null));
        empty.Settle(Scales.Default, Noon).Rounds.Should().BeEmpty();
        Action[] moves =
        [
            () => empty.Award(Essay, 1, Marks(1, 1), First, null, Noon),
            () => empty.Appeal(Essay, Marks(1, 1), Chair, "", Noon),
            () => empty.Rescore(Short, KeyDecision.Accept, Chair, "", Noon),
        ];
        moves.Should().AllSatisfy(move => move.Should().Throw<InvalidOperationException>());
    }

    [Fact]
    public void Rounds_that_cannot_be_this_sessions_are_refused()
    {
        var rounds = Scored(One).Rounds(Essay);
        Action[] wrong =
        [
            () => _ = new SessionLedger(Guid.NewGuid(), Slots, rounds, One),
            () => _ = new SessionLedger(Session, Slots, [rounds[0] with { Slot = 4 }], One),
            () => _ = new SessionLedger(Session, Slots, [rounds[0], rounds[0] with { Kind = RoundKind.Appeal }], One),
        ];

        wrong.Should().AllSatisfy(each => each.Should().Throw<ArgumentException>());
    }

    [Fact]
    public void Marks_of_another_item_fit_no_slot()
    {
        var award = () => Scored(One).Award(Choice, 1, Marks(1, 1), First, null, Noon);

        award.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Not_attempted_means_no_points()
    {
        var essay = Slots[Essay - 1].Item;

        RubricMarks.Of(essay, Given(0, 0), noAnswer: true).Value.Score.Should().Be(new Score(Outcome.Blank, Points.Zero, "rubric/1"));
        var refused = RubricMarks.Of(essay, Given(0, 1), noAnswer: true).Refusal!;
        (refused.Code, refused.Facts["field"]).Should().Be(("no-answer-with-points", "noAnswer"));
        RubricMarks.Of(essay, Given(0, 3), noAnswer: true).Refusal!.Code.Should().Be("points-not-in-rubric");

        static Dictionary<string, Points> Given(int k1, int k2) => new() { ["K1"] = Points.From(k1), ["K2"] = Points.From(k2) };
    }
}
