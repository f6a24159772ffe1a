using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using NodaTime;

namespace Diagnostics.Engine.Practice;

/// <summary>What the share of right answers is compared with.</summary>
public enum SkillBound
{
    Russia,
    Region,
    Municipality,
    PassMark,
}

/// <param name="Below">The bounds below which the share lies; empty where the skill is not deficient.</param>
/// <param name="Shows">The deficits to which the skill points, whether it is deficient or not.</param>
public sealed record SkillFinding(SkillResult Result, IReadOnlyList<SkillBound> Below, IReadOnlyList<ShownDeficit> Shows)
{
    public bool IsDeficient => Below.Count > 0;
}

/// <summary>
/// Translates the deficient skills of pupils into deficits of their teacher: the method of concrete situations. A skill
/// is deficient when fewer pupils have it than in Russia, in the region or in the municipality, or when the share lies
/// below the lower end of a positive mark.
/// </summary>
/// <param name="Skills">In the order of the table.</param>
public sealed record PracticeResults(IReadOnlyList<SkillFinding> Skills)
{
    /// <summary>The code of this source of evidence.</summary>
    public const string Source = "practice";

    public static PracticeResults Of(SkillMap map, IReadOnlyList<SkillResult> results)
    {
        var shows = map.Skills.ToDictionary(skill => skill.Name, skill => skill.Shows);
        return new(results.Select(result => new SkillFinding(result, Below(result, map.PassMark).ToList(), shows[result.Skill])).ToList());
    }

    /// <summary>
    /// Every skill is one piece of evidence about each competency to which it points, as many times as its weight says:
    /// the result of a competency is the share of its skills that are not deficient.
    /// </summary>
    /// <param name="at">When the pupils were assessed.</param>
    public IReadOnlyList<Evidence> Evidence(Framework framework, Instant at) =>
        Skills
            .SelectMany(skill => skill.Shows.Select(shown => (skill, shown)))
            .Select(pair => new Evidence(
                Source,
                at,
                framework.BlockOfCompetency(pair.shown.Competency)!.Code,
                pair.shown.Competency,
                pair.skill.IsDeficient ? Points.Zero : Points.From(1),
                Points.From(1),
                pair.shown.Element,
                Weight: pair.shown.Weight
            ))
            .ToList();

    /// <summary>The mean share of right answers, in percent: the indicator that is correlated with the results of blocks.</summary>
    public decimal MeanShare => Skills.Average(skill => skill.Result.Share);

    /// <summary>The competencies to which the skills point, in the order of the framework.</summary>
    public IReadOnlyList<PracticeCompetency> Competencies(Framework framework)
    {
        var shown = Skills.SelectMany(skill => skill.Shows.Select(one => (Skill: skill, Shown: one))).ToLookup(one => one.Shown.Competency);
        return (
            from block in framework.Blocks
            from competency in block.Competencies
            let all = shown[competency.Code].ToList()
            where all.Count > 0
            let deficient = all.Where(one => one.Skill.IsDeficient).ToList()
            let weight = all.Sum(one => one.Shown.Weight)
            select new PracticeCompetency(
                Code: competency.Code,
                Title: competency.Title,
                Block: block.Code,
                Skills: all.Count,
                Deficient: deficient.Count,
                ResultPercent: new ResultShare(Points.From(weight - deficient.Sum(one => one.Shown.Weight)), Points.From(weight)).Percent,
                Deficits: deficient.Select(one => one.Shown.Deficit).Distinct().ToList()
            )
        ).ToList();
    }

    private static IEnumerable<SkillBound> Below(SkillResult result, decimal passMark)
    {
        if (result.Share < result.Russia)
            yield return SkillBound.Russia;
        if (result.Share < result.Region)
            yield return SkillBound.Region;
        if (result.Share < result.Municipality)
            yield return SkillBound.Municipality;
        if (result.Share < (result.PassMark ?? passMark))
            yield return SkillBound.PassMark;
    }
}

/// <summary>What the skills say about one competency.</summary>
/// <param name="Skills">Number of skills that point to the competency.</param>
/// <param name="Deficient">How many of them are deficient.</param>
/// <param name="ResultPercent">The weighted share of the skills that are not deficient, cut to two decimal places.</param>
/// <param name="Deficits">The person's difficulties in words, each once.</param>
public sealed record PracticeCompetency(
    string Code,
    string Title,
    string Block,
    int Skills,
    int Deficient,
    decimal ResultPercent,
    IReadOnlyList<string> Deficits
);
