using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.People;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A person's application to a campaign.</summary>
/// <param name="ParticipantId">Pseudonym; the name is at <c>/people/{participantId}</c>, for those who may see it.</param>
/// <param name="Consent">To which words the person agreed.</param>
/// <param name="DecidedAt">When it was approved, rejected or withdrawn.</param>
/// <param name="Reason">Of a rejection or withdrawal.</param>
/// <param name="SessionId">The session that the approval created; absent before it and when it was annulled.</param>
/// <param name="Seat">Where the person sits at the site, from 1; absent like the session, and where the sitting was cancelled.</param>
/// <param name="AccommodationsAsked">Special conditions that the person asked for; absent where none.</param>
/// <param name="AccommodationsGranted">Those that the operator granted with the approval; absent where none.</param>
/// <param name="SittingAsked">The sitting that was asked for; after the person was moved, the one they were moved to; absent where none.</param>
/// <param name="EntryResult">
/// Whether the person has sat the entry diagnostic that the campaign is compared with; absent where it names none.
/// </param>
/// <param name="Sitting">When and where the person sits; absent like the session, and where the campaign has no sittings at the site.</param>
public sealed record ApplicationView(
    Guid Id, Guid CampaignId, Guid ParticipantId, Guid SiteId, ApplicationStatus Status, ConsentReference Consent,
    Instant SubmittedAt, Instant? DecidedAt, string? Reason, Guid? SessionId, int? Seat,
    Accommodations? AccommodationsAsked = null, Accommodations? AccommodationsGranted = null, Guid? SittingAsked = null,
    AssignedSitting? Sitting = null, EntryPresence? EntryResult = null)
{
    internal static async Task<ApplicationView> Read(Db db, Guid id) => await Of(db, (await ApplicationStore.Find(db, id))!);

    internal static async Task<ApplicationView> Of(Db db, ApplicationRow row)
    {
        var consent = (await ConsentStore.Find(db, row.ConsentId))!;
        var session = await SessionStore.LiveOf(db, row.Id);
        var sitting = await AssignedSitting.Of(db, session);
        var (asked, granted) = await AccommodationStore.Of(db, row.Id);
        return new(
            Id: row.Id,
            CampaignId: row.CampaignId,
            ParticipantId: row.ParticipantId,
            SiteId: row.SiteId,
            Status: row.State,
            Consent: new(consent.TextCode, consent.TextVersion),
            SubmittedAt: row.SubmittedAt,
            DecidedAt: row.DecidedAt,
            Reason: row.Reason,
            SessionId: session?.Id,
            Seat: sitting is null ? session?.Seat : sitting.Seat,
            AccommodationsAsked: asked,
            AccommodationsGranted: granted,
            SittingAsked: row.SittingId,
            Sitting: sitting,
            EntryResult: Codes.Find<EntryPresence>(await ApplicationStore.EntryResult(db, row.Id)));
    }

    internal static async Task<IReadOnlyList<ApplicationView>> Of(Db db, IReadOnlyList<ApplicationRow> rows)
    {
        var views = new List<ApplicationView>(rows.Count);
        foreach (var row in rows) views.Add(await Of(db, row));
        return views;
    }
}
