using System.Data.Common;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.UseCases.Marking;

internal enum ScoringOutcome
{
    Scored,

    /// <summary>The session is not over, is already scored, or is being scored by another node.</summary>
    NotDue,

    /// <summary>An item or an answer is broken; the fault is recorded, and a person must mend it.</summary>
    Faulty,
}

/// <summary>
/// Makes the first rounds of an ended session: a score for every slot of the variant, answered or not, and a task in
/// the marking queue for every open answer. All this happens in a single transaction, and only once, whichever node
/// does it.
/// </summary>
internal sealed class SessionScoring(Executor executor, FormCatalog forms, ScoresChanged changed, ILogger<SessionScoring> log)
{
    private const int MaxFault = 1000;

    /// <summary>Scores a session for the worker, which does not act for any caller.</summary>
    internal Task<ScoringOutcome> Run(Guid sessionId) => Run(sessionId, Caller.Nobody());

    internal async Task<ScoringOutcome> Run(Guid sessionId, Caller caller)
    {
        var session = await executor.Read(db => SessionStore.Find(db, sessionId));
        if (session is null || session.ScoredAt is not null || !session.Clock.State.IsScored())
            return ScoringOutcome.NotDue;
        try
        {
            var form = await forms.Get(session.FormId);
            return await executor.Write(caller, async db => await Score(db, session, form) ? ScoringOutcome.Scored : ScoringOutcome.NotDue);
        }
        // An item or an answer that makes scoring fail must neither stop the worker nor give the person a zero.
        catch (Exception fault) when (!IsNoFaultOfTheSession(fault))
        {
            log.LogError(fault, "Session {SessionId} cannot be scored", sessionId);
            var text = fault.Message.Length > MaxFault ? fault.Message[..MaxFault] : fault.Message;
            await executor.Write(
                caller,
                async db =>
                {
                    await SessionStore.SetScoringFault(db, sessionId, text);
                    return 0;
                }
            );
            return ScoringOutcome.Faulty;
        }
    }

    /// <summary>
    /// Whether the fault has a cause outside the session: true for a database fault, for a repeated request, and when
    /// the server is stopping.
    /// </summary>
    private static bool IsNoFaultOfTheSession(Exception fault) =>
        fault
            is DbException
                or DatabaseBusyException
                or DatabaseUnavailableException
                or RepeatedRequestException
                or OperationCanceledException;

    /// <returns>False when nothing was written, because the session has changed since it was read, or another node has
    /// already scored it.</returns>
    private async Task<bool> Score(Db db, SessionRow session, FormContent form)
    {
        var now = executor.Now;
        if (!await SessionStore.SetScored(db, session.Id, session.Revision, now))
            return false;
        await ScoringStore.ClearFault(db, session.Id);
        var answers = (await ResponseStore.Latest(db, session.Id)).ToDictionary(
            row => row.Slot,
            row => new SavedAnswer(row.Revision, row.Content)
        );
        foreach (var slot in (await Scans.Standing(db, session.Id)).Select(scan => scan.Slot).Distinct())
            answers[slot] = answers.GetValueOrDefault(slot, new SavedAnswer(0, null)) with { Scanned = true };
        var ledger = await LoadedLedger.Load(db, session with { ScoredAt = now }, form);
        var rule = ledger.Policies.Get<ScoringPolicy>(PolicyKind.Scoring).Answers;
        var decisions = Decisions(rule, await KeyReviewStore.Standing(db, session.FormId, session.Variant, rule.ScoreName));
        ledger = await ledger.Save(db, ledger.Ledger.Score(answers, decisions, now), now);
        await changed(db, ledger, "scored", now);
        return true;
    }

    private static KeyDecisions Decisions(AnswerRule rule, IEnumerable<KeyDecisionRow> standing) =>
        new(
            rule,
            standing.ToDictionary(
                row => (row.ItemCode, row.Normalised),
                row => Engine.Codes.Parse<KeyDecision>(row.Decision) is KeyDecision.Accept
            )
        );
}
