using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// Gives an approved application its session: a free seat at the site (in a sitting, when the campaign has sittings
/// there) and a variant (docs/promises.md, forms). Also used to repeat an annulled session; then the person gets a
/// variant not seen before, as long as there is one.
/// </summary>
internal static class ScheduleSession
{
    /// <summary>
    /// Runs in the transaction of the decision, so when fifty people are approved for the last seat at the same time,
    /// only one gets it.
    /// </summary>
    internal static async Task<Result<SessionRow>> Run(
        Db db,
        CampaignRow campaign,
        ApplicationRow application,
        Instant now,
        SittingChoice choice,
        Instant? sitUntil = null
    )
    {
        if (await SessionStore.LiveOf(db, application.Id) is not null)
            return Refusal.Conflict("session-exists", "У этого заявления уже есть сеанс.");
        if (
            (await Placement.Find(db, campaign, application.ParticipantId, application.SiteId, choice, now)).Refused(
                out var noPlace,
                out var place
            )
        )
            return noPlace;
        var session = new SessionRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            ApplicationId = application.Id,
            CampaignId = campaign.Id,
            ParticipantId = application.ParticipantId,
            FormId = campaign.FormId,
            SiteId = place.SiteId,
            SittingId = place.SittingId,
            Seat = place.Seat,
            Variant = place.Variant,
            DrawSeed = place.DrawSeed,
            ShuffleSeed = place.ShuffleSeed,
            GraceSeconds = (await CampaignPolicies.Get<SessionPolicy>(db, campaign.Id, PolicyKind.Session)).GraceSeconds,
            CreatedAt = now,
            SitUntil = sitUntil,
        };
        await SessionStore.Add(db, session);
        return session;
    }
}
