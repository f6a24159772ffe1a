namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// A booklet of an incomplete design: items that were given together, and the persons who got exactly these items.
/// Designs with missing items (four variants, anchor items) are made of booklets.
/// </summary>
/// <param name="Items">Places among the items in use, rising.</param>
/// <param name="Persons">Rows of the score matrix, rising.</param>
internal sealed record Booklet(int[] Items, int[] Persons)
{
    /// <summary>Groups persons by the items on which they have a score; persons without scores are left out.</summary>
    public static List<Booklet> Group(ScoreMatrix scores, int[] items, IEnumerable<int> persons)
    {
        var groups = new Dictionary<Key, List<int>>();
        foreach (var person in persons)
        {
            var key = Key.Of(scores, items, person);
            if (key.IsEmpty)
                continue;
            if (!groups.TryGetValue(key, out var members))
                groups.Add(key, members = []);
            members.Add(person);
        }
        return
        [
            .. groups.Values.Select(members => new Booklet(
                [.. Enumerable.Range(0, items.Length).Where(item => !scores.IsMissing(members[0], items[item]))],
                [.. members]
            )),
        ];
    }

    /// <summary>
    /// The set of items with a score: one bit for each of the first 128 items, and one character of text for each
    /// further one.
    /// </summary>
    private readonly record struct Key(UInt128 Bits, string Rest)
    {
        public bool IsEmpty => Bits == 0 && Rest.Trim('0').Length == 0;

        public static Key Of(ScoreMatrix scores, int[] items, int person)
        {
            ulong low = 0,
                high = 0;
            for (var item = 0; item < Math.Min(items.Length, 128); item++)
            {
                if (scores.IsMissing(person, items[item]))
                    continue;
                if (item < 64)
                    low |= 1UL << item;
                else
                    high |= 1UL << (item - 64);
            }
            var rest = items.Length <= 128 ? "" : string.Concat(items.Skip(128).Select(item => scores.IsMissing(person, item) ? '0' : '1'));
            return new(new UInt128(high, low), rest);
        }
    }
}
