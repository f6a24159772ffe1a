using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.SiteDays;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.SiteDays;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.SiteDays;

/// <param name="AccountId">Account of a person who already has the role that the duty requires.</param>
/// <param name="SittingId">The sitting; required when the campaign has sittings at the site. Otherwise absent: the
/// appointment is then for all days of the campaign there.</param>
public sealed record SiteAppointmentRequest(Guid AccountId, SiteDuty Duty, Guid? SittingId = null);

/// <summary>A person appointed to a duty at a site.</summary>
/// <param name="SittingId">The sitting; absent when the campaign has no sittings at the site, and the appointment is
/// for all its days there.</param>
/// <param name="EndedAt">When the appointment ended; absent while it lasts.</param>
public sealed record SiteAppointment(
    Guid Id,
    Guid CampaignId,
    Guid SiteId,
    Guid? SittingId,
    Guid AccountId,
    string UserName,
    SiteDuty Duty,
    Instant AppointedAt,
    Instant? EndedAt,
    string? EndReason
)
{
    internal static SiteAppointment Of(SiteStaffRow row) =>
        new(
            Id: row.Id,
            CampaignId: row.CampaignId,
            SiteId: row.SiteId,
            SittingId: row.SittingId,
            AccountId: row.AccountId,
            UserName: row.UserName,
            Duty: Codes.Parse<SiteDuty>(row.Duty),
            AppointedAt: row.AppointedAt,
            EndedAt: row.EndedAt,
            EndReason: row.EndReason
        );
}

/// <summary>
/// Appoints a person to a duty at a site (clause 7.1.3). The appointment gives no rights; the person must already have
/// the role that the duty requires.
/// </summary>
internal sealed class AppointSiteStaff(Executor executor) : UseCase<AppointSiteStaff.Request, SiteAppointment>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(AppointSiteStaff),
        SessionRights.Operators,
        Trail.Writes("site-staff.appointed")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CampaignId, Guid SiteId, SiteAppointmentRequest Appointment);

    protected override Task<Result<SiteAppointment>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (campaignId, siteId, wanted) = request;
                if (!Reaches(caller, new Target { Campaign = campaignId }))
                    return CampaignRefusals.NoCampaign;
                if ((await SiteDay.SiteOf(db, campaignId, siteId)).Refused(out var unknown, out _))
                    return unknown;
                if ((await SiteDay.SittingOf(db, campaignId, siteId, wanted.SittingId)).Refused(out var refusal, out var sitting))
                    return refusal;
                if (sitting?.CancelledAt is not null)
                    return Refusal.Conflict("sitting-cancelled", "Это проведение отменено.");
                if (await AccountStore.Find(db, wanted.AccountId) is not { Disabled: false } account)
                    return Refusal.Invalid("account-not-found", "Такой действующей учётной записи нет.").With("field", "accountId");
                if (await Lacks(db, campaignId, siteId, wanted) is { } lacking)
                    return lacking;
                var now = Now;
                var row = new SiteStaffRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    CampaignId = campaignId,
                    SiteId = siteId,
                    SittingId = sitting?.Id,
                    AccountId = account.Id,
                    Duty = Codes.Of(wanted.Duty),
                    AppointedAt = now,
                    AppointedBy = caller.Id,
                };
                if (!await SiteStaffStore.Add(db, row))
                    return Refusal.Conflict("appointment-exists", "Этот человек уже назначен сюда, или руководитель здесь уже есть.");
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "site-staff.appointed",
                    $"site:{siteId:D}",
                    new
                    {
                        campaignId,
                        row.SittingId,
                        row.AccountId,
                        wanted.Duty,
                    }
                );
                return SiteAppointment.Of((await SiteStaffStore.Find(db, row.Id))!);
            }
        );

    private static async Task<Refusal?> Lacks(Db db, Guid campaignId, Guid siteId, SiteAppointmentRequest wanted)
    {
        if (SiteDuties.RoleOf(wanted.Duty) is not { } role)
        {
            return await CommissionStore.LiveMember(db, campaignId, Codes.Of(CommissionKind.Marking), wanted.AccountId) is not null
                ? null
                : NoSeat;
        }
        var grants = await AccountStore.Grants(db, wanted.AccountId);
        return grants.Any(grant => grant.Role == role && grant.Covers(GrantScope.Site, siteId.ToString("D")))
            ? null
            : NoRight(role, siteId);
    }

    internal static readonly Refusal NoSeat = Refusal
        .Conflict("duty-needs-seat", "Этого человека нет в региональной комиссии мероприятия: сначала дайте ему место в ней.")
        .With("field", "accountId");

    internal static Refusal NoRight(Role role, Guid siteId) =>
        Refusal
            .Conflict("duty-needs-role", $"У этой учётной записи нет роли «{Codes.Of(role)}» на этой площадке: сначала дайте её.")
            .With("field", "accountId")
            .With("role", role)
            .With("scope", GrantScope.Site)
            .With("scopeId", siteId);
}

internal sealed class EndSiteAppointment(Executor executor) : UseCase<EndSiteAppointment.Request, SiteAppointment>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(EndSiteAppointment),
        SessionRights.Operators,
        Trail.Writes("site-staff.ended")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CampaignId, Guid SiteId, Guid AppointmentId, ReasonRequest End);

    protected override Task<Result<SiteAppointment>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (campaignId, siteId, appointmentId, end) = request;
                if (TextRules.Check("reason", end.Reason, SiteJournal.MaxText) is { } wrong)
                    return wrong;
                if (
                    !Reaches(caller, new Target { Campaign = campaignId })
                    || await SiteStaffStore.Find(db, appointmentId) is not { } row
                    || row.CampaignId != campaignId
                    || row.SiteId != siteId
                )
                    return SiteDayRefusals.NoAppointment;
                var now = Now;
                if (!await SiteStaffStore.End(db, appointmentId, end.Reason, caller.Id, now))
                    return SiteDayRefusals.AppointmentEnded;
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "site-staff.ended",
                    $"site:{siteId:D}",
                    new
                    {
                        campaignId,
                        row.SittingId,
                        row.AccountId,
                        row.Duty,
                        end.Reason,
                    }
                );
                return SiteAppointment.Of((await SiteStaffStore.Find(db, appointmentId))!);
            }
        );
}

/// <summary>Lists current and former appointments at a site.</summary>
internal sealed class ListSiteStaff(Executor executor) : UseCase<ListSiteStaff.Request, Page<SiteAppointment>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListSiteStaff),
        SessionRights.Staff,
        Trail.Look<ListSiteStaff.Request, Page<SiteAppointment>>(
            "site-staff.listed",
            (asked, page) => Looked.Rows($"site:{asked.SiteId:D}", page.Items.Count)
        )
    );

    internal sealed record Request(Guid CampaignId, Guid SiteId, Guid? SittingId, Guid? After, int? Limit);

    protected override Task<Result<Page<SiteAppointment>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (campaignId, siteId, sittingId, after, limit) = request;
            if (!Reaches(caller, new Target { Campaign = campaignId, Site = siteId }))
                return CampaignRefusals.NoSite;
            if ((await SiteDay.SiteOf(db, campaignId, siteId)).Refused(out var unknown, out _))
                return unknown;
            var rows = await SiteStaffStore.OfSite(db, campaignId, siteId, sittingId, after, Page<SiteAppointment>.Take(limit));
            return Page<SiteAppointment>.Of(rows.Select(SiteAppointment.Of).ToList(), limit, appointment => appointment.Id.ToString("D"));
        });
}
