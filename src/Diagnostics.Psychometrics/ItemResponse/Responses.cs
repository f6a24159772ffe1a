namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Scores together with the curves of calibrated items, validated only once. An item without a curve is left out.
/// </summary>
internal sealed class Responses
{
    /// <exception cref="ArgumentException">The number of curves differs from the number of columns.</exception>
    /// <exception cref="BadDataException">A score is above the maximum of the item's curve.</exception>
    public Responses(ScoreMatrix scores, IReadOnlyList<ItemParameters?> curves)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(curves);
        if (curves.Count != scores.Items)
            throw new ArgumentException($"{scores.Items} items need as many curves, not {curves.Count}.", nameof(curves));
        Scores = scores;
        Columns = [.. Enumerable.Range(0, scores.Items).Where(item => curves[item] is not null)];
        Curves = Array.ConvertAll(Columns, column => curves[column]!);
        for (var item = 0; item < Columns.Length; item++)
        {
            if (Curves[item].Intercepts.Append(Curves[item].Slope).Any(number => !double.IsFinite(number)))
                throw new BadDataException(
                    $"The curve of column {Columns[item]} (from 0) has a parameter that is not finite.",
                    null,
                    Columns[item]
                );
            if (scores.Maximum(Columns[item]) <= Curves[item].MaximumScore)
                continue;
            for (var person = 0; person < scores.Persons; person++)
            {
                if (scores[person, Columns[item]] > Curves[item].MaximumScore)
                    throw new BadDataException(
                        $"Row {person}, column {Columns[item]} (from 0): score {scores[person, Columns[item]]} on an item of {Curves[item].MaximumScore}.",
                        person,
                        Columns[item]
                    );
            }
        }
        Booklets = Booklet.Group(scores, Columns, Enumerable.Range(0, scores.Persons));
    }

    public ScoreMatrix Scores { get; }

    public int[] Columns { get; }

    /// <summary>Curves of the columns in use.</summary>
    public ItemParameters[] Curves { get; }

    /// <summary>Booklets; a person without an answer belongs to no booklet.</summary>
    public List<Booklet> Booklets { get; }

    public int Score(int person, int item) => Scores[person, Columns[item]];

    public int MostScores => Curves.Length == 0 ? 2 : Curves.Max(curve => curve.MaximumScore) + 1;

    /// <summary>Σ slope × score.</summary>
    public double Weighted(int person, int[] items)
    {
        var sum = 0d;
        foreach (var item in items)
            sum += Curves[item].Slope * Score(person, item);
        return sum;
    }
}
