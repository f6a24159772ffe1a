namespace Diagnostics.Psychometrics.Classical;

/// <param name="Score">Raw score, points.</param>
/// <param name="Persons">Number of persons with the score.</param>
/// <param name="StandardError">Standard error of measurement at the score, points: the root of these persons' mean
/// error variance.</param>
public sealed record ErrorAtScore(int Score, int Persons, double StandardError);

/// <summary>Standard errors of measurement that depend on the score, and Kelley's regressed true score.</summary>
public static class ConditionalError
{
    /// <summary>Binomial error of a number-right score.</summary>
    /// <remarks>
    /// Lord, F. M. (1955). Estimating test reliability. Educational and Psychological Measurement, 15, 325–336: √(x(n −
    /// x)/(n − 1)).
    /// </remarks>
    /// <param name="score">0…items.</param>
    /// <param name="items">Number of dichotomous items, at least 2.</param>
    public static double Lord(int score, int items)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(score);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(score, items);
        return Math.Sqrt((double)score * (items - score) / (items - 1));
    }

    /// <summary>Lord's error, scaled so that its mean agrees with the given reliability of the test.</summary>
    /// <remarks>
    /// Keats, J. A. (1957). Estimation of error variances of test scores. Psychometrika, 22, 29–41: the binomial
    /// variance times (1 − reliability) / (1 − KR-21).
    /// </remarks>
    /// <returns>Undefined when KR-21 is 1 (nothing to scale).</returns>
    public static Estimate<double> Keats(int score, int items, double reliability, double kr21)
    {
        if (reliability is not <= 1)
            throw new ArgumentOutOfRangeException(nameof(reliability), reliability, "A reliability is at most 1.");
        if (kr21 is not < 1)
            return Estimate<double>.None(Undefined.NoVariance);
        return Estimate<double>.Of(Lord(score, items) * Math.Sqrt((1 - reliability) / (1 - kr21)));
    }

    /// <summary>
    /// The expected true score of people with this score: Kelley (1947), Fundamentals of statistics, p. 409.
    /// </summary>
    public static double KelleyTrueScore(double score, double mean, double reliability) =>
        (reliability * score) + ((1 - reliability) * mean);

    /// <summary>
    /// Standard error of Kelley's estimate of the true score, SD · √(ρ(1 − ρ)); undefined for a reliability outside
    /// 0…1.
    /// </summary>
    public static Estimate<double> KelleyStandardError(double standardDeviation, double reliability) =>
        reliability is >= 0 and <= 1
            ? Estimate<double>.Of(standardDeviation * Math.Sqrt(reliability * (1 - reliability)))
            : Estimate<double>.None(Undefined.NoVariance);

    /// <summary>Error by raw score for items of any number of points: the compound multinomial model.</summary>
    /// <remarks>
    /// Lee, W. (2007). Multinomial and compound multinomial error models for tests with complex item scoring. Applied
    /// Psychological Measurement, 31, 255–274, eqs. 6–11. Items with the same maximum form a stratum and count as a
    /// random sample of their kind. A person's error variance in a stratum is n · (sample variance (n − 1) of the
    /// person's n scores there), which for dichotomous items equals Lord's error variance. A person's error variances
    /// are summed over strata, and the sums are averaged over persons with the same total.
    /// </remarks>
    /// <param name="maxima">Points of each item; they define the strata.</param>
    /// <returns>In order of the score; undefined when a stratum has only one item, because the data do not show that
    /// item's error.</returns>
    public static Estimate<IReadOnlyList<ErrorAtScore>> CompoundMultinomial(
        ScoreMatrix scores,
        IReadOnlyList<int> maxima,
        MissingScores missing = MissingScores.LeaveOut
    )
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(maxima);
        if (maxima.Count != scores.Items)
            throw new BadDataException($"{maxima.Count} maxima for {scores.Items} items.", null, null);
        for (var item = 0; item < maxima.Count; item++)
            if (maxima[item] < Math.Max(1, scores.Maximum(item)))
                throw new BadDataException(
                    $"The maximum {maxima[item]} of column {item} (0-based) is below 1 or below a score.",
                    null,
                    item
                );
        var data = CompleteScores.Of(scores, missing);
        var strata = Enumerable.Range(0, data.Items).GroupBy(item => maxima[data.Places[item]]).Select(group => group.ToArray()).ToArray();
        if (strata.Length == 0 || strata.Any(stratum => stratum.Length < 2))
            return Estimate<IReadOnlyList<ErrorAtScore>>.None(Undefined.TooFewItems);
        if (data.Persons == 0)
            return Estimate<IReadOnlyList<ErrorAtScore>>.None(Undefined.TooFewPersons);
        var variances = new double[data.Persons];
        foreach (var stratum in strata)
            for (var person = 0; person < data.Persons; person++)
            {
                long sum = 0,
                    squares = 0;
                foreach (var item in stratum)
                {
                    var score = data.Columns[item][person];
                    sum += score;
                    squares += (long)score * score;
                }
                variances[person] += (double)((squares * stratum.Length) - (sum * sum)) / (stratum.Length - 1);
            }
        return Estimate<IReadOnlyList<ErrorAtScore>>.Of([
            .. Enumerable
                .Range(0, data.Persons)
                .GroupBy(person => data.Totals[person])
                .OrderBy(group => group.Key)
                .Select(group => new ErrorAtScore((int)group.Key, group.Count(), Math.Sqrt(group.Average(person => variances[person])))),
        ]);
    }
}
