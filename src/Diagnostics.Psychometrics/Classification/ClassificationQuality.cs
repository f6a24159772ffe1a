namespace Diagnostics.Psychometrics.Classification;

/// <summary>
/// How well a test sorts people into levels. Levels are numbered from 0, the lowest; a score at a cut belongs to the
/// level above it.
/// </summary>
/// <param name="Accuracy">Share of people put into the level of their true score.</param>
/// <param name="Consistency">Share of people put into the same level by two parallel forms.</param>
/// <param name="ChanceConsistency">The consistency of two unrelated forms with the same shares of levels.</param>
/// <param name="Kappa">Consistency beyond chance; undefined when everybody is in one level.</param>
/// <param name="TrueByObserved">Levels × levels: share of people whose true level is the row and who are put into the
/// level of the column.</param>
/// <param name="FirstBySecond">Levels × levels: share of people by level on one form (row) and on the other
/// (column).</param>
public sealed record ClassificationQuality(
    double Accuracy,
    double Consistency,
    double ChanceConsistency,
    Estimate<double> Kappa,
    double[,] TrueByObserved,
    double[,] FirstBySecond
)
{
    /// <summary>Expected share of people in each level.</summary>
    public IReadOnlyList<double> LevelShares =>
        [
            .. Enumerable
                .Range(0, TrueByObserved.GetLength(0))
                .Select(level => Enumerable.Range(0, TrueByObserved.GetLength(0)).Sum(truth => TrueByObserved[truth, level])),
        ];

    internal static ClassificationQuality Of(double[,] trueByObserved, double[,] firstBySecond)
    {
        var (accuracy, consistency, chance) = (0.0, 0.0, 0.0);
        var levels = trueByObserved.GetLength(0);
        for (var level = 0; level < levels; level++)
        {
            accuracy += trueByObserved[level, level];
            consistency += firstBySecond[level, level];
            var share = Enumerable.Range(0, levels).Sum(other => firstBySecond[level, other]);
            chance += share * share;
        }
        return new ClassificationQuality(
            accuracy,
            consistency,
            chance,
            chance < 1 - 1e-12 ? Estimate<double>.Of((consistency - chance) / (1 - chance)) : Estimate<double>.None(Undefined.NoVariance),
            trueByObserved,
            firstBySecond
        );
    }
}

/// <summary>Accumulates the classification of people, one true score after another.</summary>
internal sealed class ClassificationSums(int levels)
{
    private readonly double[,] trueByObserved = new double[levels, levels];
    private readonly double[,] firstBySecond = new double[levels, levels];

    /// <param name="share">Share of people with this true level and these chances of each observed level.</param>
    public void Add(double share, int trueLevel, ReadOnlySpan<double> chances)
    {
        for (var level = 0; level < levels; level++)
        {
            trueByObserved[trueLevel, level] += share * chances[level];
            for (var other = 0; other < levels; other++)
                firstBySecond[level, other] += share * chances[level] * chances[other];
        }
    }

    public ClassificationQuality Quality => ClassificationQuality.Of(trueByObserved, firstBySecond);
}

internal static class Cuts
{
    /// <exception cref="ArgumentException">There are no cuts, a cut is not finite, or the cuts do not rise.</exception>
    public static void Check(IReadOnlyList<double> cuts)
    {
        ArgumentNullException.ThrowIfNull(cuts);
        if (cuts.Count == 0)
            throw new ArgumentException("There is no cut.", nameof(cuts));
        for (var place = 0; place < cuts.Count; place++)
            if (!double.IsFinite(cuts[place]) || (place > 0 && cuts[place] <= cuts[place - 1]))
                throw new ArgumentException($"Cut {place} is not finite or does not rise.", nameof(cuts));
    }

    /// <summary>The level of a value: the number of cuts that it reaches.</summary>
    public static int Level(double value, IReadOnlyList<double> cuts)
    {
        var level = 0;
        while (level < cuts.Count && value >= cuts[level])
            level++;
        return level;
    }
}
