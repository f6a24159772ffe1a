namespace Diagnostics.Psychometrics.Classical;

/// <summary>How classical statistics, which need every person's total, treat a missing score.</summary>
public enum MissingScores
{
    /// <summary>
    /// Persons with any missing score are left out (listwise). An item that nobody answered is left out first, because
    /// it would otherwise exclude everybody.
    /// </summary>
    LeaveOut,

    /// <summary>
    /// A missing score counts as 0. This is right for an omitted item and wrong for an item that was not presented.
    /// </summary>
    Zero,
}

/// <summary>Scores without gaps, by item, with exact totals and cross-products.</summary>
internal sealed class CompleteScores
{
    private CompleteScores(int[][] columns, int persons, int[] rows, int[] places)
    {
        Columns = columns;
        Persons = persons;
        Rows = rows;
        Places = places;
        Totals = new long[persons];
        foreach (var column in columns)
            for (var person = 0; person < persons; person++)
                Totals[person] += column[person];
    }

    /// <summary>The scores, indexed [item][person], for the items in use.</summary>
    public int[][] Columns { get; }

    /// <summary>For each item in use, its column in the score matrix, in rising order.</summary>
    public int[] Places { get; }

    /// <summary>For each person, the row in the score matrix.</summary>
    public int[] Rows { get; }
    public int Persons { get; }
    public int Items => Columns.Length;
    public long[] Totals { get; }

    public static CompleteScores Of(ScoreMatrix scores, MissingScores missing)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var places = Enumerable.Range(0, scores.Items).Where(item => missing == MissingScores.Zero || scores.IsAnswered(item)).ToArray();
        var rows = Enumerable
            .Range(0, scores.Persons)
            .Where(person =>
                missing == MissingScores.Zero || (places.Length > 0 && Array.TrueForAll(places, item => !scores.IsMissing(person, item)))
            )
            .ToArray();
        var columns = Array.ConvertAll(places, item => Array.ConvertAll(rows, row => Math.Max(0, scores[row, item])));
        return new CompleteScores(columns, rows.Length, rows, places);
    }

    /// <summary>The scores of the same persons on some of the items in use.</summary>
    public CompleteScores On(IReadOnlyList<int> items) =>
        new([.. items.Select(item => Columns[item])], Persons, Rows, [.. items.Select(item => Places[item])]);

    /// <summary>
    /// Sample covariances (n − 1) of the items. The sums are whole numbers, so only the last division rounds.
    /// </summary>
    public double[,] Covariances()
    {
        var covariances = new double[Items, Items];
        var sums = Array.ConvertAll(Columns, column => column.Sum(score => (long)score));
        for (var first = 0; first < Items; first++)
        for (var second = first; second < Items; second++)
        {
            long products = 0;
            var (left, right) = (Columns[first], Columns[second]);
            for (var person = 0; person < left.Length; person++)
                products += (long)left[person] * right[person];
            var covariance = (double)(((Int128)products * Persons) - ((Int128)sums[first] * sums[second])) / Persons / (Persons - 1);
            covariances[first, second] = covariances[second, first] = covariance;
        }
        return covariances;
    }

    /// <summary>Persons in ascending order of the total; ties are in row order.</summary>
    public int[] Ranked() => [.. Enumerable.Range(0, Persons).OrderBy(person => Totals[person])];
}
