using MathNet.Numerics.LinearAlgebra;

namespace Diagnostics.Psychometrics.Differential;

/// <summary>
/// Size of differential functioning, by Nagelkerke's ΔR². Jodoin &amp; Gierl (2001), Applied Measurement in Education,
/// 14, 329–349: A is below .035 or not significant, C is at least .070, B lies between.
/// </summary>
public enum LogisticClass
{
    A,
    B,
    C,
}

/// <summary>A likelihood-ratio test.</summary>
public readonly record struct LikelihoodRatio(double ChiSquare, int DegreesOfFreedom, double P);

/// <param name="Uniform">Effect of adding the group to the matching score, one degree of freedom.</param>
/// <param name="NonUniform">Effect of adding the interaction to both, one degree of freedom.</param>
/// <param name="Both">Effect of adding group and interaction together, two degrees of freedom.</param>
/// <param name="GroupEffect">Logits by which the item is easier for the focal group in the uniform model.</param>
/// <param name="NagelkerkeR2">R² of the three models: matching; + group; + interaction.</param>
/// <param name="DeltaR2">R² of the third model minus that of the first.</param>
public sealed record LogisticDifResult(
    LikelihoodRatio Uniform,
    LikelihoodRatio NonUniform,
    LikelihoodRatio Both,
    double GroupEffect,
    double GroupError,
    IReadOnlyList<double> NagelkerkeR2,
    double DeltaR2,
    LogisticClass Class
);

/// <summary>Logistic regression of a dichotomous item on the matching score, the group and their product.</summary>
/// <remarks>
/// Swaminathan, H. &amp; Rogers, H. J. (1990). Detecting differential item functioning using logistic regression
/// procedures. Journal of Educational Measurement, 27, 361–370. Nagelkerke, N. J. D. (1991). Biometrika, 78, 691–692.
/// The focal group is coded 1.
/// </remarks>
public static class LogisticDif
{
    /// <param name="scores">0 or 1 per person; −1 leaves the person out.</param>
    /// <param name="matching">The score on which each person is matched.</param>
    /// <returns>Undefined when the item or the matching score does not vary, a group is empty, or a model separates the
    /// scores (<see cref="Undefined.NotConverged"/>).</returns>
    public static Estimate<LogisticDifResult> OfItem(IReadOnlyList<int> scores, IReadOnlyList<bool> focal, IReadOnlyList<int> matching)
    {
        MatchedGroups.Check(scores, focal, matching, dichotomous: true);
        var persons = Enumerable.Range(0, scores.Count).Where(person => scores[person] >= 0).ToArray();
        if (persons.Length == 0)
            return Estimate<LogisticDifResult>.None(Undefined.TooFewPersons);
        var members = persons.Count(person => focal[person]);
        if (members == 0 || members == persons.Length)
            return Estimate<LogisticDifResult>.None(Undefined.EmptyCategory);
        var right = persons.Count(person => scores[person] == 1);
        if (right == 0 || right == persons.Length)
            return Estimate<LogisticDifResult>.None(Undefined.NoVariance);
        // The matching score is scaled to mean 0 and deviation 1, which leaves the fit unchanged and makes the normal
        // equations well conditioned. Equal rows are pooled.
        var mean = persons.Average(person => matching[person]);
        var deviation = Math.Sqrt(persons.Average(person => (matching[person] - mean) * (matching[person] - mean)));
        if (deviation == 0)
            return Estimate<LogisticDifResult>.None(Undefined.NoVariance);
        var cells = persons
            .GroupBy(person => (matching[person], focal[person]))
            .Select(cell => new Cell(
                (cell.Key.Item1 - mean) / deviation,
                cell.Key.Item2 ? 1 : 0,
                cell.Count(),
                cell.Count(person => scores[person] == 1)
            ))
            .ToArray();

        var fits = new Fit[3];
        for (var model = 0; model < 3; model++)
        {
            if (Regress(cells, model + 2) is not { } fit)
                return Estimate<LogisticDifResult>.None(Undefined.NotConverged);
            fits[model] = fit;
        }
        double n = persons.Length,
            share = right / n;
        var empty = n * ((share * Math.Log(share)) + ((1 - share) * Math.Log(1 - share)));
        var r2 = Array.ConvertAll(fits, fit => (1 - Math.Exp(2 / n * (empty - fit.LogLikelihood))) / (1 - Math.Exp(2 / n * empty)));
        var both = Test(fits[0], fits[2], 2);
        var delta = r2[2] - r2[0];
        var size =
            both.P >= 0.05 || delta < 0.035 ? LogisticClass.A
            : delta < 0.070 ? LogisticClass.B
            : LogisticClass.C;
        return Estimate<LogisticDifResult>.Of(
            new(Test(fits[0], fits[1], 1), Test(fits[1], fits[2], 1), both, fits[1].Coefficients[2], fits[1].Errors[2], r2, delta, size)
        );
    }

    /// <summary>
    /// Analyses every item of a dichotomous test, matched on the total of all items. Persons with a missing score are
    /// left out.
    /// </summary>
    public static IReadOnlyList<Estimate<LogisticDifResult>> Of(ScoreMatrix scores, IReadOnlyList<bool> focal)
    {
        MatchedGroups.Check(scores, focal);
        var totals = MatchedGroups.Totals(scores, Enumerable.Range(0, scores.Items));
        return
        [
            .. Enumerable
                .Range(0, scores.Items)
                .Select(item =>
                    OfItem(
                        [.. Enumerable.Range(0, scores.Persons).Select(person => totals[person] is null ? -1 : scores[person, item])],
                        focal,
                        [.. totals.Select(total => total ?? -1)]
                    )
                ),
        ];
    }

    private readonly record struct Cell(double Matching, double Focal, int Count, int Right);

    private readonly record struct Fit(double[] Coefficients, double[] Errors, double LogLikelihood);

    private static LikelihoodRatio Test(Fit small, Fit large, int degrees)
    {
        var chiSquare = Math.Max(0, 2 * (large.LogLikelihood - small.LogLikelihood));
        return new(chiSquare, degrees, Tails.ChiSquare(chiSquare, degrees));
    }

    /// <summary>
    /// Newton's method; null when the likelihood has no maximum (scores separated) or the design is singular.
    /// </summary>
    private static Fit? Regress(Cell[] cells, int parameters)
    {
        var beta = Vector<double>.Build.Dense(parameters);
        var previous = double.NegativeInfinity;
        for (var iteration = 0; iteration < 50; iteration++)
        {
            var gradient = Vector<double>.Build.Dense(parameters);
            var information = Matrix<double>.Build.Dense(parameters, parameters);
            double likelihood = 0;
            foreach (var cell in cells)
            {
                var row = new[] { 1, cell.Matching, cell.Focal, cell.Matching * cell.Focal };
                double logit = 0;
                for (var i = 0; i < parameters; i++)
                    logit += row[i] * beta[i];
                var p = 1 / (1 + Math.Exp(-logit));
                likelihood +=
                    (cell.Right * logit)
                    - (cell.Count * (logit > 0 ? logit + Math.Log(1 + Math.Exp(-logit)) : Math.Log(1 + Math.Exp(logit))));
                for (var i = 0; i < parameters; i++)
                {
                    gradient[i] += row[i] * (cell.Right - (cell.Count * p));
                    for (var j = 0; j < parameters; j++)
                        information[i, j] += row[i] * row[j] * cell.Count * p * (1 - p);
                }
            }
            // The data say nothing about a coefficient: it has run away, or its column is empty.
            if (information.Diagonal().Minimum() < 1e-10)
                return null;
            var inverse = information.Inverse();
            if (inverse.Enumerate().Any(value => !double.IsFinite(value)))
                return null;
            if (Math.Abs(likelihood - previous) < 1e-12 * Math.Abs(likelihood) && gradient.AbsoluteMaximum() < 1e-6)
                return beta.AbsoluteMaximum() > 30 ? null : new Fit([.. beta], [.. inverse.Diagonal().PointwiseSqrt()], likelihood);
            previous = likelihood;
            beta += inverse * gradient;
        }
        return null;
    }
}
