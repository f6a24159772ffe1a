using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.ItemBank.Writing;

/// <summary>Writes <c>frameworks/*.yaml</c> in the form that <see cref="Reading.BankFileReader"/> reads.</summary>
public static class FrameworkWriter
{
    public static string Text(Framework framework)
    {
        var lines = new YamlLines();
        lines.Text(0, "framework", framework.Code);
        lines.Raw(0, FormattableString.Invariant($"version: {framework.Version}"));
        lines.Text(0, "title", framework.Title);
        lines.Text(0, "source", framework.Source);
        lines.Raw(0, "blocks:");
        foreach (var block in framework.Blocks)
        {
            lines.Text(2, "- code", block.Code);
            lines.Text(4, "title", block.Title);
            lines.Text(4, "adjective", block.Adjective);
            lines.Raw(4, "competencies:");
            foreach (var competency in block.Competencies)
            {
                lines.Text(6, "- code", competency.Code);
                lines.Text(8, "title", competency.Title);
                lines.Text(8, "function", competency.Function);
                lines.Raw(8, "elements:");
                foreach (var element in competency.Elements)
                    lines.Raw(
                        10,
                        "- " + YamlLines.Flow(("code", YamlLines.Quote(element.Code)), ("title", YamlLines.Quote(element.Title)))
                    );
            }
        }
        return lines.ToString();
    }
}
