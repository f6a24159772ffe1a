using MathNet.Numerics;

namespace Diagnostics.Psychometrics.ItemResponse;

/// <param name="Statistic">S-X².</param>
/// <param name="Degrees">Degrees of freedom: the number of cells, minus the number of rows, minus the number of the
/// item's parameters, minus one more when the variance of abilities was estimated.</param>
/// <param name="Probability">Probability of a value this large or larger if the model is true.</param>
public sealed record ScoreChiSquare(double Statistic, int Degrees, double Probability);

/// <summary>
/// Orlando and Thissen's S-X²: compares observed and expected answers to an item among persons with the same raw score.
/// </summary>
/// <remarks>
/// Orlando, M. and Thissen, D. (2000), APM, 24, 50–64, equations 4–7; polytomous items: Kang, T. and Chen, T. T.
/// (2008), Journal of Educational Measurement, 45, 391–406. Rows with one person, and cells with an expected count
/// below <c>fewest</c>, are merged with their neighbours, by mirt's conventions for dichotomous items. Persons who were
/// presented different items get separate tables, whose statistics are added.
/// </remarks>
public static class ScoreChiSquares
{
    /// <param name="curves">One curve for each column; null leaves the item out of the tests and of the raw
    /// score.</param>
    /// <param name="itemParameters">Parameters estimated for each item: 1 for Rasch, 2 for 2PL, m for PCM, m + 1 for
    /// GPCM, 0 when the curves are not from these data.</param>
    /// <param name="abilities">Distribution of abilities in the calibration.</param>
    /// <param name="varianceEstimated">Whether the variance of abilities was estimated, which costs a degree of
    /// freedom.</param>
    /// <param name="fewest">The smallest expected count that a cell may have.</param>
    /// <returns>One for each column. Undefined: <see cref="Undefined.TooFewItems"/> for a column without a curve,
    /// <see cref="Undefined.TooFewPersons"/> when no degree of freedom is left.</returns>
    /// <exception cref="BadDataException">A score is above the curve's maximum, or a parameter is not
    /// finite.</exception>
    public static IReadOnlyList<Estimate<ScoreChiSquare>> Of(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> curves,
        Func<ItemParameters, int> itemParameters,
        AbilityDistribution? abilities = null,
        bool varianceEstimated = false,
        double fewest = 1
    )
    {
        ArgumentNullException.ThrowIfNull(itemParameters);
        var responses = new Responses(scores, curves);
        var sums = new (double Statistic, int Cells)[responses.Curves.Length];
        foreach (var booklet in responses.Booklets)
        {
            var own = Array.ConvertAll(booklet.Items, item => responses.Curves[item]);
            var observed = Observed(responses, booklet, own);
            var expected = ScoreExpectations.Of(own, abilities ?? new());
            for (var at = 0; at < own.Length; at++)
            {
                var table = ScoreTable.Of(observed[at], expected[at], own[at].MaximumScore + 1);
                table.Join(fewest);
                sums[booklet.Items[at]].Statistic += table.Statistic;
                sums[booklet.Items[at]].Cells += table.FreeCells;
            }
        }
        var result = new Estimate<ScoreChiSquare>[scores.Items];
        Array.Fill(result, Estimate<ScoreChiSquare>.None(Undefined.TooFewItems));
        for (var item = 0; item < sums.Length; item++)
        {
            var degrees = sums[item].Cells - itemParameters(responses.Curves[item]) - (varianceEstimated ? 1 : 0);
            result[responses.Columns[item]] =
                degrees <= 0
                    ? Estimate<ScoreChiSquare>.None(Undefined.TooFewPersons)
                    : Estimate<ScoreChiSquare>.Of(
                        new(sums[item].Statistic, degrees, SpecialFunctions.GammaUpperRegularized(degrees / 2d, sums[item].Statistic / 2))
                    );
        }
        return result;
    }

    /// <summary>Tests the fit of a marginal calibration to its own data.</summary>
    public static IReadOnlyList<Estimate<ScoreChiSquare>> Of(ScoreMatrix scores, MarginalFit fit, MarginalModel model, double fewest = 1)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Of(
            scores,
            fit.Curves,
            curve =>
                model switch
                {
                    MarginalModel.GeneralizedPartialCredit => curve.MaximumScore + 1,
                    // Items share the thresholds, so these do not count among an item's own parameters.
                    MarginalModel.RatingScale => 1,
                    _ => curve.MaximumScore,
                },
            fit.Abilities,
            model is MarginalModel.PartialCredit or MarginalModel.RatingScale,
            fewest
        );
    }

    /// <summary>Counts persons by item, raw score and item score.</summary>
    private static double[][] Observed(Responses responses, Booklet booklet, ItemParameters[] own)
    {
        var rows = own.Sum(curve => curve.MaximumScore) + 1;
        var tables = Array.ConvertAll(own, curve => new double[rows * (curve.MaximumScore + 1)]);
        var answers = new int[own.Length];
        foreach (var person in booklet.Persons)
        {
            var raw = 0;
            for (var at = 0; at < own.Length; at++)
                raw += answers[at] = responses.Score(person, booklet.Items[at]);
            for (var at = 0; at < own.Length; at++)
                tables[at][raw * (own[at].MaximumScore + 1) + answers[at]]++;
        }
        return tables;
    }
}
