namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>The distribution of the raw score of one person, from the probabilities of the item scores.</summary>
/// <remarks>
/// Lord and Wingersky (1984), Appl. Psychol. Meas. 8, 453–461; for more than two categories, Thissen et al. (1995),
/// ibid. 19, 39–49.
/// </remarks>
public static class LordWingersky
{
    /// <param name="items">For each item, the probabilities of the scores 0…m, summing to 1.</param>
    /// <returns>Probabilities of the raw scores 0…Σm.</returns>
    public static double[] Distribution(IReadOnlyList<double[]> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var distribution = new double[items.Sum(item => item.Length - 1) + 1];
        distribution[0] = 1;
        var highest = 0;
        foreach (var item in items)
        {
            highest += item.Length - 1;
            // The loop runs from the top down, so that no number is overwritten while it is still needed.
            for (var score = highest; score >= 0; score--)
            {
                var sum = 0.0;
                for (var own = Math.Max(0, score - (highest - item.Length + 1)); own < item.Length && own <= score; own++)
                    sum += item[own] * distribution[score - own];
                distribution[score] = sum;
            }
        }
        return distribution;
    }
}
