namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>Computes an ability from the slope-weighted score on a given set of items.</summary>
internal abstract class AbilitySolver
{
    public static AbilitySolver For(AbilityMethod method, ItemParameters[] curves, AbilityDistribution prior) =>
        method switch
        {
            AbilityMethod.ExpectedAPosteriori => new PosteriorMean(curves, prior),
            AbilityMethod.MaximumAPosteriori => new Root(curves, false, prior),
            AbilityMethod.WeightedLikelihood => new Root(curves, true, null),
            AbilityMethod.MaximumLikelihood => new Root(curves, false, null),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No such method."),
        };

    /// <summary>Returns a function with its own scratch memory, for use by one thread.</summary>
    public abstract Func<double, Estimate<Ability>> Start();

    private sealed class PosteriorMean : AbilitySolver
    {
        private readonly Quadrature quadrature;
        private readonly double[] logBase;
        private readonly AbilityDistribution prior;

        public PosteriorMean(ItemParameters[] curves, AbilityDistribution prior)
        {
            this.prior = prior;
            // Curves in terms of z, where θ = mean + deviation·z: the slope is a·deviation, and the intercepts are d_k
            // + k·a·mean.
            var slopes = Array.ConvertAll(curves, curve => curve.Slope * prior.Deviation);
            var intercepts = Array.ConvertAll(
                curves,
                curve => curve.Intercepts.Select((intercept, at) => intercept + (at + 1) * curve.Slope * prior.Mean).ToArray()
            );
            var tables = new ItemTables(new(32), slopes, intercepts);
            tables = new(new(Quadrature.Needed(tables.MostInformation(), slopes.Max(Math.Abs))), slopes, intercepts);
            (quadrature, logBase) = (tables.Quadrature, tables.LogBase([.. Enumerable.Range(0, curves.Length)]));
        }

        public override Func<double, Estimate<Ability>> Start()
        {
            var weights = new double[quadrature.Count];
            return weighted =>
            {
                var nodes = quadrature.Nodes;
                var (_, sum, first) = Quadrature.Posterior(
                    ItemTables.Vectors(logBase),
                    ItemTables.Vectors(nodes),
                    weighted * prior.Deviation,
                    ItemTables.Vectors(weights)
                );
                var (mean, square) = (first / sum, 0d);
                for (var node = 0; node < nodes.Length; node++)
                    square += weights[node] * (nodes[node] - mean) * (nodes[node] - mean);
                return Estimate<Ability>.Of(new(prior.Mean + prior.Deviation * mean, prior.Deviation * Math.Sqrt(square / sum)));
            };
        }
    }

    /// <summary>
    /// Finds the root of A − Σ a·E(x | θ) by Newton's method kept inside a bracket. WLE adds I′/2I (Warm 1989, equation
    /// 9; here I′ = Σ a³·third moment); MAP subtracts (θ − mean)/variance.
    /// </summary>
    private sealed class Root(ItemParameters[] curves, bool weightedLikelihood, AbilityDistribution? prior) : AbilitySolver
    {
        private const double Farthest = 60;

        private readonly double lowest = curves.Sum(curve => Math.Min(0, curve.Slope * curve.MaximumScore));
        private readonly double highest = curves.Sum(curve => Math.Max(0, curve.Slope * curve.MaximumScore));

        public override Func<double, Estimate<Ability>> Start()
        {
            var scratch = new double[curves.Max(curve => curve.MaximumScore) + 1];
            var near = prior?.Mean ?? 0;
            return weighted =>
            {
                var slack = 1e-9 * (highest - lowest);
                if (prior is null && !weightedLikelihood && (weighted <= lowest + slack || weighted >= highest - slack))
                    return Estimate<Ability>.None(Undefined.PerfectScore);
                var found = Solve(weighted, near, scratch);
                if (found.IsDefined)
                    near = found.Value.Value;
                return found;
            };
        }

        private Estimate<Ability> Solve(double weighted, double start, double[] scratch)
        {
            var (low, high, ability) = (-Farthest, Farthest, Math.Clamp(start, -20, 20));
            for (var iteration = 0; iteration < 200; iteration++)
            {
                var (score, information) = At(ability, weighted, scratch);
                if (score > 0)
                    low = ability;
                else
                    high = ability;
                var step = score / information;
                var next = ability + Math.Clamp(step, -2, 2);
                if (!(next > low && next < high))
                    next = (low + high) / 2;
                if (Math.Abs(next - ability) < 1e-10 || high - low < 1e-10)
                {
                    if (weightedLikelihood)
                        information = WeightedCurvature(next, scratch);
                    return Math.Abs(next) > Farthest - 1 || !(information > 0)
                        ? Estimate<Ability>.None(Undefined.NotConverged)
                        : Estimate<Ability>.Of(new(next, 1 / Math.Sqrt(information)));
                }
                ability = next;
            }
            return Estimate<Ability>.None(Undefined.NotConverged);
        }

        private (double Score, double Information) At(double ability, double weighted, double[] scratch)
        {
            var (expected, information, slope) = (0d, 0d, 0d);
            foreach (var curve in curves)
            {
                var (mean, variance, third) = curve.Moments(ability, scratch);
                var a = curve.Slope;
                expected += a * mean;
                information += a * a * variance;
                slope += a * a * a * third;
            }
            var score = weighted - expected;
            if (weightedLikelihood)
                score += slope / information / 2;
            if (prior is null)
                return (score, information);
            var precision = 1 / prior.Deviation / prior.Deviation;
            return (score - (ability - prior.Mean) * precision, information + precision);
        }

        /// <summary>I − (½ ln I)″, with I′ = Σ a³κ₃ and I″ = Σ a⁴κ₄ from the cumulants of the scores.</summary>
        private double WeightedCurvature(double ability, double[] scratch)
        {
            var (information, first, second) = (0d, 0d, 0d);
            foreach (var curve in curves)
            {
                var (mean, variance, third) = curve.Moments(ability, scratch);
                var fourth = 0d;
                for (var score = 0; score <= curve.MaximumScore; score++)
                    fourth += Math.Pow(score - mean, 4) * scratch[score];
                var square = curve.Slope * curve.Slope;
                information += square * variance;
                first += square * curve.Slope * third;
                second += square * square * (fourth - 3 * variance * variance);
            }
            return information - (second / information - first / information * (first / information)) / 2;
        }
    }
}
