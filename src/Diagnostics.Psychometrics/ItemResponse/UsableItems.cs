namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The items to which a model can be fitted, with the count of each score, and the reasons for refusing the others. An
/// item needs two scores or more, and every score from 0 to its highest must occur, because otherwise one of its steps
/// has no finite estimate (Andersen, E. B. (1973), Psychometrika, 38, 123–140).
/// </summary>
internal sealed class UsableItems
{
    private UsableItems(int[] columns, double[][] counts, Undefined?[] refused) => (Columns, Counts, Refused) = (columns, counts, refused);

    /// <summary>For each usable item, its column in the score matrix.</summary>
    public int[] Columns { get; }

    /// <summary>For each usable item, the number of persons with each score 0…m.</summary>
    public double[][] Counts { get; }

    /// <summary>
    /// For each column of the score matrix, the reason for refusing the item; null where it is usable.
    /// </summary>
    public Undefined?[] Refused { get; }

    public int Steps(int item) => Counts[item].Length - 1;

    /// <summary>Finds the usable items among the given persons.</summary>
    /// <param name="known">For each column, the maximum score of an item whose parameters are already known; such an
    /// item needs answers, but not every score has to occur. Null where the item is to be calibrated.</param>
    public static UsableItems Of(
        ScoreMatrix scores,
        IReadOnlyCollection<int> persons,
        Undefined?[]? refusedBefore = null,
        int?[]? known = null
    )
    {
        var refused = new Undefined?[scores.Items];
        var columns = new List<int>();
        var counts = new List<double[]>();
        for (var item = 0; item < scores.Items; item++)
        {
            refused[item] = refusedBefore?[item];
            if (refused[item] is not null)
                continue;
            var (count, reason) = Count(scores, item, persons, known?[item]);
            refused[item] = reason;
            if (reason is not null)
                continue;
            columns.Add(item);
            counts.Add(count);
        }
        return new([.. columns], [.. counts], refused);
    }

    private static (double[] Count, Undefined? Reason) Count(ScoreMatrix scores, int item, IReadOnlyCollection<int> persons, int? known)
    {
        // An item with a maximum above the number of persons certainly has an empty category.
        if (known is null && scores.Maximum(item) > persons.Count)
            return ([], Undefined.EmptyCategory);
        var count = new double[(known ?? Math.Max(scores.Maximum(item), 0)) + 1];
        foreach (var person in persons)
        {
            var score = scores[person, item];
            if (score >= 0)
                count[score]++;
        }
        var seen = count.Count(persons => persons > 0);
        // The item keeps a highest score that only excluded persons have, because the scores of those persons must stay
        // on its curve.
        return (
            count,
            seen == 0 ? Undefined.TooFewPersons
            : known is not null ? null
            : seen == 1 ? Undefined.NoVariance
            : seen < count.Length ? Undefined.EmptyCategory
            : null
        );
    }
}
