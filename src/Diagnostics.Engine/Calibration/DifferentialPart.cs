using Diagnostics.Psychometrics.Differential;

namespace Diagnostics.Engine.Calibration;

/// <summary>
/// Finds items that are harder for a group of people than for other people with equal points. Each group that is large
/// enough is compared with everybody else on the same variant: by the Mantel–Haenszel method for items of one point,
/// and by Mantel's method for the rest.
/// </summary>
internal static class DifferentialPart
{
    /// <summary>
    /// The smallest number of people who must have sat a variant, both in the group and outside it; with fewer people,
    /// no difference would show. For decisions, Zieky (1993) requires 100 and 500 people.
    /// </summary>
    internal const int LeastPersons = 30;

    private static readonly (string By, Func<CalibrationPerson, string?> Of)[] Groupings =
    [
        ("territory", person => person.Territory),
        ("organisation", person => person.Organisation),
        ("site", person => person.Site),
    ];

    internal static (IReadOnlyList<ComparedGroup> Groups, IReadOnlyDictionary<string, IReadOnlyList<DifferentialItem>> ByItem) Compare(
        IReadOnlyList<VariantScores> variants,
        CancellationToken cancel
    )
    {
        var found = new Dictionary<string, List<DifferentialItem>>(StringComparer.Ordinal);
        var groups = new List<ComparedGroup>();
        foreach (var (by, of) in Groupings)
        {
            // A region has thousands of schools, few of them large enough, so people are counted before anything is
            // compared.
            var sizes = variants.ToDictionary(
                variant => variant.Variant,
                variant => variant.Persons.Select(of).OfType<string>().CountBy(group => group).ToDictionary()
            );
            foreach (
                var group in sizes
                    .Values.SelectMany(counts => counts.Where(count => count.Value >= LeastPersons))
                    .Select(count => count.Key)
                    .Distinct()
                    .Order(StringComparer.Ordinal)
            )
            {
                cancel.ThrowIfCancellationRequested();
                var (compared, noticeable, persons) = (new List<int>(), 0, 0);
                foreach (var variant in variants)
                {
                    var size = sizes[variant.Variant].GetValueOrDefault(group);
                    if (size < LeastPersons || sizes[variant.Variant].Values.Sum() - size < LeastPersons)
                        continue;
                    // An erased person belongs to no group any more.
                    var known = Enumerable
                        .Range(0, variant.Persons.Count)
                        .Where(person => of(variant.Persons[person]) is not null)
                        .ToArray();
                    var focal = Array.ConvertAll(known, person => of(variant.Persons[person]) == group);
                    compared.Add(variant.Variant);
                    persons += size;
                    var totals = Array.ConvertAll(known, person => variant.Totals[person]);
                    for (var item = 0; item < variant.Items.Count; item++)
                    {
                        var points = Array.ConvertAll(known, person => variant.Persons[person].Scores[item]);
                        if (Of(by, group, size, variant.Items[item], points, focal, totals) is not { } difference)
                            continue;
                        if (difference.Size is "C" or "CC")
                            noticeable++;
                        if (!found.TryGetValue(variant.Items[item].Code, out var list))
                            found[variant.Items[item].Code] = list = [];
                        list.Add(difference);
                    }
                }
                if (compared.Count > 0)
                    groups.Add(new(by, group, persons, compared, noticeable));
            }
        }
        return (groups, found.ToDictionary(pair => pair.Key, IReadOnlyList<DifferentialItem> (pair) => pair.Value));
    }

    private static DifferentialItem? Of(
        string by,
        string group,
        int persons,
        CalibrationItem item,
        int[] points,
        bool[] focal,
        int[] totals
    )
    {
        if (item.Maximum == 1)
        {
            var result = MantelHaenszel.OfItem(points, focal, totals);
            return result is { IsDefined: true, Value: { Class: not EtsClass.A, Delta: { IsDefined: true, Value: var delta } } dichotomous }
                ? Report(by, group, persons, dichotomous.Class.ToString(), delta, dichotomous.P)
                : null;
        }
        var mantel = PolytomousMantel.OfItem(points, focal, totals);
        return mantel is { IsDefined: true, Value: { Class: not PolytomousClass.AA } polytomous }
            ? Report(by, group, persons, polytomous.Class.ToString(), polytomous.EffectSize, polytomous.P)
            : null;
    }

    private static DifferentialItem Report(string by, string group, int persons, string size, double effect, double probability) =>
        new(
            by,
            group,
            persons,
            size,
            Math.Round(effect, 6),
            Math.Round(probability, 6),
            $"{Group(by, group)}: при равном общем балле задание {(size is "C" or "CC" ? "заметно" : "несколько")} "
                + $"{(effect < 0 ? "труднее" : "легче")}, чем для остальных."
        );

    private static string Group(string by, string group) =>
        by switch
        {
            "territory" => $"Территория {group}",
            "organisation" => $"Организация {group}",
            _ => $"Площадка {group}",
        };
}
