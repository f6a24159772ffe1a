using MathNet.Numerics.Distributions;

namespace Diagnostics.Psychometrics.Equating;

/// <summary>The verdict on two forms, from the data.</summary>
public enum ParallelVerdict
{
    /// <summary>
    /// The data show no difference beyond chance, and nine times in ten they would have shown a mean difference that
    /// matters. Scores stand as they are.
    /// </summary>
    Parallel,

    /// <summary>
    /// The forms differ or may differ, but equated scores would be no closer to the truth than the scores as they are.
    /// </summary>
    KeepScores,

    /// <summary>The forms differ, and equating removes more error than it adds.</summary>
    Equate,
}

/// <param name="Score">Score of X.</param>
/// <param name="Equivalent">Equivalent score on Y by smoothed equipercentile equating, points.</param>
/// <param name="Difference">Equivalent − score; positive = X is harder.</param>
/// <param name="StandardError">Standard error of the equivalent, and so of the difference.</param>
/// <param name="Exceeds">Whether the difference lies outside its two-sided 95 % bounds.</param>
/// <param name="Matters">Whether the difference is at least as large as the smallest one that matters.</param>
public sealed record ScoreDifference(int Score, double Equivalent, double Difference, double StandardError, bool Exceeds, bool Matters);

/// <param name="MeanDifference">Mean of Y minus mean of X, points: positive = X is harder.</param>
/// <param name="MeanError">Standard error of the mean difference.</param>
/// <param name="MeanP">Two-sided p of the mean difference, by the normal distribution.</param>
/// <param name="DeviationRatio">SD of X divided by SD of Y.</param>
/// <param name="DistributionChiSquare">Likelihood ratio of one smoothed distribution for both forms against one for
/// each form, all of the same degree.</param>
/// <param name="DistributionDegrees">Degrees of freedom of that chi-square: the number of moments compared.</param>
/// <param name="Scores">Differences at each score.</param>
/// <param name="IdentityError">Root mean square error, in points and for the people of X, of scores left as they are:
/// √max(0, mean of d² − SE²).</param>
/// <param name="EquatedError">Root mean square error of equated scores: √mean SE²; random error only.</param>
/// <param name="ShareThatMatters">Share of the people of X at scores where the difference matters, 0…1.</param>
/// <param name="PowerToSee">Mean difference, in points, that a two-sided 5 % test on groups of this size would show
/// nine times in ten.</param>
public sealed record ComparabilityReport(
    double MeanDifference,
    double MeanError,
    double MeanP,
    double DeviationRatio,
    double DistributionChiSquare,
    int DistributionDegrees,
    double DistributionP,
    IReadOnlyList<ScoreDifference> Scores,
    double IdentityError,
    double EquatedError,
    double ShareThatMatters,
    double PowerToSee,
    ParallelVerdict Verdict
);

/// <summary>A test of even assignment; a small p is evidence against even assignment.</summary>
public sealed record AssignmentTest(double ChiSquare, int DegreesOfFreedom, double P);

/// <summary>
/// Decides whether forms given to random groups may be treated as parallel, or whether their scores should be equated.
/// </summary>
/// <remarks>
/// Differences are compared with their standard errors (Kolen &amp; Brennan 2014, § 8.3: identity is also an equating,
/// with bias and no random error) and with a difference that matters, half a reported point (Dorans &amp; Feigin 1994,
/// ETS RM-94-10). Since E(d²) = bias² + SE², the squared error of identity is estimated by d² − SE². All this rests on
/// random groups: see <see cref="Assignment"/>.
/// </remarks>
public static class Comparability
{
    /// <param name="degree">Number of moments that smoothing keeps on both forms; null = the larger of the two degrees
    /// that AIC chooses.</param>
    /// <param name="matters">The difference that matters, points; half a reported point by default.</param>
    /// <returns>Undefined when a form's scores do not vary or cannot be smoothed.</returns>
    /// <exception cref="BadDataException">The forms have different maxima: only shares, not points, could be
    /// parallel.</exception>
    public static Estimate<ComparabilityReport> Compare(ScoreDistribution x, ScoreDistribution y, int? degree = null, double matters = 0.5)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (matters is not (> 0 and < double.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(matters), matters, "A difference that matters is above 0.");
        if (x.Maximum != y.Maximum)
            throw new BadDataException($"Maxima {x.Maximum} and {y.Maximum} differ.", null, null);
        if (x.StandardDeviation == 0 || y.StandardDeviation == 0)
            return Estimate<ComparabilityReport>.None(Undefined.NoVariance);
        if (degree is null)
        {
            var (chosenX, chosenY) = (LogLinear.Choose(x), LogLinear.Choose(y));
            if ((chosenX.Reason ?? chosenY.Reason) is { } missing)
                return Estimate<ComparabilityReport>.None(missing);
            degree = Math.Max(chosenX.Value.Degree, chosenY.Value.Degree);
        }
        var together = ScoreDistribution.Of([.. x.Counts.Zip(y.Counts, (left, right) => left + right)]);
        var (fitX, fitY, fitBoth) = (LogLinear.Fit(x, degree.Value), LogLinear.Fit(y, degree.Value), LogLinear.Fit(together, degree.Value));
        if ((fitX.Reason ?? fitY.Reason ?? fitBoth.Reason) is { } reason)
            return Estimate<ComparabilityReport>.None(reason);

        var scores = Differences(fitX.Value, fitY.Value, matters);
        var meanError = EquatingErrors.Mean(x, y);
        var meanDifference = y.Mean - x.Mean;
        var chiSquare = Math.Max(
            0,
            2 * (Likelihood(x, fitX.Value) + Likelihood(y, fitY.Value) - Likelihood(x, fitBoth.Value) - Likelihood(y, fitBoth.Value))
        );
        var p = Tails.ChiSquare(chiSquare, degree.Value);
        var identity = Math.Sqrt(
            Math.Max(
                0,
                Average(
                    x,
                    score =>
                        (scores[score].Difference * scores[score].Difference) - (scores[score].StandardError * scores[score].StandardError)
                )
            )
        );
        var equated = Math.Sqrt(Average(x, score => scores[score].StandardError * scores[score].StandardError));
        var power = (Normal.InvCDF(0, 1, 0.975) + Normal.InvCDF(0, 1, 0.90)) * meanError;
        var verdict =
            p >= 0.05 && power <= matters && identity < matters ? ParallelVerdict.Parallel
            : p < 0.05 && identity > equated ? ParallelVerdict.Equate
            : ParallelVerdict.KeepScores;
        return Estimate<ComparabilityReport>.Of(
            new(
                MeanDifference: meanDifference,
                MeanError: meanError,
                MeanP: 2 * Normal.CDF(0, 1, -Math.Abs(meanDifference) / meanError),
                DeviationRatio: x.StandardDeviation / y.StandardDeviation,
                DistributionChiSquare: chiSquare,
                DistributionDegrees: degree.Value,
                DistributionP: p,
                Scores: scores,
                IdentityError: identity,
                EquatedError: equated,
                ShareThatMatters: Average(x, score => scores[score].Matters ? 1 : 0),
                PowerToSee: power,
                Verdict: verdict
            )
        );
    }

    /// <summary>
    /// Tests whether forms are spread evenly over groups of people (site, region, sitting), as random assignment would
    /// spread them.
    /// </summary>
    /// <remarks>
    /// Pearson's chi-square of the table. Expected counts come from its margins, so the forms may have unequal shares.
    /// The test is reliable with expected counts of about 5 or more (Cochran 1954).
    /// </remarks>
    /// <param name="counts">[group of people, form].</param>
    /// <exception cref="BadDataException">A count is negative.</exception>
    public static Estimate<AssignmentTest> Assignment(int[,] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var (rows, columns) = (counts.GetLength(0), counts.GetLength(1));
        var (byRow, byColumn) = (new double[rows], new double[columns]);
        double total = 0;
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            if (counts[row, column] < 0)
                throw new BadDataException(
                    $"The count {counts[row, column]} in row {row}, column {column} (both 0-based) is negative.",
                    row,
                    column
                );
            byRow[row] += counts[row, column];
            byColumn[column] += counts[row, column];
            total += counts[row, column];
        }
        var degrees = (byRow.Count(sum => sum > 0) - 1) * (byColumn.Count(sum => sum > 0) - 1);
        if (total == 0)
            return Estimate<AssignmentTest>.None(Undefined.TooFewPersons);
        if (degrees < 1)
            return Estimate<AssignmentTest>.None(Undefined.EmptyCategory);
        double chiSquare = 0;
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            var expected = byRow[row] * byColumn[column] / total;
            if (expected > 0)
                chiSquare += (counts[row, column] - expected) * (counts[row, column] - expected) / expected;
        }
        return Estimate<AssignmentTest>.Of(new(chiSquare, degrees, Tails.ChiSquare(chiSquare, degrees)));
    }

    private static ScoreDifference[] Differences(LogLinearFit x, LogLinearFit y, double matters)
    {
        var equivalents = new EquatingMethod.Equipercentile().Equate(x.Smooth, y.Smooth).Value;
        var errors = EquatingErrors.Smoothed(x, y);
        var z = Normal.InvCDF(0, 1, 0.975);
        return
        [
            .. equivalents.Select(
                (equivalent, score) =>
                {
                    var difference = equivalent - score;
                    return new ScoreDifference(
                        score,
                        equivalent,
                        difference,
                        errors[score],
                        Math.Abs(difference) > z * errors[score],
                        Math.Abs(difference) >= matters
                    );
                }
            ),
        ];
    }

    private static double Likelihood(ScoreDistribution scores, LogLinearFit fit)
    {
        double sum = 0;
        for (var score = 0; score <= scores.Maximum; score++)
            if (scores.Count(score) > 0)
                sum += scores.Count(score) * Math.Log(fit.Smooth.Density(score));
        return sum;
    }

    private static double Average(ScoreDistribution people, Func<int, double> value)
    {
        double sum = 0;
        for (var score = 0; score <= people.Maximum; score++)
            sum += people.Density(score) * value(score);
        return sum;
    }
}
