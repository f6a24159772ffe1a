namespace Diagnostics.Psychometrics.Classical;

/// <param name="Item">0-based.</param>
/// <param name="Mean">Mean score, points; this and all other figures are undefined for an item that nobody answered
/// (<see cref="Undefined.TooFewPersons"/>).</param>
/// <param name="StandardDeviation">Sample standard deviation (n − 1), points.</param>
/// <param name="Difficulty">Mean score as a share of the maximum, 0…1; the higher the easier.</param>
/// <param name="ItemTotal">Correlation with the total including the item; point-biserial when the item is
/// dichotomous.</param>
/// <param name="ItemRest">Corrected correlation: correlation with the total of the other items (Lord &amp; Novick 1968,
/// p. 330).</param>
/// <param name="AlphaIfDeleted">Alpha of the other items.</param>
/// <param name="UpperLower">Mean share of the maximum in the top 27 % minus that in the bottom 27 %, −1…1 (Kelley
/// 1939); ties at the border are broken by row order.</param>
/// <param name="UpperLowerWithTies">The same difference when each group includes everyone who ties at its
/// border.</param>
public sealed record ItemStatistics(
    int Item,
    Estimate<double> Mean,
    Estimate<double> StandardDeviation,
    Estimate<double> Difficulty,
    Estimate<double> ItemTotal,
    Estimate<double> ItemRest,
    Estimate<double> AlphaIfDeleted,
    Estimate<double> UpperLower,
    Estimate<double> UpperLowerWithTies
);

/// <param name="Persons">Number of persons who remain after missing scores are dealt with; all statistics are computed
/// from them.</param>
/// <param name="GroupSize">Number of persons in each of the top and bottom groups when ties are broken by row order:
/// ⌊0.27 · persons⌋.</param>
/// <param name="LowWithTies">Number of persons in the bottom group when ties are included.</param>
/// <param name="HighWithTies">Number of persons in the top group when ties are included.</param>
public sealed record ItemAnalysisResult(int Persons, int GroupSize, int LowWithTies, int HighWithTies, IReadOnlyList<ItemStatistics> Items);

/// <summary>Classical item statistics: difficulty and discrimination.</summary>
/// <remarks>
/// Crocker, L. &amp; Algina, J. (1986). Introduction to classical and modern test theory, ch. 14. Upper and lower
/// groups of 27 %: Kelley, T. L. (1939). Journal of Educational Psychology, 30, 17–24.
/// </remarks>
public static class ItemAnalysis
{
    /// <param name="maxima">Maximum points of each item; when null, the highest score seen.</param>
    /// <exception cref="BadDataException">A maximum is not positive or a score lies above it.</exception>
    public static Estimate<ItemAnalysisResult> Of(
        ScoreMatrix scores,
        IReadOnlyList<int>? maxima = null,
        MissingScores missing = MissingScores.LeaveOut
    )
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (maxima is not null)
            Check(scores, maxima);
        var data = CompleteScores.Of(scores, missing);
        if (data.Persons < 2)
            return Estimate<ItemAnalysisResult>.None(Undefined.TooFewPersons);
        if (data.Items == 0)
            return Estimate<ItemAnalysisResult>.None(Undefined.TooFewItems);

        var groups = Groups(data);
        var covariances = data.Covariances();
        var items = Enumerable.Range(0, scores.Items).Select(Unanswered).ToArray();
        for (var item = 0; item < data.Items; item++)
        {
            var place = data.Places[item];
            items[place] = One(data, item, maxima?[place] ?? scores.Maximum(place), groups, covariances) with { Item = place };
        }
        return Estimate<ItemAnalysisResult>.Of(new(data.Persons, groups.Low.Length, groups.LowTies.Length, groups.HighTies.Length, items));
    }

    private static ItemStatistics Unanswered(int item)
    {
        var none = Estimate<double>.None(Undefined.TooFewPersons);
        return new(
            item,
            Mean: none,
            StandardDeviation: none,
            Difficulty: none,
            ItemTotal: none,
            ItemRest: none,
            AlphaIfDeleted: none,
            UpperLower: none,
            UpperLowerWithTies: none
        );
    }

    private static ItemStatistics One(CompleteScores data, int item, int maximum, ExtremeGroups groups, double[,] covariances)
    {
        var column = Array.ConvertAll(data.Columns[item], score => (long)score);
        var rest = new long[data.Persons];
        for (var person = 0; person < rest.Length; person++)
            rest[person] = data.Totals[person] - column[person];
        var mean = Moments.Mean(column);
        return new ItemStatistics(
            Item: item,
            Mean: Estimate<double>.Of(mean),
            StandardDeviation: Estimate<double>.Of(Math.Sqrt(Moments.Variance(column))),
            Difficulty: maximum > 0 ? Estimate<double>.Of(mean / maximum) : Estimate<double>.None(Undefined.NoVariance),
            ItemTotal: Moments.Correlation(column, data.Totals),
            ItemRest: data.Items > 1 ? Moments.Correlation(column, rest) : Estimate<double>.None(Undefined.TooFewItems),
            AlphaIfDeleted: Reliability.Alpha(covariances, leaveOut: item),
            UpperLower: Difference(column, maximum, groups.Low, groups.High),
            UpperLowerWithTies: Difference(column, maximum, groups.LowTies, groups.HighTies)
        );
    }

    private static Estimate<double> Difference(long[] column, int maximum, int[] low, int[] high)
    {
        if (low.Length == 0)
            return Estimate<double>.None(Undefined.TooFewPersons);
        if (maximum == 0)
            return Estimate<double>.None(Undefined.NoVariance);
        return Estimate<double>.Of((high.Average(person => column[person]) - low.Average(person => column[person])) / maximum);
    }

    internal sealed record ExtremeGroups(int[] Low, int[] High, int[] LowTies, int[] HighTies);

    /// <summary>Computes 27 % in whole numbers, because 0.27 · n would round the wrong way for some n.</summary>
    internal static ExtremeGroups Groups(CompleteScores data)
    {
        var ranked = data.Ranked();
        var size = data.Persons * 27 / 100;
        if (size == 0)
            return new([], [], [], []);
        var (lowBorder, highBorder) = (data.Totals[ranked[size - 1]], data.Totals[ranked[^size]]);
        return new(
            ranked[..size],
            ranked[^size..],
            [.. ranked.Where(person => data.Totals[person] <= lowBorder)],
            [.. ranked.Where(person => data.Totals[person] >= highBorder)]
        );
    }

    private static void Check(ScoreMatrix scores, IReadOnlyList<int> maxima)
    {
        if (maxima.Count != scores.Items)
            throw new BadDataException($"{maxima.Count} maxima for {scores.Items} items.", null, null);
        for (var item = 0; item < maxima.Count; item++)
        {
            if (maxima[item] < 1)
                throw new BadDataException($"The maximum of column {item} (0-based) is {maxima[item]}; it is at least 1.", null, item);
            for (var person = 0; person < scores.Persons; person++)
                if (scores[person, item] > maxima[item])
                    throw new BadDataException(
                        $"Score {scores[person, item]} in row {person}, column {item} (both 0-based) is above the maximum {maxima[item]}.",
                        person,
                        item
                    );
        }
    }
}
