namespace Diagnostics.Engine.Appeals;

/// <param name="MemberId">Id of the member's account.</param>
public sealed record Vote(Guid MemberId, bool InFavour);

/// <param name="CastingVote">Whether the votes were equal and the presiding member's vote decided.</param>
public sealed record Tally(int InFavour, int Against, bool Accepted, bool CastingVote);

/// <summary>
/// An open vote on one proposal. The proposal passes with more votes for than against; in a tie the presiding member's
/// vote decides.
/// </summary>
public static class Voting
{
    /// <param name="votes">At most one for each member; recused members do not vote.</param>
    /// <param name="eligible">Number of members who are not recused, whether they are present or not.</param>
    /// <param name="presiding">The member who made the proposal.</param>
    public static Result<Tally> Count(IReadOnlyCollection<Vote> votes, int eligible, Guid presiding, Quorum quorum)
    {
        if (!quorum.IsMet(eligible, votes.Count))
            return Refusal
                .Conflict(
                    "quorum-missing",
                    $"Нет кворума: голосовали {votes.Count} из {eligible}; нужно не меньше {quorum.Members} и не меньше "
                        + $"{quorum.SharePercent} % тех, кому не заявлен отвод."
                )
                .With("voted", votes.Count)
                .With("eligible", eligible)
                .With("members", quorum.Members)
                .With("sharePercent", quorum.SharePercent);
        var inFavour = votes.Count(vote => vote.InFavour);
        var against = votes.Count - inFavour;
        if (inFavour != against)
            return new Tally(inFavour, against, inFavour > against, false);
        return votes.FirstOrDefault(vote => vote.MemberId == presiding) is { } casting
            ? new Tally(inFavour, against, casting.InFavour, true)
            : Refusal.Conflict("vote-tied", "Голоса разделились поровну, а председательствующий, чей голос решает, не голосовал.");
    }
}
