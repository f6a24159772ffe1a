using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.People;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A person's application to a campaign.</summary>
/// <param name="ParticipantId">The person's pseudonym; those with the right to the name find it at
/// <c>/people/{participantId}</c>.</param>
/// <param name="Consent">The consent text to which the person agreed.</param>
/// <param name="DecidedAt">When the application was approved, rejected or withdrawn.</param>
/// <param name="Reason">The reason for the rejection or withdrawal.</param>
/// <param name="SessionId">The session that the approval created; absent before the approval and after an
/// annulment.</param>
/// <param name="Seat">The person's seat at the site, from 1; absent without a session, and when the sitting was
/// cancelled.</param>
/// <param name="AccommodationsAsked">Special conditions that the person asked for; absent when there are none.</param>
/// <param name="AccommodationsGranted">Special conditions that the operator granted with the approval; absent when
/// there are none.</param>
/// <param name="SittingAsked">The sitting that the person asked for or, after a move, the one to which the person was
/// moved; absent when there is neither.</param>
/// <param name="EntryResult">Whether the person has a result of the entry diagnostic with which the campaign is
/// compared; absent when the campaign names no entry diagnostic.</param>
/// <param name="Sitting">When and where the person takes the test; absent without a session, and when the campaign has
/// no sittings at the site.</param>
public sealed record ApplicationView(
    Guid Id,
    Guid CampaignId,
    Guid ParticipantId,
    Guid SiteId,
    ApplicationStatus Status,
    ConsentReference Consent,
    Instant SubmittedAt,
    Instant? DecidedAt,
    string? Reason,
    Guid? SessionId,
    int? Seat,
    Accommodations? AccommodationsAsked = null,
    Accommodations? AccommodationsGranted = null,
    Guid? SittingAsked = null,
    AssignedSitting? Sitting = null,
    EntryPresence? EntryResult = null
)
{
    internal static async Task<ApplicationView> Read(Db db, Guid id) => await Of(db, (await ApplicationStore.Find(db, id))!);

    internal static async Task<ApplicationView> Of(Db db, ApplicationRow row)
    {
        var session = await SessionStore.LiveOf(db, row.Id);
        return Join(
            row,
            (await ConsentStore.Find(db, row.ConsentId))!,
            session,
            await AssignedSitting.Of(db, session),
            await AccommodationStore.Of(db, row.Id),
            await ApplicationStore.EntryResult(db, row.Id)
        );
    }

    /// <summary>
    /// All applications of one person, read with hardly more SQL statements than a single application takes.
    /// </summary>
    internal static async Task<IReadOnlyList<ApplicationView>> OfParticipant(Db db, Guid participantId)
    {
        var rows = await ApplicationStore.OfParticipant(db, participantId);
        if (rows.Count == 0)
            return [];
        var consents = (await ConsentStore.OfParticipant(db, participantId)).ToDictionary(consent => consent.Id);
        var sessions = (await SessionStore.OfParticipant(db, participantId))
            .Where(session => session.Clock.State is not SessionState.Annulled)
            .ToDictionary(session => session.ApplicationId);
        var needs = await AccommodationStore.OfParticipant(db, participantId);
        var entries = await ApplicationStore.EntryResults(db, participantId);
        var views = new List<ApplicationView>(rows.Count);
        foreach (var row in rows)
        {
            var session = sessions.GetValueOrDefault(row.Id);
            views.Add(
                Join(
                    row,
                    consents[row.ConsentId],
                    session,
                    await AssignedSitting.Of(db, session),
                    needs.GetValueOrDefault(row.Id),
                    entries.GetValueOrDefault(row.Id)
                )
            );
        }
        return views;
    }

    private static ApplicationView Join(
        ApplicationRow row,
        ConsentRow consent,
        SessionRow? session,
        AssignedSitting? sitting,
        (Accommodations? Asked, Accommodations? Granted) needs,
        string? entryResult
    ) =>
        new(
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
            AccommodationsAsked: needs.Asked,
            AccommodationsGranted: needs.Granted,
            SittingAsked: row.SittingId,
            Sitting: sitting,
            EntryResult: Codes.Find<EntryPresence>(entryResult)
        );

    internal static async Task<IReadOnlyList<ApplicationView>> Of(Db db, IReadOnlyList<ApplicationRow> rows)
    {
        var views = new List<ApplicationView>(rows.Count);
        foreach (var row in rows)
            views.Add(await Of(db, row));
        return views;
    }
}
