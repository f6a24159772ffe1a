using Diagnostics.Engine.ItemBank;
using NodaTime;

namespace Diagnostics.Engine.Marking;

/// <summary>The purpose of a benchmark; a benchmark with one purpose never serves another.</summary>
public enum BenchmarkPurpose
{
    /// <summary>After marking, the expert sees the agreed marks and the comment.</summary>
    Training,

    /// <summary>The benchmark decides on admission and gives no feedback.</summary>
    Qualification,

    /// <summary>The benchmark is hidden among scripts and gives no feedback.</summary>
    Control,
}

/// <param name="Retired">Whether the benchmark is no longer given out.</param>
public sealed record Benchmark(Guid Id, BenchmarkPurpose Purpose, bool Retired);

/// <summary>A benchmark of an item as given to one expert.</summary>
/// <param name="Number">From 1, in the order in which the expert got the benchmarks.</param>
/// <param name="Within">Whether the marks are within tolerance; null until they are given, and always null in
/// training.</param>
/// <param name="AfterScripts">Number of the item's scripts that the expert had received before this benchmark.</param>
/// <param name="TakenBack">Whether the trial lapsed because the item was taken from the expert, and not because the
/// lease ran out.</param>
public sealed record Trial(
    int Number,
    Guid BenchmarkId,
    BenchmarkPurpose Purpose,
    ClaimState State,
    bool? Within,
    int AfterScripts,
    bool TakenBack = false,
    Instant? ClosedAt = null
);

public static class BenchmarkMarks
{
    /// <summary>
    /// The distance between the given marks and the agreed ones, in points from 0 to the rubric's maximum. It adds up
    /// the differences of all criteria after the gate, so that an error in one criterion never compensates for an error
    /// in another.
    /// </summary>
    /// <param name="agreed">Complete marks, before the gate.</param>
    /// <param name="given">Complete marks, before the gate.</param>
    public static Points Distance(Rubric rubric, IReadOnlyDictionary<string, Points> agreed, IReadOnlyDictionary<string, Points> given)
    {
        var (right, own) = (rubric.Effective(agreed), rubric.Effective(given));
        return rubric
            .Criteria.Select(criterion => Points.FromThousandths(Math.Abs((own[criterion.Code] - right[criterion.Code]).Thousandths)))
            .Sum();
    }
}
