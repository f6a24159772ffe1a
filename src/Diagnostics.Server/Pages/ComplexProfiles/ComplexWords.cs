using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Describes a complex profile in words.</summary>
internal static partial class Words
{
    /// <summary>The joint levels, the greatest deficit first, then the contradictions and what is missing.</summary>
    internal static IEnumerable<string> Conclusion(IssuedComplexProfile profile)
    {
        var blocks = profile.Blocks.Select(block => block.Whole).ToList();
        foreach (var group in blocks.Where(block => block.Level is not null).GroupBy(block => block.Level).OrderBy(group => group.Key))
            yield return $"{Blocks(group.ToList())}: уровень дефицита {LevelName(group.Key!.Value)}.";
        if (blocks.Where(block => block.Level is null).ToList() is { Count: > 0 } unknown)
            yield return $"{Blocks(unknown)}: данных для уровня пока не хватает.";
        if (profile.Blocks.Where(HasContradiction).Select(block => block.Whole).ToList() is { Count: > 0 } apart)
            yield return $"{Blocks(apart)}: источники расходятся, это показано ниже.";
        if (profile.Missing.Count > 0)
            yield return $"Нет данных от источников: {string.Join(", ", profile.Missing.Select(source => $"«{source.Title}»"))}.";
    }

    /// <summary>The joint level.</summary>
    internal static string Of(JointResult joint)
    {
        if (joint.Level is not { } level)
            return "Вместе: данных для уровня не хватает.";
        var mean = joint.ResultPercent is { } percent ? $", в среднем {Numbers.Exact(percent)}" : "";
        return $"Вместе: уровень дефицита {LevelName(level)}{mean}{(joint.BoundaryCase ? ", на границе уровней" : "")}.";
    }

    /// <summary>A contradiction, with what each of the two sources finds.</summary>
    internal static string Of(Contradiction contradiction, JointResult joint)
    {
        var (weaker, stronger) = (Line(contradiction.Weaker), Line(contradiction.Stronger));
        return $"Источники расходятся: «{weaker.Title}» — уровень дефицита {LevelName(weaker.Level!.Value)}, "
            + $"«{stronger.Title}» — {LevelName(stronger.Level!.Value)}.";

        SourceLine Line(string source) => joint.Sources.First(line => line.Source == source);
    }

    /// <summary>What one source says.</summary>
    internal static string Of(SourceLine line) =>
        line switch
        {
            { Evidence: CompetencyEvidence.None } => "нет данных",
            { Level: { } level } => $"уровень дефицита {LevelName(level)}{(line.BoundaryCase ? ", на границе уровней" : "")}",
            { Signal: ElementSignal.PossibleDeficit } => "данных мало для уровня, возможен дефицит",
            _ => "данных мало для уровня, признаков высокого дефицита нет",
        };

    internal static string Of(FindingUse use) =>
        use switch
        {
            FindingUse.Joined => "учтено",
            FindingUse.Replaced => "не учтено: есть более поздний результат",
            FindingUse.OtherFramework => "не учтено: относится к другим компетенциям",
            FindingUse.NotInPolicy => "не учтено: правило этот источник не соединяет",
            _ => throw new ArgumentOutOfRangeException(nameof(use), use, null),
        };

    internal static bool HasContradiction(JointBlock block) =>
        block.Competencies.Prepend(block.Whole).Any(joint => joint.Contradictions.Count > 0);

    internal static string LevelName(DeficitLevel level) =>
        level switch
        {
            DeficitLevel.High => "высокий",
            DeficitLevel.Medium => "средний",
            DeficitLevel.Low => "низкий",
            DeficitLevel.Minimal => "минимальный, или дефицита нет",
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
        };

    private static string Blocks(IReadOnlyList<JointResult> blocks) => Joined(blocks.Select(block => $"«{block.Title}»").ToList());
}
