using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Practice;

/// <summary>Reads <c>instruments/skill-maps/*.yaml</c>.</summary>
public static class SkillMapFiles
{
    private static readonly InstrumentForm<SkillMap> Files = new(
        "skill-maps",
        "skillMap",
        "Карта умений",
        Read,
        one => new(InstrumentKind.SkillMap, one.Code, one.Version, one.Title, one.Framework, "")
    );

    /// <summary>How the item bank reads documents of this kind.</summary>
    public static InstrumentForm Form => Files;

    /// <returns>The maps without errors, and all findings.</returns>
    public static (IReadOnlyList<SkillMap> Maps, IReadOnlyList<Finding> Findings) Read(
        BankFiles files,
        IReadOnlyList<Framework> frameworks
    ) => Files.Read(files, frameworks);

    private static SkillMap Read(Fields fields, FrameworkIndex frameworks)
    {
        var code = FacetReader.ReadCode(fields, "skillMap");
        var version = fields.Number("version", 1, int.MaxValue);
        var title = fields.Text("title");
        var framework = frameworks.Reference(fields);
        var passMark = fields.Points("passMark").ToDecimal();
        if (passMark is <= 0 or > 100)
            fields.Invalid(fields.At("passMark"), "«passMark» — больше 0 и не больше 100 процентов.");
        var skills = new List<Skill>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in fields.List("skills"))
        {
            var skill = new Skill(
                entry.Text("skill"),
                entry.OptionalTexts("also"),
                entry.List("shows").Select(shows => ReadShown(shows, frameworks, framework)).ToList()
            );
            entry.Done();
            if (skill.Wordings.FirstOrDefault(wording => !taken.Add(wording)) is { } twice)
                fields.File.Report(
                    ReadingRules.CodeDuplicate,
                    entry.At("skill"),
                    $"Умение «{twice}» стоит в карте дважды.",
                    "Оставьте одну запись; другие дефициты допишите в её «shows»."
                );
            skills.Add(skill);
        }
        fields.Done();
        return new(code, version, title, framework, passMark, skills);
    }

    private static ShownDeficit ReadShown(Fields fields, FrameworkIndex frameworks, FrameworkReference framework)
    {
        var shown = new ShownDeficit(
            fields.Text("deficit"),
            fields.Text("competency"),
            fields.Has("weight") ? fields.Number("weight", 1, 10) : 1,
            fields.OptionalText("element")
        );
        fields.Done();
        frameworks.ReportCompetency(fields, framework, shown.Competency, shown.Element);
        return shown;
    }
}
