namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The marginal likelihood of the graded response model, person by person: the model is not an exponential family, so a
/// person's answers have no shorter summary.
/// </summary>
internal sealed class GradedLikelihood
{
    /// <summary>
    /// A node that carries less of a person's posterior than this adds nothing that survives rounding.
    /// </summary>
    private const double Negligible = 1e-12;

    private readonly ScoreMatrix scores;
    private readonly int[] columns;
    private readonly int[] persons;
    private readonly CancellationToken cancel;

    public GradedLikelihood(ScoreMatrix scores, int[] columns, CancellationToken cancel)
    {
        (this.scores, this.columns, this.cancel) = (scores, columns, cancel);
        persons = [.. Enumerable.Range(0, scores.Persons).Where(person => columns.Any(column => !scores.IsMissing(person, column)))];
    }

    public int Persons => persons.Length;

    /// <param name="Counts">Expected number of persons, item by score by node.</param>
    public sealed record EStep(GradedCurve[] Curves, Quadrature Quadrature, double LogLikelihood, double[][][] Counts);

    public EStep Evaluate(Quadrature quadrature, GradedCurve[] curves)
    {
        cancel.ThrowIfCancellationRequested();
        var tables = LogTables(quadrature, curves);
        var parts = new (double Value, double[][][] Counts)[8];
        MarginalLikelihood.InPieces(
            persons.Length,
            (piece, from, to) =>
            {
                var (value, counts) = (0d, Empty(curves, quadrature.Count));
                var posterior = new double[quadrature.Count];
                for (var at = from; at < to; at++)
                {
                    value += Posterior(tables, quadrature, persons[at], posterior);
                    for (var item = 0; item < columns.Length; item++)
                        if (scores[persons[at], columns[item]] is >= 0 and var score)
                            SpanMath.AddScaled(counts[item][score], 1, posterior);
                }
                parts[piece] = (value, counts);
            }
        );
        var (sum, all) = (0d, Empty(curves, quadrature.Count));
        foreach (var (value, counts) in parts)
        {
            if (counts is null)
                continue;
            sum += value;
            for (var item = 0; item < all.Length; item++)
            for (var score = 0; score < all[item].Length; score++)
                SpanMath.AddScaled(all[item][score], 1, counts[item][score]);
        }
        return new(curves, quadrature, sum, all);
    }

    public Estimate<Ability>[] Abilities(GradedCurve[] curves)
    {
        var result = new Estimate<Ability>[scores.Persons];
        Array.Fill(result, Estimate<Ability>.None(Undefined.TooFewItems));
        var quadrature = new Quadrature(GradedMaximizer.NodesFor(curves));
        var (tables, posterior) = (LogTables(quadrature, curves), new double[quadrature.Count]);
        foreach (var person in persons)
        {
            if (!double.IsFinite(Posterior(tables, quadrature, person, posterior)))
            {
                result[person] = Estimate<Ability>.None(Undefined.NotConverged);
                continue;
            }
            var (mean, variance) = (SpanMath.Dot(posterior, quadrature.Nodes), 0d);
            for (var node = 0; node < posterior.Length; node++)
                variance += posterior[node] * (quadrature.Nodes[node] - mean) * (quadrature.Nodes[node] - mean);
            result[person] = Estimate<Ability>.Of(new(mean, Math.Sqrt(variance)));
        }
        return result;
    }

    /// <summary>
    /// Posterior covariance of the complete-data scores summed over persons: the part that Louis's formula subtracts
    /// from the complete-data information. Lower triangle, row by row.
    /// </summary>
    /// <param name="gradients">∂ ln P/∂(a, c₁…c_m), item by score by node by parameter.</param>
    /// <param name="firsts">Place of each item's slope.</param>
    public double[] ScoreCovariance(EStep step, double[][][][] gradients, int[] firsts, int size)
    {
        var tables = LogTables(step.Quadrature, step.Curves);
        var parts = new double[8][];
        MarginalLikelihood.InPieces(
            persons.Length,
            (piece, from, to) =>
            {
                var sum = new double[size * size];
                var (posterior, mean, one) = (new double[step.Quadrature.Count], new double[size], new double[size]);
                for (var at = from; at < to; at++)
                {
                    Posterior(tables, step.Quadrature, persons[at], posterior);
                    Array.Clear(mean);
                    for (var node = 0; node < posterior.Length; node++)
                    {
                        if (posterior[node] < Negligible)
                            continue;
                        Array.Clear(one);
                        for (var item = 0; item < columns.Length; item++)
                            if (scores[persons[at], columns[item]] is >= 0 and var score)
                                gradients[item][score][node].CopyTo(one, firsts[item]);
                        SpanMath.AddScaled(mean, posterior[node], one);
                        AddSquare(sum, posterior[node], one, size);
                    }
                    AddSquare(sum, -1, mean, size);
                }
                parts[piece] = sum;
            }
        );
        var all = new double[size * size];
        foreach (var part in parts)
            if (part is not null)
                SpanMath.AddScaled(all, 1, part);
        return all;
    }

    private static void AddSquare(double[] sum, double weight, double[] vector, int size)
    {
        for (var row = 0; row < size; row++)
            if (vector[row] != 0)
                SpanMath.AddScaled(sum.AsSpan(row * size, row + 1), weight * vector[row], vector);
    }

    /// <summary>Fills in the posterior at the nodes; returns the logarithm of the person's likelihood.</summary>
    private double Posterior(double[][][] tables, Quadrature quadrature, int person, double[] posterior)
    {
        quadrature.LogWeights.CopyTo(posterior, 0);
        for (var item = 0; item < columns.Length; item++)
            if (scores[person, columns[item]] is >= 0 and var score)
                SpanMath.AddScaled(posterior, 1, tables[item][score]);
        var largest = SpanMath.Max(posterior);
        var sum = SpanMath.ExpSum(posterior, largest);
        SpanMath.Scale(posterior, 1 / sum);
        return largest + Math.Log(sum);
    }

    /// <summary>ln P, item by score by node.</summary>
    private static double[][][] LogTables(Quadrature quadrature, GradedCurve[] curves) =>
        Array.ConvertAll(
            curves,
            curve =>
                Enumerable
                    .Range(0, curve.Intercepts.Length + 1)
                    .Select(score => Array.ConvertAll(quadrature.Nodes, node => Math.Log(Math.Max(1e-300, curve.Probability(node, score)))))
                    .ToArray()
        );

    private static double[][][] Empty(GradedCurve[] curves, int nodes) =>
        Array.ConvertAll(curves, curve => Enumerable.Range(0, curve.Intercepts.Length + 1).Select(_ => new double[nodes]).ToArray());
}
