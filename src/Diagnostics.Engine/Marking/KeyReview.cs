using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Marking;

/// <summary>A decision of an authorised person on a short answer that matches nothing in the key.</summary>
public enum KeyDecision
{
    Accept,
    Reject,
    Revert,
}

/// <summary>
/// Decisions on unmatched short answers (docs/promises.md, items): open → accepted or rejected → open again by
/// <c>revert</c>. A decision in force is never replaced in one step, so when two people decide at the same time,
/// exactly one succeeds.
/// </summary>
public static class KeyReview
{
    /// <param name="standing">The last decision on this answer; null when there was none.</param>
    /// <returns>Null when the next decision is allowed.</returns>
    public static Refusal? Check(KeyDecision? standing, KeyDecision next) =>
        (standing, next) switch
        {
            (null or KeyDecision.Revert, KeyDecision.Revert) => Refusal.Conflict(
                "no-key-decision",
                "По этому ответу нет действующего решения: отменять нечего."
            ),
            (null or KeyDecision.Revert, _) => null,
            (_, KeyDecision.Revert) => null,
            (KeyDecision.Accept, _) => Decided("принят"),
            (KeyDecision.Reject, _) => Decided("отклонён"),
            _ => throw new ArgumentOutOfRangeException(nameof(next), next, null),
        };

    /// <summary>The score that the decision gives to every answer of its group of equal answers.</summary>
    /// <param name="rule">The rule that formed the group.</param>
    public static Score Rescore(Item item, string normalised, KeyDecision decision, AnswerRule rule) =>
        item.Score(
            new ShortAnswerResponse(normalised),
            decision is KeyDecision.Revert
                ? KeyDecisions.NoneUnder(rule)
                : new(rule, new Dictionary<(string, string), bool> { [(item.Code, normalised)] = decision is KeyDecision.Accept })
        );

    private static Refusal Decided(string how) =>
        Refusal.Conflict("key-decision-stands", $"Этот ответ уже {how}. Чтобы решить иначе, сначала отмените действующее решение.");
}
