using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;

namespace Diagnostics.Server.Pages.Site;

/// <summary>
/// Describes a profile in words. The names of the levels come from the policy, and the sentences around them from this
/// class.
/// </summary>
internal static partial class Words
{
    private const decimal Surely = 0.9m;

    /// <summary>
    /// The CSS class for the level's colour. The colour only reinforces the level's name, which is always shown as
    /// text.
    /// </summary>
    internal static string ClassOf(DeficitLevel level) =>
        level switch
        {
            DeficitLevel.High => "high",
            DeficitLevel.Medium => "medium",
            DeficitLevel.Low => "low",
            DeficitLevel.Minimal => "minimal",
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
        };

    /// <summary>The conclusions of the profile, the most urgent first, with one sentence for each level.</summary>
    internal static IEnumerable<string> Conclusion(DeficitProfile profile)
    {
        foreach (var group in profile.Blocks.GroupBy(block => block.Result.Level).OrderBy(group => group.Key))
        {
            var titles = Joined(group.Select(block => $"«{block.Title}»").ToList());
            var all = profile.Blocks.Count > 1 && group.Count() == profile.Blocks.Count;
            yield return (group.Key, all ? int.MaxValue : group.Count()) switch
            {
                (DeficitLevel.High, int.MaxValue) => "Уровень дефицита высокий во всех блоках: начинать стоит с основ.",
                (DeficitLevel.Medium, int.MaxValue) => "Во всех блоках дефицит средний: основа есть, отдельные темы нужно укрепить.",
                (DeficitLevel.Low, int.MaxValue) => "Во всех блоках дефицит низкий: не хватает немногого.",
                (_, int.MaxValue) => "Во всех блоках дефицит минимальный или его нет.",
                (DeficitLevel.High, 1) => $"Больше всего внимания стоит уделить блоку {titles}: уровень дефицита здесь высокий.",
                (DeficitLevel.High, _) => $"Больше всего внимания стоит уделить блокам {titles}: уровень дефицита здесь высокий.",
                (DeficitLevel.Medium, 1) => $"В блоке {titles} дефицит средний: основа есть, отдельные темы нужно укрепить.",
                (DeficitLevel.Medium, _) => $"В блоках {titles} дефицит средний: основа есть, отдельные темы нужно укрепить.",
                (DeficitLevel.Low, 1) => $"В блоке {titles} дефицит низкий: не хватает немногого.",
                (DeficitLevel.Low, _) => $"В блоках {titles} дефицит низкий: не хватает немногого.",
                (_, 1) => $"Ваша опора — блок {titles}: дефицит минимальный или его нет.",
                _ => $"Ваша опора — блоки {titles}: дефицит минимальный или его нет.",
            };
        }
    }

    internal static string Of(int difficulty) =>
        difficulty switch
        {
            1 => "Знание",
            2 => "Типовая ситуация",
            3 => "Нестандартная ситуация",
            _ => $"Сложность {difficulty}",
        };

    /// <summary>
    /// Tells how certain the level is. It names the chance that the level is right, and not the error of measurement.
    /// </summary>
    /// <param name="shown">The level shown beside the text.</param>
    internal static string HowSure(Precision precision, DeficitLevel shown, Func<DeficitLevel, string> label)
    {
        var span =
            $"На других таких же заданиях результат был бы, скорее всего, от {Numbers.Whole(precision.FromPercent)} до {Numbers.Whole(precision.ToPercent)}.";
        var own = precision.Levels.FirstOrDefault(level => level.Level == shown);
        var rival = precision.Levels.Where(level => level.Level != shown).MaxBy(level => level.Probability);
        if (own is null || rival is null || own.Probability >= Surely)
            return $"Уровень определён надёжно. {span}";
        return own.Probability >= rival.Probability
            ? $"Уровень — скорее «{label(shown)}» ({OutOfHundred(own)}), чем «{label(rival.Level)}» ({OutOfHundred(rival)}). {span}"
            : $"Уровень определён не наверняка: «{label(shown)}» — {OutOfHundred(own)}, «{label(rival.Level)}» — {OutOfHundred(rival)}. {span}";
    }

    internal static string Of(ChangeSinceEntry change) =>
        $"Было {Numbers.Exact(change.EntryPercent)}, разница {Numbers.Signed(change.DifferencePercent)} процентного пункта. "
        + change.Verdict switch
        {
            ChangeVerdict.Improved => "Это рост: случайностью его не объяснить.",
            ChangeVerdict.Worsened => "Это снижение: случайностью его не объяснить.",
            ChangeVerdict.WithinError => "Такая разница бывает и случайно, без изменений в подготовке.",
            _ => throw new ArgumentOutOfRangeException(nameof(change), change.Verdict, null),
        };

    internal static string Of(ElementSignal signal) =>
        signal switch
        {
            ElementSignal.PossibleDeficit => "Возможен дефицит",
            ElementSignal.NoSign => "Признаков высокого дефицита нет",
            _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, null),
        };

    /// <summary>
    /// Tells the level of a competency, or what little evidence there is when the items are too few for a level.
    /// </summary>
    internal static string Of(CompetencyResult competency) =>
        competency switch
        {
            { Evidence: CompetencyEvidence.None } => "Заданий на эту компетенцию не было.",
            { LevelLabel: { } label } =>
                $"Уровень дефицита: {char.ToLowerInvariant(label[0])}{label[1..]}{(competency.BoundaryCase ? ", на границе уровней" : "")}.",
            { Signal: ElementSignal.PossibleDeficit } => "Заданий мало, но они говорят о возможном дефиците.",
            _ => "Заданий мало; признаков дефицита в них нет.",
        };

    private static string OutOfHundred(LevelChance chance) => $"{Math.Round(chance.Probability * 100)} из 100";

    private static string Joined(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} и {names[^1]}";
}
