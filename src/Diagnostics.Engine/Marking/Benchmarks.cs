using Diagnostics.Engine.ItemBank;
using NodaTime;

namespace Diagnostics.Engine.Marking;

/// <summary>What a benchmark is for; one of a purpose never serves another.</summary>
public enum BenchmarkPurpose
{
    /// <summary>The expert sees the agreed marks and the comment after marking it.</summary>
    Training,

    /// <summary>Decides on admission; gives no feedback.</summary>
    Qualification,

    /// <summary>Comes hidden among scripts; gives no feedback.</summary>
    Control,
}

/// <param name="Retired">Not given any more.</param>
public sealed record Benchmark(Guid Id, BenchmarkPurpose Purpose, bool Retired);

/// <summary>A benchmark of an item as it was given to one expert.</summary>
/// <param name="Number">From 1, in the order in which they were given.</param>
/// <param name="Within">Within tolerance; null until it is marked, and in training.</param>
/// <param name="AfterScripts">How many of the item's scripts had been given to the expert before.</param>
/// <param name="TakenBack">Lapsed because the item was taken from the expert, not because the lease ran out.</param>
public sealed record Trial(int Number, Guid BenchmarkId, BenchmarkPurpose Purpose, ClaimState State, bool? Within, int AfterScripts, bool TakenBack = false, Instant? ClosedAt = null);

public static class BenchmarkMarks
{
    /// <summary>
    /// How far marks are from the agreed ones: the differences of all criteria after the gate, added up, so that an
    /// error in one criterion never makes up for an error in another. In points, from 0 to the rubric's maximum.
    /// </summary>
    /// <param name="agreed">Before the gate, complete.</param>
    /// <param name="given">Before the gate, complete.</param>
    public static Points Distance(Rubric rubric, IReadOnlyDictionary<string, Points> agreed, IReadOnlyDictionary<string, Points> given)
    {
        var (right, own) = (rubric.Effective(agreed), rubric.Effective(given));
        return rubric.Criteria.Select(criterion => Points.FromThousandths(Math.Abs((own[criterion.Code] - right[criterion.Code]).Thousandths))).Sum();
    }
}
