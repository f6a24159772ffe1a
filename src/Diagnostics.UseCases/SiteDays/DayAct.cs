using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Sessions;
using Diagnostics.Engine.SiteDays;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.SiteDays;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.SiteDays;

/// <param name="By">The account of the head who signed.</param>
public sealed record ActSignature(Guid By, string UserName, Instant At);

/// <summary>The act of a day at a site: the signed one, or the one that would be signed now.</summary>
/// <param name="Fingerprint">SHA-256 of the content, by which a signature names the content.</param>
/// <param name="Signature">The signature; absent until the head has signed.</param>
/// <param name="Changed">The parts of the content that have changed since it was signed («после подписания
/// изменилось»).</param>
/// <param name="Now">The present content, if it has changed since it was signed.</param>
public sealed record DayAct(
    DayActContent Content,
    string Fingerprint,
    ActSignature? Signature,
    IReadOnlyList<string> Changed,
    DayActContent? Now
);

/// <param name="Fingerprint">Fingerprint of the act that the head has read.</param>
/// <param name="SittingId">The sitting; required when the campaign has sittings at the site.</param>
/// <param name="Date">The day, when the campaign has no sittings there; when absent, today in the site's time
/// zone.</param>
public sealed record ActSigningRequest(string Fingerprint, Guid? SittingId = null, DateOnly? Date = null);

internal static class DayActs
{
    internal static async Task<DayAct> Read(Db db, SiteDay day)
    {
        var content = await DayActContent.Read(db, day);
        var text = content.ToText();
        if (await SiteActStore.Find(db, day.Filter, day.SatOn) is not { } signed)
            return new(content, Digest.Of(text), null, [], null);
        var changed = DayActContent.Changes(signed.Content, text);
        return new(
            DayActContent.Of(signed.Content),
            signed.Fingerprint,
            new(signed.SignedBy, signed.UserName, signed.SignedAt),
            changed,
            changed.Count > 0 ? content : null
        );
    }
}

internal abstract class ReadDayAct(Operation operation, Executor executor) : UseCase<DayAsked, DayAct>(operation, executor)
{
    protected override Task<Result<DayAct>> Handle(DayAsked asked, Caller caller) =>
        Read(async db =>
            !Reaches(caller, new Target { Campaign = asked.Campaign, Site = asked.Site }) ? CampaignRefusals.NoSite
            : (await SiteDay.Find(db, asked, Now)).Refused(out var refusal, out var day) ? refusal
            : await DayActs.Read(db, day)
        );
}

internal sealed class GetDayAct(Executor executor) : ReadDayAct(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetDayAct),
        SessionRights.Staff,
        Trail.Look<DayAsked, DayAct>("act.viewed", (asked, _) => new($"site:{asked.Site:D}"))
    );
}

/// <summary>Returns the act of a day at a site, to be printed on a sheet of A4.</summary>
internal sealed class GetDayActSheet(Executor executor) : ReadDayAct(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetDayActSheet),
        SessionRights.Staff,
        Trail.Look<DayAsked, DayAct>("act.viewed", (asked, _) => new($"site:{asked.Site:D}"))
    );
}

/// <summary>The head signs the act once, with exactly the content that the head has read.</summary>
internal sealed class SignDayAct(Executor executor) : UseCase<SignDayAct.Request, DayAct>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(SignDayAct),
        AccessRule.Of(Role.SiteHead.OfSite()),
        Trail.Writes("act.signed")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal NotTheHead = Refusal.Forbidden(
        "act-not-head",
        "Акт подписывает руководитель, назначенный на этот день."
    );

    internal static readonly Refusal Signed = Refusal.Conflict("act-signed", "Акт уже подписан; что изменилось потом, в нём видно.");

    internal static readonly Refusal NotOver = Refusal.Conflict(
        "day-not-over",
        "Подписать акт можно, когда никто больше не пишет и прийти уже никто не может."
    );

    internal static Refusal ChangedMeanwhile(string fingerprint) =>
        Refusal
            .Conflict("act-changed", "С тех пор, как акт прочитан, день изменился: прочитайте его ещё раз.")
            .With("fingerprint", fingerprint);

    internal sealed record Request(Guid CampaignId, Guid SiteId, ActSigningRequest Signing);

    protected override Task<Result<DayAct>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (campaignId, siteId, signing) = request;
                if (!Reaches(caller, new Target { Campaign = campaignId, Site = siteId }))
                    return CampaignRefusals.NoSite;
                var now = Now;
                if (
                    (await SiteDay.Find(db, new(campaignId, siteId, signing.SittingId, signing.Date), now)).Refused(
                        out var refusal,
                        out var day
                    )
                )
                    return refusal;
                if (!(await SiteStaffStore.OfDay(db, day.Filter)).Any(IsHead))
                    return NotTheHead;
                if (await SiteActStore.Find(db, day.Filter, day.SatOn) is not null)
                    return Signed;
                if (now < day.Begin || (await SiteDayStore.Sessions(db, day.Filter)).Any(MayWrite))
                    return NotOver;
                var text = (await DayActContent.Read(db, day)).ToText();
                var fingerprint = Digest.Of(text);
                if (fingerprint != signing.Fingerprint)
                    return ChangedMeanwhile(fingerprint);
                var row = new SiteActRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    CampaignId = campaignId,
                    SiteId = siteId,
                    SittingId = day.Sitting?.Id,
                    SatOn = day.SatOn,
                    Content = text,
                    Fingerprint = fingerprint,
                    SignedBy = caller.AccountId,
                    SignedAt = now,
                };
                if (!await SiteActStore.Add(db, row))
                    return Signed;
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "act.signed",
                    $"site:{siteId:D}",
                    new
                    {
                        campaignId,
                        row.SittingId,
                        row.SatOn,
                        fingerprint,
                    }
                );
                return await DayActs.Read(db, day);

                bool IsHead(SiteStaffRow staff) =>
                    staff.EndedAt is null && staff.Duty == Codes.Of(SiteDuty.Head) && staff.AccountId == caller.AccountId;

                // Without sittings, people who have not come do not count here, because they may come on another day.
                bool MayWrite(DaySessionRow session) =>
                    session.SessionState is SessionState.InProgress or SessionState.Paused
                    || (
                        day.Sitting is not null
                        && now < day.End
                        && session is { SessionState: SessionState.Scheduled or SessionState.Open, AbsentAt: null }
                    );
            }
        );
}
