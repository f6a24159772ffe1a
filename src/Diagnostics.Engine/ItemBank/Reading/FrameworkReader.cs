using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>Reads <c>frameworks/*.yaml</c>.</summary>
internal static class FrameworkReader
{
    internal static Framework Read(Fields fields)
    {
        var framework = new Framework(
            FacetReader.ReadPlainCode(fields, "framework"),
            fields.Number("version", 1, int.MaxValue),
            fields.Text("title"),
            fields.Text("source"),
            fields.List("blocks").Select(ReadBlock).ToList()
        );
        fields.Done();
        ReportRepeated(fields, framework.Blocks.Select(block => block.Code), "Блок");
        ReportRepeated(
            fields,
            framework.Blocks.SelectMany(block => block.Competencies).Select(competency => competency.Code),
            "Компетенция"
        );
        ReportRepeated(fields, framework.Elements.Select(element => element.Code), "Элемент");
        return framework;
    }

    private static Block ReadBlock(Fields fields)
    {
        var block = new Block(
            fields.Text("code"),
            fields.Text("title"),
            fields.Text("adjective"),
            fields.List("competencies").Select(ReadCompetency).ToList()
        );
        fields.Done();
        return block;
    }

    private static Competency ReadCompetency(Fields fields)
    {
        var competency = new Competency(
            fields.Text("code"),
            fields.Text("title"),
            fields.Text("function"),
            fields.List("elements").Select(ReadElement).ToList()
        );
        fields.Done();
        return competency;
    }

    private static Element ReadElement(Fields fields)
    {
        var element = new Element(fields.Text("code"), fields.Text("title"));
        fields.Done();
        return element;
    }

    private static void ReportRepeated(Fields fields, IEnumerable<string> codes, string what)
    {
        foreach (var code in codes.GroupBy(code => code).Where(group => group.Count() > 1).Select(group => group.Key))
            fields.File.Report(
                ReadingRules.CodeDuplicate,
                fields.At("blocks"),
                $"{what} «{code}» описан в рамке дважды.",
                "Дайте каждому свой код."
            );
    }
}
