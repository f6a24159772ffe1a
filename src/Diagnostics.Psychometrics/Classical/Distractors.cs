namespace Diagnostics.Psychometrics.Classical;

/// <param name="Option">0-based; null for no answer.</param>
/// <param name="Share">Share of persons who chose the option, 0…1.</param>
/// <param name="MeanTotal">Mean total, in points, of the people who chose the option; undefined when nobody
/// did.</param>
/// <param name="PointBiserial">Correlation between choosing the option and the total.</param>
/// <param name="PointBiserialRest">Correlation between choosing the option and the total of the other items.</param>
/// <param name="Low">Among the weakest 27 % of all persons, the share who chose the option (ties are broken by row
/// order).</param>
/// <param name="High">Among the strongest 27 % of all persons, the share who chose the option.</param>
/// <param name="Fifths">For each fifth of all persons, from the weakest fifth to the strongest, the share who chose the
/// option; empty with fewer than five persons.</param>
public sealed record OptionStatistics(
    int? Option,
    bool IsKey,
    int Count,
    double Share,
    Estimate<double> MeanTotal,
    Estimate<double> PointBiserial,
    Estimate<double> PointBiserialRest,
    Estimate<double> Low,
    Estimate<double> High,
    IReadOnlyList<double> Fifths
);

/// <param name="Item">0-based.</param>
/// <param name="Options">One entry for each option 0…k − 1, in order; the last entry is for the people without an
/// answer.</param>
public sealed record DistractorStatistics(int Item, int Persons, IReadOnlyList<OptionStatistics> Options);

/// <summary>How many people each option of a single-choice item attracts, and how able they are.</summary>
/// <remarks>
/// Haladyna, T. M. &amp; Rodriguez, M. C. (2013). Developing and validating test items, ch. 18. For the fifths, persons
/// are ordered by total, ties by row, and cut at ⌊n·i/5⌋.
/// </remarks>
public static class Distractors
{
    /// <summary>Analyses a form of single-choice items only; the total is the number of right answers.</summary>
    /// <param name="choices">[person, item]: option 0…k − 1, or −1 for no answer.</param>
    /// <param name="keys">Right option of each item.</param>
    /// <param name="options">Number of options of each item.</param>
    /// <exception cref="BadDataException">An unknown option or key.</exception>
    public static Estimate<IReadOnlyList<DistractorStatistics>> Of(int[,] choices, IReadOnlyList<int> keys, IReadOnlyList<int> options)
    {
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(options);
        var (persons, items) = (choices.GetLength(0), choices.GetLength(1));
        if (keys.Count != items || options.Count != items)
            throw new BadDataException($"{keys.Count} keys and {options.Count} option counts for {items} items.", null, null);
        var totals = new int[persons];
        for (var item = 0; item < items; item++)
        {
            Check(keys[item], options[item], item);
            for (var person = 0; person < persons; person++)
            {
                Check(choices[person, item], options[item], person, item);
                if (choices[person, item] == keys[item])
                    totals[person]++;
            }
        }
        if (persons < 2)
            return Estimate<IReadOnlyList<DistractorStatistics>>.None(Undefined.TooFewPersons);
        return Estimate<IReadOnlyList<DistractorStatistics>>.Of([
            .. Enumerable
                .Range(0, items)
                .Select(item =>
                {
                    var chosen = Enumerable.Range(0, persons).Select(person => choices[person, item]).ToArray();
                    return One(
                        item,
                        chosen,
                        keys[item],
                        options[item],
                        Array.ConvertAll(chosen, choice => choice == keys[item] ? 1 : 0),
                        totals
                    );
                }),
        ]);
    }

    /// <summary>Analyses one item of a form that may also contain other kinds of items.</summary>
    /// <param name="choices">Per person: option 0…k − 1, or −1 for no answer.</param>
    /// <param name="points">Per person: points for this item, part of the total.</param>
    /// <param name="totals">Per person: points for the whole form.</param>
    /// <exception cref="BadDataException">An unknown option or key, or lists of different length.</exception>
    public static Estimate<DistractorStatistics> OfItem(
        int item,
        IReadOnlyList<int> choices,
        int key,
        int options,
        IReadOnlyList<int> points,
        IReadOnlyList<int> totals
    )
    {
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(totals);
        if (points.Count != choices.Count || totals.Count != choices.Count)
            throw new BadDataException($"{choices.Count} choices, {points.Count} points, {totals.Count} totals.", null, item);
        Check(key, options, item);
        for (var person = 0; person < choices.Count; person++)
            Check(choices[person], options, person, item);
        return choices.Count < 2
            ? Estimate<DistractorStatistics>.None(Undefined.TooFewPersons)
            : Estimate<DistractorStatistics>.Of(One(item, choices, key, options, points, totals));
    }

    private static DistractorStatistics One(
        int item,
        IReadOnlyList<int> choices,
        int key,
        int options,
        IReadOnlyList<int> points,
        IReadOnlyList<int> totals
    )
    {
        var persons = choices.Count;
        var all = totals.Select(total => (long)total).ToArray();
        var rest = all.Select((total, person) => total - points[person]).ToArray();
        var ranked = Enumerable.Range(0, persons).OrderBy(person => all[person]).ToArray();
        var group = persons * 27 / 100;
        return new(
            item,
            persons,
            [
                .. Enumerable
                    .Range(0, options)
                    .Append(-1)
                    .Select(option =>
                    {
                        var chosen = choices.Select(choice => choice == option ? 1L : 0L).ToArray();
                        var count = (int)chosen.Sum();
                        return new OptionStatistics(
                            Option: option < 0 ? null : option,
                            IsKey: option == key,
                            Count: count,
                            Share: (double)count / persons,
                            MeanTotal: count == 0
                                ? Estimate<double>.None(Undefined.EmptyCategory)
                                : Estimate<double>.Of((double)all.Where((_, person) => chosen[person] == 1).Sum() / count),
                            PointBiserial: Moments.Correlation(chosen, all),
                            PointBiserialRest: Moments.Correlation(chosen, rest),
                            Low: Share(chosen, ranked.AsSpan(0, group)),
                            High: Share(chosen, ranked.AsSpan(persons - group)),
                            Fifths: persons < 5
                                ? []
                                :
                                [
                                    .. Enumerable
                                        .Range(0, 5)
                                        .Select(fifth =>
                                            Share(chosen, ranked.AsSpan((persons * fifth / 5)..(persons * (fifth + 1) / 5))).Value
                                        ),
                                ]
                        );
                    }),
            ]
        );
    }

    private static Estimate<double> Share(long[] chosen, ReadOnlySpan<int> persons)
    {
        if (persons.Length == 0)
            return Estimate<double>.None(Undefined.TooFewPersons);
        long count = 0;
        foreach (var person in persons)
            count += chosen[person];
        return Estimate<double>.Of((double)count / persons.Length);
    }

    private static void Check(int key, int options, int item)
    {
        if (options < 2)
            throw new BadDataException($"Column {item} (0-based) has {options} options; a choice needs two.", null, item);
        if (key < 0 || key >= options)
            throw new BadDataException($"The key {key} of column {item} (0-based) is not one of its {options} options.", null, item);
    }

    private static void Check(int choice, int options, int person, int item)
    {
        if (choice < -1 || choice >= options)
            throw new BadDataException(
                $"Option {choice} in row {person}, column {item} (both 0-based) is not one of {options} options, nor −1 for no answer.",
                person,
                item
            );
    }
}
