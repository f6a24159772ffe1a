namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Conditional maximum likelihood for the Rasch and partial credit models, which may be mixed in one test. It makes no
/// assumption about the distribution of persons. Items not presented do not count in a person's raw score, so variants
/// linked by common items are calibrated together.
/// </summary>
/// <remarks>
/// Andersen, E. B. (1972), The numerical solution of a set of conditional estimation equations, JRSS B 34, 42–54;
/// Fischer and Molenaar (1995), Rasch Models, chapters 3 and 15. The method is Newton's with the exact information; the
/// likelihood is concave.
/// </remarks>
public static class ConditionalMaximumLikelihood
{
    private const int MostIterations = 60;

    /// <param name="scores">Scores of every item from 0; the items together may have up to about a thousand
    /// points.</param>
    /// <returns>Undefined: <see cref="Undefined.TooFewItems"/> (fewer than two usable),
    /// <see cref="Undefined.TooFewPersons"/> (nobody between the extremes), <see cref="Undefined.NotLinked"/> (variants
    /// without common items), <see cref="Undefined.NotConverged"/> or <see cref="Undefined.Singular"/> (no finite
    /// maximum: everybody passes one set of items before another, Fischer 1981, Psychometrika 46, 59–77).
    /// </returns>
    public static Estimate<ConditionalFit> Fit(ScoreMatrix scores, ConditionalOrigin origin = ConditionalOrigin.MeanStep)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var (usable, groups, persons) = Informative(scores);
        if (persons == 0)
            return Estimate<ConditionalFit>.None(Undefined.TooFewPersons);
        if (usable.Columns.Length < 2)
            return Estimate<ConditionalFit>.None(Undefined.TooFewItems);
        if (!AreLinked(groups, usable.Columns.Length))
            return Estimate<ConditionalFit>.None(Undefined.NotLinked);
        var model = new ConditionalModel(scores, usable, groups);
        return model.Maximize(MostIterations, persons) is not { } maximum ? Estimate<ConditionalFit>.None(Undefined.NotConverged)
            : model.Report(maximum, origin, usable.Refused, persons) is { } fit ? Estimate<ConditionalFit>.Of(fit)
            : Estimate<ConditionalFit>.None(Undefined.Singular);
    }

    /// <summary>
    /// Keeps persons between the extremes, and items with variance among just those persons. Leaving out persons may
    /// disqualify items, and leaving out items may disqualify persons, so this repeats until nothing changes.
    /// </summary>
    private static (UsableItems Usable, List<Booklet> Groups, int Persons) Informative(ScoreMatrix scores)
    {
        IReadOnlyCollection<int> persons = [.. Enumerable.Range(0, scores.Persons)];
        Undefined?[]? refused = null;
        while (true)
        {
            var usable = UsableItems.Of(scores, persons, refused);
            var maxima = Array.ConvertAll(usable.Counts, counts => counts.Length - 1);
            var groups = Booklet.Group(scores, usable.Columns, persons);
            for (var at = 0; at < groups.Count; at++)
            {
                var (items, highest) = (groups[at].Items, groups[at].Items.Sum(item => maxima[item]));
                groups[at] = groups[at] with
                {
                    Persons =
                    [
                        .. groups[at].Persons.Where(person => Raw(scores, usable, items, person) is var raw && raw > 0 && raw < highest),
                    ],
                };
            }
            groups.RemoveAll(group => group.Persons.Length == 0 || group.Items.Length < 2);
            var left = groups.Sum(group => group.Persons.Length);
            if (left == persons.Count && refused is not null || usable.Columns.Length < 2)
                return (usable, groups, left);
            (persons, refused) = ([.. groups.SelectMany(group => group.Persons)], usable.Refused);
        }
    }

    internal static int Raw(ScoreMatrix scores, UsableItems usable, int[] items, int person)
    {
        var raw = 0;
        foreach (var item in items)
            raw += scores[person, usable.Columns[item]];
        return raw;
    }

    /// <summary>
    /// Whether all items are linked, directly or through other items; a person who took two items links them.
    /// </summary>
    internal static bool AreLinked(IReadOnlyList<Booklet> groups, int items)
    {
        var parents = Enumerable.Range(0, items).ToArray();
        int Root(int item) => parents[item] == item ? item : parents[item] = Root(parents[item]);
        foreach (var group in groups)
        foreach (var item in group.Items)
            parents[Root(item)] = Root(group.Items[0]);
        return Enumerable.Range(0, items).All(item => Root(item) == Root(0));
    }
}
