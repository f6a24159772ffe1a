using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <param name="SiteId">One of the campaign's sites.</param>
/// <param name="StartsAt">Start of the sitting, inside the campaign's sitting window. Once the campaign is published,
/// it must also be in the future.</param>
/// <param name="EndsAt">End of the sitting. From this time on its seats are free for the next shift, and nobody may
/// begin a session in it.</param>
/// <param name="Shift">Number of the shift at the site on that day, from 1; when absent, the next free number.</param>
/// <param name="Seats">Number of seats; when absent, all seats of the site. Simultaneous sittings at the site,
/// whichever campaigns they belong to, may not have more seats in total than the site has.</param>
/// <param name="Reserve">Whether the sitting is meant for people who could not come to their own. An approval assigns a
/// person to such a sitting only by naming it explicitly.</param>
/// <param name="Reason">The reason; required after the campaign is published.</param>
public sealed record SittingRequest(
    Guid SiteId,
    Instant StartsAt,
    Instant EndsAt,
    int? Shift = null,
    int? Seats = null,
    bool Reserve = false,
    string? Reason = null
);

/// <inheritdoc cref="SittingRequest"/>
public sealed record SittingMove(Instant StartsAt, Instant EndsAt, string? Reason = null);

/// <param name="Reason">The reason; it is kept with the campaign's decisions.</param>
public sealed record SittingCancellation(string Reason);

/// <summary>The rules that every sitting must meet.</summary>
internal static class SittingRules
{
    internal const int MaxSittings = 2000;
    private const int MaxShift = 20;

    internal static Refusal? CheckNumbers(SittingRequest sitting, SiteRow site) =>
        (
            sitting.Shift is < 1 or > MaxShift
                ? Refusal.Invalid("shift-invalid", $"shift — целое число от 1 до {MaxShift}.").With("field", "shift")
                : null
        )
        ?? (
            sitting.Seats < 1 || sitting.Seats > site.Seats
                ? Refusal.Invalid("seats-invalid", $"seats — от 1 до {site.Seats}: столько мест на площадке.").With("field", "seats")
                : null
        );

    internal static Refusal? CheckTimes(CampaignRow campaign, Instant startsAt, Instant endsAt, Instant now)
    {
        if (startsAt >= endsAt)
            return Refusal.Invalid("sitting-times-invalid", "startsAt — раньше, чем endsAt.").With("field", "endsAt");
        if (startsAt < campaign.SittingFrom || endsAt > campaign.SittingTo)
        {
            return Refusal
                .Invalid(
                    "sitting-outside-window",
                    "Проведение — в пределах срока проведения мероприятия; если он мал, сначала продлите его."
                )
                .With("field", "startsAt")
                .With("from", campaign.SittingFrom)
                .With("to", campaign.SittingTo);
        }
        return campaign.State is CampaignStatus.Draft || startsAt > now
            ? null
            : Refusal.Invalid("sitting-past", "Проведение не может начаться в прошлом.").With("field", "startsAt");
    }

    /// <summary>
    /// Checks that the site has enough seats for this sitting and the other sittings there at the same time. Call it
    /// after the sitting has been written.
    /// </summary>
    internal static async Task<Refusal?> CheckPlaces(Db db, SiteRow site, Instant startsAt, Instant endsAt)
    {
        var together = SittingTimes.Peak([
            .. (await SittingStore.Overlapping(db, site.Id, startsAt, endsAt)).Select(each => new TakenPlaces(
                each.StartsAt,
                each.EndsAt,
                each.Seats
            )),
        ]);
        return together <= site.Seats
            ? null
            : Refusal
                .Conflict(
                    "site-occupied",
                    $"На площадке «{site.Name}» {site.Seats} мест, а вместе с другими проведениями в это время нужно {together}."
                )
                .With("siteId", site.Id)
                .With("seats", site.Seats)
                .With("needed", together);
    }

    /// <summary>
    /// Checks that nobody has begun in the sitting. It first locks the sitting's sessions that have not begun, so that
    /// none of them can begin before this transaction ends.
    /// </summary>
    internal static async Task<Refusal?> CheckUnbegun(Db db, SittingRow sitting)
    {
        if (sitting.CancelledAt is not null)
            return Refusal.Conflict("sitting-cancelled", "Это проведение уже отменено.");
        await SessionStore.HoldUnbegun(db, sitting.CampaignId, sitting.Id);
        return await SessionStore.Begun(db, sitting.CampaignId, sitting.Id) is > 0 and var begun
            ? Refusal
                .Conflict(
                    "sitting-begun",
                    $"В этом проведении уже начали: {begun}. Его не перенести и не отменить; тех, кто не начал, переведите по одному."
                )
                .With("begun", begun)
            : null;
    }
}

/// <summary>Lists a campaign's sittings, including cancelled ones, each with its number of free seats.</summary>
internal sealed class ListSittings(Executor executor) : UseCase<ListSittings.Request, IReadOnlyList<SittingView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListSittings), CampaignReaders.Rule, Trail.None);

    internal sealed record Request(Guid CampaignId, Guid? SiteId);

    protected override Task<Result<IReadOnlyList<SittingView>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            if (
                await CampaignStore.Find(db, request.CampaignId) is not { } campaign
                || (campaign.State is CampaignStatus.Draft && !caller.OperatesCampaign(request.CampaignId))
            )
                return CampaignRefusals.NoCampaign;
            var zones = (await CampaignStore.Sites(db, campaign.Id)).ToDictionary(site => site.Id, site => site.TimeZone);
            return (await SittingStore.OfCampaign(db, campaign.Id, request.SiteId))
                .Select(row => SittingView.Of(row, zones[row.SiteId]))
                .ToList();
        });
}

/// <summary>Adds a sitting; in a published campaign the addition is recorded as a decision.</summary>
internal sealed class AddSitting(Executor executor) : DecideOnCampaign<AddSitting.Request, SittingView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(AddSitting),
        Operators,
        Trail.Writes("campaign.changed", "campaign.sitting_added")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CampaignId, SittingRequest Sitting);

    protected override Task<Result<SittingView>> Handle(Request request, Caller caller)
    {
        var asked = request.Sitting;
        var id = Guid.CreateVersion7(Now.ToDateTimeOffset());
        return Decide(caller, request.CampaignId, asked.Reason, Add, db => SittingView.Stored(db, id), CampaignMoves.ArrangeSittings);

        async Task<Result<Decided>> Add(Db db, CampaignRow campaign, Instant now)
        {
            if (!await CampaignStore.HasSite(db, campaign.Id, asked.SiteId))
                return Refusal.Invalid("site-not-in-campaign", "На этой площадке мероприятие не проводится.").With("field", "siteId");
            var site = (await SiteStore.Find(db, asked.SiteId))!;
            if (SittingRules.CheckNumbers(asked, site) is { } wrong)
                return wrong;
            if (SittingRules.CheckTimes(campaign, asked.StartsAt, asked.EndsAt, now) is { } untimely)
                return untimely;
            var known = await SittingStore.OfCampaign(db, campaign.Id, siteId: null);
            if (known.Count >= SittingRules.MaxSittings)
                return Refusal.Invalid("too-many-sittings", $"Проведений в мероприятии не больше {SittingRules.MaxSittings}.");
            var sitting = new SittingRow
            {
                Id = id,
                CampaignId = campaign.Id,
                SiteId = site.Id,
                StartsAt = asked.StartsAt,
                EndsAt = asked.EndsAt,
                Shift = asked.Shift ?? NextShift(known, site, asked.StartsAt),
                Seats = asked.Seats ?? site.Seats,
                Reserve = asked.Reserve,
                CreatedAt = now,
            };
            await SittingStore.Add(db, sitting);
            if (await SittingRules.CheckPlaces(db, site, sitting.StartsAt, sitting.EndsAt) is { } occupied)
                return occupied;
            return new Decided(
                CampaignDecisionKind.SittingAdded,
                new
                {
                    sittingId = id,
                    siteId = site.Id,
                    sitting.StartsAt,
                    sitting.EndsAt,
                    sitting.Shift,
                    sitting.Seats,
                    sitting.Reserve,
                }
            );
        }
    }

    private static int NextShift(IReadOnlyList<SittingRow> known, SiteRow site, Instant startsAt)
    {
        var zone = DateTimeZoneProviders.Tzdb[site.TimeZone];
        var day = startsAt.InZone(zone).Date;
        return 1
            + known
                .Where(each => each.SiteId == site.Id && each.CancelledAt is null && each.StartsAt.InZone(zone).Date == day)
                .Select(each => each.Shift)
                .DefaultIfEmpty(0)
                .Max();
    }
}

/// <summary>
/// Moves a sitting in which nobody has begun to another time. Its people keep their seats; access codes issued for it
/// stop working.
/// </summary>
internal sealed class MoveSitting(Executor executor) : DecideOnCampaign<MoveSitting.Request, SittingView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(MoveSitting),
        Operators,
        Trail.Writes("campaign.changed", "campaign.sitting_moved")
    )
    {
        Repetition = Repetition.GivesResultAgain,
        EndsSignIns = true,
    };

    internal sealed record Request(Guid CampaignId, Guid SittingId, SittingMove Move);

    protected override Task<Result<SittingView>> Handle(Request request, Caller caller)
    {
        var (campaignId, sittingId, to) = request;
        return Decide(caller, campaignId, to.Reason, Move, db => SittingView.Stored(db, sittingId), CampaignMoves.ArrangeSittings);

        async Task<Result<Decided>> Move(Db db, CampaignRow campaign, Instant now)
        {
            if (await SittingStore.Find(db, sittingId) is not { } sitting || sitting.CampaignId != campaignId)
                return SittingRefusals.NotFound;
            if (SittingRules.CheckTimes(campaign, to.StartsAt, to.EndsAt, now) is { } untimely)
                return untimely;
            if (await SittingRules.CheckUnbegun(db, sitting) is { } begun)
                return begun;
            if (!await SittingStore.Move(db, sitting, to.StartsAt, to.EndsAt))
                return Revisions.Stale(campaign.Revision);
            if (await SittingRules.CheckPlaces(db, (await SiteStore.Find(db, sitting.SiteId))!, to.StartsAt, to.EndsAt) is { } occupied)
                return occupied;
            await AccessCodeStore.EndUnbegun(db, campaignId, sittingId, now);
            return new Decided(
                CampaignDecisionKind.SittingMoved,
                new
                {
                    sittingId,
                    sitting.SiteId,
                    people = sitting.Taken,
                    from = new { sitting.StartsAt, sitting.EndsAt },
                    to = new { to.StartsAt, to.EndsAt },
                }
            );
        }
    }
}

/// <summary>
/// Cancels a sitting in which nobody has begun. Its people stay approved, but have no seat until each of them gets
/// another sitting. The list of applications can show these people (<c>withoutPlace</c>).
/// </summary>
internal sealed class CancelSitting(Executor executor) : DecideOnCampaign<CancelSitting.Request, SittingView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(CancelSitting), Operators, Trail.Writes("campaign.sitting_cancelled"))
    {
        Repetition = Repetition.GivesResultAgain,
        EndsSignIns = true,
    };

    internal sealed record Request(Guid CampaignId, Guid SittingId, SittingCancellation Cancellation);

    protected override Task<Result<SittingView>> Handle(Request request, Caller caller)
    {
        var (campaignId, sittingId, cancellation) = request;
        return Decide(caller, campaignId, cancellation.Reason, Cancel, db => SittingView.Stored(db, sittingId));

        async Task<Result<Decided>> Cancel(Db db, CampaignRow campaign, Instant now)
        {
            if (await SittingStore.Find(db, sittingId) is not { } sitting || sitting.CampaignId != campaignId)
                return SittingRefusals.NotFound;
            if (await SittingRules.CheckUnbegun(db, sitting) is { } begun)
                return begun;
            if (!await SittingStore.Cancel(db, sittingId, now))
                return Revisions.Stale(campaign.Revision);
            await AccessCodeStore.EndUnbegun(db, campaignId, sittingId, now);
            return new Decided(
                CampaignDecisionKind.SittingCancelled,
                new
                {
                    sittingId,
                    sitting.SiteId,
                    sitting.StartsAt,
                    sitting.EndsAt,
                    people = sitting.Taken,
                }
            );
        }
    }
}

/// <summary>Deletes a sitting from a draft.</summary>
internal sealed class DeleteSitting(Executor executor) : UseCase<DeleteSitting.Request, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(DeleteSitting),
        DecideOnCampaign<Request, Done>.Operators,
        Trail.Writes("campaign.sitting_deleted")
    );

    internal sealed record Request(Guid CampaignId, Guid SittingId);

    protected override Task<Result<Done>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (campaignId, sittingId) = request;
                if (await CampaignStore.Find(db, campaignId) is not { } campaign)
                    return CampaignRefusals.NoCampaign;
                var isDraft = campaign.State is CampaignStatus.Draft;
                if (!Reaches(caller, new Target { Campaign = campaignId }))
                    return isDraft ? CampaignRefusals.NoCampaign : CampaignRefusals.NotYours;
                if (!isDraft)
                    return Refusal.Conflict(
                        "campaign-published",
                        "Мероприятие опубликовано: проведение не удаляют, а отменяют с указанием причины."
                    );
                if (await SittingStore.Find(db, sittingId) is not { } sitting || sitting.CampaignId != campaignId)
                    return SittingRefusals.NotFound;
                if (!await SittingStore.DeleteFromDraft(db, sittingId) || !await CampaignStore.Touch(db, campaign))
                    return Revisions.Stale(campaign.Revision);
                await AuditStore.Append(db, Now, caller.Id, "campaign.sitting_deleted", $"campaign:{campaignId:D}", new { sittingId });
                return default(Done);
            }
        );
}
