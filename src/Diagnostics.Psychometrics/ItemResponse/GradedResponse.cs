namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>An item of the graded response model: P(X ≥ k | θ) = 1/(1 + exp(−a(θ − b_k))), k = 1…m.</summary>
/// <param name="Slope">a, on the logistic scale; may be negative where an item runs against the others.</param>
/// <param name="Thresholds">b₁…b_m, where a score of k or more is as probable as a lower one; rising when the slope is
/// positive.</param>
/// <param name="SlopeError">Standard error of the slope.</param>
/// <param name="ThresholdErrors">Standard errors of the thresholds.</param>
public sealed record GradedItem(double Slope, IReadOnlyList<double> Thresholds, double SlopeError, IReadOnlyList<double> ThresholdErrors)
{
    /// <summary>The probabilities of the m + 1 scores 0…m.</summary>
    public double[] Probabilities(double ability)
    {
        var result = new double[Thresholds.Count + 1];
        var above = 1d;
        for (var score = 0; score < Thresholds.Count; score++)
        {
            var next = GradedCurve.Logistic(Slope * (ability - Thresholds[score]));
            (result[score], above) = (Math.Max(0, above - next), next);
        }
        result[^1] = above;
        return result;
    }
}

/// <summary>Items estimated under the graded response model; abilities are N(0, 1).</summary>
/// <param name="Items">One for each column; undefined where the item has no variance or an empty category.</param>
/// <param name="LogLikelihood">Marginal log-likelihood.</param>
/// <param name="Parameters">Number of free parameters.</param>
/// <param name="Persons">Persons with at least one answer.</param>
/// <param name="LargestGradient">Largest absolute derivative at the solution.</param>
public sealed record GradedFit(
    IReadOnlyList<Estimate<GradedItem>> Items,
    double LogLikelihood,
    int Parameters,
    int Persons,
    double LargestGradient
)
{
    /// <summary>Akaike (1974).</summary>
    public double Aic => -2 * LogLikelihood + 2 * Parameters;

    /// <summary>Schwarz (1978); the sample size is the number of persons.</summary>
    public double Bic => -2 * LogLikelihood + Math.Log(Persons) * Parameters;
}

/// <summary>
/// Samejima's graded response model fitted by marginal maximum likelihood. It is the alternative to the generalized
/// partial credit model for answers marked by a rubric with ordered levels. Answers may be missing at random.
/// </summary>
/// <remarks>
/// Samejima, F. (1969), Psychometric Monograph 17; Bock, R. D. and Aitkin, M. (1981), Psychometrika, 46, 443–459. The
/// standard errors come from the exact observed information: Louis, T. A. (1982), JRSS B, 44, 226–233. Nothing calls
/// this class yet; the form report will, to compare both models by AIC and BIC.
/// </remarks>
public static class GradedResponse
{
    /// <param name="scores">The scores of every item start at 0. Persons without an answer are left out.</param>
    /// <param name="cancel">Checked before every pass over the persons.</param>
    /// <returns>Undefined: <see cref="Undefined.TooFewItems"/> with fewer than three usable items,
    /// <see cref="Undefined.NotConverged"/> (also where the likelihood has no finite maximum),
    /// <see cref="Undefined.Singular"/> (the information has no inverse).
    /// </returns>
    /// <exception cref="OperationCanceledException">The caller cancelled the fit.</exception>
    public static Estimate<GradedFit> Fit(ScoreMatrix scores, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var usable = UsableItems.Of(scores, [.. Enumerable.Range(0, scores.Persons)]);
        if (usable.Columns.Length < 3)
            return Estimate<GradedFit>.None(Undefined.TooFewItems);
        var likelihood = new GradedLikelihood(scores, usable.Columns, cancel);
        return GradedMaximizer
            .Maximize(likelihood, Array.ConvertAll(usable.Counts, GradedCurve.Start))
            .Then(found => Report(usable, likelihood.Persons, found));
    }

    /// <summary>The mean and the standard deviation of each person's posterior; the prior is N(0, 1).</summary>
    /// <returns>Undefined: <see cref="Undefined.TooFewItems"/> for a person without an answer,
    /// <see cref="Undefined.NotConverged"/> where the answers are impossible under the model.</returns>
    /// <exception cref="ArgumentException">The number of items differs from the number of columns.</exception>
    /// <exception cref="BadDataException">A score is above the item's maximum.</exception>
    public static IReadOnlyList<Estimate<Ability>> Abilities(ScoreMatrix scores, IReadOnlyList<Estimate<GradedItem>> items)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count != scores.Items)
            throw new ArgumentException($"{scores.Items} items need as many curves, not {items.Count}.", nameof(items));
        int[] columns = [.. Enumerable.Range(0, items.Count).Where(column => items[column].IsDefined)];
        foreach (var column in columns)
            if (scores.Maximum(column) > items[column].Value.Thresholds.Count)
                throw new BadDataException(
                    $"Column {column} (from 0): score {scores.Maximum(column)} on an item of {items[column].Value.Thresholds.Count}.",
                    null,
                    column
                );
        var curves = Array.ConvertAll(columns, column => GradedCurve.Of(items[column].Value));
        return new GradedLikelihood(scores, columns, default).Abilities(curves);
    }

    private static GradedFit Report(UsableItems usable, int persons, GradedMaximizer.Found found)
    {
        var items = Array.ConvertAll(usable.Refused, reason => reason is { } why ? Estimate<GradedItem>.None(why) : default);
        var at = 0;
        for (var item = 0; item < found.Curves.Length; item++)
        {
            var (curve, first) = (found.Curves[item], at);
            double Covariance(int row, int column) => found.Covariance[(first + row) * found.Size + first + column];
            var errors = curve
                .Intercepts.Select(
                    (intercept, step) =>
                    {
                        // b = −c/a, so its derivative with respect to a is c/a², and with respect to c it is −1/a.
                        var (bySlope, byIntercept) = (intercept / curve.Slope / curve.Slope, -1 / curve.Slope);
                        return Math.Sqrt(
                            Math.Max(
                                0,
                                bySlope * bySlope * Covariance(0, 0)
                                    + 2 * bySlope * byIntercept * Covariance(0, step + 1)
                                    + byIntercept * byIntercept * Covariance(step + 1, step + 1)
                            )
                        );
                    }
                )
                .ToArray();
            double[] thresholds = [.. curve.Intercepts.Select(intercept => -intercept / curve.Slope)];
            items[usable.Columns[item]] =
                Array.TrueForAll(thresholds, double.IsFinite) && Array.TrueForAll(errors, double.IsFinite)
                    ? Estimate<GradedItem>.Of(new(curve.Slope, thresholds, Math.Sqrt(Covariance(0, 0)), errors))
                    : Estimate<GradedItem>.None(Undefined.NotConverged);
            at += curve.Intercepts.Length + 1;
        }
        return new(items, found.LogLikelihood, found.Size, persons, found.LargestGradient);
    }
}
