using Diagnostics.Engine.Competencies;
using NodaTime;

namespace Diagnostics.Engine.Profiles;

/// <summary>How the levels that several sources give are joined into one (clause 2.4).</summary>
public enum JoinRule
{
    /// <summary>The level of the weighted mean of the results.</summary>
    Weights,

    /// <summary>The worst of the levels.</summary>
    Worst,

    /// <summary>
    /// The first source of the policy that has a level leads. The others together, by their weights, move its level by
    /// one step of the scale at most. The standardised test stands first, because it is the preferred procedure
    /// (clause 3.5).
    /// </summary>
    Leading,
}

/// <summary>The rule by which a complex profile joins its sources. A policy: a version never changes.</summary>
/// <param name="Sources">All sources that the profile joins, in the order in which they are shown.</param>
/// <param name="ContradictionFrom">Two sources contradict each other when their levels are at least this many steps of
/// the scale apart.</param>
/// <param name="LevelScale">The scale by which the results of all sources become levels.</param>
public sealed record ComplexPolicy(JoinRule Rule, IReadOnlyList<SourceTerms> Sources, int ContradictionFrom, LevelScaleReference LevelScale)
{
    /// <summary>What the weights of all sources add up to, so that everybody reads them as shares.</summary>
    public const int WeightsTogether = 100;

    /// <summary>How the policy joins the sources, in words that everybody can read.</summary>
    public string InWords()
    {
        var names = string.Join(
            ", ",
            Sources.Select(terms => Rule is JoinRule.Worst ? $"«{terms.Title}»" : $"«{terms.Title}» — {terms.Weight}")
        );
        var how = Rule switch
        {
            JoinRule.Weights => "Результаты источников усредняются с весами, уровень дефицита определяется по среднему. "
                + $"Веса из {WeightsTogether}: {names}. Если источника нет, его вес делят остальные.",
            JoinRule.Worst => $"Из уровней, которые дают источники, берётся худший: наибольший дефицит. Источники: {names}.",
            JoinRule.Leading =>
                "Ведёт первый по порядку источник, у которого есть уровень; остальные вместе могут сдвинуть этот уровень не больше чем "
                    + $"на одну ступень. Порядок и веса из {WeightsTogether}: {names}.",
            _ => throw new InvalidOperationException($"{Rule} is no rule."),
        };
        return $"{how} Источник, у которого мало свидетельств, уровня не даёт. Если источники расходятся хотя бы на "
            + $"{(ContradictionFrom == 1 ? "одну ступень" : ContradictionFrom == 2 ? "две ступени" : "три ступени")}, "
            + "расхождение показано отдельно.";
    }

    /// <summary>Faults of the document; empty when there are none.</summary>
    /// <param name="known">The sources of evidence that exist.</param>
    public IEnumerable<string> Faults(IReadOnlyCollection<string> known)
    {
        if (Sources.Count == 0)
            yield return "sources: нужен хотя бы один источник.";
        else if (Sources.Sum(terms => (long)terms.Weight) is not WeightsTogether and var sum)
            yield return $"sources: веса (weight) вместе составляют {WeightsTogether}, а здесь {sum}.";
        foreach (var terms in Sources.Where(terms => !known.Contains(terms.Source)))
            yield return $"sources: источника «{terms.Source}» нет; бывают {string.Join(", ", known)}.";
        foreach (var twice in Sources.CountBy(terms => terms.Source).Where(count => count.Value > 1))
            yield return $"sources: источник {twice.Key} назван дважды.";
        if (ContradictionFrom is < 1 or > 3)
            yield return "contradictionFrom — от 1 до 3 ступеней шкалы.";
        foreach (var fault in Sources.SelectMany(terms => terms.Faults()))
            yield return fault;
    }
}

/// <summary>A version of a scale of levels.</summary>
public sealed record LevelScaleReference(string Code, int Version);

/// <param name="Source">Code that the source gives to its evidence.</param>
/// <param name="Weight">How much the source counts beside the others, 1–100.</param>
/// <param name="Enough">The evidence that the source needs for a level; with less it gives only a signal, which no rule
/// joins.</param>
/// <param name="PoolDays">Evidence of one competency that is older than the latest by more than this many days has given
/// way to it; 0 keeps only the latest.</param>
public sealed record SourceTerms(string Source, string Title, int Weight, EvidenceRule Enough, int PoolDays)
{
    private const int MaxTitle = 100,
        MaxPoolDays = 1100;

    /// <summary>The source's evidence that no later evidence of the same competency has replaced.</summary>
    internal IEnumerable<Evidence> Valid(IEnumerable<Evidence> evidence) =>
        evidence
            .Where(one => one.Source == Source)
            .GroupBy(one => one.Competency, StringComparer.Ordinal)
            .SelectMany(competency =>
            {
                var since = competency.Max(one => one.At) - Duration.FromDays(PoolDays);
                return competency.Where(one => one.At >= since);
            });

    internal IEnumerable<string> Faults()
    {
        if (DocumentText.Fault("source", Source, Codes.MaxLength) is { } source)
            yield return $"sources: {source}";
        if (DocumentText.Fault("title", Title, MaxTitle) is { } title)
            yield return $"sources: {Source}: {title}";
        if (Weight is < 1 or > 100)
            yield return $"sources: {Source}: weight — от 1 до 100.";
        if (Enough.MinItems < 1 || Enough.MinPoints <= Points.Zero)
            yield return $"sources: {Source}: для уровня нужно хотя бы одно свидетельство и больше нуля баллов.";
        if (PoolDays is < 0 or > MaxPoolDays)
            yield return $"sources: {Source}: poolDays — от 0 до {MaxPoolDays}.";
    }
}
