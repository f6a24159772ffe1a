using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Equating;

/// <summary>Equivalents computed from item parameters on a common scale.</summary>
/// <remarks>
/// Kolen &amp; Brennan (2014), §§ 6.5–6.7. The parameters of both forms must be on the same scale, through random
/// groups or <see cref="IrtLinking"/>.
/// </remarks>
public static class IrtEquating
{
    /// <summary>
    /// For each score of X, finds the ability with that expected total, and returns the expected total of Y at that
    /// ability.
    /// </summary>
    /// <remarks>
    /// No ability has an expected total at or below the sum of the guessing parameters. In that range, the equivalents
    /// follow a straight line from 0 to the sums of guessing (Kolen 1981, Journal of Educational Measurement, 18,
    /// 1–11). The maximum of X maps to the maximum of Y.
    /// </remarks>
    /// <returns>The equivalent of each score 0…maximum of X.</returns>
    public static double[] TrueScore(IReadOnlyList<ItemCurve> x, IReadOnlyList<ItemCurve> y)
    {
        Check(x, y);
        var (maximumX, maximumY) = (x.Sum(item => item.Maximum), y.Sum(item => item.Maximum));
        var (floorX, floorY) = (x.Sum(item => item.Guessing), y.Sum(item => item.Guessing));
        var equivalents = new double[maximumX + 1];
        for (var score = 0; score < maximumX; score++)
            equivalents[score] =
                score <= floorX ? (score == 0 ? 0 : score * floorY / floorX) : y.Sum(item => item.Expected(Ability(x, score)));
        equivalents[maximumX] = maximumY;
        return equivalents;
    }

    /// <summary>Equipercentile equating of the totals that the item parameters predict for a population.</summary>
    /// <param name="population">Abilities of the synthetic population with their weights.</param>
    public static double[] ObservedScore(IReadOnlyList<ItemCurve> x, IReadOnlyList<ItemCurve> y, AbilityGrid population)
    {
        Check(x, y);
        ArgumentNullException.ThrowIfNull(population);
        return new EquatingMethod.Equipercentile().Equate(Predicted(x, population), Predicted(y, population)).Value;
    }

    /// <summary>Distribution of the total in a population, as shares.</summary>
    /// <remarks>
    /// Lord, F. M. &amp; Wingersky, M. S. (1984), Applied Psychological Measurement, 8, 453–461, eq. 4; for items of
    /// several points, Hanson (1994).
    /// </remarks>
    public static ScoreDistribution Predicted(IReadOnlyList<ItemCurve> items, AbilityGrid population)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(population);
        if (items.Count == 0)
            throw new BadDataException("A form has at least one item.", null, null);
        var (points, weights) = population.Checked();
        var shares = new double[items.Sum(item => item.Maximum) + 1];
        for (var node = 0; node < points.Length; node++)
        {
            var given = LordWingersky.Distribution([.. items.Select(item => item.Probabilities(points[node]))]);
            for (var total = 0; total < shares.Length; total++)
                shares[total] += weights[node] * given[total];
        }
        return ScoreDistribution.Of(shares);
    }

    /// <summary>Finds the ability by bisection: the expected total rises with ability.</summary>
    private static double Ability(IReadOnlyList<ItemCurve> items, double total)
    {
        double low = -1,
            high = 1;
        while (items.Sum(item => item.Expected(low)) > total && low > -1e6)
            low *= 2;
        while (items.Sum(item => item.Expected(high)) < total && high < 1e6)
            high *= 2;
        for (var step = 0; step < 100; step++)
        {
            var middle = (low + high) / 2;
            if (items.Sum(item => item.Expected(middle)) < total)
                low = middle;
            else
                high = middle;
        }
        return (low + high) / 2;
    }

    private static void Check(IReadOnlyList<ItemCurve> x, IReadOnlyList<ItemCurve> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count == 0 || y.Count == 0)
            throw new BadDataException("A form has at least one item.", null, null);
    }
}
