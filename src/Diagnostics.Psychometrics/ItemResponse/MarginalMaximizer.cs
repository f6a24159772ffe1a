namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Maximizes the marginal likelihood by climbing it. Each step is an EM step (the inverse complete-data information
/// times the gradient), corrected by what earlier steps showed about the missing information.
/// </summary>
/// <remarks>
/// Lange, K. (1995), A quasi-Newton acceleration of the EM algorithm, Statistica Sinica, 5, 1–18. The curvature has the
/// limited-memory form of Nocedal and Wright (2006), Numerical Optimization, algorithm 7.4, with the inverse
/// complete-data information as its initial matrix.
/// </remarks>
internal sealed class MarginalMaximizer
{
    private const int Memory = 20;

    /// <summary>
    /// The steepest slope allowed for an item on abilities N(0, 1). With this slope, the share of right answers rises
    /// from one in twenty to nineteen in twenty within a quarter of a standard deviation. A slope that becomes steeper
    /// than this is growing without limit.
    /// </summary>
    private const double Steepest = 25;

    private readonly MarginalLikelihood likelihood;
    private readonly MarginalLayout layout;
    private readonly SlopePrior? prior;
    private readonly CancellationToken cancel;

    public MarginalMaximizer(MarginalLikelihood likelihood, MarginalLayout layout, SlopePrior? prior, CancellationToken cancel) =>
        (this.likelihood, this.layout, this.prior, this.cancel) = (likelihood, layout, prior, cancel);

    public int Evaluations { get; private set; }

    /// <param name="Value">Log-likelihood plus log-prior.</param>
    /// <param name="Gradient">Gradient of the value.</param>
    public sealed record Point(MarginalLikelihood.EStep EStep, double Value, double[] Gradient)
    {
        public double[] Parameters => EStep.Parameters;
    }

    public Point At(Quadrature quadrature, double[] parameters)
    {
        cancel.ThrowIfCancellationRequested();
        Evaluations++;
        var step = likelihood.Evaluate(quadrature, parameters);
        if (prior is null)
            return new(step, step.LogLikelihood, step.Gradient);
        var (value, gradient) = (step.LogLikelihood, (double[])step.Gradient.Clone());
        for (var at = 0; at < layout.Slopes; at++)
        {
            // The prior says that ln a is normal, so the log density of a is −ln a − (ln a − mean)²/2s²; it is not
            // defined for a ≤ 0.
            var apart = (Math.Log(parameters[at]) - prior.LogMean) / prior.LogDeviation;
            value -= Math.Log(parameters[at]) + apart * apart / 2 + Math.Log(prior.LogDeviation * Math.Sqrt(2 * Math.PI));
            gradient[at] -= (1 + apart / prior.LogDeviation) / parameters[at];
        }
        return new(step, value, gradient);
    }

    /// <summary>
    /// Climbs until an EM step promises a gain below <paramref name="gain"/> in log-likelihood; null when the climb
    /// does not converge.
    /// </summary>
    public Point? Climb(Point start, double gain, int mostEvaluations)
    {
        var (point, moves, changes) = (start, new List<double[]>(), new List<double[]>());
        while (Evaluations < mostEvaluations)
        {
            if (!double.IsFinite(point.Value) || point.EStep.Tables.Slopes.Any(slope => Math.Abs(slope) > Steepest))
                return null;
            if (Preconditioner(point.EStep) is not { } blocks)
                return null;
            var emStep = Apply(blocks, point.Gradient);
            if (SpanMath.Dot(emStep, point.Gradient) < 2 * gain)
                return point;
            var direction = Direction(blocks, point.Gradient, moves, changes);
            var slope = SpanMath.Dot(direction, point.Gradient);
            if (!(slope > 0))
                (direction, slope) = (emStep, SpanMath.Dot(emStep, point.Gradient));
            if (Search(point, direction, slope) is not { } next)
            {
                // No step raises the value. If earlier steps are remembered, forget them and try once more. If no steps
                // are remembered, rounding error allows no better value.
                if (moves.Count == 0)
                    return SpanMath.Dot(emStep, point.Gradient) < 1e-6 ? point : null;
                moves.Clear();
                changes.Clear();
                continue;
            }
            Remember(moves, changes, point, next);
            point = next;
        }
        return null;
    }

    private Point? Search(Point from, double[] direction, double slope)
    {
        // No parameter moves by more than 2 in one step.
        var share = Math.Min(1, 2 / direction.Max(Math.Abs));
        for (var halvings = 0; halvings < 30; halvings++, share /= 2)
        {
            var to = (double[])from.Parameters.Clone();
            SpanMath.AddScaled(to, share, direction);
            var point = At(from.EStep.Tables.Quadrature, to);
            // Gains below the rounding error of a sum over persons cannot be seen.
            var noise = 1e-13 * Math.Abs(from.Value);
            if (point.Value >= from.Value + 1e-4 * share * slope - noise)
                return point;
        }
        return null;
    }

    private static void Remember(List<double[]> moves, List<double[]> changes, Point from, Point to)
    {
        var (move, change) = ((double[])to.Parameters.Clone(), (double[])from.Gradient.Clone());
        SpanMath.AddScaled(move, -1, from.Parameters);
        SpanMath.AddScaled(change, -1, to.Gradient);
        if (!(SpanMath.Dot(move, change) > 1e-12 * Math.Sqrt(SpanMath.Dot(move, move) * SpanMath.Dot(change, change))))
            return;
        if (moves.Count == Memory)
        {
            moves.RemoveAt(0);
            changes.RemoveAt(0);
        }
        moves.Add(move);
        changes.Add(change);
    }

    private double[] Direction(double[][] blocks, double[] gradient, List<double[]> moves, List<double[]> changes)
    {
        var direction = (double[])gradient.Clone();
        var shares = new double[moves.Count];
        for (var at = moves.Count - 1; at >= 0; at--)
        {
            shares[at] = SpanMath.Dot(moves[at], direction) / SpanMath.Dot(moves[at], changes[at]);
            SpanMath.AddScaled(direction, -shares[at], changes[at]);
        }
        direction = Apply(blocks, direction);
        for (var at = 0; at < moves.Count; at++)
            SpanMath.AddScaled(
                direction,
                shares[at] - SpanMath.Dot(changes[at], direction) / SpanMath.Dot(moves[at], changes[at]),
                moves[at]
            );
        return direction;
    }

    /// <summary>
    /// Returns the Cholesky factors, one for each item, and at the end one more for the common slope, if there is one.
    /// Null when a block is not positive definite.
    /// </summary>
    private double[][]? Preconditioner(MarginalLikelihood.EStep step)
    {
        var blocks = new double[layout.Items + 1][];
        var common = 0d;
        for (var item = 0; item < layout.Items; item++)
        {
            var (block, width) = (CompleteInformation.Block(layout, step, item), layout.Steps(item) + 1);
            if (layout.HasCommonSlope)
            {
                common += block[0];
                block[0] = 1;
                for (var at = 1; at < width; at++)
                    block[at] = block[at * width] = 0;
            }
            else if (prior is not null)
                block[0] += 1 / Math.Pow(step.Parameters[item] * prior.LogDeviation, 2);
            if (!PositiveDefinite.Factor(block, width))
                return null;
            blocks[item] = block;
        }
        blocks[^1] = [common];
        return blocks;
    }

    private double[] Apply(double[][] blocks, double[] vector)
    {
        var result = new double[vector.Length];
        for (var item = 0; item < layout.Items; item++)
        {
            var places = CompleteInformation.Places(layout, item);
            var part = Array.ConvertAll(places, place => place < 0 ? 0 : vector[place]);
            if (layout.HasCommonSlope)
                part[0] = 0;
            PositiveDefinite.Solve(blocks[item], part.Length, part);
            for (var at = layout.HasCommonSlope ? 1 : 0; at < part.Length; at++)
                result[places[at]] = part[at];
        }
        if (layout.HasCommonSlope && layout.Slopes == 1)
            result[0] = vector[0] / blocks[^1][0];
        return result;
    }

    /// <summary>
    /// Adds the information of the prior. Far from the prior's mode this information may be negative.
    /// </summary>
    public void AddPrior(double[] parameters, double[] information)
    {
        if (prior is null)
            return;
        for (var at = 0; at < layout.Slopes; at++)
        {
            var apart = (Math.Log(parameters[at]) - prior.LogMean) / prior.LogDeviation;
            information[at * layout.Size + at] +=
                (1 / prior.LogDeviation / prior.LogDeviation - 1 - apart / prior.LogDeviation) / parameters[at] / parameters[at];
        }
    }
}
