using Diagnostics.Psychometrics.Association;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.StandardSetting;

/// <summary>
/// Whether a judge's ratings fit a single borderline person, given the known difficulties of the items.
/// </summary>
/// <param name="Ability">The ability, in logits, at which the expected score equals the judge's cut.</param>
/// <param name="MeanError">Mean distance of a rating from the expected score at that ability, in points.</param>
/// <param name="Consistency">1 − the errors divided by the largest errors possible at that ability; 1 = the ratings lie
/// on the model's curve, 0 = they are as wrong as possible.</param>
/// <param name="WithDifficulty">Correlation of the ratings with the expected scores at that ability, both as shares of
/// the items' maxima.</param>
/// <remarks>
/// van der Linden (1982), J. Educ. Meas. 19, 295–308, extended from probabilities to expected scores.
/// </remarks>
public sealed record IntrajudgeConsistency(double Ability, double MeanError, double Consistency, Estimate<double> WithDifficulty)
{
    /// <param name="ratings">One judge's rating of each item, from 0 to the item's maximum.</param>
    /// <param name="steps">Each item's step difficulties under the partial credit model, in logits; an item has as many
    /// steps as its maximum.</param>
    /// <returns>Undefined without items, and when the cut is 0 or the maximum, neither of which is the expected score
    /// of a finite ability.</returns>
    /// <exception cref="BadDataException">The lengths differ, or a rating is out of range; the column is the
    /// item.</exception>
    public static Estimate<IntrajudgeConsistency> Of(IReadOnlyList<double> ratings, IReadOnlyList<IReadOnlyList<double>> steps)
    {
        ArgumentNullException.ThrowIfNull(ratings);
        ArgumentNullException.ThrowIfNull(steps);
        if (ratings.Count != steps.Count)
            throw new BadDataException($"There are {ratings.Count} ratings and {steps.Count} items.", null, null);
        for (var item = 0; item < ratings.Count; item++)
            if (!(ratings[item] >= 0 && ratings[item] <= steps[item].Count))
                throw new BadDataException($"The rating of item {item} is outside 0…{steps[item].Count}.", null, item);
        if (ratings.Count == 0)
            return Estimate<IntrajudgeConsistency>.None(Undefined.TooFewItems);
        var (cut, maximum) = (ratings.Sum(), steps.Sum(item => item.Count));
        if (!(cut > 0 && cut < maximum))
            return Estimate<IntrajudgeConsistency>.None(Undefined.PerfectScore);
        var (low, high) = (-1.0, 1.0);
        while (steps.Sum(item => PartialCredit.ExpectedScore(low, item)) > cut)
            low *= 2;
        while (steps.Sum(item => PartialCredit.ExpectedScore(high, item)) < cut)
            high *= 2;
        for (var round = 0; round < 100; round++)
        {
            var middle = (low + high) / 2;
            if (steps.Sum(item => PartialCredit.ExpectedScore(middle, item)) < cut)
                low = middle;
            else
                high = middle;
        }
        double[] expected = [.. steps.Select(item => PartialCredit.ExpectedScore(low, item))];
        var (error, largest) = (0.0, 0.0);
        for (var item = 0; item < ratings.Count; item++)
        {
            error += Math.Abs(ratings[item] - expected[item]);
            largest += Math.Max(expected[item], steps[item].Count - expected[item]);
        }
        return Estimate<IntrajudgeConsistency>.Of(
            new IntrajudgeConsistency(
                low,
                error / ratings.Count,
                1 - error / largest,
                Correlation.Of(
                    [.. ratings.Select((rating, item) => rating / steps[item].Count)],
                    [.. expected.Select((score, item) => score / steps[item].Count)]
                )
            )
        );
    }
}
