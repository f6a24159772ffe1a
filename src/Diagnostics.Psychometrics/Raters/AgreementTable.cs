namespace Diagnostics.Psychometrics.Raters;

/// <summary>How weighted kappa counts the agreement between two categories of a scale with m categories.</summary>
public enum KappaWeights
{
    /// <summary>Cohen (1960): only equal categories agree.</summary>
    None,

    /// <summary>1 − |i − j|/(m − 1), Cicchetti and Allison (1971); called "Equal-Spacing" in R's vcd.</summary>
    Linear,

    /// <summary>1 − (i − j)²/(m − 1)², Fleiss and Cohen (1973); called "Fleiss-Cohen" in R's vcd.</summary>
    Quadratic,
}

/// <summary>
/// A cross-tabulation of two raters' marks on the same units over the whole scale of the rubric. Categories that nobody
/// used also count, because leaving them out would change the linear weights (R's irr leaves them out).
/// </summary>
public sealed class AgreementTable
{
    private readonly int[,] counts;

    private AgreementTable(int[,] counts, int total) => (this.counts, Total) = (counts, total);

    public int Categories => counts.GetLength(0);

    /// <summary>Number of units marked by both raters.</summary>
    public int Total { get; }

    public int this[int first, int second] => counts[first, second];

    /// <param name="first">The first rater's mark for each unit, 0…<paramref name="categories"/> − 1; −1 = the rater
    /// did not mark the unit, which is then left out.</param>
    /// <param name="second">The second rater's marks, in a list of the same length.</param>
    /// <param name="categories">Points on the scale, at least 2.</param>
    /// <exception cref="BadDataException">The lengths differ, or a mark is outside the scale; row = unit, column =
    /// rater.</exception>
    public static AgreementTable Of(IReadOnlyList<int> first, IReadOnlyList<int> second, int categories)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfLessThan(categories, 2);
        if (first.Count != second.Count)
            throw new BadDataException($"One rater has {first.Count} units, the other {second.Count}.", null, null);
        var counts = new int[categories, categories];
        var total = 0;
        for (var unit = 0; unit < first.Count; unit++)
        {
            RefuseOutside(first[unit], unit, 0);
            RefuseOutside(second[unit], unit, 1);
            if (first[unit] < 0 || second[unit] < 0)
                continue;
            counts[first[unit], second[unit]]++;
            total++;
        }
        return new AgreementTable(counts, total);

        void RefuseOutside(int mark, int unit, int rater)
        {
            if (mark < -1 || mark >= categories)
                throw new BadDataException($"The mark {mark} of unit {unit} by rater {rater} is outside 0…{categories - 1}.", unit, rater);
        }
    }

    /// <summary>The rows are the first rater's categories, the columns the second rater's.</summary>
    /// <exception cref="BadDataException">The table is not square, has fewer than two categories, or has a negative
    /// count.</exception>
    public static AgreementTable FromCounts(int[,] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.GetLength(0) != counts.GetLength(1) || counts.GetLength(0) < 2)
            throw new BadDataException(
                $"The table is {counts.GetLength(0)} × {counts.GetLength(1)}; it must be square, at least 2 × 2.",
                null,
                null
            );
        var total = 0;
        for (var row = 0; row < counts.GetLength(0); row++)
        for (var column = 0; column < counts.GetLength(1); column++)
        {
            if (counts[row, column] < 0)
                throw new BadDataException($"The count in row {row}, column {column} is negative.", row, column);
            total += counts[row, column];
        }
        return new AgreementTable((int[,])counts.Clone(), total);
    }

    /// <summary>
    /// Compares one rater's marks with those of everyone who marked the same units; every pair of marks counts once.
    /// When three raters marked a unit, the rater's two pairs on that unit are not independent, so the standard error
    /// of kappa is slightly too small.
    /// </summary>
    /// <exception cref="BadDataException">A value is not a whole number on the scale.</exception>
    public static AgreementTable AgainstOthers(RatingSet ratings, int rater, int categories)
    {
        ArgumentNullException.ThrowIfNull(ratings);
        var (own, others) = (new List<int>(), new List<int>());
        for (var unit = 0; unit < ratings.Units; unit++)
        {
            var raters = ratings.RatersOf(unit);
            var values = ratings.ValuesOf(unit);
            var place = raters.IndexOf(rater);
            if (place < 0)
                continue;
            for (var other = 0; other < raters.Length; other++)
            {
                if (other == place)
                    continue;
                own.Add(Category(values[place], unit, rater));
                others.Add(Category(values[other], unit, raters[other]));
            }
        }
        return Of(own, others, categories);

        int Category(double value, int unit, int by) =>
            value >= 0 && value < categories && value == Math.Floor(value)
                ? (int)value
                : throw new BadDataException(
                    $"The mark of unit {unit} by rater {by} is not a whole number from 0 to {categories - 1}.",
                    unit,
                    by
                );
    }

    /// <summary>Share of units with the same mark.</summary>
    public Estimate<Share> Exact() => Within(0);

    /// <summary>
    /// Share of units whose marks differ by at most <paramref name="distance"/> points; a distance of 1 gives “adjacent
    /// agreement”.
    /// </summary>
    public Estimate<Share> Within(int distance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(distance);
        if (Total == 0)
            return Estimate<Share>.None(Undefined.NoCommonUnits);
        var agreeing = 0;
        for (var row = 0; row < Categories; row++)
        for (var column = 0; column < Categories; column++)
            if (Math.Abs(row - column) <= distance)
                agreeing += counts[row, column];
        return Estimate<Share>.Of(new Share(agreeing, Total));
    }

    /// <summary>Cohen's kappa and weighted kappa with their large-sample standard errors.</summary>
    public Estimate<Kappa> Kappa(KappaWeights weights = KappaWeights.None) => Raters.Kappa.Of(this, weights);
}
