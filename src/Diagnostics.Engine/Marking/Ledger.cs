using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Marking;

/// <summary>Why a slot has its score, or why the score is still open.</summary>
public enum Standing
{
    /// <summary>The session has not been scored yet.</summary>
    NotScored,
    AwaitingExperts,

    /// <summary>All independent experts have marked; the round that joins their marks is missing.</summary>
    AwaitingAdjudication,
    DecidedAutomatically,
    DecidedByExpert,
    DecidedByAdjudication,
    DecidedByKeyReview,
    DecidedByAppeal,
}

/// <param name="Round">The deciding round; null while the score is open.</param>
public sealed record SlotDecision(Standing Standing, MarkingRound? Round);

/// <summary>Decides which round gives a score.</summary>
public static class Ledger
{
    /// <summary>The deciding round of one slot of a session; null while the score is still open.</summary>
    public static MarkingRound? Deciding(IEnumerable<MarkingRound> rounds, MarkingPolicy policy) => Decide(rounds, policy).Round;

    /// <summary>
    /// Among the rounds on the current answer, the last one of a deciding kind decides. A session that was resumed
    /// (extra time) may have brought a newer answer, and marks of the older one do not apply to it. A single expert
    /// decides alone; with several experts only the adjudication of their marks decides. A later change of the key does
    /// not undo a commission's decision on an appeal.
    /// </summary>
    public static SlotDecision Decide(IEnumerable<MarkingRound> rounds, MarkingPolicy policy)
    {
        var all = rounds.ToList();
        if (all.Where(round => round.Kind is RoundKind.Auto).MaxBy(round => round.Number) is not { } scored)
            return new(Standing.NotScored, null);
        var current = all.Where(round => round.ResponseRevision == scored.ResponseRevision).ToList();
        var deciding = current
            .Where(round => Decides(round, policy))
            .OrderBy(round => round.Kind is RoundKind.Appeal)
            .ThenBy(round => round.Number)
            .LastOrDefault();
        if (deciding is not null)
            return new(StandingOf(deciding.Kind), deciding);
        var experts = current.Count(round => round.Kind is RoundKind.Expert);
        return new(experts >= policy.Experts ? Standing.AwaitingAdjudication : Standing.AwaitingExperts, null);
    }

    private static bool Decides(MarkingRound round, MarkingPolicy policy) =>
        round.Kind switch
        {
            RoundKind.Auto => round.Outcome is not Outcome.AwaitingMarking,
            RoundKind.Expert => policy.Experts == 1,
            RoundKind.Adjudication or RoundKind.Appeal or RoundKind.Rescore => true,
            _ => throw new ArgumentOutOfRangeException(nameof(round), round.Kind, null),
        };

    private static Standing StandingOf(RoundKind kind) =>
        kind switch
        {
            RoundKind.Auto => Standing.DecidedAutomatically,
            RoundKind.Expert => Standing.DecidedByExpert,
            RoundKind.Adjudication => Standing.DecidedByAdjudication,
            RoundKind.Rescore => Standing.DecidedByKeyReview,
            RoundKind.Appeal => Standing.DecidedByAppeal,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
