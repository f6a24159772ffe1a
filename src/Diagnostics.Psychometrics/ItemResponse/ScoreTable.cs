namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>An item's observed and expected counts by raw score. Cells are merged until none is too small.</summary>
internal sealed class ScoreTable
{
    private readonly List<(double[] Observed, double[] Expected)> rows;

    private ScoreTable(List<(double[] Observed, double[] Expected)> rows) => this.rows = rows;

    /// <summary>
    /// The lowest and the highest raw score are left out, because only one item score is possible there. A raw score at
    /// which some item score is impossible is merged with the nearest raw score at which all item scores are possible.
    /// Raw scores that nobody has are dropped.
    /// </summary>
    public static ScoreTable Of(double[] observed, double[] shares, int width)
    {
        var rows = new List<(double[], double[])>();
        var highest = observed.Length / width - 1;
        // All scores 0…m of the item are possible at the raw scores m…highest − m.
        var (low, high) = (width - 1, highest - width + 1);
        for (var raw = 1; raw < highest; raw++)
        {
            var counts = observed[(raw * width)..((raw + 1) * width)];
            var persons = counts.Sum();
            var expected = Array.ConvertAll(shares[(raw * width)..((raw + 1) * width)], share => persons == 0 ? 0 : share * persons);
            rows.Add((counts, expected));
        }
        var table = new ScoreTable(rows);
        // Rows are raw scores 1…highest − 1, so a row's index is raw − 1.
        if (low <= high)
        {
            for (var raw = highest - 1; raw > high; raw--)
                table.Merge(raw - 1, raw - 2);
            for (var raw = 1; raw < low; raw++)
                table.Merge(0, 1);
        }
        table.rows.RemoveAll(row => row.Observed.Sum() == 0);
        return table;
    }

    public double Statistic =>
        rows.Sum(row =>
            row.Expected.Zip(row.Observed)
                .Where(cell => cell.First > 0)
                .Sum(cell => (cell.Second - cell.First) * (cell.Second - cell.First) / cell.First)
        );

    /// <summary>The number of cells minus the number of rows.</summary>
    public int FreeCells => rows.Sum(row => row.Expected.Count(cell => cell > 0) - 1);

    public void Join(double fewest)
    {
        // A row with only one person is merged with the next row; if it is the last row, it is merged with the row
        // before.
        for (var row = 0; row < rows.Count - 1; )
        {
            if (rows[row].Observed.Sum() == 1)
                Merge(row, row + 1);
            else
                row++;
        }
        if (rows.Count > 1 && rows[^1].Observed.Sum() == 1)
            Merge(rows.Count - 1, rows.Count - 2);
        for (var row = 0; row < rows.Count; row++)
            rows[row] = JoinCategories(rows[row], fewest);
        JoinRareCategories();
        while (rows.Count > 1 && rows.FindIndex(row => row.Expected.Any(cell => cell > 0 && cell < fewest)) is var thin and >= 0)
        {
            var to =
                thin == 0 ? 1
                : thin == rows.Count - 1 ? thin - 1
                : rows[thin - 1].Observed.Sum() <= rows[thin + 1].Observed.Sum() ? thin - 1
                : thin + 1;
            Merge(thin, to);
        }
    }

    /// <summary>
    /// Merges a category with the one below it, in all rows, if persons are expected in the category in fewer than one
    /// row in twenty.
    /// </summary>
    private void JoinRareCategories()
    {
        for (var cell = (rows.Count == 0 ? 0 : rows[0].Expected.Length) - 1; cell >= 2; cell--)
        {
            if (rows.Count(row => row.Expected[cell] > 0) >= 0.05 * rows.Count)
                continue;
            foreach (var (observed, expected) in rows)
            {
                (expected[cell - 1], expected[cell]) = (expected[cell - 1] + expected[cell], 0);
                (observed[cell - 1], observed[cell]) = (observed[cell - 1] + observed[cell], 0);
            }
        }
    }

    /// <summary>
    /// Merges neighbouring cells of a row as long as some expected count is too small and more than two cells are left.
    /// The row keeps its length, and the cells that are no longer needed are set to 0.
    /// </summary>
    private static (double[] Observed, double[] Expected) JoinCategories((double[] Observed, double[] Expected) row, double fewest)
    {
        var (observed, expected) = (row.Observed.ToList(), row.Expected.ToList());
        while (expected.Count > 2 && expected.Min() < fewest)
        {
            var thin = expected.LastIndexOf(expected.Min());
            var to =
                thin == 0 ? 1
                : thin == expected.Count - 1 ? thin - 1
                : expected[thin - 1] <= expected[thin + 1] ? thin - 1
                : thin + 1;
            expected[to] += expected[thin];
            observed[to] += observed[thin];
            expected.RemoveAt(thin);
            observed.RemoveAt(thin);
        }
        while (expected.Count < row.Expected.Length)
        {
            expected.Add(0);
            observed.Add(0);
        }
        return ([.. observed], [.. expected]);
    }

    private void Merge(int from, int to)
    {
        for (var cell = 0; cell < rows[from].Observed.Length; cell++)
        {
            rows[to].Observed[cell] += rows[from].Observed[cell];
            rows[to].Expected[cell] += rows[from].Expected[cell];
        }
        rows.RemoveAt(from);
    }
}
