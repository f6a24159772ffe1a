using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <summary>
/// The scores in the form that the likelihood needs: for each slope, the factor that multiplies it in the likelihood.
/// All persons of a booklet who have the same factors are counted together.
/// </summary>
internal sealed class BlockData
{
    private BlockData(UsableItems usable, List<Booklet> booklets, double[][] columns, int[][] members, int[] starts)
    {
        (Usable, Columns, Members, Starts) = (usable, columns, members, starts);
        Presented = [.. booklets.Select(booklet => booklet.Items)];
        var all = Enumerable.Range(0, usable.Columns.Length).ToArray();
        Absent = Array.ConvertAll(Presented, items => items.Length == all.Length ? [] : all.Except(items).ToArray());
    }

    public UsableItems Usable { get; }

    public int[][] Presented { get; }

    /// <summary>For each booklet, the items in use that it lacks.</summary>
    public int[][] Absent { get; }

    /// <summary>The factor of each slope, indexed by slope and pattern.</summary>
    public double[][] Columns { get; }

    /// <summary>For each pattern, the rows of the score matrix that have it.</summary>
    public int[][] Members { get; }

    /// <summary>The index of the first pattern of each booklet, and at the end the number of patterns.</summary>
    public int[] Starts { get; }

    public int Persons => Members.Sum(persons => persons.Length);

    public int Patterns => Members.Length;

    public static BlockData Of(ScoreMatrix scores, UsableItems usable, BlockLayout layout)
    {
        var booklets = Booklet.Group(scores, usable.Columns, Enumerable.Range(0, scores.Persons));
        var (kept, members, starts) = (new List<int[]>(), new List<List<int>>(), new int[booklets.Count + 1]);
        var seen = new Dictionary<string, int>();
        for (var at = 0; at < booklets.Count; at++)
        {
            seen.Clear();
            foreach (var person in booklets[at].Persons)
            {
                var multiplied = new int[layout.Slopes];
                foreach (var item in booklets[at].Items)
                    multiplied[layout.Slope(item)] += scores[person, usable.Columns[item]];
                var key = string.Join(',', multiplied);
                if (seen.TryGetValue(key, out var pattern))
                {
                    members[pattern].Add(person);
                    continue;
                }
                seen.Add(key, kept.Count);
                kept.Add(multiplied);
                members.Add([person]);
            }
            starts[at + 1] = kept.Count;
        }
        var columns = Enumerable
            .Range(0, layout.Slopes)
            .Select(slope => kept.Select(multiplied => (double)multiplied[slope]).ToArray())
            .ToArray();
        return new(usable, booklets, columns, [.. members.Select(persons => persons.ToArray())], starts);
    }
}
