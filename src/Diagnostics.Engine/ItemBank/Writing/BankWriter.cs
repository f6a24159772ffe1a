using System.Globalization;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank.Writing;

/// <summary>
/// Writes what <see cref="Reading.BankReader"/> reads, in the layout of <c>item-bank/README.md</c>: read∘write gives the
/// same facet, and writing it again the same text.
/// </summary>
public static class BankWriter
{
    /// <summary>The facet's file, its stimuli and their drawings, by path under the diagnostic's folder.</summary>
    public static IReadOnlyDictionary<string, string> Write(Facet facet, string folder)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal) { [$"{folder}/facets/{facet.Code}.yaml"] = FacetText(facet) };
        foreach (var stimulus in facet.Items.Select(item => item.Stimulus).OfType<Stimulus>())
        {
            files[$"{folder}/stimuli/{stimulus.Code}.yaml"] = StimulusText(stimulus);
            if (stimulus.Svg is not null) files[$"{folder}/stimuli/{stimulus.Code}.svg"] = stimulus.Svg + "\n";
        }
        return files;
    }

    public static string BlueprintText(Blueprint blueprint)
    {
        var lines = new YamlLines();
        lines.Text(0, "blueprint", blueprint.Code);
        lines.Text(0, "title", blueprint.Title);
        lines.Text(0, "framework", blueprint.Framework);
        lines.Raw(0, Invariant($"frameworkVersion: {blueprint.FrameworkVersion}"));
        lines.Raw(0, Invariant($"timeLimitMinutes: {blueprint.TimeLimitMinutes}"));
        lines.Raw(0, "slots:");
        foreach (var slot in blueprint.Slots)
        {
            lines.Raw(2, "- " + YamlLines.Flow(
                ("number", Invariant($"{slot.Number}")),
                ("block", YamlLines.Quote(slot.Block)),
                ("element", YamlLines.Quote(slot.Element)),
                ("type", Codes.Of(slot.Type)),
                ("difficulty", Invariant($"{slot.Difficulty}")),
                ("points", slot.Points.ToString()),
                ("facet", YamlLines.QuoteOptional(slot.Facet))));
        }
        return lines.ToString();
    }

    public static string StimulusText(Stimulus stimulus)
    {
        var lines = new YamlLines();
        lines.Text(0, "stimulus", stimulus.Code);
        lines.Text(0, "kind", stimulus.Kind);
        lines.Text(0, "title", stimulus.Title);
        if (stimulus.Body.Length > 0) lines.Text(0, "body", stimulus.Body);
        if (stimulus.Svg is not null) lines.Text(0, "image", $"{stimulus.Code}.svg");
        lines.OptionalText(0, "alt", stimulus.Alt);
        return lines.ToString();
    }

    public static string FacetText(Facet facet)
    {
        var lines = new YamlLines();
        lines.Text(0, "facet", facet.Code);
        lines.Text(0, "title", facet.Title);
        lines.Text(0, "block", facet.Block);
        lines.Text(0, "element", facet.Element);
        lines.Raw(0, $"type: {Codes.Of(facet.Type)}");
        lines.Raw(0, Invariant($"difficulty: {facet.Difficulty}"));
        lines.Raw(0, $"points: {facet.Points}");
        lines.Raw(0, $"scoring: {ScoringText(facet.Rule)}");
        lines.Raw(0, $"status: {Codes.Of(facet.Status)}");
        lines.Text(0, "author", facet.Author);
        lines.OptionalText(0, "reviewer", facet.Reviewer);
        if (facet.Items.Select(item => item.Body).OfType<ExtendedTask>().FirstOrDefault() is { } task) WriteRubric(lines, task.Rubric);
        lines.Raw(0, "items:");
        foreach (var item in facet.Items) WriteItem(lines, item);
        return lines.ToString();
    }

    private static string ScoringText(ScoringRule rule) => rule switch
    {
        ExactRule => "{rule: exact}",
        AdjacentRule => "{rule: adjacent}",
        ShortAnswerRule => "{rule: short_answer}",
        RubricRule => "{rule: rubric}",
        PerErrorRule perError => YamlLines.Flow(("rule", "per_error"), ("table", YamlLines.Flow(perError.Table.OrderBy(row => row.Key).Select(row => (Invariant($"{row.Key}"), (string?)row.Value.ToString()))))),
        MappedRule mapped => YamlLines.Flow(("rule", "mapped"), ("min", mapped.Min.ToString()), ("max", mapped.Max.ToString()), ("default", mapped.Default.ToString())),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "No such rule."),
    };

    private static void WriteRubric(YamlLines lines, Rubric rubric)
    {
        lines.Raw(0, "rubric:");
        lines.Raw(2, "criteria:");
        foreach (var criterion in rubric.Criteria)
        {
            lines.Text(4, "- code", criterion.Code);
            lines.Text(6, "title", criterion.Title);
            lines.Raw(6, "levels:");
            foreach (var level in criterion.Levels)
                lines.Raw(8, "- " + YamlLines.Flow(("points", level.Points.ToString()), ("description", YamlLines.Quote(level.Description))));
        }
        if (rubric.Gate is not null) lines.Raw(2, "gate: " + YamlLines.Flow(("criterion", YamlLines.Quote(rubric.Gate))));
    }

    private static void WriteItem(YamlLines lines, Item item)
    {
        lines.Text(2, "- item", item.Code);
        lines.Raw(4, Invariant($"variant: {item.Variant}"));
        if (item.Stimulus is not null) lines.Text(4, "stimulus", item.Stimulus.Code);
        lines.Text(4, "stem", item.Stem);
        WriteBody(lines, item.Body);
        lines.Text(4, "solution", item.Solution);
        if (item.Body is ExtendedTask task) WriteExemplars(lines, task.Exemplars);
        if (item.Waivers.Count > 0) lines.Raw(4, "waive: " + YamlLines.Flow(item.Waivers, YamlLines.Quote));
    }

    private static void WriteBody(YamlLines lines, ItemBody body)
    {
        switch (body)
        {
            case SingleChoice single:
                WriteEntries(lines, "options", single.Options);
                WriteFlag(lines, "fixed_order", single.FixedOrder);
                lines.Raw(4, $"key: {YamlLines.Quote(single.Key)}");
                break;
            case MultipleChoice multiple:
                WriteEntries(lines, "options", multiple.Options);
                WriteFlag(lines, "fixed_order", multiple.FixedOrder);
                lines.Raw(4, $"key: {YamlLines.Flow(multiple.Key)}");
                WriteMap(lines, multiple.Map);
                break;
            case Matching matching:
                WriteEntries(lines, "left", matching.Left);
                WriteEntries(lines, "right", matching.Right);
                WriteFlag(lines, "reuse", matching.Reuse);
                WriteFlag(lines, "fixed_order", matching.FixedOrder);
                lines.Raw(4, $"key: {YamlLines.Flow(matching.Key, YamlLines.Quote)}");
                WriteMap(lines, matching.Map);
                break;
            case Ordering ordering:
                WriteEntries(lines, "elements", ordering.Elements);
                lines.Raw(4, $"key: {YamlLines.Flow(ordering.Key)}");
                break;
            case ShortAnswer answer:
                WriteShortKey(lines, answer.Key);
                break;
            case ExtendedTask:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(body), body, "No such item type.");
        }
    }

    private static void WriteEntries(YamlLines lines, string name, IReadOnlyList<Entry> entries)
    {
        lines.Raw(4, $"{name}:");
        foreach (var entry in entries)
            lines.Raw(6, "- " + YamlLines.Flow(("id", YamlLines.Quote(entry.Id)), ("text", YamlLines.Quote(entry.Text)), ("mistake", YamlLines.QuoteOptional(entry.Mistake))));
    }

    private static void WriteFlag(YamlLines lines, string name, bool value)
    {
        if (value) lines.Raw(4, $"{name}: true");
    }

    private static void WriteMap(YamlLines lines, IReadOnlyDictionary<string, Points> map)
    {
        if (map.Count > 0) lines.Raw(4, "map: " + YamlLines.Flow(map, points => points.ToString()));
    }

    private static void WriteShortKey(YamlLines lines, ShortAnswerKey key)
    {
        lines.Raw(4, "key:");
        if (key.Texts.Count > 0) lines.Raw(6, $"texts: {YamlLines.Flow(key.Texts)}");
        if (key.Numbers.Count > 0)
        {
            lines.Raw(6, "numbers:");
            foreach (var number in key.Numbers)
                lines.Raw(8, "- " + YamlLines.Flow(("value", YamlLines.Quote(number.Value)), ("tolerance", YamlLines.Quote(number.Tolerance)), ("units", number.Units.Count == 0 ? null : YamlLines.Flow(number.Units))));
        }
        if (key.Patterns.Count > 0) lines.Raw(6, $"patterns: {YamlLines.Flow(key.Patterns)}");
    }

    private static void WriteExemplars(YamlLines lines, IReadOnlyList<Exemplar> exemplars)
    {
        if (exemplars.Count == 0) return;
        lines.Raw(4, "exemplars:");
        foreach (var exemplar in exemplars)
        {
            lines.Text(6, "- text", exemplar.Text);
            lines.Raw(8, $"points: {YamlLines.Flow(exemplar.Points, points => points.ToString())}");
            lines.Text(8, "comment", exemplar.Comment);
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
