using Diagnostics.Psychometrics.Association;

namespace Diagnostics.Engine.Practice;

/// <summary>Why there is no correlation.</summary>
public enum NoCorrelation
{
    /// <summary>Fewer people than anybody could conclude anything from.</summary>
    TooFewPeople,

    /// <summary>All people have the same indicator, or the same result in the block.</summary>
    NoVariance,
}

/// <summary>A member of the group: the indicator of practice, and the result of each block that was tested.</summary>
/// <param name="Indicator">For example, the share of right answers of the teacher's pupils.</param>
/// <param name="Blocks">Code of a block → result in percent.</param>
public sealed record IndicatorAndBlocks(decimal Indicator, IReadOnlyDictionary<string, decimal> Blocks);

/// <param name="Value">−1 … 1.</param>
/// <param name="Lower">Lower end of the 95 % interval.</param>
/// <param name="Upper">Upper end of the 95 % interval.</param>
public sealed record BoundedCorrelation(double Value, double Lower, double Upper);

/// <summary>
/// How an indicator of practice goes together with the results of a block over a group of people (clause 7.3, letter b).
/// </summary>
/// <param name="People">How many people of the group have both.</param>
/// <param name="Pearson">How closely the two lie on a straight line; null where a reason is given.</param>
/// <param name="Spearman">How closely they rise together; null where a reason is given.</param>
public sealed record BlockCorrelation(
    string Block,
    int People,
    BoundedCorrelation? Pearson,
    BoundedCorrelation? Spearman,
    NoCorrelation? Reason
)
{
    /// <summary>With fewer people the interval is so wide that it says nothing: at ten, 0 ± 0.63.</summary>
    public const int FewestPeople = 10;

    /// <summary>One correlation for each block that anybody of the group has a result in, by code.</summary>
    public static IReadOnlyList<BlockCorrelation> Of(IReadOnlyList<IndicatorAndBlocks> group) =>
        group.SelectMany(member => member.Blocks.Keys).Distinct().Order(StringComparer.Ordinal).Select(block => Of(block, group)).ToList();

    private static BlockCorrelation Of(string block, IReadOnlyList<IndicatorAndBlocks> group)
    {
        var members = group.Where(member => member.Blocks.ContainsKey(block)).ToList();
        var indicators = members.ConvertAll(member => (double)member.Indicator);
        var results = members.ConvertAll(member => (double)member.Blocks[block]);
        if (members.Count < FewestPeople)
            return new(block, members.Count, null, null, NoCorrelation.TooFewPeople);
        var (pearson, spearman) = (Correlation.Pearson(indicators, results), Correlation.Spearman(indicators, results));
        return pearson.IsDefined && spearman.IsDefined
            ? new(block, members.Count, Bounded(pearson.Value), Bounded(spearman.Value), null)
            : new(block, members.Count, null, null, NoCorrelation.NoVariance);
    }

    private static BoundedCorrelation Bounded(CorrelationEstimate found) => new(found.Value, found.Interval.Lower, found.Interval.Upper);
}
