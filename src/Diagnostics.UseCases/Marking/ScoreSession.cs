using System.Data.Common;
using System.Security.Cryptography;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

internal enum ScoringOutcome
{
    Scored,
    /// <summary>It is not over, is scored already, or another node is scoring it.</summary>
    NotDue,
    /// <summary>An item or an answer is broken: recorded, and waiting for a person.</summary>
    Faulty,
}

/// <summary>
/// Gives an ended session its first rounds: a score for every slot of the variant, answered or not, and a place in the
/// marking queue for every open answer. All in one transaction, once, on whatever node.
/// </summary>
internal sealed class ScoreSession(Transactions transactions, FormCatalog forms, ScoresChanged changed, IClock clock, ILogger<ScoreSession> log)
{
    private const int MaxFault = 1000;

    internal async Task<ScoringOutcome> Run(Guid sessionId)
    {
        var session = await transactions.Read(db => SessionStore.Find(db, sessionId));
        if (session is null || session.ScoredAt is not null || !session.Clock.State.IsScored()) return ScoringOutcome.NotDue;
        try
        {
            var form = await forms.Get(session.FormId);
            return await transactions.Write(async db => await Score(db, session, form) ? ScoringOutcome.Scored : ScoringOutcome.NotDue);
        }
        // Whatever content makes scoring fail must end neither the worker nor in a zero; a database that fails is no fault of the session.
        catch (Exception fault) when (fault is not (DbException or DatabaseBusyException or DatabaseUnavailableException or IdempotencyReplayException or OperationCanceledException))
        {
            log.LogError(fault, "Session {SessionId} cannot be scored", sessionId);
            var text = fault.Message.Length > MaxFault ? fault.Message[..MaxFault] : fault.Message;
            await transactions.Write(async db =>
            {
                await SessionStore.SetScoringFault(db, sessionId, text);
                return 0;
            });
            return ScoringOutcome.Faulty;
        }
    }

    /// <returns>False when the session changed since it was read, or another node was first: then nothing was written.</returns>
    private async Task<bool> Score(Db db, SessionRow session, FormContent form)
    {
        var now = clock.GetCurrentInstant();
        if (!await SessionStore.SetScored(db, session.Id, session.Revision, now)) return false;
        await ScoringStore.ClearFault(db, session.Id);
        var answers = (await ResponseStore.Latest(db, session.Id)).ToDictionary(row => row.Slot, row => new SavedAnswer(row.Revision, row.Content));
        var decisions = Decisions(await KeyReviewStore.Standing(db, session.FormId, session.Variant));
        var rounds = (await RoundStore.OfSession(db, session.Id)).ToLookup(round => round.Slot);
        foreach (var slot in form.Variants[session.Variant])
        {
            var answer = answers.GetValueOrDefault(slot.Slot);
            var last = rounds[slot.Slot].Where(round => round.Kind is RoundKind.Auto).MaxBy(round => round.Number);
            // Taken up again after it was scored (extra time): what was not answered anew keeps its rounds and marks.
            if (last is not null && last.ResponseRevision == (answer?.Revision ?? 0)) continue;
            var number = rounds[slot.Slot].Select(round => round.Number).DefaultIfEmpty(0).Max() + 1;
            var score = AutoMarking.Score(slot.Item, answer, decisions);
            await RoundStore.Add(db, new MarkingRound
            {
                SessionId = session.Id,
                Slot = slot.Slot,
                Number = number,
                Kind = RoundKind.Auto,
                ResponseRevision = answer?.Revision ?? 0,
                Outcome = score.Outcome,
                Points = score.Points,
                Maximum = slot.Item.MaxPoints,
                Rule = score.Rule,
                ItemCode = slot.Item.Code,
                ItemVersion = slot.ItemVersion,
                Normalised = score.Normalised,
                At = now,
            });
            if (slot.Item.Rubric is not null) await Queue(db, session, slot, answer, score.Outcome is Outcome.AwaitingMarking, now);
        }
        await changed(db, session with { ScoredAt = now }, form, "scored", now);
        return true;
    }

    private static async Task Queue(Db db, SessionRow session, FormSlot slot, SavedAnswer? answer, bool waits, Instant now)
    {
        await AssignmentStore.LapseOfSlot(db, session.Id, slot.Slot, "Ответ изменён: сеанс был продлён.", now);
        if (!waits)
        {
            await TaskStore.Withdraw(db, session.Id, slot.Slot);
            return;
        }
        var person = await PersonStore.Find(db, session.ParticipantId);
        await TaskStore.Enqueue(db, new TaskRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            CampaignId = session.CampaignId,
            SessionId = session.Id,
            Slot = slot.Slot,
            ItemCode = slot.Item.Code,
            ItemVersion = slot.ItemVersion,
            Organisation = AnswerText.Normalise(person?.Organisation ?? ""),
            Block = slot.Item.Block,
            Likeness = Likeness.Of(AutoMarking.TextOf(slot.Item, answer) ?? ""),
        }, RandomNumberGenerator.GetInt32(MarkingOrder.Modulus), now);
    }

    private static KeyDecisions Decisions(IEnumerable<KeyDecisionRow> standing) =>
        new(standing.ToDictionary(row => (row.ItemCode, row.Normalised), row => Engine.Codes.Parse<KeyDecision>(row.Decision) is KeyDecision.Accept));
}
