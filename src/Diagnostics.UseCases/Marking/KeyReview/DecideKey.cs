using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Normalised">The answer as the list of groups shows it.</param>
/// <param name="Decision"><c>accept</c>, <c>reject</c>, or <c>revert</c> to take back the one that stands.</param>
/// <param name="Reason">Why: up to 4,000 characters; it stays in the ledger with every score it changes.</param>
public sealed record KeyDecisionRequest(string ItemCode, int ItemVersion, string Normalised, KeyDecision Decision, string Reason);

/// <summary>A decision on one short answer, for good in the ledger.</summary>
/// <param name="Number">From 1 within the group.</param>
/// <param name="Rescored">How many scores it gave anew, in all campaigns.</param>
public sealed record KeyDecisionMade(
    string ItemCode, int ItemVersion, string Normalised, int Number, KeyDecision Decision, Instant DecidedAt, int Rescored);

/// <summary>A group of answers, with whom it concerns and what was decided before.</summary>
internal sealed record AnswersAtStake(Item Item, IReadOnlyList<GivenAnswerRow> Given, KeyDecisionRow? Last)
{
    /// <summary>Refuses what is no open question, or not the caller's to answer.</summary>
    internal static async Task<Result<AnswersAtStake>> Find(
        Db db, string itemCode, int itemVersion, string normalised, KeyDecision decision, Caller caller)
    {
        if (await KeyReviewStore.Item(db, itemCode, itemVersion) is not { } content)
            return Refusal.NotFound("item-version-not-found", "Такой версии задания нет.");
        var item = ItemJson.Read(content);
        // No answer holds it (U+0000 is refused when it is saved), and not every database can be asked.
        var given = normalised.Contains('\0') ? [] : await KeyReviewStore.Given(db, itemCode, itemVersion, normalised);
        if (item.Body is not ShortAnswer answer || given.Count == 0)
            return Refusal.NotFound("answer-not-found", "Такого краткого ответа на это задание никто не дал.");
        // Acceptance rescores everyone, whatever campaign they sat in: who decides must answer for all of them.
        if (given.Select(each => each.CampaignId).Distinct().Any(campaign => !MarkingRights.Leads(caller, campaign)))
            return Refusal.Forbidden("not-your-campaign",
                "Этот ответ дан и в других мероприятиях; решение изменит баллы и там. "
                + "Его принимает тот, у кого есть право на все эти мероприятия.");
        if (answer.Key.Matches(normalised))
            return Refusal.Conflict("answer-in-key", "Этот ответ принимает сам ключ задания: решать нечего.");
        var last = await KeyReviewStore.Decisions(db, itemCode, itemVersion, normalised) is { Count: > 0 } decisions ? decisions[^1] : null;
        return KeyReview.Check(Codes.Find<KeyDecision>(last?.Decision), decision) is { } refusal
            ? refusal
            : new AnswersAtStake(item, given, last);
    }
}

/// <summary>Accepts or rejects an unmatched short answer once for all, or takes that back, and rescores everyone who gave it.</summary>
internal sealed class DecideKey(Executor executor, RescoreAnswers rescore)
    : UseCase<KeyDecisionRequest, KeyDecisionMade>(Operation, executor)
{
    internal static new readonly Operation Operation =
        new(nameof(DecideKey), MarkingRights.Leaders) { Repetition = Repetition.GivesResultAgain };

    protected override async Task<Result<KeyDecisionMade>> Handle(KeyDecisionRequest request, Caller caller)
    {
        if (MarkingComment.CheckReason(request.Reason) is { } wrong) return wrong;
        var made = await Write(caller, async db =>
        {
            var now = Now;
            var found = await AnswersAtStake.Find(db, request.ItemCode, request.ItemVersion, request.Normalised, request.Decision, caller);
            if (found.Refused(out var refusal, out var stake)) return refusal;
            var number = (stake.Last?.Number ?? 0) + 1;
            var decision = new KeyDecisionRow
            {
                ItemCode = request.ItemCode,
                ItemVersion = request.ItemVersion,
                Normalised = request.Normalised,
                Number = number,
                Decision = Codes.Of(request.Decision),
                Reason = request.Reason,
                DecidedBy = caller.AccountId,
                DecidedAt = now,
            };
            if (!await KeyReviewStore.Add(db, decision))
                return Refusal.Conflict("key-decision-stands", "По этому ответу только что принято другое решение.");
            await AuditStore.Append(
                db, now, caller.Id, $"key.{Codes.Of(request.Decision)}", $"item:{request.ItemCode}/{request.ItemVersion}",
                new { normalised = request.Normalised, number, answers = stake.Given.Count });
            return new KeyDecisionMade(request.ItemCode, request.ItemVersion, request.Normalised, number, request.Decision, now, 0);
        });
        if (made.Refused(out var refused, out var value)) return refused;
        return value with { Rescored = await rescore.Run(new PendingFilter(request.ItemCode, request.ItemVersion, request.Normalised)) };
    }
}
