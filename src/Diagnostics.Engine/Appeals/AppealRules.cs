using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Appeals;

/// <summary>Rules about what a person may appeal, and about what the commission may decide.</summary>
public static class AppealRules
{
    /// <summary>
    /// Null when this ground is allowed for an appeal of this kind. If the policy excludes the ground, the refusal
    /// names the clause.
    /// </summary>
    public static Refusal? CheckGround(AppealKind kind, AppealGround ground, AppealsPolicy policy)
    {
        if (policy.Excludes(ground) is { } excluded)
            return excluded.Refusal;
        var fits = (kind, ground) switch
        {
            (_, AppealGround.OwnViolation) => true,
            (AppealKind.Procedural, _) => ground is AppealGround.Procedure || ground.IsAgainstDecision(),
            (AppealKind.Score, _) => ground is not AppealGround.Procedure && !ground.IsAgainstDecision(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        return fits
            ? null
            : Refusal
                .Invalid("ground-unfit", $"Апелляция вида «{Codes.Of(kind)}» не подаётся по основанию «{Codes.Of(ground)}».")
                .With("field", "ground");
    }

    /// <summary>
    /// Whether the appeal disputes a decision about the session rather than how the session went. The matter of such an
    /// appeal is that one decision.
    /// </summary>
    public static bool IsAgainstDecision(this AppealGround ground) => ground is AppealGround.Annulment or AppealGround.NonAdmission;

    /// <summary>
    /// Whether the regulation itself gives this ground (clause 7.1.3: a breach of the rules of the procedure, or
    /// disagreement with the points). No policy can exclude such a ground.
    /// </summary>
    public static bool IsGivenByRegulation(this AppealGround ground) =>
        ground is AppealGround.Procedure or AppealGround.Marks || ground.IsAgainstDecision();

    /// <summary>
    /// Null when the commission may take this decision. Points may fall only if the policy allows it. This also limits
    /// a technical correction, because an appellant should know the risk beforehand.
    /// </summary>
    /// <param name="standing">Points before the decision; null for a procedural appeal.</param>
    /// <param name="proposed">Proposed points per criterion; null when there are none.</param>
    public static Refusal? CheckOutcome(AppealKind kind, AppealOutcome outcome, Points? standing, Score? proposed, AppealsPolicy policy)
    {
        if (!Fits(kind, outcome))
            return Refusal
                .Invalid("outcome-unfit", $"По апелляции вида «{Codes.Of(kind)}» не выносят решение «{Codes.Of(outcome)}».")
                .With("field", "outcome");
        if (!policy.Outcomes.Contains(outcome))
            return Refusal
                .Conflict("outcome-not-allowed", $"Правила апелляций этого мероприятия не допускают решения «{Codes.Of(outcome)}».")
                .With("outcomes", policy.Outcomes);
        if (!ChangesPoints(outcome))
            return proposed is null
                ? null
                : Refusal
                    .Invalid("criteria-unexpected", "Баллы по критериям указывают, только когда решение меняет баллы.")
                    .With("field", "criteria");
        if (proposed is null || standing is not { } before)
            return Refusal.Invalid("criteria-missing", "Решение меняет баллы: укажите баллы по всем критериям.").With("field", "criteria");
        if (proposed.Points < before && !policy.MayLower)
            return Refusal.Conflict("lowering-not-allowed", "Правила апелляций этого мероприятия не допускают снижения баллов.");
        return outcome switch
        {
            AppealOutcome.SatisfiedUp when proposed.Points <= before => Mismatch("выше"),
            AppealOutcome.SatisfiedDown when proposed.Points >= before => Mismatch("ниже"),
            _ => null,
        };
    }

    /// <summary>
    /// Null when there is something to appeal, that is, when an answer was given and did not earn full points.
    /// </summary>
    public static Refusal? CheckStake(bool blank, Points points, Points maximum) =>
        blank ? Refusal.Conflict("not-appealable", "Ответа на это задание нет: пересматривать нечего.").With("because", "blank")
        : points == maximum
            ? Refusal.Conflict("not-appealable", "За это задание уже поставлен наивысший балл.").With("because", "full_points")
        : null;

    /// <summary>Whether the decision adds a round to the ledger.</summary>
    public static bool ChangesPoints(AppealOutcome outcome) =>
        outcome is AppealOutcome.SatisfiedUp or AppealOutcome.SatisfiedDown or AppealOutcome.TechnicalCorrection;

    private static bool Fits(AppealKind kind, AppealOutcome outcome) =>
        outcome switch
        {
            AppealOutcome.Rejected => true,
            AppealOutcome.Upheld => kind is AppealKind.Procedural,
            AppealOutcome.SatisfiedUp or AppealOutcome.SatisfiedDown or AppealOutcome.TechnicalCorrection => kind is AppealKind.Score,
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        };

    // The earlier points stay unnamed: the commission may not have opened them yet.
    private static Refusal Mismatch(string how) =>
        Refusal.Invalid("outcome-mismatch", $"Для этого решения балл за задание должен быть {how} прежнего.").With("field", "criteria");
}
