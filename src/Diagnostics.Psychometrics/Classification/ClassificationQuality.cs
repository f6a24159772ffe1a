namespace Diagnostics.Psychometrics.Classification;

/// <summary>
/// How well a test sorts people into levels. Levels are numbered from 0, the lowest; a score at a cut belongs to the level
/// above it.
/// </summary>
/// <param name="Accuracy">Share of people put into the level of their true score.</param>
/// <param name="Consistency">Share put into the same level by two parallel forms.</param>
/// <param name="ChanceConsistency">What two unrelated forms with the same level shares would reach.</param>
/// <param name="Kappa">Consistency beyond chance; undefined when everybody is in one level.</param>
/// <param name="TrueByObserved">Levels × levels: share of people with this true level (row) put into this one (column).</param>
/// <param name="FirstBySecond">Levels × levels: level on one form by level on the other.</param>
public sealed record ClassificationQuality(
    double Accuracy, double Consistency, double ChanceConsistency, Estimate<double> Kappa, double[,] TrueByObserved, double[,] FirstBySecond)
{
    /// <summary>Share of people each level is expected to get.</summary>
    public IReadOnlyList<double> LevelShares => [.. Enumerable.Range(0, TrueByObserved.GetLength(0))
        .Select(level => Enumerable.Range(0, TrueByObserved.GetLength(0)).Sum(truth => TrueByObserved[truth, level]))];

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
        return new ClassificationQuality(accuracy, consistency, chance,
            chance < 1 - 1e-12 ? Estimate<double>.Of((consistency - chance) / (1 - chance)) : Estimate<double>.None(Undefined.NoVariance),
            trueByObserved, firstBySecond);
    }
}

/// <summary>Adds up what happens to people at one true score after another.</summary>
internal sealed class ClassificationSums(int levels)
{
    private readonly double[,] trueByObserved = new double[levels, levels];
    private readonly double[,] firstBySecond = new double[levels, levels];

    /// <param name="share">Of people, with this true level and these chances of each observed level.</param>
    public void Add(double share, int trueLevel, ReadOnlySpan<double> chances)
    {
        for (var level = 0; level < levels; level++)
        {
            trueByObserved[trueLevel, level] += share * chances[level];
            for (var other = 0; other < levels; other++) firstBySecond[level, other] += share * chances[level] * chances[other];
        }
    }

    public ClassificationQuality Quality => ClassificationQuality.Of(trueByObserved, firstBySecond);
}

internal static class Cuts
{
    /// <exception cref="ArgumentException">None, one that is not finite, or not rising.</exception>
    public static void Check(IReadOnlyList<double> cuts)
    {
        ArgumentNullException.ThrowIfNull(cuts);
        if (cuts.Count == 0) throw new ArgumentException("There is no cut.", nameof(cuts));
        for (var place = 0; place < cuts.Count; place++)
            if (!double.IsFinite(cuts[place]) || (place > 0 && cuts[place] <= cuts[place - 1]))
                throw new ArgumentException($"Cut {place} is not finite or does not rise.", nameof(cuts));
    }

    /// <summary>The level of a value: how many cuts it has reached.</summary>
    public static int Level(double value, IReadOnlyList<double> cuts)
    {
        var level = 0;
        while (level < cuts.Count && value >= cuts[level]) level++;
        return level;
    }
}
