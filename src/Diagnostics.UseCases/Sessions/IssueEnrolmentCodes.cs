using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Jobs;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Jobs;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <param name="ValidFrom">When the codes begin to work; when absent, as for the codes of a site.</param>
/// <param name="ValidTo">When the codes stop working; when absent, as for the codes of a site.</param>
/// <param name="After">The <c>next</c> of the sheet before; when absent, from the first row.</param>
/// <param name="Again">Whether those who have a code get another one, because a sheet was lost.</param>
public sealed record EnrolmentCodesRequest(Instant? ValidFrom = null, Instant? ValidTo = null, int? After = null, bool Again = false);

/// <param name="Row">Number of the person's row in the table that was sent.</param>
/// <param name="Code">Absent when no code could be issued; then <paramref name="Refusal"/> says why.</param>
/// <param name="Refusal">Why no code could be issued.</param>
public sealed record EnrolmentCode(int? Row, Guid SiteId, AccessCode? Code, string? Refusal);

/// <param name="Next">The value of <c>after</c> for the next sheet; absent after the last row.</param>
public sealed record EnrolmentCodeSheet(IReadOnlyList<EnrolmentCode> Codes, int? Next);

/// <summary>
/// Issues access codes to the people whom a bulk enrolment has given a place. The codes are made while they are handed out and
/// only their digests are stored, so the sheet cannot be read a second time; a lost one is replaced by asking again.
/// </summary>
internal sealed class IssueEnrolmentCodes(Executor executor) : UseCase<IssueEnrolmentCodes.Request, EnrolmentCodeSheet>(Operation, executor)
{
    /// <summary>The number of rows of a sheet, and of codes in one transaction, for which other people's saves wait.</summary>
    private const int OnSheet = 500,
        Together = 25;

    internal static new readonly Operation Operation = new(
        nameof(IssueEnrolmentCodes),
        SessionRights.Operators,
        Trail.Writes("access-codes.issued")
    )
    {
        Repetition = Repetition.TellsThatItWasDone,
        EndsSignIns = true,
    };

    internal static readonly Refusal NotEnrolled = Refusal.Conflict(
        "enrolment-without-places",
        "Коды выдаются по записи с заявлениями на мероприятие, когда она закончена."
    );

    internal sealed record Request(Guid JobId, EnrolmentCodesRequest Codes);

    protected override async Task<Result<EnrolmentCodeSheet>> Handle(Request request, Caller caller)
    {
        var (jobId, wanted) = request;
        if (await Fetch(db => JobRights.Find(db, jobId, caller)) is not { Kind: EnrolmentJob.KindCode } job)
            return JobRights.NotFound;
        var options = JsonSerializer.Deserialize<EnrolmentJob.Order>(job.Request, Json.Stored)!.Options;
        if (options is not { CampaignId: { } campaignId, DryRun: false } || job.EndedAt is null)
            return NotEnrolled;
        if (!Reaches(caller, new Target { Campaign = campaignId }))
            return SessionRefusals.NotFound;
        var lines = await Fetch(db => JobStore.Lines(db, jobId, outcome: null, wanted.After, OnSheet + 1));
        var codes = new List<EnrolmentCode>();
        foreach (var together in lines.Take(OnSheet).Where(line => line.PersonId is not null).Chunk(Together))
            codes.AddRange(await WritePart(caller, db => Issue(db, campaignId, together, wanted, caller)));
        return new EnrolmentCodeSheet(codes, lines.Count > OnSheet ? lines[OnSheet - 1].Number : null);
    }

    private async Task<IReadOnlyList<EnrolmentCode>> Issue(
        Db db,
        Guid campaignId,
        IReadOnlyList<JobLineRow> lines,
        EnrolmentCodesRequest wanted,
        Caller caller
    )
    {
        var (now, codes) = (Now, new List<EnrolmentCode>());
        foreach (var line in lines)
        {
            if (await SessionOf(db, campaignId, line.PersonId!.Value) is not { } session)
                continue;
            if (!wanted.Again && await AccessCodeStore.IsLive(db, session.Id, now))
                continue;
            var issued = await db.Part(() => AccessCodes.Issue(db, session, wanted.ValidFrom, wanted.ValidTo, caller.Id, now));
            codes.Add(
                issued.Refused(out var refusal, out var code)
                    ? new(line.SourceRow, session.SiteId, null, refusal.Detail)
                    : new(line.SourceRow, session.SiteId, code, null)
            );
        }
        if (codes.Any(each => each.Code is not null))
            await AuditStore.Append(
                db,
                now,
                caller.Id,
                "access-codes.issued",
                $"campaign:{campaignId:D}",
                new { count = codes.Count(each => each.Code is not null).ToString(CultureInfo.InvariantCulture) }
            );
        return codes;
    }

    private static async Task<SessionRow?> SessionOf(Db db, Guid campaignId, Guid participantId) =>
        await ApplicationStore.LiveOf(db, campaignId, participantId) is { } application
            ? await SessionStore.LiveOf(db, application.Id)
            : null;
}
