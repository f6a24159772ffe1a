using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Tests.ItemBank;

namespace Diagnostics.Engine.Tests.Marking;

public sealed class KeyReviewTests
{
    [Theory]
    [InlineData(null, KeyDecision.Accept, null)]
    [InlineData(null, KeyDecision.Reject, null)]
    [InlineData(null, KeyDecision.Revert, "no-key-decision")]
    [InlineData(KeyDecision.Accept, KeyDecision.Revert, null)]
    [InlineData(KeyDecision.Reject, KeyDecision.Revert, null)]
    [InlineData(KeyDecision.Accept, KeyDecision.Accept, "key-decision-stands")]
    [InlineData(KeyDecision.Accept, KeyDecision.Reject, "key-decision-stands")]
    [InlineData(KeyDecision.Reject, KeyDecision.Accept, "key-decision-stands")]
    [InlineData(KeyDecision.Reject, KeyDecision.Reject, "key-decision-stands")]
    [InlineData(KeyDecision.Revert, KeyDecision.Accept, null)]
    [InlineData(KeyDecision.Revert, KeyDecision.Reject, null)]
    [InlineData(KeyDecision.Revert, KeyDecision.Revert, "no-key-decision")]
    public void A_standing_decision_is_reverted_before_another_is_made(KeyDecision? standing, KeyDecision next, string? refusal) =>
        (KeyReview.Check(standing, next)?.Code).Should().Be(refusal);

    [Fact]
    public void Acceptance_gives_the_maximum_rejection_a_zero_and_revert_leaves_it_unmatched()
    {
        var item = Items.Short(texts: ["инклюзия"], points: 2);

        KeyReview
            .Rescore(item, "включение", KeyDecision.Accept, AnswerRule.Ru1)
            .Should()
            .Be(new Score(Outcome.Right, Points.From(2), "short_answer/ru-1") { Normalised = "включение" });
        KeyReview
            .Rescore(item, "включение", KeyDecision.Reject, AnswerRule.Ru1)
            .Should()
            .Be(new Score(Outcome.Wrong, Points.Zero, "short_answer/ru-1") { Normalised = "включение" });
        KeyReview
            .Rescore(item, "включение", KeyDecision.Revert, AnswerRule.Ru1)
            .Should()
            .Be(new Score(Outcome.Unmatched, Points.Zero, "short_answer/ru-1") { Normalised = "включение" });
    }

    [Fact]
    public void No_decision_takes_away_what_the_key_itself_accepts() =>
        KeyReview
            .Rescore(Items.Short(texts: ["инклюзия"]), "инклюзия", KeyDecision.Reject, AnswerRule.Ru1)
            .Outcome.Should()
            .Be(Outcome.Right);
}
