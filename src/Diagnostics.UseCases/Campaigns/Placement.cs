using System.Security.Cryptography;
using Diagnostics.Engine;
using Diagnostics.Engine.Forms;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>How to choose a person's sitting when the campaign has sittings at the site.</summary>
/// <param name="Named">The sitting to use; null for the earliest one that has a free seat and has not begun.</param>
/// <param name="Reserve">Whether the person may get a reserve sitting when no other sitting has a free seat.</param>
/// <param name="Outside">Whether to choose no sitting, because the person has an individual time.</param>
internal readonly record struct SittingChoice(Guid? Named = null, bool Reserve = false, bool Outside = false);

/// <summary>A sitting with a free seat, named in a refusal.</summary>
internal sealed record FreeSitting(Guid SittingId, Guid SiteId, Instant StartsAt, Instant EndsAt, int Shift, int Free, bool Reserve);

/// <summary>Finds a place for a person: a site, a sitting and a seat, and the variant drawn for it.</summary>
internal static class Placement
{
    /// <param name="moved">The session that moves to another place; null for a new session.</param>
    internal static async Task<Result<SessionPlaceRow>> Find(
        Db db,
        CampaignRow campaign,
        Guid participantId,
        Guid siteId,
        SittingChoice choice,
        Instant now,
        SessionRow? moved = null
    )
    {
        var site = (await SiteStore.Find(db, siteId))!;
        SittingRow? sitting = null;
        if (!choice.Outside && (await Choose(db, campaign, siteId, choice, now)).Refused(out var none, out sitting))
            return none;
        var taken = sitting is null ? await SessionStore.Seats(db, campaign.Id, siteId) : await SessionStore.SeatsOfSitting(db, sitting.Id);
        var seats = taken.ToDictionary(row => row.Seat, row => row.Variant);
        var places = sitting?.Seats ?? site.Seats;
        if (Enumerable.Range(1, places).Cast<int?>().FirstOrDefault(number => !seats.ContainsKey(number!.Value)) is not { } seat)
        {
            return sitting is not null
                ? Full(await FreeIn(db, campaign.Id, now))
                : Refusal.Conflict("site-full", $"На площадке «{site.Name}» не осталось мест: все {places} заняты.").With("siteId", siteId);
        }
        // A person who moves gives up a variant, and may draw the same one elsewhere, because it has not been shown.
        var others = taken.Where(row => row.Id != moved?.Id).ToDictionary(row => row.Seat, row => row.Variant);
        var drawSeed = NewSeed();
        var variant = VariantDraw.Draw(
            await SessionStore.VariantsSeen(db, participantId, campaign.FormId, moved?.Id),
            others.Values.CountBy(number => number).ToDictionary(),
            new[] { seat - 1, seat + 1 }.Where(others.ContainsKey).Select(number => others[number]).ToList(),
            drawSeed
        );
        return new SessionPlaceRow
        {
            SiteId = siteId,
            SittingId = sitting?.Id,
            Seat = seat,
            Variant = variant,
            DrawSeed = drawSeed,
            ShuffleSeed = NewSeed(),
        };
    }

    /// <returns>Null when the campaign has no sittings at the site.</returns>
    private static async Task<Result<SittingRow?>> Choose(Db db, CampaignRow campaign, Guid siteId, SittingChoice choice, Instant now)
    {
        var sittings = await SittingStore.OfCampaign(db, campaign.Id, siteId);
        if (choice.Named is { } id)
        {
            if (sittings.FirstOrDefault(each => each.Id == id) is not { } named)
                return SittingRefusals.NotOfSite;
            if (named.CancelledAt is not null || now >= named.EndsAt)
                return NoSitting("Это проведение отменено или уже прошло.", await FreeIn(db, campaign.Id, now));
            return named.Free > 0 ? named : Full(await FreeIn(db, campaign.Id, now));
        }
        if (sittings.Count == 0)
            return default(SittingRow);
        var ahead = sittings.Where(each => each.CancelledAt is null && now < each.StartsAt && (choice.Reserve || !each.Reserve)).ToList();
        if (ahead.Where(each => each.Free > 0).OrderBy(each => each.Reserve).ThenBy(each => each.StartsAt).FirstOrDefault() is { } earliest)
            return earliest;
        var free = await FreeIn(db, campaign.Id, now);
        return ahead.Count > 0 ? Full(free) : NoSitting("На этой площадке больше нет проведений, на которые можно записать.", free);
    }

    /// <summary>
    /// Sittings with a free seat that the operator may name instead, at any site. They include reserve sittings and
    /// sittings that have begun.
    /// </summary>
    private static async Task<IReadOnlyList<FreeSitting>> FreeIn(Db db, Guid campaignId, Instant now) =>
        (await SittingStore.OfCampaign(db, campaignId, siteId: null))
            .Where(each => each.Free > 0 && now < each.EndsAt)
            .Select(each => new FreeSitting(each.Id, each.SiteId, each.StartsAt, each.EndsAt, each.Shift, each.Free, each.Reserve))
            .ToList();

    private static Refusal Full(IReadOnlyList<FreeSitting> free) =>
        Refusal.Conflict("sitting-full", "Все места этого проведения заняты." + Instead(free)).With("free", free);

    private static Refusal NoSitting(string why, IReadOnlyList<FreeSitting> free) =>
        Refusal.Conflict("no-sitting", why + Instead(free)).With("free", free);

    private static string Instead(IReadOnlyList<FreeSitting> free) =>
        free.Count == 0 ? " Свободных мест в мероприятии не осталось: добавьте проведение." : " Где места есть, сказано в free.";

    private static long NewSeed() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue;
}
