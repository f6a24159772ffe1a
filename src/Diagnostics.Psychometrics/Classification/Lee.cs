using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Classification;

/// <summary>Classification by raw scores under an item response model.</summary>
/// <remarks>
/// Lee (2010), J. Educ. Meas. 47, 1–17. A person's true level is the level of the expected raw score. Unlike cacIRT,
/// this class assumes no scaling constant D: the caller gives probabilities.
/// </remarks>
public static class Lee
{
    /// <param name="probabilities">For each ability, each item's probabilities of the scores 0…m.</param>
    /// <param name="weights">Share of people at each ability; 0 or more, any positive sum.</param>
    /// <param name="cuts">Lowest raw scores of the levels above the first, rising.</param>
    /// <exception cref="BadDataException">The data are ragged, a weight is negative, or an item's numbers are not
    /// probabilities; the row is the ability, the column is the item.</exception>
    public static Estimate<ClassificationQuality> Classify(
        IReadOnlyList<IReadOnlyList<double[]>> probabilities,
        IReadOnlyList<double> weights,
        IReadOnlyList<int> cuts
    )
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(cuts);
        double[] limits = [.. cuts.Select(cut => (double)cut)];
        Cuts.Check(limits);
        if (weights.Count != probabilities.Count)
            throw new BadDataException($"There are {probabilities.Count} abilities and {weights.Count} weights.", null, null);
        for (var row = 0; row < weights.Count; row++)
        {
            if (!(weights[row] >= 0) || !double.IsFinite(weights[row]))
                throw new BadDataException($"Weight {row} is negative or not finite.", row, null);
            for (var item = 0; item < probabilities[row].Count; item++)
                if (probabilities[row][item].Any(probability => !(probability >= 0)) || Math.Abs(probabilities[row][item].Sum() - 1) > 1e-6)
                    throw new BadDataException($"At ability {row} the probabilities of item {item} do not sum to 1.", row, item);
        }
        var total = weights.Sum();
        if (!(total > 0))
            return Estimate<ClassificationQuality>.None(Undefined.TooFewPersons);
        var sums = new ClassificationSums(cuts.Count + 1);
        var chances = new double[cuts.Count + 1];
        for (var row = 0; row < weights.Count; row++)
        {
            Array.Clear(chances);
            var distribution = LordWingersky.Distribution(probabilities[row]);
            var expected = 0.0;
            for (var score = 0; score < distribution.Length; score++)
            {
                chances[Cuts.Level(score, limits)] += distribution[score];
                expected += score * distribution[score];
            }
            sums.Add(weights[row] / total, Cuts.Level(expected, limits), chances);
        }
        return Estimate<ClassificationQuality>.Of(sums.Quality);
    }
}
