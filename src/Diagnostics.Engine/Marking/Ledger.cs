using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank.Scoring;
using NodaTime;

namespace Diagnostics.Engine.Marking;

/// <summary>How a score came about (design §9).</summary>
public enum RoundKind { Auto, Expert, Adjudication, Appeal, Rescore }

/// <summary>One entry of the score ledger. Append-only: what a later round decides, an earlier one still shows.</summary>
/// <param name="Number">From 1, rising within (session, slot).</param>
/// <param name="Rule">Scoring rule and version.</param>
/// <param name="Normalised">Of a short answer, the key of its review group.</param>
/// <param name="Criteria">Points per criterion as the expert gave them, before the gate; null for other rounds.</param>
/// <param name="MarkedBy">Account that marked or decided; null for <see cref="RoundKind.Auto"/>.</param>
/// <param name="Reason">Why, for rounds that a person decided.</param>
public sealed record MarkingRound(
    Guid SessionId, int Slot, int Number, RoundKind Kind, Outcome Outcome, Points Points, Points Maximum, string Rule,
    string ItemCode, int ItemVersion, string? Normalised, IReadOnlyDictionary<string, Points>? Criteria,
    Guid? MarkedBy, string? Reason, Instant At);

/// <summary>Which round decides a score.</summary>
public static class Ledger
{
    /// <summary>
    /// The deciding round of one (session, slot), or null while the score is still open: the last round that decides
    /// by its kind. A single expert decides alone; of several, only the adjudication that joins them does.
    /// </summary>
    public static MarkingRound? Deciding(IEnumerable<MarkingRound> rounds, MarkingPolicy policy) =>
        rounds.Where(round => Decides(round, policy)).MaxBy(round => round.Number);

    private static bool Decides(MarkingRound round, MarkingPolicy policy) => round.Kind switch
    {
        RoundKind.Auto => round.Outcome is not Outcome.AwaitingMarking,
        RoundKind.Expert => policy.Experts == 1,
        RoundKind.Adjudication or RoundKind.Appeal or RoundKind.Rescore => true,
        _ => throw new ArgumentOutOfRangeException(nameof(round), round.Kind, null),
    };
}
