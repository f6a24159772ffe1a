using Diagnostics.Engine.Marking;
using FsCheck;
using FsCheck.Fluent;
using static Diagnostics.Engine.Tests.Marking.Rounds;
using Outcome = Diagnostics.Engine.ItemBank.Scoring.Outcome;

namespace Diagnostics.Engine.Tests.Marking;

public sealed class LedgerTests
{
    private static readonly MarkingPolicy OneExpert = new(1, 30);
    private static readonly MarkingPolicy TwoExperts = new(2, 30);

    [Fact]
    public void A_slot_without_rounds_is_not_scored() =>
        Ledger.Decide([], OneExpert).Should().Be(new SlotDecision(Standing.NotScored, null));

    [Fact]
    public void An_automatic_score_decides_at_once() =>
        Ledger.Decide([Round(1, RoundKind.Auto, Outcome.Wrong, 0)], OneExpert).Standing.Should().Be(Standing.DecidedAutomatically);

    [Fact]
    public void An_open_answer_waits_for_an_expert() =>
        Ledger.Decide([Waiting(1)], OneExpert).Should().Be(new SlotDecision(Standing.AwaitingExperts, null));

    [Fact]
    public void A_single_expert_decides_alone()
    {
        var mark = Expert(2, 3);

        Ledger.Decide([Waiting(1), mark], OneExpert).Should().Be(new SlotDecision(Standing.DecidedByExpert, mark));
    }

    [Fact]
    public void Of_two_experts_none_decides_until_they_are_joined()
    {
        Ledger.Decide([Waiting(1), Expert(2, 3)], TwoExperts).Standing.Should().Be(Standing.AwaitingExperts);
        Ledger
            .Decide([Waiting(1), Expert(2, 3), Expert(3, 2)], TwoExperts)
            .Should()
            .Be(new SlotDecision(Standing.AwaitingAdjudication, null));

        var joined = Round(4, RoundKind.Adjudication, points: 2.5m);
        Ledger
            .Decide([Waiting(1), Expert(2, 3), Expert(3, 2), joined], TwoExperts)
            .Should()
            .Be(new SlotDecision(Standing.DecidedByAdjudication, joined));
    }

    [Fact]
    public void Marks_of_an_older_answer_say_nothing_of_a_newer_one()
    {
        MarkingRound[] takenUpAgain = [Waiting(1, answer: 1), Expert(2, 3, answer: 1), Waiting(3, answer: 2)];

        Ledger.Decide(takenUpAgain, OneExpert).Standing.Should().Be(Standing.AwaitingExperts);
        Ledger.Deciding([.. takenUpAgain, Expert(4, 1, answer: 2)], OneExpert)!.Points.Should().Be(Points.From(1));
    }

    [Fact]
    public void The_last_rescore_decides_over_the_automatic_score()
    {
        MarkingRound[] rounds =
        [
            Round(1, RoundKind.Auto, Outcome.Unmatched, 0),
            Round(2, RoundKind.Rescore, Outcome.Right, 4),
            Round(3, RoundKind.Rescore, Outcome.Unmatched, 0),
        ];

        Ledger.Decide(rounds, OneExpert).Should().Be(new SlotDecision(Standing.DecidedByKeyReview, rounds[2]));
    }

    [Fact]
    public void What_an_appeal_decided_outlives_a_change_of_the_key()
    {
        MarkingRound[] rounds =
        [
            Round(1, RoundKind.Auto, Outcome.Unmatched, 0),
            Round(2, RoundKind.Appeal, Outcome.Right, 4),
            Round(3, RoundKind.Rescore, Outcome.Wrong, 0),
        ];

        Ledger.Decide(rounds, OneExpert).Should().Be(new SlotDecision(Standing.DecidedByAppeal, rounds[1]));
    }

    [Fact]
    public void The_order_in_which_rounds_are_read_changes_nothing()
    {
        MarkingRound[] rounds =
        [
            Waiting(1),
            Expert(2, 3),
            Expert(3, 2),
            Round(4, RoundKind.Adjudication),
            Round(5, RoundKind.Rescore),
            Waiting(6, answer: 2),
            Expert(7, 2, answer: 2),
        ];
        var orders = Gen.Shuffle(rounds).ToArbitrary();

        Prop.ForAll(
                orders,
                shuffled =>
                    Ledger.Decide(shuffled, OneExpert) == Ledger.Decide(rounds, OneExpert)
                    && Ledger.Decide(shuffled, TwoExperts) == Ledger.Decide(rounds, TwoExperts)
            )
            .QuickCheckThrowOnFailure();
    }
}
