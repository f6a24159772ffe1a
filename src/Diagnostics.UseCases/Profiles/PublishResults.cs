using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Events;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <summary>An obstacle to publication.</summary>
/// <param name="What">What is still open: <c>not_over</c>, <c>not_scored</c>, <c>scoring_fault</c>, <c>marking</c>,
/// <c>undecided</c>, <c>key_review</c>, <c>flags</c>, <c>approval</c>, <c>rescoring</c> or <c>appeals</c>.</param>
/// <param name="Count">Number of sessions; of groups of answers for <c>key_review</c>; of answers for
/// <c>rescoring</c>; of flags for <c>flags</c>.</param>
/// <param name="Sessions">Up to twenty of the sessions concerned.</param>
public sealed record OpenMatter(string What, int Count, string Detail, IReadOnlyList<Guid> Sessions)
{
    private const int Shown = 20;

    /// <summary>The matter with only some of its sessions.</summary>
    internal OpenMatter Brief => this with { Sessions = Sessions.Distinct().Take(Shown).ToList() };
}

/// <summary>The published results: the campaign is closed, and every scored session has a final profile.</summary>
/// <param name="Profiles">Number of sessions with a final profile.</param>
public sealed record PublishedResults(Guid CampaignId, Instant ClosedAt, int Profiles);

/// <summary>
/// Publishes a campaign's results: closes the campaign when nothing is open, then issues the final profiles. An
/// interrupted publication continues when the request is repeated, or when the service next starts.
/// </summary>
internal sealed class PublishResults(Executor executor, FinalProfiles profiles) : UseCase<Guid, PublishedResults>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(PublishResults), MarkingRights.Leaders, Trail.Writes("results.published"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<PublishedResults>> Handle(Guid campaignId, Caller caller)
    {
        var closed = await WritePart(caller, db => Close(db, campaignId, caller));
        if (closed.Refused(out var refusal, out var row))
            return refusal;
        await profiles.Finish(campaignId);
        return new PublishedResults(campaignId, row.ClosedAt!.Value, await Fetch(db => PublicationStore.Published(db, campaignId)));
    }

    internal static Refusal StillOpen(IReadOnlyList<OpenMatter> open) =>
        Refusal
            .Conflict("results-open", "Результаты ещё нельзя опубликовать: " + string.Join(" ", open.Select(matter => matter.Detail)))
            .With("open", open);

    internal static string Describe(string what, int count) =>
        what switch
        {
            "not_over" => $"Не завершены сеансы: {count}.",
            "not_scored" => $"Ещё не оценены завершённые сеансы: {count}.",
            "scoring_fault" => $"Не удалось оценить сеансы: {count}.",
            "marking" => $"Ждут проверки экспертом работы сеансов: {count}.",
            "undecided" => $"Нет решающего балла в сеансах: {count}.",
            "key_review" => $"Не разобраны группы кратких ответов, не совпавших с ключом: {count}.",
            "flags" => $"Нет решения о пометках экспертов: {count}.",
            "approval" => "Председатель комиссии не утвердил результаты протоколом, или после него изменились баллы.",
            "rescoring" => $"Ещё не завершён пересчёт ответов: {count}.",
            "appeals" => $"Не решены апелляции о нарушении порядка: {count}.",
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };

    private async Task<Result<CampaignRow>> Close(Db db, Guid campaignId, Caller caller)
    {
        if (!Reaches(caller, MarkingRights.Of(campaignId)))
            return MarkingRights.NotLeading;
        if (await CampaignStore.Find(db, campaignId) is not { } campaign)
            return MarkingRights.NoCampaign;
        if (campaign.State is CampaignStatus.Closed)
            return campaign;
        if (CampaignMoves.PublishResults.Check(campaign.State) is { } notYet)
            return notYet;
        var now = Now;
        if (await Open(db, campaign, now) is { Count: > 0 } open)
            return StillOpen(open.Select(matter => matter.Brief).ToList());
        if (await PublicationStore.Close(db, campaignId, now))
        {
            await AuditStore.Append(db, now, caller.Id, "results.published", $"campaign:{campaignId:D}");
            await EventStore.Append(db, now, EventKind.ResultsPublished, new() { CampaignId = campaignId });
        }
        return (await CampaignStore.Find(db, campaignId))!;
    }

    /// <summary>Everything that prevents publication, with all sessions concerned.</summary>
    internal static async Task<IReadOnlyList<OpenMatter>> Open(Db db, CampaignRow campaign, Instant now)
    {
        var open = (await PublicationStore.Open(db, campaign.Id, now))
            .GroupBy(session => session.What)
            .Select(group => Matter(group.Key, group.Count(), group.Select(session => session.Id)))
            .ToList();
        var scoring = await CampaignPolicies.Get<ScoringPolicy>(db, campaign.Id, PolicyKind.Scoring);
        if (scoring.RequireKeyReview && await KeyReviewStore.Undecided(db, campaign.Id) is > 0 and var groups)
            open.Add(Matter("key_review", groups, []));
        if ((await FlagStore.Open(db, campaign.Id, now)).Sum(kind => kind.Flags) is > 0 and var flags)
            open.Add(Matter("flags", flags, []));
        var pending = await KeyReviewStore.Pending(db, new PendingFilter(CampaignId: campaign.Id), int.MaxValue);
        if (!await ApproveMarking.IsApproved(db, campaign.Id))
            open.Add(Matter("approval", 1, []));
        if (pending.Count > 0)
            open.Add(Matter("rescoring", pending.Count, pending.Select(row => row.SessionId)));
        // A session in an open appeal may yet be annulled, so its result cannot be published.
        if (await AppealStore.DisputedSessions(db, campaign.Id) is { Count: > 0 } disputed)
            open.Add(Matter("appeals", disputed.Count, disputed));
        return open;
    }

    private static OpenMatter Matter(string what, int count, IEnumerable<Guid> sessions) =>
        new(what, count, Describe(what, count), sessions.ToList());
}

/// <summary>Whether a campaign's results are published, and what prevents it.</summary>
/// <param name="ClosedAt">When the results were published; absent before.</param>
/// <param name="Profiles">Number of sessions with a final profile.</param>
/// <param name="Open">What prevents publication; empty when nothing does, and once the results are published.</param>
public sealed record PublicationState(Guid CampaignId, string Title, Instant? ClosedAt, int Profiles, IReadOnlyList<OpenMatter> Open);

/// <summary>Shows what prevents the publication of a campaign's results, without trying to publish them.</summary>
internal sealed class GetPublication(Executor executor) : UseCase<GetPublication.Request, PublicationState>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetPublication), MarkingRights.Leaders, Trail.None);

    /// <param name="Whole">Whether to name all sessions concerned, for a page that lists them.</param>
    internal sealed record Request(Guid CampaignId, bool Whole = false);

    protected override Task<Result<PublicationState>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (campaignId, whole) = request;
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is not { } campaign)
                return MarkingRights.NoCampaign;
            var open = campaign.State is CampaignStatus.Published ? await PublishResults.Open(db, campaign, Now) : [];
            return new PublicationState(
                campaignId,
                campaign.Title,
                campaign.ClosedAt,
                await PublicationStore.Published(db, campaignId),
                whole ? open : open.Select(matter => matter.Brief).ToList()
            );
        });
}
