namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Climbs the marginal likelihood where its parameters are linear functions of fewer free ones, by Newton steps with
/// the exact observed information or, where that is not positive definite, by EM steps.
/// </summary>
internal sealed class ConstrainedMaximizer(MarginalMaximizer maximizer, ObservedInformation observed, MarginalLayout layout, LinearMap map)
{
    /// <summary>The steepest slope allowed, as in <see cref="MarginalMaximizer"/>.</summary>
    private const double Steepest = 25;

    private const int CoarseNodes = 32;

    /// <param name="Free">Free parameters at the maximum.</param>
    /// <param name="Covariance">Of the free parameters, row by row; null when the caller did not ask for
    /// errors.</param>
    public sealed record Found(MarginalMaximizer.Point Point, double[] Free, double[]? Covariance);

    /// <returns>Undefined: <see cref="Undefined.NotConverged"/>, <see cref="Undefined.Singular"/>.</returns>
    public Estimate<Found> Maximize(double[] start, MarginalOptions options)
    {
        var quadrature = new Quadrature(options.Nodes ?? CoarseNodes);
        for (var free = start; ; )
        {
            if (Climb(quadrature, free, options.MostIterations) is not { } reached)
                return Estimate<Found>.None(Undefined.NotConverged);
            var tables = reached.Point.EStep.Tables;
            var needed = options.Nodes ?? Quadrature.Needed(tables.MostInformation(), tables.Slopes.Max(Math.Abs));
            if (needed > quadrature.Count)
            {
                (quadrature, free) = (new(needed), reached.Free);
                continue;
            }
            if (!options.StandardErrors)
                return Estimate<Found>.Of(reached);
            var information = map.Information(observed.At(reached.Point.EStep));
            return PositiveDefinite.Factor(information, map.Free)
                ? Estimate<Found>.Of(reached with { Covariance = PositiveDefinite.Inverse(information, map.Free) })
                : Estimate<Found>.None(Undefined.Singular);
        }
    }

    private Found? Climb(Quadrature quadrature, double[] start, int mostEvaluations)
    {
        var (free, point) = (start, maximizer.At(quadrature, map.Parameters(start)));
        while (maximizer.Evaluations < mostEvaluations)
        {
            if (!double.IsFinite(point.Value) || point.EStep.Tables.Slopes.Any(slope => Math.Abs(slope) > Steepest))
                return null;
            var gradient = map.Gradient(point.Gradient);
            if (Direction(point, gradient) is not { } direction)
                return null;
            var gain = SpanMath.Dot(direction, gradient);
            // No parameter moves by more than 2 in one step.
            var share = Math.Min(1, 2 / Math.Max(1e-300, direction.Max(Math.Abs)));
            MarginalMaximizer.Point? next = null;
            var to = free;
            // The rounding error of a sum over persons: a loss smaller than this does not show that the step is wrong.
            var noise = 1e-13 * Math.Abs(point.Value);
            for (var halvings = 0; halvings < 30 && next is null; halvings++, share /= 2)
            {
                to = (double[])free.Clone();
                SpanMath.AddScaled(to, share, direction);
                var tried = maximizer.At(quadrature, map.Parameters(to));
                if (tried.Value >= point.Value + 1e-4 * share * gain - noise)
                    next = tried;
            }
            if (next is null)
                return gain < 1e-6 ? new(point, free, null) : null;
            (free, point) = (to, next);
            if (gain < 1e-13 * Math.Max(1, Math.Abs(point.Value)))
                return new(point, free, null);
        }
        return null;
    }

    private double[]? Direction(MarginalMaximizer.Point point, double[] gradient)
    {
        var information = map.Information(observed.At(point.EStep));
        if (!PositiveDefinite.Factor(information, map.Free))
        {
            var complete = new double[layout.Size * layout.Size];
            CompleteInformation.Add(layout, point.EStep, complete, layout.Size);
            information = map.Information(complete);
            if (!PositiveDefinite.Factor(information, map.Free))
                return null;
        }
        var direction = (double[])gradient.Clone();
        PositiveDefinite.Solve(information, map.Free, direction);
        return direction;
    }
}
