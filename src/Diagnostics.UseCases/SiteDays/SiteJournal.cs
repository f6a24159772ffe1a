using Diagnostics.Engine;
using Diagnostics.Engine.SiteDays;
using Diagnostics.Storage;
using Diagnostics.Storage.SiteDays;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.SiteDays;

/// <param name="AppointmentId">Appointment of the person who is present.</param>
/// <param name="Note">A note, for example when the person arrived; up to 4,000 characters.</param>
public sealed record PresenceRequest(Guid AppointmentId, string? Note = null);

/// <param name="SessionId">Session of the person whose document was checked.</param>
/// <param name="Note">The kind of document, but never its number.</param>
public sealed record IdentityCheckRequest(Guid SessionId, string? Note = null);

/// <param name="Seat">The seat whose device and connection were tested.</param>
/// <param name="Passed">Whether a person can take the test there.</param>
/// <param name="SittingId">The sitting; required when the campaign has sittings at the site.</param>
public sealed record PlaceCheckRequest(int Seat, bool Passed, Guid? SittingId = null, string? Note = null);

/// <param name="Count">Number of packages or sheets, from 1.</param>
/// <param name="Note">Which materials, and to whom or where they went.</param>
/// <param name="SittingId">The sitting; required when the campaign has sittings at the site.</param>
public sealed record MaterialsRequest(MaterialsMove Move, int Count, string? Note = null, Guid? SittingId = null);

/// <param name="Description">What happened, up to 4,000 characters. An incident that concerns only one person belongs
/// in the log of that person's session.</param>
/// <param name="SittingId">The sitting; required when the campaign has sittings at the site.</param>
public sealed record SiteIncidentRequest(string Description, Guid? SittingId = null);

/// <param name="EntryId">The entry that is declared invalid.</param>
/// <param name="Reason">The reason.</param>
public sealed record JournalCorrectionRequest(Guid EntryId, string Reason);

/// <summary>An entry in the journal that a site keeps of a day; it is never rewritten.</summary>
/// <param name="Actor">Id of the account that made the entry.</param>
/// <param name="AppointmentId">Appointment of the person who is present.</param>
/// <param name="Passed">Whether the check of a seat was passed.</param>
/// <param name="Count">Number of packages or sheets.</param>
/// <param name="CorrectsId">The entry that this one declares invalid.</param>
/// <param name="IsCorrected">Whether another entry declares this one invalid.</param>
public sealed record JournalEntry(
    Guid Id,
    JournalKind Kind,
    Instant At,
    string Actor,
    Guid? SittingId,
    Guid? AppointmentId,
    Guid? SessionId,
    int? Seat,
    bool? Passed,
    int? Count,
    Guid? CorrectsId,
    string? Note,
    bool IsCorrected
)
{
    internal static JournalEntry Of(JournalRow row) =>
        new(
            Id: row.Id,
            Kind: Codes.Parse<JournalKind>(row.Kind),
            At: row.At,
            Actor: row.Actor,
            SittingId: row.SittingId,
            AppointmentId: row.StaffId,
            SessionId: row.SessionId,
            Seat: row.Seat,
            Passed: row.Passed,
            Count: row.Quantity,
            CorrectsId: row.CorrectsId,
            Note: row.Note,
            IsCorrected: row.Corrected
        );
}

internal static class SiteJournal
{
    internal const int MaxText = 4000;

    internal static Refusal? CheckNote(string? note) => note is null ? null : TextRules.Check("note", note, MaxText);
}

/// <summary>Adds an entry to the journal that a site keeps of a day.</summary>
internal abstract class WriteJournal<TRequest>(Operation operation, Executor executor)
    : UseCase<WriteJournal<TRequest>.Request, JournalEntry>(operation, executor)
{
    internal sealed record Request(Guid CampaignId, Guid SiteId, TRequest Entry);

    /// <summary>Makes the entry from the request; the base class adds the site, the time and the author.</summary>
    protected abstract Task<Result<JournalRow>> Say(Db db, Request request);

    protected override Task<Result<JournalEntry>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (!Reaches(caller, new Target { Campaign = request.CampaignId, Site = request.SiteId }))
                    return CampaignRefusals.NoSite;
                if ((await SiteDay.SiteOf(db, request.CampaignId, request.SiteId)).Refused(out var unknown, out _))
                    return unknown;
                if ((await Say(db, request)).Refused(out var refusal, out var said))
                    return refusal;
                var now = Now;
                var entry = said with
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    CampaignId = request.CampaignId,
                    SiteId = request.SiteId,
                    At = now,
                    Actor = caller.Id,
                };
                return await SiteJournalStore.Add(db, entry) ? JournalEntry.Of(entry) : SiteDayRefusals.EntryCorrected;
            }
        );

    /// <summary>
    /// Sets the sitting of an entry that has neither an appointment nor a session from which the sitting would follow.
    /// </summary>
    protected static async Task<Result<JournalRow>> In(Db db, Request request, Guid? sittingId, JournalRow said) =>
        (await SiteDay.SittingOf(db, request.CampaignId, request.SiteId, sittingId)).Map(sitting => said with { SittingId = sitting?.Id });
}

/// <summary>Records that an appointed person is present.</summary>
internal sealed class NotePresence(Executor executor) : WriteJournal<PresenceRequest>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(NotePresence), SessionRights.Staff, Trail.Journal)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<JournalRow>> Say(Db db, Request request)
    {
        var (appointmentId, note) = request.Entry;
        if (SiteJournal.CheckNote(note) is { } wrong)
            return wrong;
        if (
            await SiteStaffStore.Find(db, appointmentId) is not { } staff
            || staff.CampaignId != request.CampaignId
            || staff.SiteId != request.SiteId
        )
            return SiteDayRefusals.NoAppointment;
        if (staff.EndedAt is not null)
            return SiteDayRefusals.AppointmentEnded;
        return new JournalRow
        {
            Kind = Codes.Of(JournalKind.Presence),
            StaffId = staff.Id,
            SittingId = staff.SittingId,
            Note = note,
        };
    }
}

/// <summary>Records that a person's document was checked.</summary>
internal sealed class NoteIdentityCheck(Executor executor) : WriteJournal<IdentityCheckRequest>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(NoteIdentityCheck), SessionRights.Staff, Trail.Journal)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<JournalRow>> Say(Db db, Request request)
    {
        var (sessionId, note) = request.Entry;
        if (SiteJournal.CheckNote(note) is { } wrong)
            return wrong;
        if (await SiteDayStore.Session(db, sessionId, request.CampaignId, request.SiteId) is not { } session)
            return SessionRefusals.NotFound;
        return new JournalRow
        {
            Kind = Codes.Of(JournalKind.IdentityChecked),
            SessionId = session.Id,
            SittingId = session.SittingId,
            Note = note,
        };
    }
}

/// <summary>Records that the device and the connection at a seat were tested.</summary>
internal sealed class NotePlaceCheck(Executor executor) : WriteJournal<PlaceCheckRequest>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(NotePlaceCheck), SessionRights.Staff, Trail.Journal)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<JournalRow>> Say(Db db, Request request)
    {
        var (seat, passed, sittingId, note) = request.Entry;
        if (SiteJournal.CheckNote(note) is { } wrong)
            return wrong;
        if ((await SiteDay.SiteOf(db, request.CampaignId, request.SiteId)).Refused(out var unknown, out var place))
            return unknown;
        if (seat < 1 || seat > place.Site.Seats)
            return Refusal.Invalid("seat-invalid", $"seat — место площадки, от 1 до {place.Site.Seats}.").With("field", "seat");
        return await In(
            db,
            request,
            sittingId,
            new()
            {
                Kind = Codes.Of(JournalKind.PlaceChecked),
                Seat = seat,
                Passed = passed,
                Note = note,
            }
        );
    }
}

/// <summary>Records that materials were received, handed out, stored or destroyed.</summary>
internal sealed class NoteMaterials(Executor executor) : WriteJournal<MaterialsRequest>(Operation, executor)
{
    internal const int MostMaterials = 100_000;

    internal static new readonly Operation Operation = new(nameof(NoteMaterials), SessionRights.Staff, Trail.Journal)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<JournalRow>> Say(Db db, Request request)
    {
        var (move, count, note, sittingId) = request.Entry;
        if (SiteJournal.CheckNote(note) is { } wrong)
            return wrong;
        if (count is < 1 or > MostMaterials)
            return Refusal.Invalid("count-invalid", $"count — целое число от 1 до {MostMaterials}.").With("field", "count");
        return await In(
            db,
            request,
            sittingId,
            new()
            {
                Kind = Codes.Of(JournalKinds.Of(move)),
                Quantity = count,
                Note = note,
            }
        );
    }
}

/// <summary>Records an incident that concerns the site and not only one person.</summary>
internal sealed class ReportSiteIncident(Executor executor) : WriteJournal<SiteIncidentRequest>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ReportSiteIncident), SessionRights.Staff, Trail.Journal)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<JournalRow>> Say(Db db, Request request) =>
        TextRules.Check("description", request.Entry.Description, SiteJournal.MaxText) is { } wrong
            ? wrong
            : await In(
                db,
                request,
                request.Entry.SittingId,
                new() { Kind = Codes.Of(JournalKind.Incident), Note = request.Entry.Description }
            );
}

/// <summary>Declares an entry invalid, for example one about the wrong person.</summary>
internal sealed class CorrectJournal(Executor executor) : WriteJournal<JournalCorrectionRequest>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(CorrectJournal), SessionRights.Staff, Trail.Journal)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<JournalRow>> Say(Db db, Request request)
    {
        var (entryId, reason) = request.Entry;
        if (TextRules.Check("reason", reason, SiteJournal.MaxText) is { } wrong)
            return wrong;
        if (
            await SiteJournalStore.Find(db, entryId) is not { } entry
            || entry.CampaignId != request.CampaignId
            || entry.SiteId != request.SiteId
        )
            return SiteDayRefusals.NoEntry;
        return entry.Kind == Codes.Of(JournalKind.Corrected)
            ? Refusal.Conflict("correction-of-correction", "Исправление не исправляют: сделайте запись заново.")
            : new JournalRow
            {
                Kind = Codes.Of(JournalKind.Corrected),
                CorrectsId = entry.Id,
                SittingId = entry.SittingId,
                Note = reason,
            };
    }
}

/// <summary>Lists the journal of a site in a campaign, oldest first.</summary>
internal sealed class ListJournal(Executor executor) : UseCase<ListJournal.Request, Page<JournalEntry>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListJournal),
        SessionRights.Staff,
        Trail.Look<ListJournal.Request, Page<JournalEntry>>(
            "journal.viewed",
            (asked, page) => Looked.Rows($"site:{asked.SiteId:D}", page.Items.Count)
        )
    );

    internal sealed record Request(Guid CampaignId, Guid SiteId, Guid? SittingId, Guid? After, int? Limit);

    protected override Task<Result<Page<JournalEntry>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (campaignId, siteId, sittingId, after, limit) = request;
            if (!Reaches(caller, new Target { Campaign = campaignId, Site = siteId }))
                return CampaignRefusals.NoSite;
            if ((await SiteDay.SiteOf(db, campaignId, siteId)).Refused(out var unknown, out _))
                return unknown;
            var rows = await SiteJournalStore.OfSite(db, campaignId, siteId, sittingId, after, Page<JournalEntry>.Take(limit));
            return Page<JournalEntry>.Of(rows.Select(JournalEntry.Of).ToList(), limit, entry => entry.Id.ToString("D"));
        });
}
