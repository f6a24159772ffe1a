namespace Diagnostics.Psychometrics.Raters;

/// <summary>
/// The part of the ratings that can be estimated, renumbered without gaps, and the order of the parameters.
/// </summary>
internal sealed class FacetDesign
{
    /// <summary>
    /// For each person, the ratings in use. Each is given by its cell, and by the index of its score among the item's
    /// scores.
    /// </summary>
    public required (int Cell, int Category)[][] Persons { get; init; }

    /// <summary>For each person in use, the number that the person has in the original data.</summary>
    public required int[] PersonNumbers { get; init; }

    /// <summary>The pairs of item and rater that occur in the ratings, in this class's numbering.</summary>
    public required (int Item, int Rater)[] Cells { get; init; }

    /// <summary>The numbers that the items and raters in use have in the original data.</summary>
    public required int[] ItemNumbers { get; init; }
    public required int[] RaterNumbers { get; init; }

    /// <summary>The different scores given on each item, in rising order.</summary>
    public required int[][] Scores { get; init; }

    public Undefined? Reason { get; private init; }

    public int Items => ItemNumbers.Length;
    public int Raters => RaterNumbers.Length;

    /// <summary>
    /// For each item, the index of its first inner category among all parameters. The parameters come in this order:
    /// items, all raters, inner categories, spread.
    /// </summary>
    public int[] FirstInner { get; private set; } = [];

    public int Spread { get; private set; }

    public static FacetDesign Of(IReadOnlyList<FacetRating> all)
    {
        var used = all.ToList();
        while (true)
        {
            var scores = used.GroupBy(rating => rating.Item)
                .ToDictionary(group => group.Key, group => group.Select(rating => rating.Score).Distinct().Order().ToArray());
            var flat = scores.Where(item => item.Value.Length < 2).Select(item => item.Key).ToHashSet();
            var extreme = used.GroupBy(rating => rating.Rater)
                .Where(group =>
                    group.All(rating => rating.Score == scores[rating.Item][0])
                    || group.All(rating => rating.Score == scores[rating.Item][^1])
                )
                .Select(group => group.Key)
                .ToHashSet();
            if (used.RemoveAll(rating => flat.Contains(rating.Item) || extreme.Contains(rating.Rater)) == 0)
                return Numbered(used, scores);
        }
    }

    private static FacetDesign Numbered(List<FacetRating> used, Dictionary<int, int[]> scores)
    {
        int[] items = [.. used.Select(rating => rating.Item).Distinct().Order()],
            raters = [.. used.Select(rating => rating.Rater).Distinct().Order()];
        (int Item, int Rater)[] cells =
        [
            .. used.Select(rating => (Array.BinarySearch(items, rating.Item), Array.BinarySearch(raters, rating.Rater))).Distinct().Order(),
        ];
        var places = cells.Select((cell, place) => (cell, place)).ToDictionary(pair => pair.cell, pair => pair.place);
        var persons = used.GroupBy(rating => rating.Person).OrderBy(group => group.Key).ToArray();
        var design = new FacetDesign
        {
            ItemNumbers = items,
            RaterNumbers = raters,
            Cells = cells,
            Scores = [.. items.Select(item => scores[item])],
            PersonNumbers = [.. persons.Select(group => group.Key)],
            Persons =
            [
                .. persons.Select(group =>
                    group
                        .Select(rating =>
                            (
                                places[(Array.BinarySearch(items, rating.Item), Array.BinarySearch(raters, rating.Rater))],
                                Array.BinarySearch(scores[rating.Item], rating.Score)
                            )
                        )
                        .ToArray()
                ),
            ],
            Reason =
                items.Length == 0 ? Undefined.NoVariance
                : raters.Length < 2 ? Undefined.TooFewRaters
                : persons.Length < 2 ? Undefined.TooFewPersons
                : null,
        };
        design.FirstInner = new int[items.Length];
        var next = items.Length + raters.Length;
        for (var item = 0; item < items.Length; item++)
        {
            design.FirstInner[item] = next;
            next += design.Scores[item].Length - 2;
        }
        design.Spread = next;
        return design;
    }

    /// <summary>
    /// Puts raters into the same group if they rated the same person, or if a chain of such pairs links them. All the
    /// original ratings count. Returns the group of each rater number, and −1 for a rater without ratings.
    /// </summary>
    public static int[] Groups(IReadOnlyList<FacetRating> ratings)
    {
        var parent = Enumerable.Range(0, ratings.Max(rating => rating.Rater) + 1).ToArray();
        foreach (var person in ratings.GroupBy(rating => rating.Person))
        {
            var first = Root(person.First().Rater);
            foreach (var rating in person)
                parent[Root(rating.Rater)] = first;
        }
        var present = ratings.Select(rating => rating.Rater).ToHashSet();
        var numbers = new Dictionary<int, int>();
        return
        [
            .. Enumerable
                .Range(0, parent.Length)
                .Select(rater =>
                {
                    if (!present.Contains(rater))
                        return -1;
                    if (!numbers.TryGetValue(Root(rater), out var number))
                        numbers[Root(rater)] = number = numbers.Count;
                    return number;
                }),
        ];

        int Root(int rater)
        {
            while (parent[rater] != rater)
                rater = parent[rater] = parent[parent[rater]];
            return rater;
        }
    }
}
