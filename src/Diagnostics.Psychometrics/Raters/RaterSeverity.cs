namespace Diagnostics.Psychometrics.Raters;

/// <summary>How a rater compares with the others on the same scripts.</summary>
public enum Tendency
{
    /// <summary>The interval contains 0, or there are too few scripts for an interval.</summary>
    NotShown,

    /// <summary>The rater gives less than the others, beyond what chance explains.</summary>
    Severe,

    /// <summary>The rater gives more than the others, beyond what chance explains.</summary>
    Lenient,
}

/// <summary>
/// Compares a rater with the others. On every unit that somebody else also rated, the difference is the rater's own
/// mark minus the mean of the others' marks. A mean of −0.8 means «ставит в среднем на 0,8 балла ниже коллег на тех же
/// работах».
/// </summary>
/// <param name="Units">Units shared with at least one other rater.</param>
/// <param name="MeanDifference">In points; negative = severe. Undefined without a common unit.</param>
/// <param name="StandardError">Standard deviation of the differences divided by √units; undefined with fewer than two
/// units.</param>
/// <param name="Exact">Pairs in which the rater's own mark equals the mark of another rater.</param>
/// <param name="Near">Pairs in which the two marks differ by at most the tolerance.</param>
/// <remarks>
/// This is a paired comparison: both marks are for one script, so its quality cancels out. Each rater is measured
/// against the others, so among few raters a severe one makes the rest look lenient; the many-facet model adjusts for
/// who marked with whom. If units are criteria of the same script, the differences are not independent, so pass totals
/// where the standard error matters.
/// </remarks>
public sealed record RaterSeverity(
    int Rater,
    int Units,
    Estimate<double> MeanDifference,
    Estimate<double> StandardError,
    Estimate<Interval> Interval,
    Estimate<Share> Exact,
    Estimate<Share> Near
)
{
    public Tendency Tendency =>
        !Interval.IsDefined || Interval.Value.Contains(0) ? Tendency.NotShown
        : Interval.Value.Upper < 0 ? Tendency.Severe
        : Tendency.Lenient;

    /// <param name="tolerance">The largest difference in points between two marks that count as near each other; 0 or
    /// more.</param>
    /// <param name="level">Level of the interval, in (0, 1); the interval uses Student's t with units − 1 degrees of
    /// freedom.</param>
    /// <returns>One result for each rater, in the order of the raters' numbers.</returns>
    public static IReadOnlyList<RaterSeverity> Summarise(RatingSet ratings, double tolerance = 1, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(ratings);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        _ = Tails.Normal(level);
        var differences = Enumerable.Range(0, ratings.Raters).Select(_ => new List<double>()).ToArray();
        var (pairs, exact, near) = (new int[ratings.Raters], new int[ratings.Raters], new int[ratings.Raters]);
        for (var unit = 0; unit < ratings.Units; unit++)
        {
            var raters = ratings.RatersOf(unit);
            var values = ratings.ValuesOf(unit);
            if (raters.Length < 2)
                continue;
            for (var own = 0; own < raters.Length; own++)
            {
                var others = 0.0;
                for (var other = 0; other < raters.Length; other++)
                {
                    if (other == own)
                        continue;
                    others += values[other];
                    pairs[raters[own]]++;
                    if (values[own] == values[other])
                        exact[raters[own]]++;
                    if (Math.Abs(values[own] - values[other]) <= tolerance)
                        near[raters[own]]++;
                }
                differences[raters[own]].Add(values[own] - others / (raters.Length - 1));
            }
        }
        return
        [
            .. Enumerable
                .Range(0, ratings.Raters)
                .Select(rater => Of(rater, differences[rater], pairs[rater], exact[rater], near[rater], level)),
        ];
    }

    private static RaterSeverity Of(int rater, List<double> differences, int pairs, int exact, int near, double level)
    {
        var units = differences.Count;
        if (units == 0)
            return new RaterSeverity(
                rater,
                0,
                Estimate<double>.None(Undefined.NoCommonUnits),
                Estimate<double>.None(Undefined.NoCommonUnits),
                Estimate<Interval>.None(Undefined.NoCommonUnits),
                Estimate<Share>.None(Undefined.NoCommonUnits),
                Estimate<Share>.None(Undefined.NoCommonUnits)
            );
        var mean = differences.Average();
        var shares = (Exact: Estimate<Share>.Of(new Share(exact, pairs)), Near: Estimate<Share>.Of(new Share(near, pairs)));
        if (units == 1)
            return new RaterSeverity(
                rater,
                1,
                Estimate<double>.Of(mean),
                Estimate<double>.None(Undefined.TooFewPersons),
                Estimate<Interval>.None(Undefined.TooFewPersons),
                shares.Exact,
                shares.Near
            );
        var error = Math.Sqrt(differences.Sum(difference => (difference - mean) * (difference - mean)) / (units - 1) / units);
        // Without spread there is no error from which to build an interval: even when the few differences are equal,
        // their mean is not certain.
        var interval =
            error == 0
                ? Estimate<Interval>.None(Undefined.NoVariance)
                : Tails.Student(level, units - 1).Then(t => new Interval(mean - t * error, mean + t * error));
        return new RaterSeverity(
            rater,
            units,
            Estimate<double>.Of(mean),
            error == 0 ? Estimate<double>.None(Undefined.NoVariance) : Estimate<double>.Of(error),
            interval,
            shares.Exact,
            shares.Near
        );
    }
}
