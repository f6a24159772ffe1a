using NodaTime;

namespace Diagnostics.Engine.Appeals;

/// <summary>What the appeal disputes: how the procedure was conducted, or the points (clause 7.1.3).</summary>
public enum AppealKind
{
    Procedural,
    Score,
}

/// <summary>The person's stated reason for the appeal.</summary>
public enum AppealGround
{
    /// <summary>The site violated the rules of the procedure.</summary>
    Procedure,

    /// <summary>The session was annulled and, in the person's view, should not have been.</summary>
    Annulment,

    /// <summary>The person came and was not let in.</summary>
    NonAdmission,

    /// <summary>The points per criterion do not fit the answer.</summary>
    Marks,

    /// <summary>The answer was lost or mixed up, or its points were summed wrongly.</summary>
    Technical,

    /// <summary>The person objects to the content or the wording of an item.</summary>
    ItemContent,

    /// <summary>The person objects to the score of an item whose answer is compared with a key.</summary>
    ClosedItem,

    /// <summary>The person objects to the consequences of having violated the rules.</summary>
    OwnViolation,

    /// <summary>The answer was written in a place or way that the instruction does not allow.</summary>
    AnswerForm,
}

/// <summary>The possible decisions of the commission.</summary>
public enum AppealOutcome
{
    Rejected,
    SatisfiedUp,
    SatisfiedDown,
    TechnicalCorrection,
    Upheld,
}

/// <summary>
/// How a campaign's appeals proceed (п. 7.1.3 Положения): a versioned document that the campaign pins.
/// </summary>
/// <param name="ScoreFilingDays">Working days after publication within which points may be appealed, 1–30.</param>
/// <param name="ConsiderationDays">Working days after filing within which the commission decides, 1–30.</param>
/// <param name="ReminderDays">An open appeal enters the list of reminders this many working days before the last day
/// for the decision; less than <paramref name="ConsiderationDays"/>.</param>
/// <param name="Quorum">Without this quorum a vote decides nothing.</param>
/// <param name="EarlierMarksOnRequest">True = earlier marks are shown only after the chair opens them; false = they are
/// always shown.</param>
/// <param name="MayLower">Whether an appeal may end with fewer points than before.</param>
/// <param name="Outcomes">The possible decisions; <c>rejected</c> is always among them.</param>
/// <param name="NotAppealable">Grounds that are refused, each with its clause; <c>closed_item</c> is always among
/// them.</param>
/// <param name="CommissionTimeZone">IANA time zone in which the days of consideration are counted; the site's zone when
/// absent.</param>
public sealed record AppealsPolicy(
    int ScoreFilingDays,
    int ConsiderationDays,
    int ReminderDays,
    Quorum Quorum,
    bool EarlierMarksOnRequest,
    bool MayLower,
    IReadOnlyList<AppealOutcome> Outcomes,
    IReadOnlyList<NotAppealable> NotAppealable,
    string? CommissionTimeZone = null
)
{
    private const int MaxDays = 30;

    /// <summary>The clause that excludes this ground; null when the ground is allowed.</summary>
    public NotAppealable? Excludes(AppealGround ground) => NotAppealable.FirstOrDefault(excluded => excluded.Ground == ground);

    /// <summary>Faults of the document; empty when there are none.</summary>
    internal IEnumerable<string> Faults()
    {
        if (ScoreFilingDays is < 1 or > MaxDays)
            yield return $"scoreFilingDays — от 1 до {MaxDays} рабочих дней.";
        if (ConsiderationDays is < 1 or > MaxDays)
            yield return $"considerationDays — от 1 до {MaxDays} рабочих дней.";
        if (ReminderDays < 0 || ReminderDays >= ConsiderationDays)
            yield return "reminderDays — от 0 и меньше considerationDays.";
        if (Quorum.Members is < 1 or > 100)
            yield return "quorum.members — от 1 до 100.";
        if (Quorum.SharePercent is < 1 or > 100)
            yield return "quorum.sharePercent — от 1 до 100.";
        if (Outcomes.Distinct().Count() != Outcomes.Count)
            yield return "outcomes повторяются.";
        if (!Outcomes.Contains(AppealOutcome.Rejected))
            yield return "Среди outcomes нет rejected.";
        if (!Outcomes.Contains(AppealOutcome.Upheld))
            yield return "Среди outcomes нет upheld: апелляция о нарушении порядка не могла бы быть удовлетворена.";
        if (!Outcomes.Contains(AppealOutcome.SatisfiedUp))
            yield return "Среди outcomes нет satisfied_up: апелляция о баллах не могла бы быть удовлетворена.";
        if (Outcomes.Contains(AppealOutcome.SatisfiedDown) != MayLower)
            yield return "satisfied_down есть среди outcomes тогда и только тогда, когда mayLower.";
        if (NotAppealable.Select(excluded => excluded.Ground).Distinct().Count() != NotAppealable.Count)
            yield return "Основания в notAppealable повторяются.";
        if (Excludes(AppealGround.ClosedItem) is null)
            yield return "В notAppealable нет closed_item: ответы, сверенные с ключом, пересматривает разбор ключей, а не комиссия.";
        if (NotAppealable.Any(excluded => excluded.Ground.IsGivenByRegulation()))
            yield return "Право на апелляцию о порядке (procedure, annulment, non_admission) и о баллах (marks) даёт п. 7.1.3 Положения: исключить их нельзя.";
        foreach (var excluded in NotAppealable)
        {
            if (DocumentText.Fault("clause", excluded.Clause, 300) is { } clause)
                yield return clause;
            if (DocumentText.Fault("text", excluded.Text, 1000) is { } text)
                yield return text;
        }
        if (CommissionTimeZone is { } zone && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
            yield return $"commissionTimeZone — часового пояса «{zone}» нет.";
    }
}

/// <param name="Members">Smallest number of members who must vote.</param>
/// <param name="SharePercent">Smallest percentage of voters among the members who are not recused, 1–100.</param>
public sealed record Quorum(int Members, int SharePercent)
{
    /// <summary>Compares exactly, without rounding: 2 of 3 members fall short of 67 %.</summary>
    public bool IsMet(int eligible, int voting) => voting >= Members && 100L * voting >= (long)SharePercent * eligible;
}

/// <param name="Clause">The clause in which the rule is written.</param>
/// <param name="Text">The rule, worded for the person.</param>
public sealed record NotAppealable(AppealGround Ground, string Clause, string Text)
{
    public Refusal Refusal => Refusal.Conflict("not-appealable", $"{Text} ({Clause})").With("ground", Ground).With("clause", Clause);
}
