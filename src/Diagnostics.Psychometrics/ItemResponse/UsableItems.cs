namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The items a model can be fitted to, with the count of each score, and why the others cannot.
/// An item needs every score from 0 to its highest seen at least once, and two scores or more:
/// otherwise a step of it has no finite estimate (Andersen, E. B. (1973), Psychometrika, 38, 123–140).
/// </summary>
internal sealed class UsableItems
{
    private UsableItems(int[] columns, double[][] counts, Undefined?[] refused) => (Columns, Counts, Refused) = (columns, counts, refused);

    /// <summary>Columns of the score matrix.</summary>
    public int[] Columns { get; }

    /// <summary>Per usable item, the persons with each score 0…m.</summary>
    public double[][] Counts { get; }

    /// <summary>Per column of the score matrix; null where the item is usable.</summary>
    public Undefined?[] Refused { get; }

    public int Steps(int item) => Counts[item].Length - 1;

    /// <summary>Among the persons given.</summary>
    public static UsableItems Of(ScoreMatrix scores, IReadOnlyCollection<int> persons, Undefined?[]? refusedBefore = null)
    {
        var refused = new Undefined?[scores.Items];
        var columns = new List<int>();
        var counts = new List<double[]>();
        for (var item = 0; item < scores.Items; item++)
        {
            refused[item] = refusedBefore?[item];
            if (refused[item] is not null) continue;
            var (count, reason) = Count(scores, item, persons);
            refused[item] = reason;
            if (reason is not null) continue;
            columns.Add(item);
            counts.Add(count);
        }
        return new([.. columns], [.. counts], refused);
    }

    private static (double[] Count, Undefined? Reason) Count(ScoreMatrix scores, int item, IReadOnlyCollection<int> persons)
    {
        // A score above the number of persons leaves a category empty for certain.
        if (scores.Maximum(item) > persons.Count) return ([], Undefined.EmptyCategory);
        var count = new double[Math.Max(scores.Maximum(item), 0) + 1];
        foreach (var person in persons)
        {
            var score = scores[person, item];
            if (score >= 0) count[score]++;
        }
        var seen = count.Count(persons => persons > 0);
        // An item whose highest score only the persons left out have is not cut short: their scores must stay on its curve.
        return (count, seen == 0 ? Undefined.TooFewPersons : seen == 1 ? Undefined.NoVariance : seen < count.Length ? Undefined.EmptyCategory : null);
    }
}
