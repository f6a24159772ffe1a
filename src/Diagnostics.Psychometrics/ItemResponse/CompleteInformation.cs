namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The information that the data would carry if abilities were known, given the E-step. It has one block for each item.
/// </summary>
internal static class CompleteInformation
{
    /// <summary>Adds the information to a matrix whose rows are <paramref name="stride"/> long.</summary>
    public static void Add(MarginalLayout layout, MarginalLikelihood.EStep step, double[] matrix, int stride)
    {
        for (var item = 0; item < layout.Items; item++)
        {
            var block = Block(layout, step, item);
            var places = Places(layout, item);
            var width = layout.Steps(item) + 1;
            for (var row = 0; row < width; row++)
            for (var column = 0; column < width; column++)
                if (places[row] >= 0 && places[column] >= 0)
                    matrix[places[row] * stride + places[column]] += block[row * width + column];
        }
    }

    /// <summary>Place of the slope first (−1 where it is fixed), then the places of the intercepts.</summary>
    public static int[] Places(MarginalLayout layout, int item) =>
        [layout.SlopeOf(item) ?? -1, .. Enumerable.Range(1, layout.Steps(item)).Select(score => layout.Intercept(item, score))];

    /// <summary>
    /// The sum, over the nodes, of the number of persons times the covariance of (k·z, [k = 1], …, [k = m]).
    /// </summary>
    public static double[] Block(MarginalLayout layout, MarginalLikelihood.EStep step, int item)
    {
        var (steps, nodes) = (layout.Steps(item), step.Tables.Quadrature.Nodes);
        var (probabilities, expected, persons) = (step.Tables.Probabilities[item], step.Tables.Expected[item], step.ItemNodes[item]);
        var width = steps + 1;
        var block = new double[width * width];
        for (var node = 0; node < nodes.Length; node++)
        {
            var (z, n, mean, square) = (nodes[node], persons[node], expected[node], 0d);
            for (var score = 1; score <= steps; score++)
            {
                var probability = probabilities[score - 1][node];
                square += (double)score * score * probability;
                block[score * width] += n * z * probability * (score - mean);
                for (var other = 1; other <= score; other++)
                    block[score * width + other] += n * probability * ((score == other ? 1 : 0) - probabilities[other - 1][node]);
            }
            block[0] += n * z * z * (square - mean * mean);
        }
        for (var row = 0; row < width; row++)
        for (var column = row + 1; column < width; column++)
            block[row * width + column] = block[column * width + row];
        return block;
    }
}
