using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Normalised">The answer as shown in the list of groups.</param>
/// <param name="Decision">What to decide: <c>accept</c>, <c>reject</c>, or <c>revert</c> to take back the decision in
/// force.</param>
/// <param name="Reason">The reason, up to 4,000 characters; the ledger keeps it with every score that the decision
/// changes.</param>
/// <param name="Normalisation">The rule that formed the group, as shown in the list; needed only when answers under two
/// rules give the same text.</param>
public sealed record KeyDecisionRequest(
    string ItemCode,
    int ItemVersion,
    string Normalised,
    KeyDecision Decision,
    string Reason,
    string? Normalisation = null
)
{
    internal GroupNamed Group => new(ItemCode, ItemVersion, Normalised, Normalisation);
}

/// <summary>A decision on a short answer; it is stored for good.</summary>
/// <param name="Number">Number of the decision among those on the same text, from 1.</param>
/// <param name="Rescored">Number of scores that the decision has changed, in all campaigns.</param>
public sealed record KeyDecisionMade(
    string ItemCode,
    int ItemVersion,
    string Normalised,
    int Number,
    KeyDecision Decision,
    Instant DecidedAt,
    int Rescored
);

/// <summary>A group of answers, as a request names it.</summary>
public sealed record GroupNamed(string ItemCode, int ItemVersion, string Normalised, string? Normalisation)
{
    private const int IdLength = 12;

    /// <summary>A short name of the group, the same at all times, so that an address has room for a hundred of them.</summary>
    internal string Id { get; } =
        Digest.Of(string.Create(CultureInfo.InvariantCulture, $"{ItemCode}|{ItemVersion}|{Normalisation}|{Normalised}"))[..IdLength];
}

/// <summary>A group of answers, with the people concerned and the earlier decisions.</summary>
/// <param name="Number">Number of the next decision.</param>
internal sealed record AnswersAtStake(Item Item, AnswerRule Rule, IReadOnlyList<GivenAnswerRow> Given, int Number)
{
    /// <summary>
    /// Finds the group. Refuses when there is nothing to decide about it, or when the caller may not decide.
    /// </summary>
    internal static async Task<Result<AnswersAtStake>> Find(Db db, GroupNamed group, KeyDecision decision, Caller caller)
    {
        var (itemCode, itemVersion, normalised, normalisation) = group;
        if (await KeyReviewStore.Item(db, itemCode, itemVersion) is not { } content)
            return Refusal.NotFound("item-version-not-found", "Такой версии задания нет.");
        var item = ItemJson.Read(content);
        // Do not search for U+0000: no answer contains it, because saving refuses it, and not every database can search
        // for it.
        var given = normalised.Contains('\0') ? [] : await KeyReviewStore.Given(db, itemCode, itemVersion, normalised);
        if (item.Body is not ShortAnswer answer || given.Count == 0)
            return NotGiven;
        var rules = given
            .Select(each => each.Rule)
            .Distinct()
            .Select(AnswerRule.OfScore)
            .Where(rule => normalisation is null || rule.Name == normalisation)
            .ToList();
        if (rules.Count == 0)
            return NotGiven;
        if (rules.Count > 1)
            return Refusal
                .Invalid(
                    "normalisation-missing",
                    $"Этот текст — ответ по разным правилам: {string.Join(", ", rules.Select(rule => rule.Name))}. Назовите правило в normalisation."
                )
                .With("field", "normalisation");
        given = given.Where(each => each.Rule == rules[0].ScoreName).ToList();
        // Acceptance rescores everyone who gave the answer, in any campaign, so the caller must lead marking in all
        // those campaigns.
        if (given.Select(each => each.CampaignId).Distinct().Any(campaign => !MarkingRights.Leads(caller, campaign)))
            return Refusal.Forbidden(
                "not-your-campaign",
                "Этот ответ дан и в других мероприятиях; решение изменит баллы и там. "
                    + "Его принимает тот, у кого есть право на все эти мероприятия."
            );
        if (answer.Key.Read(normalised, rules[0]).IsRight)
            return Refusal.Conflict("answer-in-key", "Этот ответ принимает сам ключ задания: решать нечего.");
        var decisions = await KeyReviewStore.Decisions(db, itemCode, itemVersion, normalised);
        var last = decisions.LastOrDefault(each => each.Rule == rules[0].ScoreName);
        return KeyReview.Check(Codes.Find<KeyDecision>(last?.Decision), decision) is { } refusal
            ? refusal
            : new AnswersAtStake(item, rules[0], given, decisions is [.., var newest] ? newest.Number + 1 : 1);
    }

    private static Refusal NotGiven => Refusal.NotFound("answer-not-found", "Такого краткого ответа на это задание никто не дал.");
}

/// <summary>
/// Accepts or rejects an unmatched short answer for everybody, or takes the decision back, and rescores everybody who
/// gave that answer.
/// </summary>
internal sealed class DecideKey(Executor executor, RescoreAnswers rescore)
    : UseCase<KeyDecisionRequest, KeyDecisionMade>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(DecideKey), MarkingRights.Leaders, Trail.Writes("key.*"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<KeyDecisionMade>> Handle(KeyDecisionRequest request, Caller caller)
    {
        if (MarkingComment.CheckReason(request.Reason) is { } wrong)
            return wrong;
        var made = await Write(
            caller,
            async db =>
            {
                var now = Now;
                var found = await AnswersAtStake.Find(db, request.Group, request.Decision, caller);
                if (found.Refused(out var refusal, out var stake))
                    return refusal;
                var number = stake.Number;
                var decision = new KeyDecisionRow
                {
                    ItemCode = request.ItemCode,
                    ItemVersion = request.ItemVersion,
                    Normalised = request.Normalised,
                    Rule = stake.Rule.ScoreName,
                    Number = number,
                    Decision = Codes.Of(request.Decision),
                    Reason = request.Reason,
                    DecidedBy = caller.AccountId,
                    DecidedAt = now,
                };
                if (!await KeyReviewStore.Add(db, decision))
                    return Refusal.Conflict("key-decision-stands", "По этому ответу только что принято другое решение.");
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    $"key.{Codes.Of(request.Decision)}",
                    $"item:{request.ItemCode}/{request.ItemVersion}",
                    new
                    {
                        normalised = request.Normalised,
                        rule = stake.Rule.Name,
                        number,
                        answers = stake.Given.Count,
                    }
                );
                return new KeyDecisionMade(request.ItemCode, request.ItemVersion, request.Normalised, number, request.Decision, now, 0);
            }
        );
        if (made.Refused(out var refused, out var value))
            return refused;
        return value with { Rescored = await rescore.Run(new PendingFilter(request.ItemCode, request.ItemVersion, request.Normalised)) };
    }
}
