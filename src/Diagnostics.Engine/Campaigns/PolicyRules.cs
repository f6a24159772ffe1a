using Diagnostics.Engine.Profiles;

namespace Diagnostics.Engine.Campaigns;

/// <summary>What a document of each kind must keep to, beyond its shape.</summary>
internal static class PolicyRules
{
    private const int MaxLabel = 100;
    private const int MaxText = 4000;
    private const int MaxConsent = 20_000;

    internal static IEnumerable<string> Faults(LevelScale scale)
    {
        foreach (var fault in scale.Faults()) yield return fault;
        foreach (var level in scale.Blocks.Values.Append(scale.Levels).SelectMany(levels => levels))
        {
            if (Fault("label", level.Label, MaxLabel) is { } label) yield return label;
            if (Fault("recommendation", level.Recommendation, MaxText) is { } recommendation) yield return recommendation;
        }
        if (scale.Gaps.Any(gap => gap.FromPercent < 0m || gap.ToPercent > 100m)) yield return "Пограничный промежуток выходит за 0–100 %.";
        if (scale.Evidence.MinItems < 1 || scale.Evidence.MinPoints <= Points.Zero)
            yield return "Для уровня по элементу нужно хотя бы одно задание и больше нуля баллов.";
        if (Fault("notice", scale.Notice, MaxText) is { } notice) yield return notice;
    }

    internal static IEnumerable<string> Faults(SessionPolicy policy)
    {
        if (policy.GraceSeconds is < 0 or > 600) yield return "graceSeconds — от 0 до 600 секунд.";
    }

    internal static IEnumerable<string> Faults(MarkingPolicy policy)
    {
        if (policy.Experts is < 1 or > 3) yield return "experts — от 1 до 3.";
        if (policy.LeaseMinutes is < 1 or > 1440) yield return "leaseMinutes — от 1 до 1440 минут.";
        var rules = policy.Discrepancies ?? [];
        if (policy.Experts == 1 && (rules.Count > 0 || policy.Resolution is Resolution.ThirdDecides)) yield return "С одним экспертом сравнивать нечего: discrepancies и third_decides — для двух и трёх.";
        if (rules.Count > 20) yield return "discrepancies — не больше 20 правил.";
        if (rules.OfType<PointsApart>().Any(rule => rule.Points <= Points.Zero)) yield return "points_apart: points больше нуля.";
        if (rules.OfType<PercentApart>().Any(rule => rule.Percent is <= 0m or > 100m)) yield return "percent_apart: percent больше 0 и не больше 100.";
        if (policy.Qualification is { } qualification)
        {
            if (qualification.Scripts is < 1 or > 50) yield return "qualification: scripts — от 1 до 50.";
            if (qualification.Tolerance < Points.Zero) yield return "qualification: tolerance не меньше нуля.";
            if (qualification.MaxAttempts is { } most && (most < qualification.Scripts || most > 200)) yield return "qualification: maxAttempts — не меньше scripts и не больше 200.";
        }
        if (policy.Control is { Every: < 1 or > 1000 }) yield return "control: every — от 1 до 1000.";
        if (policy.Control is { } control && control.Tolerance < Points.Zero) yield return "control: tolerance не меньше нуля.";
    }

    internal static IEnumerable<string> Faults(ScoringPolicy policy)
    {
        if (policy.Normalisation != "ru-1") yield return "normalisation — известно только правило «ru-1».";
    }

    internal static IEnumerable<string> Faults(ConsentText consent)
    {
        if (Fault("title", consent.Title, 200) is { } title) yield return title;
        if (Fault("text", consent.Text, MaxConsent) is { } text) yield return text;
    }

    private static string? Fault(string field, string text, int maxLength) =>
        string.IsNullOrWhiteSpace(text) ? $"{field} пусто."
        : text.Length > maxLength ? $"{field} длиннее {maxLength} знаков."
        : text.Contains('\0') ? $"{field} содержит знак U+0000."
        : null;
}
