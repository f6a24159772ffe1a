using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.ItemBank;

/// <summary>Reads and writes the parts of a file that several item types share.</summary>
internal static class BodyText
{
    /// <summary>Indent of an item's fields.</summary>
    private const int Indent = 4;

    internal static List<Entry> Entries(this Fields fields, string name) =>
        fields
            .List(name)
            .Select(row =>
            {
                var entry = new Entry(row.Text("id"), row.Text("text"), row.OptionalText("mistake"));
                row.Done();
                return entry;
            })
            .ToList();

    /// <summary>
    /// Values of choices belong only to the rule <c>mapped</c>; under any other rule the field counts as unknown.
    /// </summary>
    internal static IReadOnlyDictionary<string, Points> Values(this Fields fields, ScoringRule rule) =>
        rule is MappedRule ? fields.PointsMap("map") : new Dictionary<string, Points>();

    internal static void Entries(this YamlLines lines, string name, IReadOnlyList<Entry> entries)
    {
        lines.Raw(Indent, $"{name}:");
        foreach (var entry in entries)
            lines.Raw(
                Indent + 2,
                "- "
                    + YamlLines.Flow(
                        ("id", YamlLines.Quote(entry.Id)),
                        ("text", YamlLines.Quote(entry.Text)),
                        ("mistake", YamlLines.QuoteOptional(entry.Mistake))
                    )
            );
    }

    internal static void Values(this YamlLines lines, IReadOnlyDictionary<string, Points> map)
    {
        if (map.Count > 0)
            lines.Raw(Indent, "map: " + YamlLines.Flow(map, points => points.ToString()));
    }

    internal static void Flag(this YamlLines lines, string name, bool value)
    {
        if (value)
            lines.Raw(Indent, $"{name}: true");
    }
}
