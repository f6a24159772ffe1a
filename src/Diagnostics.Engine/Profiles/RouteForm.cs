using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.Profiles;

/// <summary>
/// The values that the form of an individual route takes from a profile, ready for insertion (макет ИОМ).
/// </summary>
/// <param name="Dates">Dates in block 1 and at the end of block 5; absent when the calendar was not consulted.</param>
/// <param name="Results">Block 4, in the form's order.</param>
/// <param name="Deficits">Block 5: the names of the deficits for which programmes and events are chosen.</param>
public sealed record RouteForm(RouteDates? Dates, IReadOnlyList<RouteFormResult> Results, IReadOnlyList<NamedDeficit> Deficits)
{
    internal static RouteForm Of(
        IReadOnlyList<BlockResult> blocks,
        IReadOnlyList<CompetencyResult> competencies,
        IReadOnlyList<ElementResult> elements,
        ProfileRules rules,
        RouteDates? dates
    ) =>
        new(
            dates,
            // The form lists its rows in alphabetical order: коммуникативные, методические, предметные,
            // психолого-педагогические.
            blocks
                .OrderBy(block => block.Adjective, StringComparer.Ordinal)
                .Select(block => new RouteFormResult(block.Code, block.Adjective, block.RouteFormText))
                .ToList(),
            NamedDeficits(competencies, elements, rules).ToList()
        );

    /// <summary>
    /// The text of a block's cell. The wording, and the order in which the deficit comes before the result, are those
    /// of the form.
    /// </summary>
    internal static string Cell(ResultShare share, CampaignStage stage)
    {
        var diagnostic = stage switch
        {
            CampaignStage.Entry => "входной",
            CampaignStage.Intermediate => "промежуточной",
            CampaignStage.Final => "итоговой",
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
        };
        return $"{100 - share.WholePercent}% (результат выполнения теста {diagnostic} диагностики - {share.WholePercent}%)";
    }

    /// <summary>
    /// The competencies and elements that have a deficit or a sign of one; each competency comes before its elements.
    /// </summary>
    private static IEnumerable<NamedDeficit> NamedDeficits(
        IReadOnlyList<CompetencyResult> competencies,
        IReadOnlyList<ElementResult> elements,
        ProfileRules rules
    )
    {
        var found = elements.ToDictionary(element => element.Code);
        foreach (var block in rules.Framework.Blocks)
        foreach (var competency in block.Competencies)
        {
            var result = competencies.First(each => each.Code == competency.Code);
            if (Sentence(result.Level, result.Signal, () => rules.Policy.Sentences.NameOf(competency), rules.Policy) is { } sentence)
                yield return new(block.Code, competency.Code, null, result.Level, result.Signal, sentence, []);
            foreach (var element in competency.Elements)
                if (
                    found.TryGetValue(element.Code, out var one)
                    && Sentence(one.Level, one.Signal, () => rules.Policy.Sentences.NameOf(element), rules.Policy) is { } said
                )
                    yield return new(block.Code, competency.Code, element.Code, one.Level, one.Signal, said, []);
        }
    }

    private static string? Sentence(DeficitLevel? level, ElementSignal? signal, Func<string> name, ProfilePolicy policy) =>
        (level, signal) switch
        {
            ({ } known, _) when !policy.Change.IsSufficient(known) => policy.Sentences.OfLevel(known, name()),
            (_, ElementSignal.PossibleDeficit) => policy.Sentences.OfSignal(name()),
            _ => null,
        };
}

/// <param name="Adjective">Name of the row: «коммуникативные».</param>
/// <param name="Text">Text of the cell: «17% (результат выполнения теста входной диагностики - 83%)».</param>
public sealed record RouteFormResult(string Block, string Adjective, string Text);

/// <param name="DiagnosedOn">Date of the diagnostic, by the calendar of the site.</param>
/// <param name="NextDiagnosticOn">Due date of the next diagnostic.</param>
/// <param name="NextStage">Stage of the next diagnostic.</param>
/// <param name="DraftRouteDue">Due date of the draft of the route; absent until the results are published.</param>
public sealed record RouteDates(DateOnly DiagnosedOn, DateOnly NextDiagnosticOn, CampaignStage NextStage, DateOnly? DraftRouteDue);

/// <summary>A deficit by name: «Низкий уровень сформированности умения решать уравнения».</summary>
/// <param name="Element">Null for the competency as a whole.</param>
/// <param name="Level">Present where the evidence is enough, otherwise null.</param>
/// <param name="Signal">Present where the evidence is scarce, otherwise null.</param>
/// <param name="Sentence">Sentence for «Перечень дефицитов, на устранение которых направлена программа».</param>
/// <param name="Recommendations">Offers of a catalogue for the deficit; empty so far.</param>
public sealed record NamedDeficit(
    string Block,
    string Competency,
    string? Element,
    DeficitLevel? Level,
    ElementSignal? Signal,
    string Sentence,
    IReadOnlyList<Recommended> Recommendations
);

/// <summary>A programme or an event that a catalogue offers for a deficit.</summary>
/// <param name="Catalogue">Owner of the catalogue.</param>
/// <param name="Code">Code in the catalogue.</param>
/// <param name="Hours">Hours of study, if any.</param>
public sealed record Recommended(string Catalogue, string Code, string Title, int? Hours = null, string? Address = null);
