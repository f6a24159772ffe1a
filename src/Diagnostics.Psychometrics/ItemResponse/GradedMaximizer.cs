namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>Climbs the likelihood of the graded response model: EM first, then Newton steps with the exact information.</summary>
internal static class GradedMaximizer
{
    private const int CoarseNodes = 32,
        MostEmSteps = 200,
        MostNewtonSteps = 30;

    /// <summary>The steepest slope allowed, as in <see cref="MarginalMaximizer"/>.</summary>
    private const double Steepest = 25;

    /// <param name="Covariance">Of all parameters, row by row: for each item its slope, then its intercepts.</param>
    /// <param name="Size">Number of parameters.</param>
    public sealed record Found(GradedCurve[] Curves, double[] Covariance, int Size, double LogLikelihood, double LargestGradient);

    public static Estimate<Found> Maximize(GradedLikelihood likelihood, GradedCurve[] start)
    {
        var quadrature = new Quadrature(CoarseNodes);
        var step = likelihood.Evaluate(quadrature, start);
        // A rough climb shows how fine the integration must be.
        if (Em(likelihood, ref step, 1) is { } early)
            return Estimate<Found>.None(early);
        if (NodesFor(step.Curves) is var needed && needed > quadrature.Count)
            step = likelihood.Evaluate(new(needed), step.Curves);
        if (Em(likelihood, ref step, 1e-3) is { } late)
            return Estimate<Found>.None(late);
        for (var iteration = 0; iteration < MostNewtonSteps; iteration++)
        {
            var (gradient, information) = Derivatives(likelihood, step);
            var factor = (double[])information.Clone();
            var size = gradient.Length;
            if (!PositiveDefinite.Factor(factor, size))
            {
                // Not yet near the maximum: climb on by EM.
                if (Em(likelihood, ref step, 1e-8) is { } reason)
                    return Estimate<Found>.None(reason);
                (gradient, factor) = Derivatives(likelihood, step);
                if (!PositiveDefinite.Factor(factor, size))
                    return Estimate<Found>.None(Undefined.Singular);
            }
            var direction = (double[])gradient.Clone();
            PositiveDefinite.Solve(factor, size, direction);
            var gain = SpanMath.Dot(direction, gradient);
            if (gain < 1e-12 * Math.Max(1, Math.Abs(step.LogLikelihood)))
                return Estimate<Found>.Of(
                    new(step.Curves, PositiveDefinite.Inverse(factor, size), size, step.LogLikelihood, gradient.Max(Math.Abs))
                );
            if (Search(likelihood, step, direction, gain) is not { } next)
                return gain < 1e-6
                    ? Estimate<Found>.Of(
                        new(step.Curves, PositiveDefinite.Inverse(factor, size), size, step.LogLikelihood, gradient.Max(Math.Abs))
                    )
                    : Estimate<Found>.None(Undefined.NotConverged);
            step = next;
            if (step.Curves.Any(curve => Math.Abs(curve.Slope) > Steepest))
                return Estimate<Found>.None(Undefined.NotConverged);
        }
        return Estimate<Found>.None(Undefined.NotConverged);
    }

    /// <summary>Number of nodes that follows from the information of the test, as in the other marginal models.</summary>
    public static int NodesFor(GradedCurve[] curves)
    {
        var quadrature = new Quadrature(64);
        var most = 0d;
        foreach (var node in quadrature.Nodes)
        {
            var information = 0d;
            foreach (var curve in curves)
                for (var score = 0; score <= curve.Intercepts.Length; score++)
                    if (curve.Probability(node, score) is > 1e-300 and var probability)
                    {
                        var slope = Gradient(curve, node, score)[0];
                        // ∂ ln P/∂θ = (a/θ)·∂ ln P/∂a, and θ is 0 at no node.
                        information += probability * Math.Pow(curve.Slope / node * slope, 2);
                    }
            most = Math.Max(most, information);
        }
        return Quadrature.Needed(most, curves.Max(curve => Math.Abs(curve.Slope)));
    }

    /// <summary>
    /// Takes EM steps until a step gains less than the given gain; returns the reason when they fail, otherwise null.
    /// </summary>
    private static Undefined? Em(GradedLikelihood likelihood, ref GradedLikelihood.EStep step, double gain)
    {
        for (var iteration = 0; iteration < MostEmSteps; iteration++)
        {
            var current = step;
            var curves = current.Curves.Select((curve, item) => Raise(curve, current.Quadrature, current.Counts[item])).ToArray();
            if (curves.Any(curve => !(Math.Abs(curve.Slope) <= Steepest)))
                return Undefined.NotConverged;
            step = likelihood.Evaluate(current.Quadrature, curves);
            if (!double.IsFinite(step.LogLikelihood))
                return Undefined.NotConverged;
            if (step.LogLikelihood - current.LogLikelihood < gain)
                return null;
        }
        return null;
    }

    /// <summary>
    /// Takes a few Fisher scoring steps that fit one item to its expected counts; no step lowers the item's likelihood.
    /// </summary>
    private static GradedCurve Raise(GradedCurve curve, Quadrature quadrature, double[][] counts)
    {
        var value = Value(curve, quadrature, counts);
        var size = curve.Intercepts.Length + 1;
        var (gradient, information, own) = (new double[size], new double[size * size], new double[size]);
        for (var iteration = 0; iteration < 3; iteration++)
        {
            Array.Clear(gradient);
            Array.Clear(information);
            for (var node = 0; node < quadrature.Count; node++)
            {
                var persons = 0d;
                foreach (var row in counts)
                    persons += row[node];
                if (persons < 1e-9)
                    continue;
                for (var score = 0; score < size; score++)
                {
                    Gradient(curve, quadrature.Nodes[node], score, own);
                    var expected = persons * curve.Probability(quadrature.Nodes[node], score);
                    for (var row = 0; row < size; row++)
                    {
                        gradient[row] += counts[score][node] * own[row];
                        for (var column = 0; column <= row; column++)
                            information[row * size + column] += expected * own[row] * own[column];
                    }
                }
            }
            if (!PositiveDefinite.Factor(information, size))
                return curve;
            PositiveDefinite.Solve(information, size, gradient);
            var (next, share) = (curve, 1d);
            for (var halvings = 0; halvings < 20 && ReferenceEquals(next, curve); halvings++, share /= 2)
            {
                var tried = Moved(curve, gradient, 0, share);
                if (tried.IsOrdered && Value(tried, quadrature, counts) >= value)
                    next = tried;
            }
            if (ReferenceEquals(next, curve))
                return curve;
            (curve, value) = (next, Value(next, quadrature, counts));
        }
        return curve;
    }

    private static double Value(GradedCurve curve, Quadrature quadrature, double[][] counts)
    {
        var sum = 0d;
        for (var score = 0; score < counts.Length; score++)
        for (var node = 0; node < quadrature.Count; node++)
            if (counts[score][node] > 0)
                sum += counts[score][node] * Math.Log(Math.Max(1e-300, curve.Probability(quadrature.Nodes[node], score)));
        return sum;
    }

    private static GradedCurve Moved(GradedCurve curve, double[] direction, int first, double share) =>
        new(
            curve.Slope + share * direction[first],
            [.. curve.Intercepts.Select((intercept, at) => intercept + share * direction[first + at + 1])]
        );

    private static GradedLikelihood.EStep? Search(GradedLikelihood likelihood, GradedLikelihood.EStep from, double[] direction, double gain)
    {
        var share = Math.Min(1, 2 / direction.Max(Math.Abs));
        var firsts = Firsts(from.Curves);
        for (var halvings = 0; halvings < 30; halvings++, share /= 2)
        {
            var length = share;
            GradedCurve[] curves = [.. from.Curves.Select((curve, item) => Moved(curve, direction, firsts[item], length))];
            if (!Array.TrueForAll(curves, curve => curve.IsOrdered))
                continue;
            var step = likelihood.Evaluate(from.Quadrature, curves);
            // The last term is the rounding error of a sum over persons: a loss smaller than this does not show that
            // the step is wrong.
            if (step.LogLikelihood >= from.LogLikelihood + 1e-4 * share * gain - 1e-13 * Math.Abs(from.LogLikelihood))
                return step;
        }
        return null;
    }

    private static int[] Firsts(GradedCurve[] curves)
    {
        var (firsts, at) = (new int[curves.Length], 0);
        for (var item = 0; item < curves.Length; at += curves[item++].Intercepts.Length + 1)
            firsts[item] = at;
        return firsts;
    }

    /// <summary>Gradient and observed information of all parameters.</summary>
    private static (double[] Gradient, double[] Information) Derivatives(GradedLikelihood likelihood, GradedLikelihood.EStep step)
    {
        var firsts = Firsts(step.Curves);
        var size = firsts[^1] + step.Curves[^1].Intercepts.Length + 1;
        var (gradient, gradients) = (new double[size], new double[step.Curves.Length][][][]);
        var information = new double[size * size];
        for (var item = 0; item < step.Curves.Length; item++)
        {
            var (curve, first) = (step.Curves[item], firsts[item]);
            gradients[item] =
            [
                .. Enumerable
                    .Range(0, curve.Intercepts.Length + 1)
                    .Select(score => Array.ConvertAll(step.Quadrature.Nodes, node => Gradient(curve, node, score))),
            ];
            for (var score = 0; score <= curve.Intercepts.Length; score++)
            for (var node = 0; node < step.Quadrature.Count; node++)
            {
                if (step.Counts[item][score][node] is not (> 1e-300 and var count))
                    continue;
                var own = gradients[item][score][node];
                for (var row = 0; row < own.Length; row++)
                    gradient[first + row] += count * own[row];
                AddCurvature(information, size, first, curve, step.Quadrature.Nodes[node], score, count, own);
            }
        }
        var taken = likelihood.ScoreCovariance(step, gradients, firsts, size);
        for (var row = 0; row < size; row++)
        for (var column = 0; column <= row; column++)
        {
            information[row * size + column] -= taken[row * size + column];
            information[column * size + row] = information[row * size + column];
        }
        return (gradient, information);
    }

    /// <summary>∂ ln P(X = score)/∂(a, c₁…c_m).</summary>
    private static double[] Gradient(GradedCurve curve, double node, int score)
    {
        var result = new double[curve.Intercepts.Length + 1];
        Gradient(curve, node, score, result);
        return result;
    }

    private static void Gradient(GradedCurve curve, double node, int score, double[] result)
    {
        Array.Clear(result);
        // With F logistic, P = F(u) − F(l) = (1 − e^(l−u))·F(u)·F(−l), F′(u) = F(u)·F(−u) and F′(l) = F(l)·F(−l).
        var (upper, lower) = (score > 0, score < curve.Intercepts.Length);
        var u = upper ? curve.Slope * node + curve.Intercepts[score - 1] : double.PositiveInfinity;
        var l = lower ? curve.Slope * node + curve.Intercepts[score] : double.NegativeInfinity;
        var share = upper && lower ? -MathNet.Numerics.SpecialFunctions.Expm1(l - u) : 1;
        if (upper)
            result[score] = GradedCurve.Logistic(-u) / share / GradedCurve.Logistic(-l);
        if (lower)
            result[score + 1] = -GradedCurve.Logistic(l) / share / GradedCurve.Logistic(u);
        result[0] = node * ((upper ? result[score] : 0) + (lower ? result[score + 1] : 0));
    }

    /// <summary>Adds −count·∂² ln P: with D = ∂ ln P, −∂² ln P = DD′ − (∂²P)/P.</summary>
    private static void AddCurvature(
        double[] information,
        int size,
        int first,
        GradedCurve curve,
        double node,
        int score,
        double count,
        double[] gradient
    )
    {
        void Add(int row, int column, double value)
        {
            if (column <= row)
                information[(first + row) * size + first + column] += count * value;
        }
        for (var row = 0; row < gradient.Length; row++)
            if (gradient[row] != 0)
                for (var column = 0; column <= row; column++)
                    Add(row, column, gradient[row] * gradient[column]);
        // F″ = F′(1 − 2F), and ∂ ln P/∂u = F′(u)/P.
        foreach (var at in new[] { score, score + 1 })
        {
            if (at == 0 || at > curve.Intercepts.Length)
                continue;
            var second = gradient[at] * (1 - 2 * GradedCurve.Logistic(curve.Slope * node + curve.Intercepts[at - 1]));
            Add(0, 0, -second * node * node);
            Add(at, 0, -second * node);
            Add(at, at, -second);
        }
    }
}
