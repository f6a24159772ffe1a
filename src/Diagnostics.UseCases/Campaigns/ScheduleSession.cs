using System.Security.Cryptography;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// Gives an approved application its session: a free seat at the site and a variant (docs/promises.md, forms). Also when an
/// annulled session is to be sat again: the variant that was seen then is not given while another is left.
/// </summary>
internal static class ScheduleSession
{
    /// <summary>In the transaction of the decision: of fifty approvals for the last seat one gets it.</summary>
    /// <param name="sitUntil">Until when it may be begun although the campaign's window is over; null where the window counts.</param>
    internal static async Task<Result<SessionRow>> Run(
        Db db, CampaignRow campaign, ApplicationRow application, Instant now, Instant? sitUntil = null)
    {
        if (await SessionStore.LiveOf(db, application.Id) is not null)
            return Refusal.Conflict("session-exists", "У этого заявления уже есть сеанс.");
        var site = (await SiteStore.Find(db, application.SiteId))!;
        var seats = (await SessionStore.Seats(db, campaign.Id, site.Id)).ToDictionary(row => row.Seat, row => row.Variant);
        if (Enumerable.Range(1, site.Seats).Cast<int?>().FirstOrDefault(number => !seats.ContainsKey(number!.Value)) is not { } seat)
        {
            return Full(site);
        }

        var drawSeed = NewSeed();
        var variant = VariantDraw.Draw(
            await SessionStore.VariantsSeen(db, application.ParticipantId, campaign.FormId),
            seats.Values.CountBy(number => number).ToDictionary(),
            new[] { seat - 1, seat + 1 }.Where(seats.ContainsKey).Select(number => seats[number]).ToList(),
            drawSeed);
        var session = new SessionRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            ApplicationId = application.Id,
            CampaignId = campaign.Id,
            ParticipantId = application.ParticipantId,
            FormId = campaign.FormId,
            SiteId = site.Id,
            Seat = seat,
            Variant = variant,
            DrawSeed = drawSeed,
            ShuffleSeed = NewSeed(),
            GraceSeconds = (await CampaignPolicies.Get<SessionPolicy>(db, campaign.Id, PolicyKind.Session)).GraceSeconds,
            CreatedAt = now,
            SitUntil = sitUntil,
        };
        await SessionStore.Add(db, session);
        return session;
    }

    internal static Refusal Full(SiteRow site) => Refusal
        .Conflict("site-full", $"На площадке «{site.Name}» не осталось мест: все {site.Seats} заняты.").With("siteId", site.Id);

    private static long NewSeed() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue;
}
