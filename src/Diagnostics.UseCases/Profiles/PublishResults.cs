using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <summary>What stands in the way of publication.</summary>
/// <param name="What"><c>not_over</c>, <c>not_scored</c>, <c>scoring_fault</c>, <c>marking</c>, <c>undecided</c>, <c>key_review</c>, <c>approval</c>, <c>rescoring</c> or <c>appeals</c>.</param>
/// <param name="Count">How many sessions, or groups of answers.</param>
/// <param name="Sessions">Up to twenty of them.</param>
internal sealed record OpenMatter(string What, int Count, string Detail, IReadOnlyList<Guid> Sessions);

/// <summary>Results are published: the campaign is closed, every scored session has a final profile.</summary>
/// <param name="Profiles">Sessions with a final profile.</param>
public sealed record PublishedResults(Guid CampaignId, Instant ClosedAt, int Profiles);

/// <summary>
/// Publishes a campaign's results: closes it when nothing is open, then issues final profiles in batches, so that the
/// saves of other people's sessions need not wait. Stopped in the middle, it goes on when repeated or at the next start.
/// A session that ended after the campaign was closed (sat again after an appeal) is published by itself, by the same
/// conditions: nothing of it is open, and the chair's protocol covers it where the policy wants one.
/// </summary>
internal sealed class PublishResults(Transactions transactions, FormCatalog forms, IClock clock)
{
    private const int Batch = 25;
    private const int Shown = 20;

    internal static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{campaignId:guid}/results/publication", Handle)
        .WithName("PublishResults").WithSummary("Опубликовать результаты: профили становятся окончательными; повтор безопасен").AllowedTo(MarkingRights.Leaders).Idempotent();

    private static Task<Results<Ok<PublishedResults>, ProblemHttpResult>> Handle(Guid campaignId, Caller caller, PublishResults useCase) => useCase.Run(campaignId, caller).Ok();

    private async Task<Result<PublishedResults>> Run(Guid campaignId, Caller caller)
    {
        var closed = await transactions.Write<Result<CampaignRow>>(async db =>
        {
            if (!MarkingRights.Leads(caller, campaignId)) return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is not { } campaign) return MarkingRights.NoCampaign;
            if (campaign.State is CampaignStatus.Closed) return campaign;
            if (campaign.State is CampaignStatus.Draft) return Refusal.Conflict("campaign-not-published", "Мероприятие ещё не объявлено: публиковать нечего.");
            var now = clock.GetCurrentInstant();
            if (await Open(db, campaign, now) is { Count: > 0 } open)
                return StillOpen(open);
            if (await PublicationStore.Close(db, campaignId, now))
                await AuditStore.Append(db, now, caller.Id, "results.published", $"campaign:{campaignId:D}");
            return (await CampaignStore.Find(db, campaignId))!;
        });
        if (closed.Refused(out var refusal, out var row)) return refusal;
        await Finish(campaignId);
        return new PublishedResults(campaignId, row.ClosedAt!.Value, await transactions.Read(db => PublicationStore.Published(db, campaignId)));
    }

    /// <summary>Issues the final profiles that are still missing, of one closed campaign or of all.</summary>
    internal async Task Finish(Guid? campaignId)
    {
        for (Guid? after = null; ;)
        {
            var next = await transactions.Read(async db =>
            {
                var sessions = new List<SessionRow>();
                foreach (var id in await PublicationStore.Unpublished(db, campaignId, after, Batch)) sessions.Add((await SessionStore.Find(db, id))!);
                return sessions;
            });
            if (next.Count == 0) return;
            after = next[^1].Id;
            await Issue(next);
        }
    }

    /// <summary>Publishes sessions that ended after their campaign was closed and of which nothing is open any more.</summary>
    internal async Task FinishLate()
    {
        var ready = await transactions.Read(async db =>
        {
            var sessions = new List<SessionRow>();
            foreach (var id in await PublicationStore.Late(db))
                if (await SessionStore.Find(db, id) is { } session && await IsReady(db, session)) sessions.Add(session);
            return sessions;
        });
        foreach (var batch in ready.Chunk(Batch)) await Issue(batch);
    }

    private async Task Issue(IReadOnlyList<SessionRow> sessions)
    {
        var contents = new Dictionary<Guid, FormContent>();
        foreach (var formId in sessions.Select(session => session.FormId).Distinct()) contents[formId] = await forms.Get(formId);
        await transactions.Write(async db =>
        {
            var now = clock.GetCurrentInstant();
            var policies = new Dictionary<Guid, CampaignPolicies>();
            foreach (var id in sessions.Select(session => session.Id))
            {
                // Read anew: another node may be publishing too, and an appeal may have annulled the session meanwhile.
                var session = (await SessionStore.Find(db, id))!;
                if (session.ScoredAt is null || !session.Clock.State.IsScored() || await ProfileStore.HasFinal(db, id)) continue;
                var late = session.EndedAt > (await CampaignStore.Find(db, session.CampaignId))!.ClosedAt;
                if (late && !await IsReady(db, session)) continue;
                // A ledger that is open again waits for its decision.
                var ledger = await LoadedLedger.Load(db, session, contents[session.FormId], await Policies(session.CampaignId));
                if (await IssueProfile.Run(db, ledger, "published", final: true, now) && late)
                    await AuditStore.Append(db, now, "service", "results.published", $"session:{id:D}", new { session.CampaignId });
            }
            return sessions.Count;

            async Task<CampaignPolicies> Policies(Guid campaignId) =>
                policies.TryGetValue(campaignId, out var pinned)
                    ? pinned
                    : policies[campaignId] = await CampaignPolicies.Load(db, campaignId);
        });
    }

    /// <summary>What <see cref="Open"/> asks of a campaign, asked of one session. The cheap questions come first.</summary>
    private static async Task<bool> IsReady(Db db, SessionRow session)
    {
        if (await PublicationStore.IsMarking(db, session.Id)) return false;
        var keys = await KeyReviewStore.OfSession(db, session.Id);
        if (keys.Pending > 0) return false;
        if (keys.Undecided > 0 && (await CampaignPolicies.Get<ScoringPolicy>(db, session.CampaignId, PolicyKind.Scoring)).RequireKeyReview) return false;
        if ((await AppealStore.OfSession(db, session.Id)).Any(appeal => appeal.AppealKind is AppealKind.Procedural && appeal.Standing.IsLive())) return false;
        return await ApproveMarking.Covers(db, session);
    }

    private static async Task<IReadOnlyList<OpenMatter>> Open(Db db, CampaignRow campaign, Instant now)
    {
        var open = (await PublicationStore.Open(db, campaign.Id, sittingIsOver: now >= campaign.SittingTo))
            .GroupBy(session => session.What)
            .Select(group => new OpenMatter(group.Key, group.Count(), Describe(group.Key, group.Count()), group.Take(Shown).Select(session => session.Id).ToList()))
            .ToList();
        var scoring = await CampaignPolicies.Get<ScoringPolicy>(db, campaign.Id, PolicyKind.Scoring);
        if (scoring.RequireKeyReview && await KeyReviewStore.Undecided(db, campaign.Id) is > 0 and var groups) open.Add(new("key_review", groups, Describe("key_review", groups), []));
        var pending = await KeyReviewStore.Pending(db, new PendingFilter(CampaignId: campaign.Id), Shown);
        if (!await ApproveMarking.IsApproved(db, campaign.Id)) open.Add(new("approval", 1, Describe("approval", 1), []));
        if (pending.Count > 0) open.Add(new("rescoring", pending.Count, Describe("rescoring", pending.Count), pending.Select(row => row.SessionId).Distinct().ToList()));
        // A session that may yet be annulled has no result to publish.
        if (await AppealStore.DisputedSessions(db, campaign.Id) is { Count: > 0 } disputed) open.Add(new("appeals", disputed.Count, Describe("appeals", disputed.Count), disputed.Take(Shown).ToList()));
        return open;
    }

    internal static Refusal StillOpen(IReadOnlyList<OpenMatter> open) => Refusal
        .Conflict("results-open", "Результаты ещё нельзя опубликовать: " + string.Join(" ", open.Select(matter => matter.Detail)))
        .With("open", open);

    internal static string Describe(string what, int count) => what switch
    {
        "not_over" => $"Не завершены сеансы: {count}.",
        "not_scored" => $"Ещё не оценены завершённые сеансы: {count}.",
        "scoring_fault" => $"Не удалось оценить сеансы: {count}.",
        "marking" => $"Ждут проверки экспертом работы сеансов: {count}.",
        "undecided" => $"Нет решающего балла в сеансах: {count}.",
        "key_review" => $"Не разобраны группы кратких ответов, не совпавших с ключом: {count}.",
        "approval" => "Председатель комиссии не утвердил результаты протоколом, или после него изменились баллы.",
        "rescoring" => $"Ещё не завершён пересчёт ответов: {count}.",
        "appeals" => $"Не решены апелляции о нарушении порядка: {count}.",
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };
}
