using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Events;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Issues the final profiles of closed campaigns in batches, so that saves in other people's sessions need not wait. A
/// session that ended after its campaign was closed (a repeated sitting after an appeal) is published separately, under
/// the same conditions as for closing a campaign: nothing in it is open, and the chair's protocol covers it where the
/// policy requires one.
/// </summary>
internal sealed class FinalProfiles(Database database, FormCatalog forms, IssueProfile issue, IClock clock)
{
    internal static async Task<Refusal?> GuardReopening(Db db, Guid sessionId) =>
        await ProfileStore.HasFinal(db, sessionId)
            ? Refusal.Conflict("results-published", "Результат этого сеанса опубликован: продлить его нельзя, остаётся апелляция.")
            : null;

    private const int Batch = 25;

    /// <summary>Issues the missing final profiles of a closed campaign, or of all closed campaigns.</summary>
    internal async Task Finish(Guid? campaignId)
    {
        // The pinned policies of a closed campaign never change, so they are read once and not in every batch.
        var policies = new Dictionary<Guid, CampaignPolicies>();
        foreach (var batch in (await database.Read(db => PublicationStore.Unpublished(db, campaignId))).Chunk(Batch))
            await Issue(batch, policies);
    }

    /// <summary>Issues changes in published results that waited for the chair's protocol.</summary>
    /// <param name="campaignId">The campaign; null for all campaigns, in order to finish what a stop of the service has
    /// interrupted.</param>
    internal async Task FinishHeld(Guid? campaignId)
    {
        foreach (var batch in (await database.Read(db => PublicationStore.Held(db, campaignId))).Chunk(Batch))
        {
            var contents = await ContentsOf(batch);
            await database.Write(async db =>
            {
                var now = clock.GetCurrentInstant();
                foreach (var held in batch)
                {
                    var session = (await SessionStore.Find(db, held.Id))!;
                    // An appeal may have annulled the session since the list was read.
                    if (!session.Clock.State.IsScored())
                        continue;
                    await issue.Run(db, await LoadedLedger.Load(db, session, contents[held.FormId]), "rescored", final: true, now);
                }
                return batch.Length;
            });
        }
    }

    internal Task FinishHeld(Guid campaignId) => FinishHeld((Guid?)campaignId);

    /// <summary>
    /// Publishes sessions that ended after their campaign was closed and in which nothing is open any more.
    /// </summary>
    internal async Task FinishLate()
    {
        var ready = await database.Read(async db =>
        {
            var sessions = new List<SessionToPublishRow>();
            foreach (var late in await PublicationStore.Late(db))
                if (await SessionStore.Find(db, late.Id) is { } session && await IsReady(db, session))
                    sessions.Add(late);
            return sessions;
        });
        foreach (var batch in ready.Chunk(Batch))
            await Issue(batch, []);
    }

    private async Task<Dictionary<Guid, FormContent>> ContentsOf(IEnumerable<SessionToPublishRow> sessions)
    {
        var contents = new Dictionary<Guid, FormContent>();
        foreach (var formId in sessions.Select(session => session.FormId).Distinct())
            contents[formId] = await forms.Get(formId);
        return contents;
    }

    private async Task Issue(SessionToPublishRow[] sessions, Dictionary<Guid, CampaignPolicies> policies)
    {
        var contents = await ContentsOf(sessions);
        await database.Write(async db =>
        {
            var now = clock.GetCurrentInstant();
            foreach (var (id, closedAt) in sessions.Select(session => (session.Id, session.ClosedAt)))
            {
                // Read the session again: another node may be publishing too, and an appeal may have annulled the
                // session since the list was read.
                var session = (await SessionStore.Find(db, id))!;
                if (session.ScoredAt is null || !session.Clock.State.IsScored() || await ProfileStore.HasFinal(db, id))
                    continue;
                var late = session.EndedAt > closedAt;
                if (late && !await IsReady(db, session))
                    continue;
                // If a slot of the ledger is open again, the session gets no profile until every slot is decided.
                var ledger = await LoadedLedger.Load(db, session, contents[session.FormId], await Policies(session.CampaignId));
                if (await issue.Run(db, ledger, "published", final: true, now) && late)
                {
                    await AuditStore.Append(db, now, "service", "results.published", $"session:{id:D}", new { session.CampaignId });
                    await EventStore.Append(
                        db,
                        now,
                        EventKind.ResultsPublished,
                        new()
                        {
                            CampaignId = session.CampaignId,
                            ParticipantId = session.ParticipantId,
                            SessionId = id,
                        }
                    );
                }
            }
            return sessions.Length;

            async Task<CampaignPolicies> Policies(Guid campaignId) =>
                policies.TryGetValue(campaignId, out var pinned)
                    ? pinned
                    : policies[campaignId] = await CampaignPolicies.Load(db, campaignId);
        });
    }

    /// <summary>
    /// Checks for a single session what <see cref="PublishResults"/> checks for a campaign. The cheap checks come
    /// first.
    /// </summary>
    private static async Task<bool> IsReady(Db db, SessionRow session)
    {
        if (await PublicationStore.IsMarking(db, session.Id))
            return false;
        var keys = await KeyReviewStore.OfSession(db, session.Id);
        if (keys.Pending > 0)
            return false;
        if (keys.Undecided > 0 && (await CampaignPolicies.Get<ScoringPolicy>(db, session.CampaignId, PolicyKind.Scoring)).RequireKeyReview)
            return false;
        var appeals = await AppealStore.OfSession(db, session.Id);
        if (appeals.Any(appeal => appeal.AppealKind is AppealKind.Procedural && appeal.Standing.IsLive()))
            return false;
        return await ApproveMarking.Covers(db, session);
    }
}
