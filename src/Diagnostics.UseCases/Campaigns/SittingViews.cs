using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A sitting («проведение») of a campaign at a site: one shift on one day.</summary>
/// <param name="TimeZone">Time zone of the site.</param>
/// <param name="EndsAt">End of the sitting. From this time on its seats are free for the next shift, and nobody may
/// begin in it.</param>
/// <param name="Shift">Number of the shift on that day at the site, from 1.</param>
/// <param name="Free">Number of free seats; 0 when the sitting was cancelled.</param>
/// <param name="Reserve">Whether the sitting is meant for people who could not come to their own. An approval assigns a
/// person to such a sitting only by naming it explicitly.</param>
/// <param name="CancelledAt">When the sitting was cancelled; absent otherwise.</param>
public sealed record SittingView(
    Guid Id,
    Guid SiteId,
    string TimeZone,
    Instant StartsAt,
    Instant EndsAt,
    int Shift,
    int Seats,
    int Free,
    bool Reserve,
    Instant? CancelledAt
)
{
    internal static SittingView Of(SittingRow row, string timeZone) =>
        new(
            Id: row.Id,
            SiteId: row.SiteId,
            TimeZone: timeZone,
            StartsAt: row.StartsAt,
            EndsAt: row.EndsAt,
            Shift: row.Shift,
            Seats: row.Seats,
            Free: row.Free,
            Reserve: row.Reserve,
            CancelledAt: row.CancelledAt
        );

    internal static async Task<SittingView> Stored(Db db, Guid id)
    {
        var row = (await SittingStore.Find(db, id))!;
        return Of(row, (await SiteStore.Find(db, row.SiteId))!.TimeZone);
    }
}

/// <summary>When and where a person takes the test.</summary>
/// <param name="TimeZone">Time zone of the site.</param>
/// <param name="EndsAt">The time before which the session must begin.</param>
/// <param name="Shift">Number of the shift on that day at the site, from 1.</param>
/// <param name="Seat">The person's seat; absent when the sitting was cancelled, because the person then has no seat
/// until the operator assigns another sitting.</param>
/// <param name="CancelledAt">When the sitting was cancelled; absent otherwise.</param>
public sealed record AssignedSitting(
    Guid Id,
    Guid SiteId,
    string Site,
    string Address,
    string TimeZone,
    Instant StartsAt,
    Instant EndsAt,
    int Shift,
    int? Seat,
    Instant? CancelledAt
)
{
    /// <returns>Null when the campaign has no sittings at the site.</returns>
    internal static async Task<AssignedSitting?> Of(Db db, SessionRow? session)
    {
        if (session?.SittingId is not { } id)
            return null;
        var sitting = (await SittingStore.Find(db, id))!;
        var site = (await SiteStore.Find(db, sitting.SiteId))!;
        return new(
            Id: id,
            SiteId: site.Id,
            Site: site.Name,
            Address: site.Address,
            TimeZone: site.TimeZone,
            StartsAt: sitting.StartsAt,
            EndsAt: sitting.EndsAt,
            Shift: sitting.Shift,
            Seat: sitting.CancelledAt is null ? session.Seat : null,
            CancelledAt: sitting.CancelledAt
        );
    }
}

internal static class SittingRefusals
{
    internal static readonly Refusal NotFound = Refusal.NotFound("sitting-not-found", "Такого проведения нет.");

    internal static readonly Refusal NotOfSite = Refusal
        .Invalid("sitting-not-at-site", "На этой площадке у мероприятия нет такого проведения.")
        .With("field", "sittingId");
}
