using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Carries a key decision into the ledger of every session that it affects, in batches, so that other people's saves
/// need not wait. After a crash the remaining work is found again, because it consists of all scores that disagree with
/// the decision.
/// </summary>
internal sealed class RescoreAnswers(Database database, FormCatalog forms, ScoresChanged changed, IClock clock)
{
    private const int Batch = 50;

    /// <returns>Number of scores changed.</returns>
    internal async Task<int> Run(PendingFilter filter)
    {
        for (var done = 0; ; )
        {
            var pending = await database.Read(db => KeyReviewStore.Pending(db, filter, Batch));
            if (pending.Count == 0)
                return done;
            var contents = new Dictionary<Guid, FormContent>();
            foreach (var formId in pending.Select(row => row.FormId).Distinct())
                contents[formId] = await forms.Get(formId);
            var rescored = await database.Write(db => Rescore(db, filter, contents));
            if (rescored == 0)
                return done;
            done += rescored;
        }
    }

    private async Task<int> Rescore(Db db, PendingFilter filter, Dictionary<Guid, FormContent> contents)
    {
        var (now, rescored) = (clock.GetCurrentInstant(), 0);
        // Two slots of the same session may be in the same batch; the second then continues from the ledger that the
        // first left.
        var (policies, ledgers) = (new Dictionary<Guid, CampaignPolicies>(), new Dictionary<Guid, LoadedLedger>());
        // Query again in the transaction, because another node may be doing the same work.
        foreach (var row in await KeyReviewStore.Pending(db, filter, Batch))
        {
            if (!contents.TryGetValue(row.FormId, out var form))
                continue;
            if (!ledgers.TryGetValue(row.SessionId, out var ledger))
                ledgers[row.SessionId] = ledger = await Load(db, row.SessionId, form, policies);
            if (form.Find(ledger.Session.Variant, row.Slot) is null)
                continue;
            var change = ledger.Ledger.Rescore(row.Slot, Codes.Parse<KeyDecision>(row.Decision), row.DecidedBy, row.Reason, now);
            if (change.Rounds.Count == 0)
                continue;
            ledger = await ledger.Save(db, change, now);
            ledgers[row.SessionId] = ledger = await ledger.Settle(db, now);
            if (ledger.Session.ScoredAt is not null)
                await changed(db, ledger, "rescored", now);
            rescored++;
        }
        return rescored;
    }

    private static async Task<LoadedLedger> Load(Db db, Guid sessionId, FormContent form, Dictionary<Guid, CampaignPolicies> policies)
    {
        var session = (await SessionStore.Find(db, sessionId))!;
        if (!policies.TryGetValue(session.CampaignId, out var pinned))
            policies[session.CampaignId] = pinned = await CampaignPolicies.Load(db, session.CampaignId);
        return await LoadedLedger.Load(db, session, form, pinned);
    }
}
