namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The scores in the form that the marginal likelihood needs. The models are exponential families: given the slopes, a
/// person's likelihood depends only on the items presented and on the slope-weighted score. With one common slope the
/// weighted score is the raw score, and persons with equal raw scores are counted together. With free slopes, persons
/// with equal patterns are counted together, because patterns repeat in a short test.
/// </summary>
internal sealed class MarginalData
{
    private MarginalData(UsableItems usable, List<Booklet> booklets, double[][] columns, double[] weights, int[] starts)
    {
        (Usable, Columns, Weights, Starts) = (usable, columns, weights, starts);
        Presented = [.. booklets.Select(booklet => booklet.Items)];
        var all = Enumerable.Range(0, usable.Columns.Length).ToArray();
        Absent = Array.ConvertAll(Presented, items => items.Length == all.Length ? [] : all.Except(items).ToArray());
        Persons = booklets.Sum(booklet => booklet.Persons.Length);
    }

    public UsableItems Usable { get; }

    /// <summary>For each booklet, the items in it.</summary>
    public int[][] Presented { get; }

    /// <summary>For each booklet, the items in use that it lacks.</summary>
    public int[][] Absent { get; }

    /// <summary>
    /// For each slope, the number that multiplies it in each pattern: the item's score (0 where missing), or the raw
    /// score for a common slope.
    /// </summary>
    public double[][] Columns { get; }

    /// <summary>For each pattern, the number of persons who have it.</summary>
    public double[] Weights { get; }

    /// <summary>The index of the first pattern of each booklet, and at the end the number of patterns.</summary>
    public int[] Starts { get; }

    public int Persons { get; }

    public int Patterns => Weights.Length;

    /// <inheritdoc cref="UsableItems.Of" path="/param[@name='known']"/>
    public static MarginalData Of(ScoreMatrix scores, bool commonSlope, int?[]? known = null)
    {
        var everybody = Enumerable.Range(0, scores.Persons).ToArray();
        var usable = UsableItems.Of(scores, everybody, known: known);
        var booklets = Booklet.Group(scores, usable.Columns, everybody);
        return commonSlope ? ByRawScore(scores, usable, booklets) : ByPattern(scores, usable, booklets);
    }

    private static MarginalData ByRawScore(ScoreMatrix scores, UsableItems usable, List<Booklet> booklets)
    {
        var (raws, weights, starts) = (new List<double>(), new List<double>(), new int[booklets.Count + 1]);
        for (var at = 0; at < booklets.Count; at++)
        {
            var items = booklets[at].Items;
            var counts = new double[items.Sum(usable.Steps) + 1];
            foreach (var person in booklets[at].Persons)
                counts[ConditionalMaximumLikelihood.Raw(scores, usable, items, person)]++;
            for (var raw = 0; raw < counts.Length; raw++)
            {
                if (counts[raw] == 0)
                    continue;
                raws.Add(raw);
                weights.Add(counts[raw]);
            }
            starts[at + 1] = raws.Count;
        }
        return new(
            usable,
            booklets,
            [
                [.. raws],
            ],
            [.. weights],
            starts
        );
    }

    private static MarginalData ByPattern(ScoreMatrix scores, UsableItems usable, List<Booklet> booklets)
    {
        var places = Enumerable.Range(0, usable.Columns.Length).ToArray();
        var codes = places.Aggregate(1d, (product, item) => product * (usable.Steps(item) + 2));
        var persons = booklets.Sum(booklet => booklet.Persons.Length);
        var repeats = codes <= 8d * persons;
        var (kept, weights, starts) = (new List<int>(persons), new List<double>(persons), new int[booklets.Count + 1]);
        var seen = new Dictionary<long, int>();
        for (var at = 0; at < booklets.Count; at++)
        {
            foreach (var person in booklets[at].Persons)
            {
                if (repeats)
                {
                    var code = places.Aggregate(
                        0L,
                        (sum, item) => sum * (usable.Steps(item) + 2) + scores[person, usable.Columns[item]] + 1
                    );
                    if (seen.TryGetValue(code, out var pattern))
                    {
                        weights[pattern]++;
                        continue;
                    }
                    seen.Add(code, kept.Count);
                }
                kept.Add(person);
                weights.Add(1);
            }
            starts[at + 1] = kept.Count;
        }
        var columns = Array.ConvertAll(places, _ => new double[kept.Count]);
        for (var pattern = 0; pattern < kept.Count; pattern++)
            foreach (var item in places)
                columns[item][pattern] = Math.Max(0, scores[kept[pattern], usable.Columns[item]]);
        return new(usable, booklets, columns, [.. weights], starts);
    }
}
