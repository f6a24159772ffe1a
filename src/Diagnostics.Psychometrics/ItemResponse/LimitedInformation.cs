namespace Diagnostics.Psychometrics.ItemResponse;

/// <param name="Statistic">M2.</param>
/// <param name="Degrees">Degrees of freedom: the number of moments minus the number of free parameters.</param>
/// <param name="P">Probability of a value this large or larger if the model is true.</param>
/// <param name="Rmsea">Root mean square error of approximation, 0 or more; below .05 is a close fit for dichotomous
/// items (Maydeu-Olivares and Joe 2014).</param>
/// <param name="RmseaInterval">90 % interval, from the noncentral χ² distribution.</param>
/// <param name="Persons">Persons with an answer to every item.</param>
public sealed record LimitedInformationFit(double Statistic, int Degrees, double P, double Rmsea, Interval RmseaInterval, int Persons);

/// <summary>
/// M2: does the model reproduce the means of the items and the mean products of each pair of items? These moments are
/// compared because full response patterns are too sparse.
/// </summary>
/// <remarks>
/// Maydeu-Olivares, A. and Joe, H. (2005), JASA, 100, 1009–1020; (2006), Psychometrika, 71, 713–732, equation 14. For
/// items of several points the moments are those of the scores, as in M2* of Cai, L. and Hansen, M. (2013), British
/// Journal of Mathematical and Statistical Psychology, 66, 245–276. RMSEA has n − 1 in its denominator, as in mirt. The
/// work grows with the sixth power of the number of items: 40 items take a second. Nothing calls this class yet; the
/// form report will, to give one statistic for each variant.
/// </remarks>
public static class LimitedInformation
{
    private const double Confidence = 0.9;

    /// <param name="fit">A calibration. The statistic is valid for any consistent calibration, even one that used more
    /// persons or items than are tested here.</param>
    /// <param name="model">The model of the calibration.</param>
    /// <param name="columns">Columns to test, such as those of one variant; null = all that were calibrated.</param>
    /// <returns>Undefined: <see cref="Undefined.TooFewItems"/> when the items have no more moments than parameters,
    /// <see cref="Undefined.TooFewPersons"/> with fewer than two persons who answered all the items,
    /// <see cref="Undefined.Singular"/> when a moment or a parameter is determined by others. </returns>
    /// <exception cref="BadDataException">A score is above the curve's maximum, or a parameter is not
    /// finite.</exception>
    public static Estimate<LimitedInformationFit> Of(
        ScoreMatrix scores,
        MarginalFit fit,
        MarginalModel model,
        IReadOnlyList<int>? columns = null
    )
    {
        ArgumentNullException.ThrowIfNull(fit);
        var chosen = (columns ?? [.. Enumerable.Range(0, scores.Items)]).Where(column => fit.Items[column].IsDefined).Distinct().ToArray();
        var responses = new Responses(scores, [.. fit.Curves.Select((curve, column) => chosen.Contains(column) ? curve : null)]);
        var items = responses.Curves.Length;
        var moments = items * (items + 1) / 2;
        var (free, places) = Places(model, responses.Curves);
        if (moments <= free)
            return Estimate<LimitedInformationFit>.None(Undefined.TooFewItems);
        var persons = responses.Booklets.Find(booklet => booklet.Items.Length == items)?.Persons ?? [];
        if (persons.Length < 2)
            return Estimate<LimitedInformationFit>.None(Undefined.TooFewPersons);
        var nodes = new ItemNodes(responses.Curves, fit.Abilities.Deviation);
        var covariance = nodes.Covariance();
        if (!PositiveDefinite.Factor(covariance, moments))
            return Estimate<LimitedInformationFit>.None(Undefined.Singular);
        var residual = Observed(responses, persons);
        SpanMath.AddScaled(residual, -1, nodes.Expected());
        var derivatives = nodes.Derivatives(free, places);
        // r′(Ξ⁻¹ − Ξ⁻¹Δ(Δ′Ξ⁻¹Δ)⁻¹Δ′Ξ⁻¹)r
        var solved = (double[])residual.Clone();
        PositiveDefinite.Solve(covariance, moments, solved);
        var statistic = SpanMath.Dot(residual, solved);
        var (normal, explained) = (new double[free * free], new double[free]);
        for (var row = 0; row < free; row++)
        {
            var column = (double[])derivatives[row].Clone();
            PositiveDefinite.Solve(covariance, moments, column);
            explained[row] = SpanMath.Dot(column, residual);
            for (var other = 0; other < free; other++)
                normal[row * free + other] = SpanMath.Dot(column, derivatives[other]);
        }
        if (!PositiveDefinite.Factor(normal, free))
            return Estimate<LimitedInformationFit>.None(Undefined.Singular);
        var taken = (double[])explained.Clone();
        PositiveDefinite.Solve(normal, free, taken);
        statistic = persons.Length * Math.Max(0, statistic - SpanMath.Dot(explained, taken));
        if (!double.IsFinite(statistic))
            return Estimate<LimitedInformationFit>.None(Undefined.Singular);
        return Estimate<LimitedInformationFit>.Of(Report(statistic, moments - free, persons.Length));
    }

    private static LimitedInformationFit Report(double statistic, int degrees, int persons)
    {
        double Rmsea(double excess) => Math.Sqrt(Math.Max(0, excess) / ((double)degrees * (persons - 1)));
        return new(
            statistic,
            degrees,
            Tails.ChiSquare(statistic, degrees),
            Rmsea(statistic - degrees),
            new(
                Rmsea(Tails.Noncentrality(statistic, degrees, (1 + Confidence) / 2)),
                Rmsea(Tails.Noncentrality(statistic, degrees, (1 - Confidence) / 2))
            ),
            persons
        );
    }

    /// <summary>
    /// The free parameters on which each item's slope (score 0) and intercepts (scores 1…m) depend, with their weights.
    /// </summary>
    private static (int Free, (int At, double Weight)[][][] Places) Places(MarginalModel model, ItemParameters[] curves)
    {
        var free = model is MarginalModel.PartialCredit or MarginalModel.RatingScale ? 1 : 0;
        var thresholds = new Dictionary<int, int>();
        var places = new (int, double)[curves.Length][][];
        for (var item = 0; item < curves.Length; item++)
        {
            var steps = curves[item].MaximumScore;
            places[item] = new (int, double)[steps + 1][];
            places[item][0] = model switch
            {
                MarginalModel.GeneralizedPartialCredit => [(free++, 1)],
                MarginalModel.PartialCreditStandardNormal => [],
                _ => [(0, 1)],
            };
            if (model != MarginalModel.RatingScale)
            {
                for (var score = 1; score <= steps; score++)
                    places[item][score] = [(free++, 1)];
                continue;
            }
            var location = free++;
            if (!thresholds.TryGetValue(steps, out var first))
                (thresholds[steps], first, free) = (free, free, free + steps - 1);
            for (var score = 1; score <= steps; score++)
                places[item][score] = score < steps ? [(location, score), (first + score - 1, 1)] : [(location, score)];
        }
        return (free, places);
    }

    /// <summary>Means of the items' scores, then means of the products of the scores of each pair of items.</summary>
    private static double[] Observed(Responses responses, int[] persons)
    {
        var items = responses.Curves.Length;
        var means = new double[items * (items + 1) / 2];
        var own = new double[items];
        foreach (var person in persons)
        {
            for (var item = 0; item < items; item++)
                means[item] += own[item] = responses.Score(person, item);
            var at = items;
            for (var item = 0; item < items; at += items - ++item)
                if (own[item] != 0)
                    SpanMath.AddScaled(means.AsSpan(at, items - item - 1), own[item], own.AsSpan(item + 1));
        }
        SpanMath.Scale(means, 1d / persons.Length);
        return means;
    }

    /// <summary>The moments of the items' scores, given the ability at each quadrature node.</summary>
    private sealed class ItemNodes
    {
        private readonly int items;
        private readonly ItemTables tables;
        private readonly double[] weights;

        /// <summary>Expected score and variance, node by item.</summary>
        private readonly double[][] means;
        private readonly double[][] variances;

        public ItemNodes(ItemParameters[] curves, double deviation)
        {
            items = curves.Length;
            double[] slopes = [.. curves.Select(curve => curve.Slope * deviation)];
            double[][] intercepts = [.. curves.Select(curve => curve.Intercepts.ToArray())];
            var coarse = new ItemTables(new(32), slopes, intercepts);
            tables = new(new(Quadrature.Needed(coarse.MostInformation(), slopes.Max(Math.Abs))), slopes, intercepts);
            weights = Array.ConvertAll(tables.Quadrature.LogWeights, Math.Exp);
            means = [.. weights.Select((_, node) => Enumerable.Range(0, items).Select(item => tables.Expected[item][node]).ToArray())];
            variances =
            [
                .. weights.Select((_, node) => Enumerable.Range(0, items).Select(item => Square(item, node) - Power(item, node)).ToArray()),
            ];
        }

        private double Power(int item, int node) => tables.Expected[item][node] * tables.Expected[item][node];

        private double Square(int item, int node)
        {
            var sum = 0d;
            for (var score = 1; score <= tables.Probabilities[item].Length; score++)
                sum += (double)score * score * tables.Probabilities[item][score - 1][node];
            return sum;
        }

        /// <summary>The expectations of all moments, given the ability at a node.</summary>
        private double[] At(int node)
        {
            var (own, moments) = (means[node], new double[items * (items + 1) / 2]);
            own.CopyTo(moments, 0);
            var at = items;
            for (var item = 0; item < items; at += items - ++item)
                SpanMath.AddScaled(moments.AsSpan(at, items - item - 1), own[item], own.AsSpan(item + 1));
            return moments;
        }

        public double[] Expected()
        {
            var sum = new double[items * (items + 1) / 2];
            for (var node = 0; node < weights.Length; node++)
                SpanMath.AddScaled(sum, weights[node], At(node));
            return sum;
        }

        /// <summary>
        /// Covariance of the moments of one person. It is the covariance of their conditional expectations; where two
        /// moments have an item in common, the expectation of their conditional covariance is added. Lower triangle,
        /// row by row.
        /// </summary>
        public double[] Covariance()
        {
            var (size, expected) = (items * (items + 1) / 2, Expected());
            var covariance = new double[size * size];
            for (var node = 0; node < weights.Length; node++)
            {
                if (weights[node] < 1e-18)
                    continue;
                var apart = At(node);
                SpanMath.AddScaled(apart, -1, expected);
                for (var row = 0; row < size; row++)
                    SpanMath.AddScaled(covariance.AsSpan(row * size, row + 1), weights[node] * apart[row], apart);
            }
            void Add(int left, int right, double value) => covariance[Math.Max(left, right) * size + Math.Min(left, right)] += value;
            for (var item = 0; item < items; item++)
            {
                Add(item, item, Mean(node => variances[node][item]));
                for (var other = 0; other < items; other++)
                {
                    if (other == item)
                        continue;
                    Add(item, Pair(item, other), Mean(node => variances[node][item] * means[node][other]));
                    // Each pair of the moments item·other and item·third is added once.
                    for (var third = other + 1; third < items; third++)
                        if (third != item)
                            Add(
                                Pair(item, other),
                                Pair(item, third),
                                Mean(node => variances[node][item] * means[node][other] * means[node][third])
                            );
                    if (other > item)
                        Add(
                            Pair(item, other),
                            Pair(item, other),
                            Mean(node =>
                            {
                                var (left, right) = (means[node][item], means[node][other]);
                                return (variances[node][item] + left * left) * (variances[node][other] + right * right)
                                    - left * left * right * right;
                            })
                        );
                }
            }
            return covariance;
        }

        private double Mean(Func<int, double> value)
        {
            var sum = 0d;
            for (var node = 0; node < weights.Length; node++)
                sum += weights[node] * value(node);
            return sum;
        }

        private int Pair(int one, int other)
        {
            var (first, second) = (Math.Min(one, other), Math.Max(one, other));
            return items + first * (2 * items - first - 1) / 2 + second - first - 1;
        }

        /// <summary>Derivatives of the moments with respect to each parameter in turn.</summary>
        public double[][] Derivatives(int free, (int At, double Weight)[][][] places)
        {
            var size = items * (items + 1) / 2;
            var result = Enumerable.Range(0, free).Select(_ => new double[size]).ToArray();
            for (var item = 0; item < items; item++)
            for (var score = 0; score < places[item].Length; score++)
            {
                if (places[item][score].Length == 0)
                    continue;
                var own = new double[size];
                for (var node = 0; node < weights.Length; node++)
                {
                    var slope =
                        weights[node]
                        * (
                            score == 0
                                ? tables.Quadrature.Nodes[node] * variances[node][item]
                                : tables.Probabilities[item][score - 1][node] * (score - means[node][item])
                        );
                    own[item] += slope;
                    for (var other = 0; other < items; other++)
                        if (other != item)
                            own[Pair(item, other)] += slope * means[node][other];
                }
                foreach (var (at, weight) in places[item][score])
                    SpanMath.AddScaled(result[at], weight, own);
            }
            return result;
        }
    }
}
