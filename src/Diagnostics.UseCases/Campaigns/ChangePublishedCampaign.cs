using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>Later ends for windows; a window without a new end stays unchanged.</summary>
/// <param name="Reason">The reason; it is kept with the campaign's decisions.</param>
public sealed record CampaignExtension(string Reason, Instant? ApplicationsTo = null, Instant? SittingTo = null, Instant? MarkingTo = null);

/// <param name="SiteId">A further site, at which the diagnostic also takes place from now on.</param>
/// <param name="Reason">The reason; it is kept with the campaign's decisions.</param>
public sealed record CampaignSiteAddition(Guid SiteId, string Reason);

/// <param name="Title">The corrected title.</param>
/// <param name="Reason">The reason; it is kept with the campaign's decisions.</param>
public sealed record CampaignTitle(string Title, string Reason);

/// <param name="Days">The number of days, 1–366, by which all future windows and sittings move. The local time of day
/// at each site does not change.</param>
/// <param name="Reason">The reason; it is kept with the campaign's decisions.</param>
public sealed record CampaignPostponement(int Days, string Reason);

/// <param name="Reason">The reason; it is kept with the campaign's decisions.</param>
public sealed record CampaignCancellation(string Reason);

/// <summary>Lets windows end later; takes away nothing that people were promised.</summary>
internal sealed class ExtendCampaign(Executor executor) : DecideOnCampaign<ExtendCampaign.Request, CampaignView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ExtendCampaign), Operators, Trail.Writes("campaign.extended"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CampaignId, CampaignExtension Extension);

    protected override Task<Result<CampaignView>> Handle(Request request, Caller caller)
    {
        var (campaignId, to) = request;
        return Decide(
            caller,
            campaignId,
            to.Reason,
            (_, campaign, now) => Task.FromResult(Extend(campaign, to, now)),
            db => CampaignView.Stored(db, campaignId, caller)
        );
    }

    private static Result<Decided> Extend(CampaignRow campaign, CampaignExtension to, Instant now)
    {
        if (to is { ApplicationsTo: null, SittingTo: null, MarkingTo: null })
            return Refusal.Invalid("nothing-to-extend", "Укажите applicationsTo, sittingTo или markingTo.").With("field", "applicationsTo");
        var windows = campaign.Windows;
        var earlier =
            Check("applicationsTo", windows.ApplicationsTo, to.ApplicationsTo, now)
            ?? Check("sittingTo", windows.SittingTo, to.SittingTo, now)
            ?? Check("markingTo", windows.MarkingTo, to.MarkingTo, now);
        if (earlier is not null)
            return earlier;
        var extended = windows with
        {
            ApplicationsTo = to.ApplicationsTo ?? windows.ApplicationsTo,
            SittingTo = to.SittingTo ?? windows.SittingTo,
            MarkingTo = to.MarkingTo ?? windows.MarkingTo,
        };
        if (extended.Faults().ToList() is { Count: > 0 } faults)
            return Refusal.Invalid("windows-invalid", string.Join(" ", faults)).With("field", "windows").With("faults", faults);
        return new Decided(CampaignDecisionKind.Extended, new { from = windows, to = extended }, campaign.With(extended));
    }

    private static Refusal? Check(string field, Instant was, Instant? end, Instant now) =>
        end is null || (end > was && end > now)
            ? null
            : Refusal
                .Invalid("only-later", $"{field} можно перенести только на более позднее время, которое ещё не прошло.")
                .With("field", field)
                .With("was", was);
}

/// <summary>Adds a site to a published campaign.</summary>
internal sealed class AddCampaignSite(Executor executor) : DecideOnCampaign<AddCampaignSite.Request, CampaignView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(AddCampaignSite), Operators, Trail.Writes("campaign.site_added"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CampaignId, CampaignSiteAddition Addition);

    protected override Task<Result<CampaignView>> Handle(Request request, Caller caller)
    {
        var (campaignId, addition) = request;
        return Decide(caller, campaignId, addition.Reason, Add, db => CampaignView.Stored(db, campaignId, caller));

        async Task<Result<Decided>> Add(Db db, CampaignRow campaign, Instant now)
        {
            if (await SiteStore.Find(db, addition.SiteId) is not { } site)
                return Refusal.Invalid("site-not-found", $"Площадки {addition.SiteId:D} нет.").With("field", "siteId");
            var sites = await CampaignStore.Sites(db, campaign.Id);
            if (sites.Any(each => each.Id == site.Id))
                return Refusal.Conflict("site-in-campaign", $"Мероприятие уже проводится на площадке «{site.Name}».");
            if (sites.Count >= CampaignPlan.MaxSites)
                return Refusal.Invalid("too-many-sites", $"Площадок не больше {CampaignPlan.MaxSites}.").With("field", "siteId");
            if (await OwnSites.Check(db, caller, [site.Id], [], "siteId") is { } elsewhere)
                return elsewhere;
            await CampaignStore.AddSite(db, campaign.Id, site.Id);
            return new Decided(CampaignDecisionKind.SiteAdded, new { siteId = site.Id });
        }
    }
}

/// <summary>Corrects the title. People search by it, but nothing else depends on it.</summary>
internal sealed class RetitleCampaign(Executor executor) : DecideOnCampaign<RetitleCampaign.Request, CampaignView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(RetitleCampaign), Operators, Trail.Writes("campaign.retitled"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CampaignId, CampaignTitle Title);

    protected override async Task<Result<CampaignView>> Handle(Request request, Caller caller)
    {
        var (campaignId, (title, reason)) = request;
        if (TextRules.Check("title", title, CampaignPlan.MaxTitle) is { } wrong)
            return wrong;
        return await Decide(
            caller,
            campaignId,
            reason,
            (_, campaign, _) =>
                Task.FromResult<Result<Decided>>(
                    new Decided(
                        CampaignDecisionKind.Retitled,
                        new { from = campaign.Title, to = title.Trim() },
                        campaign with
                        {
                            Title = title.Trim(),
                        }
                    )
                ),
            db => CampaignView.Stored(db, campaignId, caller)
        );
    }
}

/// <summary>
/// Moves all future windows and sittings by whole days; the local time of day at each site does not change. Allowed
/// only before anybody has begun, because otherwise some people would take the diagnostic before the move and others
/// after it, and it would not be the same one for all.
/// </summary>
internal sealed class PostponeCampaign(Executor executor) : DecideOnCampaign<PostponeCampaign.Request, CampaignView>(Operation, executor)
{
    private const int MaxDays = 366;

    internal static new readonly Operation Operation = new(nameof(PostponeCampaign), Operators, Trail.Writes("campaign.postponed"))
    {
        Repetition = Repetition.GivesResultAgain,
        EndsSignIns = true,
    };

    internal sealed record Request(Guid CampaignId, CampaignPostponement Postponement);

    protected override async Task<Result<CampaignView>> Handle(Request request, Caller caller)
    {
        var (campaignId, (days, reason)) = request;
        if (days is < 1 or > MaxDays)
            return Refusal.Invalid("days-invalid", $"days — целое число от 1 до {MaxDays}.").With("field", "days");
        return await Decide(caller, campaignId, reason, Postpone, db => CampaignView.Stored(db, campaignId, caller));

        async Task<Result<Decided>> Postpone(Db db, CampaignRow campaign, Instant now)
        {
            await SessionStore.HoldUnbegun(db, campaignId, sittingId: null);
            if (await SessionStore.Begun(db, campaignId, sittingId: null) is > 0 and var begun)
            {
                return Refusal
                    .Conflict(
                        "campaign-begun",
                        $"Диагностику уже начали: {begun}. Мероприятие целиком не перенести; перенесите проведения, которые "
                            + "ещё не начались, или продлите сроки."
                    )
                    .With("begun", begun);
            }
            var sites = (await CampaignStore.Sites(db, campaignId)).ToDictionary(site => site.Id);
            DateTimeZone Zone(Guid siteId) => DateTimeZoneProviders.Tzdb[sites[siteId].TimeZone];
            var windows = campaign.Windows.Postpone(days, [.. sites.Keys.Select(Zone).Distinct()], now);
            var ahead = (await SittingStore.OfCampaign(db, campaignId, siteId: null))
                .Where(each => each.CancelledAt is null && each.StartsAt > now)
                .Select(each =>
                    (
                        Was: each,
                        StartsAt: each.StartsAt.DaysLater(days, Zone(each.SiteId)),
                        EndsAt: each.EndsAt.DaysLater(days, Zone(each.SiteId))
                    )
                )
                .ToList();
            foreach (var (was, startsAt, endsAt) in ahead)
                if (!await SittingStore.Move(db, was, startsAt, endsAt))
                    return Revisions.Stale(campaign.Revision);
            foreach (var (was, startsAt, endsAt) in ahead)
                if (await SittingRules.CheckPlaces(db, sites[was.SiteId], startsAt, endsAt) is { } occupied)
                    return occupied;
            await AccessCodeStore.EndUnbegun(db, campaignId, sittingId: null, now);
            return new Decided(
                CampaignDecisionKind.Postponed,
                new
                {
                    days,
                    from = campaign.Windows,
                    to = windows,
                    sittings = ahead.Select(each => each.Was.Id).ToList(),
                },
                campaign.With(windows)
            );
        }
    }
}

/// <summary>
/// Cancels a campaign before anybody has begun. Its sessions are annulled with the cancellation as the cause, and from
/// then on there are no applications, approvals or publications.
/// </summary>
internal sealed class CancelCampaign(Executor executor) : DecideOnCampaign<CancelCampaign.Request, CampaignView>(Operation, executor)
{
    /// <summary>The cause written to the logs of the annulled sessions; it does not blame the person.</summary>
    internal const string Cause = "campaign_cancelled";

    internal static new readonly Operation Operation = new(nameof(CancelCampaign), Operators, Trail.Writes("campaign.cancelled"))
    {
        Repetition = Repetition.GivesResultAgain,
        EndsSignIns = true,
    };

    internal sealed record Request(Guid CampaignId, CampaignCancellation Cancellation);

    protected override Task<Result<CampaignView>> Handle(Request request, Caller caller)
    {
        var (campaignId, cancellation) = request;
        return Decide(
            caller,
            campaignId,
            cancellation.Reason,
            Cancel,
            db => CampaignView.Stored(db, campaignId, caller),
            CampaignMoves.Cancel
        );

        async Task<Result<Decided>> Cancel(Db db, CampaignRow campaign, Instant now)
        {
            await AccessCodeStore.EndUnbegun(db, campaignId, sittingId: null, now);
            var annulled = await SessionStore.AnnulUnbegun(db, campaignId, now, caller.Id, CanonicalJson.Of(new { reason = Cause }));
            if (await SessionStore.Begun(db, campaignId, sittingId: null) is > 0 and var begun)
            {
                return Refusal
                    .Conflict(
                        "campaign-begun",
                        $"Диагностику уже начали: {begun}. Мероприятие целиком не отменить: отмените проведения, которые ещё не начались; "
                            + "кто начал, досидит и получит результат."
                    )
                    .With("begun", begun);
            }
            var sittings = await SittingStore.CancelAll(db, campaignId, now);
            return new Decided(CampaignDecisionKind.Cancelled, new { sessions = annulled, sittings }, campaign with { CancelledAt = now });
        }
    }
}

/// <summary>Deletes a draft. Nobody else knows of a draft, so only the audit trail keeps a trace of it.</summary>
internal sealed class DeleteCampaign(Executor executor) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(DeleteCampaign),
        DecideOnCampaign<Guid, Done>.Operators,
        Trail.Writes("campaign.deleted")
    );

    protected override Task<Result<Done>> Handle(Guid campaignId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await CampaignStore.Find(db, campaignId) is not { } campaign)
                    return CampaignRefusals.NoCampaign;
                var isDraft = campaign.State is CampaignStatus.Draft;
                if (!Reaches(caller, new Target { Campaign = campaignId }))
                    return isDraft ? CampaignRefusals.NoCampaign : CampaignRefusals.NotYours;
                if (!isDraft)
                    return Refusal.Conflict(
                        "campaign-published",
                        "Удаляют только черновик: опубликованное мероприятие отменяют с указанием причины."
                    );
                if (!await CampaignStore.DeleteDraft(db, campaignId))
                    return Refusal.Conflict(
                        "campaign-in-use",
                        "Черновику уже назначена комиссия или эталонные работы: его нельзя удалить."
                    );
                await AuditStore.Append(db, Now, caller.Id, "campaign.deleted", $"campaign:{campaignId:D}", new { campaign.Title });
                return default(Done);
            }
        );
}

internal static class CampaignChanges
{
    internal static CampaignRow With(this CampaignRow campaign, CampaignWindows windows) =>
        campaign with
        {
            ApplicationsFrom = windows.ApplicationsFrom,
            ApplicationsTo = windows.ApplicationsTo,
            SittingFrom = windows.SittingFrom,
            SittingTo = windows.SittingTo,
            MarkingTo = windows.MarkingTo,
        };
}
