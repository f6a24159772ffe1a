using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using NodaTime;

namespace Diagnostics.Engine.Campaigns;

/// <summary>What a document of each kind must keep to, beyond its shape.</summary>
internal static class PolicyRules
{
    private const int MaxLabel = 100;
    private const int MaxText = 4000;
    private const int MaxConsent = 20_000;
    private const int MaxDays = 30;

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
        if (policy.InHand is < 1 or > 100) yield return "inHand — от 1 до 100.";
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

    internal static IEnumerable<string> Faults(AppealsPolicy policy)
    {
        if (policy.ScoreFilingDays is < 1 or > MaxDays) yield return $"scoreFilingDays — от 1 до {MaxDays} рабочих дней.";
        if (policy.ConsiderationDays is < 1 or > MaxDays) yield return $"considerationDays — от 1 до {MaxDays} рабочих дней.";
        if (policy.ReminderDays < 0 || policy.ReminderDays >= policy.ConsiderationDays) yield return "reminderDays — от 0 и меньше considerationDays.";
        if (policy.Quorum.Members is < 1 or > 100) yield return "quorum.members — от 1 до 100.";
        if (policy.Quorum.SharePercent is < 1 or > 100) yield return "quorum.sharePercent — от 1 до 100.";
        if (policy.Outcomes.Distinct().Count() != policy.Outcomes.Count) yield return "outcomes повторяются.";
        if (!policy.Outcomes.Contains(AppealOutcome.Rejected)) yield return "Среди outcomes нет rejected.";
        if (!policy.Outcomes.Contains(AppealOutcome.Upheld)) yield return "Среди outcomes нет upheld: апелляция о нарушении порядка не могла бы быть удовлетворена.";
        if (!policy.Outcomes.Contains(AppealOutcome.SatisfiedUp)) yield return "Среди outcomes нет satisfied_up: апелляция о баллах не могла бы быть удовлетворена.";
        if (policy.Outcomes.Contains(AppealOutcome.SatisfiedDown) != policy.MayLower) yield return "satisfied_down есть среди outcomes тогда и только тогда, когда mayLower.";
        if (policy.NotAppealable.Select(excluded => excluded.Ground).Distinct().Count() != policy.NotAppealable.Count) yield return "Основания в notAppealable повторяются.";
        if (policy.Excludes(AppealGround.ClosedItem) is null) yield return "В notAppealable нет closed_item: ответы, сверенные с ключом, пересматривает разбор ключей, а не комиссия.";
        if (policy.Excludes(AppealGround.Procedure) is not null || policy.Excludes(AppealGround.Marks) is not null)
            yield return "Право на апелляцию о порядке (procedure) и о баллах (marks) даёт п. 7.1.3 Положения: исключить их нельзя.";
        foreach (var excluded in policy.NotAppealable)
        {
            if (Fault("clause", excluded.Clause, 300) is { } clause) yield return clause;
            if (Fault("text", excluded.Text, 1000) is { } text) yield return text;
        }
        if (policy.CommissionTimeZone is { } zone && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null) yield return $"commissionTimeZone — часового пояса «{zone}» нет.";
    }

    internal static IEnumerable<string> Faults(CalendarDocument calendar)
    {
        if (Fault("title", calendar.Title, 200) is { } title) yield return title;
        if (calendar.DaysAWeek is not (5 or 6)) yield return "daysAWeek — 5 или 6.";
        if (calendar.Years.Count is 0 or > 50) yield return "years — от 1 до 50 лет.";
        if (calendar.Years.Select(year => year.Year).Distinct().Count() != calendar.Years.Count) yield return "Годы повторяются.";
        if (calendar.Extends is { } extended && (!Codes.IsCode(extended.Code) || extended.Version < 1)) yield return "extends — code и version другого календаря.";
        foreach (var fault in calendar.Years.SelectMany(Faults)) yield return fault;
    }

    private static IEnumerable<string> Faults(CalendarYear year)
    {
        if (year.Year is < 2000 or > 2100) yield return $"Год {year.Year} — не от 2000 до 2100.";
        if (Fault("source", year.Source, MaxText) is { } source) yield return source;
        if (year.Note is { } note && Fault("note", note, MaxText) is { } noteFault) yield return noteFault;
        var days = year.DaysOff.Concat(year.WorkingDays).ToList();
        foreach (var stray in days.Where(day => day.Date.Year != year.Year)) yield return $"{stray.Date:yyyy-MM-dd} стоит в {year.Year} году.";
        foreach (var twice in days.CountBy(day => day.Date).Where(count => count.Value > 1)) yield return $"{twice.Key:yyyy-MM-dd} названо дважды.";
        foreach (var day in days)
            if (Fault("title", day.Title, 200) is { } title) yield return $"{day.Date:yyyy-MM-dd}: {title}";
    }

    private static string? Fault(string field, string text, int maxLength) =>
        string.IsNullOrWhiteSpace(text) ? $"{field} пусто."
        : text.Length > maxLength ? $"{field} длиннее {maxLength} знаков."
        : text.Contains('\0') ? $"{field} содержит знак U+0000."
        : null;
}
