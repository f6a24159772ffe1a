using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank.Writing;

/// <summary>
/// Writes files that <see cref="Reading.BankFileReader"/> reads, in the layout of <c>item-bank/README.md</c>: reading a
/// written facet gives an equal facet, and writing it again gives the same text.
/// </summary>
public static class BankWriter
{
    /// <summary>The facet's file, its stimuli and their drawings, by path under the diagnostic's folder.</summary>
    public static IReadOnlyDictionary<string, string> Write(Facet facet, string folder)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [$"{folder}/facets/{facet.Code}.yaml"] = FacetText(facet),
        };
        foreach (var stimulus in facet.Items.Select(item => item.Stimulus).OfType<Stimulus>())
        {
            files[$"{folder}/stimuli/{stimulus.Code}.yaml"] = StimulusText(stimulus);
            if (stimulus.Svg is not null)
                files[$"{folder}/stimuli/{stimulus.Code}.svg"] = stimulus.Svg + "\n";
        }
        return files;
    }

    public static string StimulusText(Stimulus stimulus)
    {
        var lines = new YamlLines();
        lines.Text(0, "stimulus", stimulus.Code);
        lines.Text(0, "kind", stimulus.Kind);
        lines.Text(0, "title", stimulus.Title);
        if (stimulus.Body.Length > 0)
            lines.Text(0, "body", stimulus.Body);
        if (stimulus.Svg is not null)
            lines.Text(0, "image", $"{stimulus.Code}.svg");
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
        facet.Items.Select(item => item.Body).FirstOrDefault(body => body.Type == facet.Type)?.WriteFacet(lines);
        lines.Raw(0, "items:");
        foreach (var item in facet.Items)
            WriteItem(lines, item);
        return lines.ToString();
    }

    private static string ScoringText(ScoringRule rule) =>
        rule switch
        {
            ExactRule => "{rule: exact}",
            AdjacentRule => "{rule: adjacent}",
            ShortAnswerRule => "{rule: short_answer}",
            RubricRule => "{rule: rubric}",
            PerErrorRule perError => YamlLines.Flow(
                ("rule", "per_error"),
                (
                    "table",
                    YamlLines.Flow(
                        perError.Table.OrderBy(row => row.Key).Select(row => (Invariant($"{row.Key}"), (string?)row.Value.ToString()))
                    )
                )
            ),
            MappedRule mapped => YamlLines.Flow(
                ("rule", "mapped"),
                ("min", mapped.Min.ToString()),
                ("max", mapped.Max.ToString()),
                ("default", mapped.Default.ToString())
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "No such rule."),
        };

    private static void WriteItem(YamlLines lines, Item item)
    {
        lines.Text(2, "- item", item.Code);
        lines.Raw(4, Invariant($"variant: {item.Variant}"));
        if (item.Stimulus is not null)
            lines.Text(4, "stimulus", item.Stimulus.Code);
        lines.Text(4, "stem", item.Stem);
        item.Body.Write(lines);
        lines.Text(4, "solution", item.Solution);
        WriteSources(lines, item.Sources ?? []);
        item.Body.WriteLast(lines);
        if (item.Waivers.Count > 0)
            lines.Raw(4, "waive: " + YamlLines.Flow(item.Waivers, YamlLines.Quote));
    }

    private static void WriteSources(YamlLines lines, IReadOnlyList<ItemSource> sources)
    {
        if (sources.Count > 0)
            lines.Raw(4, "source:");
        foreach (var source in sources)
            lines.Raw(
                6,
                "- "
                    + YamlLines.Flow(
                        ("act", YamlLines.Quote(source.Act)),
                        ("article", YamlLines.QuoteOptional(source.Article)),
                        ("edition", YamlLines.Quote(source.Edition)),
                        ("checkBy", YamlLines.Quote(source.CheckBy))
                    )
            );
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
