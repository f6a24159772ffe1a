namespace Diagnostics.Engine.Appeals;

/// <param name="MemberId">Account of the member.</param>
public sealed record Vote(Guid MemberId, bool InFavour);

/// <param name="CastingVote">Whether the votes were equal and the presiding member's vote decided.</param>
public sealed record Tally(int InFavour, int Against, bool Accepted, bool CastingVote);

/// <summary>
/// An open vote on one proposal: it needs more votes for than against; in a tie the presiding member's vote decides.
/// </summary>
public static class Voting
{
    /// <param name="votes">One for each member; recused members have none.</param>
    /// <param name="eligible">Members who are not recused, present or not.</param>
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
