using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Practice;

/// <summary>
/// What it says about a teacher when pupils lack a skill, or about a head when an indicator of the school is low
/// (clauses 5 and 7.3). Versions never change.
/// </summary>
/// <param name="PassMark">Below this percentage a skill is deficient, where the table of results names no mark of its
/// own; 51 is the lower end of a positive mark.</param>
public sealed record SkillMap(
    string Code,
    int Version,
    string Title,
    FrameworkReference Framework,
    decimal PassMark,
    IReadOnlyList<Skill> Skills
)
{
    /// <summary>Finds a skill by any of its wordings.</summary>
    internal IReadOnlyDictionary<string, Skill> ByWording() =>
        Skills
            .SelectMany(skill => skill.Wordings.Select(wording => (wording, skill)))
            .ToDictionary(pair => pair.wording, pair => pair.skill);

    /// <summary>The form in which wordings are compared: case, blanks, ё and look-alike letters do not count.</summary>
    internal static string Compared(string wording) => ReadText.Of(wording).ToLowerInvariant().Replace('ё', 'е');
}

/// <param name="Name">The skill as the map calls it, for example «Формулировать основную мысль текста».</param>
/// <param name="Also">Other wordings of the same skill in tables of results.</param>
/// <param name="Shows">At least one deficit to which the lack of the skill points.</param>
public sealed record Skill(string Name, IReadOnlyList<string> Also, IReadOnlyList<ShownDeficit> Shows)
{
    internal IEnumerable<string> Wordings => Also.Prepend(Name).Select(SkillMap.Compared).Distinct(StringComparer.Ordinal);
}

/// <param name="Deficit">The teacher's difficulty in words, for example «Формирование читательской грамотности».</param>
/// <param name="Weight">How strongly the skill points to the competency beside other skills, 1–10.</param>
/// <param name="Element">Null where only the competency is known.</param>
public sealed record ShownDeficit(string Deficit, string Competency, int Weight, string? Element = null);
