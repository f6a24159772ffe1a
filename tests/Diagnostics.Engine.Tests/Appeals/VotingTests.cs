using Diagnostics.Engine.Appeals;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Engine.Tests.Appeals;

public class VotingTests
{
    private static readonly Quorum ThreeAndHalf = new(3, 50);
    private static readonly Guid Chair = Member(0);

    [Theory]
    [InlineData(5, 3, true)]
    [InlineData(5, 2, false)]
    [InlineData(6, 3, true)]
    [InlineData(7, 3, false)] // 3 of 7 is 42.9 %
    [InlineData(7, 4, true)]
    [InlineData(2, 2, false)] // at least three must vote
    public void A_quorum_needs_the_members_and_the_share(int eligible, int voting, bool met) =>
        ThreeAndHalf.IsMet(eligible, voting).Should().Be(met);

    [Fact]
    public void Shares_are_compared_exactly() => (new Quorum(1, 67).IsMet(3, 2), new Quorum(1, 66).IsMet(3, 2)).Should().Be((false, true));

    [Theory]
    [InlineData("+++", true, false)]
    [InlineData("-++", true, false)]
    [InlineData("+--", false, false)]
    [InlineData("++--", true, true)] // the first vote is the chair's
    [InlineData("--++", false, true)]
    public void The_majority_decides_and_at_a_tie_the_chair(string votes, bool accepted, bool casting)
    {
        var tally = Voting.Count(Votes(votes), votes.Length, Chair, ThreeAndHalf).Value;

        (tally.Accepted, tally.CastingVote, tally.InFavour, tally.Against)
            .Should()
            .Be((accepted, casting, votes.Count(vote => vote == '+'), votes.Count(vote => vote == '-')));
    }

    [Fact]
    public void A_tie_without_the_chair_decides_nothing() =>
        Voting.Count(Votes("++--"), 5, Member(9), ThreeAndHalf).Refusal!.Code.Should().Be("vote-tied");

    [Fact]
    public void Without_a_quorum_nothing_is_decided_and_the_refusal_says_what_is_missing()
    {
        var refusal = Voting.Count(Votes("++"), 8, Chair, ThreeAndHalf).Refusal!;

        (refusal.Code, refusal.Facts["voted"], refusal.Facts["eligible"]).Should().Be(("quorum-missing", 2, 8));
    }

    [Fact]
    public void The_order_of_votes_changes_nothing()
    {
        var cases = Gen.Elements(true, false)
            .ListOf()
            .Where(list => list.Count >= 3)
            .Select(list => list.Select((inFavour, index) => new Vote(Member(index), inFavour)).ToList());

        Prop.ForAll(
                cases.ToArbitrary(),
                votes =>
                    Voting.Count(votes, votes.Count, Chair, ThreeAndHalf).Value
                    == Voting.Count(Enumerable.Reverse(votes).ToList(), votes.Count, Chair, ThreeAndHalf).Value
            )
            .QuickCheckThrowOnFailure();
    }

    private static List<Vote> Votes(string votes) => votes.Select((vote, index) => new Vote(Member(index), vote == '+')).ToList();

    private static Guid Member(int number) => new(number + 1, 0, 0, new byte[8]);
}
