namespace Diagnostics.Psychometrics.Classification;

/// <summary>
/// Estimates the accuracy and consistency of levels from a single administration of a test. True scores have a beta
/// distribution, and the test is treated as a number of binomial items. That number, the effective length, is chosen so
/// that the binomial items have the reliability of the test.
/// </summary>
/// <remarks>
/// Livingston and Lewis (1995), J. Educ. Meas. 32, 179–197; true-score moments from factorial moments, Lord (1965),
/// Psychometrika 30, p. 265, equation 37; consistency after Hanson (1991), as in the R package betafunctions, not by
/// split-half articulation. Conventions: the moments use the unrounded length, and the binomial uses the rounded one. A
/// cut at c of m points becomes a cut at round(c/m · length) effective items, for accuracy and consistency alike;
/// betafunctions 1.9 rounds it for accuracy and floors it for consistency. The moments divide by n; the length uses the
/// variance over n − 1. The factorial moment of order r of a score below r effective items is 0, as with whole items,
/// although the stretched score is not a whole number (betafunctions does the same).
/// </remarks>
public sealed class LivingstonLewis
{
    /// <summary>With more effective items than this, no measurement error worth speaking of is left.</summary>
    private const double MostItems = 1e6;

    private readonly double minimum,
        maximum;
    private readonly double[] limits;

    /// <summary>For each cut, the number of effective items that a person must pass to reach it.</summary>
    private readonly int[] needed;

    private LivingstonLewis(double minimum, double maximum, double[] limits, double length, TrueScoreBeta truth)
    {
        (this.minimum, this.maximum, this.limits, Length, TrueScores) = (minimum, maximum, limits, length, truth);
        needed = Array.ConvertAll(limits, limit => (int)Math.Round(limit * Items, MidpointRounding.AwayFromZero));
        Quality = Classify();
    }

    /// <summary>Effective test length, before rounding.</summary>
    public double Length { get; }

    /// <summary>Effective test length, rounded to whole items.</summary>
    public int Items => Math.Max(1, (int)Math.Round(Length));

    public TrueScoreBeta TrueScores { get; }

    public ClassificationQuality Quality { get; }

    /// <summary>The number of effective items needed for each cut.</summary>
    public IReadOnlyList<int> ItemsNeeded => needed;

    /// <param name="scores">Observed raw scores, each from the minimum to the maximum.</param>
    /// <param name="minimum">Lowest score possible.</param>
    /// <param name="maximum">Highest score possible, above the minimum.</param>
    /// <param name="reliability">Reliability of these scores, at most 1: alpha, or that of a composite.</param>
    /// <param name="cuts">Lowest scores of the levels above the first, rising, above the minimum and not above the
    /// maximum.</param>
    /// <param name="fourMoments">True = fit the limits too, and fall back on 0…1 when the fitted limits are impossible.
    /// False = fit two parameters.</param>
    /// <returns>Undefined: <see cref="Undefined.TooFewPersons"/> with fewer than two people;
    /// <see cref="Undefined.NoVariance"/> without variance of the scores, with a reliability of 0 or less, when the
    /// moments leave no variance of true scores, and when a reliability of (nearly) 1 leaves no error;
    /// <see cref="Undefined.TooFewItems"/> for an effective length of 1 or less; <see cref="Undefined.NotConverged"/>
    /// when the distribution of true scores is so narrow that its computed integral is not 1.
    /// </returns>
    /// <exception cref="BadDataException">A score lies outside the limits; the row is the person.</exception>
    public static Estimate<LivingstonLewis> Of(
        IReadOnlyList<double> scores,
        double minimum,
        double maximum,
        double reliability,
        IReadOnlyList<double> cuts,
        bool fourMoments = true
    )
    {
        ArgumentNullException.ThrowIfNull(scores);
        Cuts.Check(cuts);
        if (!(maximum > minimum) || !double.IsFinite(maximum - minimum))
            throw new ArgumentException("The maximum must be above the minimum.", nameof(maximum));
        if (!(reliability <= 1))
            throw new ArgumentException("The reliability is at most 1.", nameof(reliability));
        if (cuts[0] <= minimum || cuts[^1] > maximum)
            throw new ArgumentException("A cut lies outside the scores.", nameof(cuts));
        for (var row = 0; row < scores.Count; row++)
            if (!(scores[row] >= minimum && scores[row] <= maximum))
                throw new BadDataException($"The score of person {row} is outside {minimum:R}…{maximum:R}.", row, null);
        if (scores.Count < 2)
            return Estimate<LivingstonLewis>.None(Undefined.TooFewPersons);
        var range = maximum - minimum;
        var shares = scores.Select(score => (score - minimum) / range).ToArray();
        var mean = shares.Average();
        var variance = shares.Sum(share => (share - mean) * (share - mean)) / (shares.Length - 1);
        // The variance is not compared with 0, because equal shares that are not exact binary fractions differ from
        // their mean by rounding errors.
        if (!(variance > 1e-24) || !(reliability > 0) || reliability == 1)
            return Estimate<LivingstonLewis>.None(Undefined.NoVariance);
        var length = (mean * (1 - mean) - reliability * variance) / (variance * (1 - reliability));
        if (length > MostItems)
            return Estimate<LivingstonLewis>.None(Undefined.NoVariance);
        // The length is checked here, because fewer than two effective items give no variance. Fewer than four give no
        // fourth factorial moment, so in that case only two moments are fitted (below).
        if (!(length > 1))
            return Estimate<LivingstonLewis>.None(Undefined.TooFewItems);
        var moments = new double[4];
        foreach (var share in shares)
        {
            var product = 1.0;
            for (var order = 0; order < 4 && share * length >= order + 1; order++)
                moments[order] += product *= (share * length - order) / (length - order);
        }
        for (var order = 0; order < 4; order++)
            moments[order] /= shares.Length;
        moments[0] = mean;
        var truth = TrueScoreBeta.Of(moments, fourMoments && length > 3);
        if (truth is null)
            return Estimate<LivingstonLewis>.None(Undefined.NoVariance);
        var fit = new LivingstonLewis(minimum, maximum, [.. cuts.Select(cut => (cut - minimum) / range)], length, truth);
        return Math.Abs(fit.Quality.LevelShares.Sum() - 1) < 1e-6
            ? Estimate<LivingstonLewis>.Of(fit)
            : Estimate<LivingstonLewis>.None(Undefined.NotConverged);
    }

    /// <summary>
    /// Probability of each level for a person with this score, given the group's distribution of true scores and the
    /// binomial error. A score that is not a whole number of effective items is used unrounded.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The score is not possible on the test.</exception>
    public double[] LevelsGiven(double score)
    {
        if (!(score >= minimum && score <= maximum))
            throw new ArgumentOutOfRangeException(nameof(score), score, "The score is outside the scores possible.");
        var passed = (score - minimum) / (maximum - minimum) * Items;
        var levels = new double[limits.Length + 1];
        var most = passed <= 0 || passed >= Items ? 0 : passed * Math.Log(passed / Items) + (Items - passed) * Math.Log(1 - passed / Items);
        for (var level = 0; level < levels.Length; level++)
            TrueScores.Integrate(
                From(level),
                To(level),
                (truth, share) =>
                {
                    var log = (passed > 0 ? passed * Math.Log(truth) : 0) + (passed < Items ? (Items - passed) * Math.Log(1 - truth) : 0);
                    levels[level] += share * Math.Exp(log - most);
                }
            );
        var sum = levels.Sum();
        if (sum > 0)
            return Array.ConvertAll(levels, value => value / sum);
        // The score is so far from every true score that its likelihood underflows: the nearest end gets all the
        // probability.
        levels[passed / Items > TrueScores.Alpha / (TrueScores.Alpha + TrueScores.Beta) ? ^1 : 0] = 1;
        return levels;
    }

    private double From(int level) => level == 0 ? 0 : limits[level - 1];

    private double To(int level) => level == limits.Length ? 1 : limits[level];

    private ClassificationQuality Classify()
    {
        var sums = new ClassificationSums(limits.Length + 1);
        var chances = new double[limits.Length + 1];
        for (var level = 0; level <= limits.Length; level++)
            TrueScores.Integrate(
                From(level),
                To(level),
                (truth, share) =>
                {
                    var reached = 1.0;
                    for (var cut = 0; cut < needed.Length; cut++)
                    {
                        var above =
                            needed[cut] <= 0 ? 1
                            : needed[cut] > Items ? 0
                            : IncompleteBeta.Regularized(needed[cut], Items - needed[cut] + 1, truth).Value;
                        chances[cut] = Math.Max(0, reached - above);
                        reached = above;
                    }
                    chances[^1] = reached;
                    sums.Add(share, level, chances);
                }
            );
        return sums.Quality;
    }
}
