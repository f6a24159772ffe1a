using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.Forms.Writing;

/// <summary>
/// Writes <c>&lt;diagnostic&gt;/blueprint.yaml</c> in the form that <see cref="Reading.BankReader"/> reads.
/// </summary>
public static class BlueprintWriter
{
    public static string Text(Blueprint blueprint)
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
            lines.Raw(
                2,
                "- "
                    + YamlLines.Flow(
                        ("number", Invariant($"{slot.Number}")),
                        ("block", YamlLines.Quote(slot.Block)),
                        ("element", YamlLines.Quote(slot.Element)),
                        ("type", Codes.Of(slot.Type)),
                        ("difficulty", Invariant($"{slot.Difficulty}")),
                        ("points", slot.Points.ToString()),
                        ("facet", YamlLines.QuoteOptional(slot.Facet))
                    )
            );
        }
        return lines.ToString();
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
