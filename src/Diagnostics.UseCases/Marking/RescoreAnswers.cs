using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Carries a key decision into the ledger of every session it touches, batch by batch, so that saves of other people
/// need not wait. What is left after a crash is found again: it is whatever does not agree with the decision.
/// </summary>
internal sealed class RescoreAnswers(Transactions transactions, FormCatalog forms, ScoresChanged changed, IClock clock)
{
    private const int Batch = 50;

    /// <returns>How many scores were given anew.</returns>
    internal async Task<int> Run(PendingFilter filter)
    {
        for (var done = 0; ;)
        {
            var pending = await transactions.Read(db => KeyReviewStore.Pending(db, filter, Batch));
            if (pending.Count == 0) return done;
            var contents = new Dictionary<Guid, FormContent>();
            foreach (var formId in pending.Select(row => row.FormId).Distinct()) contents[formId] = await forms.Get(formId);
            var rescored = await transactions.Write(db => Rescore(db, filter, contents));
            if (rescored == 0) return done;
            done += rescored;
        }
    }

    private async Task<int> Rescore(Db db, PendingFilter filter, Dictionary<Guid, FormContent> contents)
    {
        var (now, rescored) = (clock.GetCurrentInstant(), 0);
        // Asked again inside the transaction: another node may be at the same work.
        foreach (var row in await KeyReviewStore.Pending(db, filter, Batch))
        {
            if (!contents.TryGetValue(row.FormId, out var form)) continue;
            var session = (await SessionStore.Find(db, row.SessionId))!;
            if (form.Find(session.Variant, row.Slot) is not { } slot) continue;
            var rounds = (await RoundStore.OfSession(db, row.SessionId)).Where(round => round.Slot == row.Slot).ToList();
            var last = rounds.Last(round => round.Kind is RoundKind.Auto or RoundKind.Rescore);
            var score = KeyReview.Rescore(slot.Item, row.Normalised, Codes.Parse<KeyDecision>(row.Decision));
            if (score.Outcome == last.Outcome) continue;
            await RoundStore.Add(db, last with
            {
                Number = rounds[^1].Number + 1,
                Kind = RoundKind.Rescore,
                Outcome = score.Outcome,
                Points = score.Points,
                Rule = score.Rule,
                MarkedBy = row.DecidedBy,
                Reason = row.Reason,
                At = now,
            });
            if (session.ScoredAt is not null) await changed(db, session, form, "rescored", now);
            rescored++;
        }
        return rescored;
    }
}
