using System.Globalization;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Observation;

/// <summary>Reads <c>instruments/observation/*.yaml</c>.</summary>
public static class ObservationSheetFiles
{
    private static readonly InstrumentForm<ObservationSheet> Files = new(
        "observation",
        "sheet",
        "Экспертный лист",
        Read,
        one => new(InstrumentKind.ObservationSheet, one.Code, one.Version, one.Title, one.Framework, "")
    );

    /// <summary>How the item bank reads documents of this kind.</summary>
    public static InstrumentForm Form => Files;

    /// <returns>The sheets without errors, and all findings.</returns>
    public static (IReadOnlyList<ObservationSheet> Sheets, IReadOnlyList<Finding> Findings) Read(
        BankFiles files,
        IReadOnlyList<Framework> frameworks
    ) => Files.Read(files, frameworks);

    private static ObservationSheet Read(Fields fields, FrameworkIndex frameworks)
    {
        var code = FacetReader.ReadCode(fields, "sheet");
        var version = fields.Number("version", 1, int.MaxValue);
        var title = fields.Text("title");
        var occasion = Choice(fields, "occasion", ObservedOccasion.OpenLesson);
        var framework = frameworks.Reference(fields);
        var scale = Choice(fields, "scale", SheetScale.YesNo);
        var sheet = new ObservationSheet(
            Code: code,
            Version: version,
            Title: title,
            Occasion: occasion,
            Framework: framework,
            Scale: scale,
            Reconciliation: ReadReconciliation(fields, scale),
            Header: fields.OptionalList("header").Select(ReadField).ToList(),
            Criteria: fields.List("criteria").Select(entry => ReadCriterion(entry, scale, framework, frameworks)).ToList()
        );
        fields.Done();
        fields.ReportRepeated("header", sheet.Header.Select(field => field.Code));
        fields.ReportRepeated("criteria", sheet.Criteria.Select(criterion => criterion.Code));
        return sheet;
    }

    private static Reconciliation ReadReconciliation(Fields fields, SheetScale scale)
    {
        if (fields.Mapping("reconciliation") is not { } entry)
            return new(ReconcileRule.Mean, 1, false);
        var reconciliation = new Reconciliation(
            Choice(entry, "rule", ReconcileRule.Mean),
            entry.Number("differenceFrom", 1, scale.Highest() - scale.Lowest()),
            entry.Flag("selfAlone")
        );
        entry.Done();
        return reconciliation;
    }

    private static SheetField ReadField(Fields fields)
    {
        var field = new SheetField(FacetReader.ReadPlainCode(fields, "code"), fields.Text("title"));
        fields.Done();
        return field;
    }

    private static SheetCriterion ReadCriterion(Fields fields, SheetScale scale, FrameworkReference framework, FrameworkIndex frameworks)
    {
        var criterion = new SheetCriterion(
            FacetReader.ReadPlainCode(fields, "code"),
            fields.Text("text"),
            fields.Text("competency"),
            fields.Has("weight") ? fields.Number("weight", 1, 10) : 1,
            fields.Has("ratings") ? fields.TextMap("ratings") : new Dictionary<string, string>(),
            fields.OptionalText("element")
        );
        fields.Done();
        frameworks.ReportCompetency(fields, framework, criterion.Competency, criterion.Element);
        InstrumentWording.Report(fields, "text");
        var ratings = scale.Ratings().Select(rating => rating.ToString(CultureInfo.InvariantCulture)).ToList();
        if (criterion.Ratings.Count > 0 && !criterion.Ratings.Keys.ToHashSet().SetEquals(ratings))
            fields.Invalid(fields.At("ratings"), $"«ratings» — описание каждой оценки шкалы: {string.Join(", ", ratings)}.");
        return criterion;
    }

    private static T Choice<T>(Fields fields, string name, T otherwise)
        where T : struct, Enum => fields.Choice(name, Codes.Find<T>, Enum.GetValues<T>().Select(Codes.Of), otherwise);
}
