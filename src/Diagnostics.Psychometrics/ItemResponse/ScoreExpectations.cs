namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>P(item score | raw score) under a model, for every item of a test.</summary>
/// <remarks>
/// Orlando and Thissen (2000), equation 5: E_ik(s) = ∫ P_ik·S*ⁱ(s − k)·φ / ∫ S(s)·φ, where S*ⁱ is the distribution of
/// raw scores without the item. Dividing the item out of the distribution for the whole test would lose digits. So S*ⁱ
/// is built from the items before and after the item: a tree joins halves of the test, for all nodes at once.
/// </remarks>
internal static class ScoreExpectations
{
    /// <summary>
    /// For each item, the probabilities of its scores given the raw score, at index raw score × (maximum + 1) + item
    /// score. NaN where the raw score itself has probability 0.
    /// </summary>
    public static double[][] Of(ItemParameters[] curves, AbilityDistribution abilities)
    {
        var slopes = Array.ConvertAll(curves, curve => curve.Slope * abilities.Deviation);
        var intercepts = Array.ConvertAll(
            curves,
            curve => curve.Intercepts.Select((intercept, at) => intercept + (at + 1) * curve.Slope * abilities.Mean).ToArray()
        );
        var coarse = new ItemTables(new(32), slopes, intercepts);
        var quadrature = new Quadrature(Quadrature.Needed(coarse.MostInformation(), slopes.Max(Math.Abs)));
        var tables = new ItemTables(quadrature, slopes, intercepts);
        var rows = curves.Sum(curve => curve.MaximumScore) + 1;
        var joint = Array.ConvertAll(curves, curve => new double[rows * (curve.MaximumScore + 1)]);
        var start = Array.ConvertAll(quadrature.LogWeights, Math.Exp);
        new Descent(curves, tables, joint).Go(0, curves.Length, [start]);
        for (var item = 0; item < curves.Length; item++)
        {
            var width = curves[item].MaximumScore + 1;
            for (var row = 0; row < rows; row++)
            {
                var cells = joint[item].AsSpan(row * width, width);
                var sum = 0d;
                foreach (var cell in cells)
                    sum += cell;
                SpanMath.Scale(cells, 1 / sum);
            }
        }
        return joint;
    }

    private sealed class Descent(ItemParameters[] curves, ItemTables tables, double[][] joint)
    {
        /// <param name="outside">The distribution of the raw score on the items outside from..to, times the prior;
        /// indexed by raw score and node.</param>
        public void Go(int from, int to, double[][] outside)
        {
            if (to - from == 1)
            {
                Finish(from, outside);
                return;
            }
            var middle = (from + to) / 2;
            Go(from, middle, Join(outside, middle, to));
            Go(middle, to, Join(outside, from, middle));
        }

        private double[][] Join(double[][] outside, int from, int to)
        {
            for (var item = from; item < to; item++)
            {
                var steps = curves[item].MaximumScore;
                var next = new double[outside.Length + steps][];
                for (var raw = 0; raw < next.Length; raw++)
                {
                    next[raw] = new double[tables.Quadrature.Count];
                    for (var score = Math.Max(0, raw - outside.Length + 1); score <= Math.Min(steps, raw); score++)
                        SpanMath.AddProducts(next[raw], outside[raw - score], Probability(item, score));
                }
                outside = next;
            }
            return outside;
        }

        private void Finish(int item, double[][] outside)
        {
            var width = curves[item].MaximumScore + 1;
            for (var raw = 0; raw < outside.Length; raw++)
            for (var score = 0; score < width; score++)
                joint[item][(raw + score) * width + score] = SpanMath.Dot(outside[raw], Probability(item, score));
        }

        private readonly double[][] zeros = [.. Enumerable.Range(0, curves.Length).Select(item => Rest(tables.Probabilities[item]))];

        private double[] Probability(int item, int score) => score == 0 ? zeros[item] : tables.Probabilities[item][score - 1];

        private static double[] Rest(double[][] probabilities)
        {
            var rest = new double[probabilities[0].Length];
            Array.Fill(rest, 1);
            foreach (var category in probabilities)
                SpanMath.AddScaled(rest, -1, category);
            // Rounding can leave negative remainders, which are set to zero.
            for (var node = 0; node < rest.Length; node++)
                rest[node] = Math.Max(0, rest[node]);
            return rest;
        }
    }
}
