using Diagnostics.Engine.ItemBank.Scoring;
using NodaTime;

namespace Diagnostics.Engine.Marking;

/// <summary>The origin of a score (docs/promises.md, marking).</summary>
public enum RoundKind
{
    Auto,
    Expert,
    Adjudication,
    Appeal,
    Rescore,
}

/// <summary>
/// One entry of the append-only score ledger: an earlier round remains visible after a later one decides.
/// <see cref="SessionLedger"/> makes new rounds and numbers them; stores only read back rounds that were written.
/// </summary>
public sealed record MarkingRound
{
    public required Guid SessionId { get; init; }

    public required int Slot { get; init; }

    /// <summary>From 1, rising within a slot of a session.</summary>
    public required int Number { get; init; }

    public required RoundKind Kind { get; init; }

    /// <summary>Revision of the saved answer that was scored; 0 when there was none.</summary>
    public required int ResponseRevision { get; init; }

    public required Outcome Outcome { get; init; }

    public required Points Points { get; init; }

    public required Points Maximum { get; init; }

    /// <summary>Scoring rule and version.</summary>
    public required string Rule { get; init; }

    public required string ItemCode { get; init; }

    public required int ItemVersion { get; init; }

    /// <summary>For a short answer, the text that identifies its review group.</summary>
    public string? Normalised { get; init; }

    /// <summary>
    /// Points per criterion as a person gave them, before the gate; null for a round without criteria.
    /// </summary>
    public IReadOnlyDictionary<string, Points>? Criteria { get; init; }

    /// <summary>The account that marked or decided; null where a rule gave the points.</summary>
    public Guid? MarkedBy { get; init; }

    /// <summary>The reason for a round that a person decided.</summary>
    public string? Reason { get; init; }

    public required Instant At { get; init; }
}
