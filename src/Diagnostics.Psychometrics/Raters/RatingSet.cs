namespace Diagnostics.Psychometrics.Raters;

/// <summary>
/// Ratings, stored as a list and not as a matrix, because only two raters out of fifty see a typical script. A unit is
/// anything that a rater rates once: a script's total, or one criterion of one script.
/// </summary>
public sealed class RatingSet
{
    private readonly int[] starts;
    private readonly int[] raters;
    private readonly double[] values;

    /// <param name="units">The number of each rating's unit, 0-based; some numbers may have no rating.</param>
    /// <param name="raters">The number of each rating's rater, 0-based; the list has the same length as
    /// <paramref name="units"/>.</param>
    /// <param name="values">The value of each rating, finite; the list has the same length as
    /// <paramref name="units"/>.</param>
    /// <exception cref="BadDataException">The lengths differ, a number is negative, a value is not finite, or the same
    /// rater rated a unit twice; the row is the index of the rating.</exception>
    public RatingSet(IReadOnlyList<int> units, IReadOnlyList<int> raters, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(units);
        ArgumentNullException.ThrowIfNull(raters);
        ArgumentNullException.ThrowIfNull(values);
        if (raters.Count != units.Count || values.Count != units.Count)
            throw new BadDataException(
                $"Units, raters and values must be equally many: {units.Count}, {raters.Count}, {values.Count}.",
                null,
                null
            );
        for (var row = 0; row < units.Count; row++)
        {
            if (units[row] < 0)
                throw new BadDataException($"Rating {row} has the unit {units[row]}; units are numbered from 0.", row, 0);
            if (raters[row] < 0)
                throw new BadDataException($"Rating {row} has the rater {raters[row]}; raters are numbered from 0.", row, 1);
            if (!double.IsFinite(values[row]))
                throw new BadDataException($"Rating {row} is not a finite number.", row, 2);
            Units = Math.Max(Units, units[row] + 1);
            Raters = Math.Max(Raters, raters[row] + 1);
        }
        starts = new int[Units + 1];
        foreach (var unit in units)
            starts[unit + 1]++;
        for (var unit = 0; unit < Units; unit++)
            starts[unit + 1] += starts[unit];
        var next = starts[..^1];
        this.raters = new int[units.Count];
        this.values = new double[units.Count];
        var rows = new int[units.Count];
        for (var row = 0; row < units.Count; row++)
        {
            var place = next[units[row]]++;
            this.raters[place] = raters[row];
            this.values[place] = values[row];
            rows[place] = row;
        }
        RefuseRepeats(rows);
    }

    /// <summary>The rows are units, the columns raters; null = not rated.</summary>
    public static RatingSet FromMatrix(double?[,] ratings)
    {
        ArgumentNullException.ThrowIfNull(ratings);
        var (units, raters, values) = (new List<int>(), new List<int>(), new List<double>());
        for (var unit = 0; unit < ratings.GetLength(0); unit++)
        for (var rater = 0; rater < ratings.GetLength(1); rater++)
            if (ratings[unit, rater] is { } value)
            {
                if (!double.IsFinite(value))
                    throw new BadDataException($"The rating of unit {unit} by rater {rater} is not a finite number.", unit, rater);
                units.Add(unit);
                raters.Add(rater);
                values.Add(value);
            }
        return new RatingSet(units, raters, values);
    }

    public int Count => values.Length;

    /// <summary>One more than the largest unit number.</summary>
    public int Units { get; }

    /// <summary>One more than the largest rater number.</summary>
    public int Raters { get; }

    /// <summary>The raters of a unit, in the order of <see cref="ValuesOf"/>.</summary>
    public ReadOnlySpan<int> RatersOf(int unit) => raters.AsSpan(starts[unit], starts[unit + 1] - starts[unit]);

    public ReadOnlySpan<double> ValuesOf(int unit) => values.AsSpan(starts[unit], starts[unit + 1] - starts[unit]);

    private void RefuseRepeats(int[] rows)
    {
        var last = new int[Raters];
        Array.Fill(last, -1);
        for (var unit = 0; unit < Units; unit++)
        for (var place = starts[unit]; place < starts[unit + 1]; place++)
        {
            if (last[raters[place]] == unit)
                throw new BadDataException($"Rating {rows[place]}: rater {raters[place]} has rated unit {unit} before.", rows[place], null);
            last[raters[place]] = unit;
        }
    }
}
