using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>The rules for a campaign's appeals, and the time zone of the session's site.</summary>
/// <param name="Reference">The version of the policy that decisions cite.</param>
internal sealed record AppealRulebook(Guid CampaignId, AppealsPolicy Policy, PolicyReference Reference, DateTimeZone SiteZone)
{
    internal static async Task<AppealRulebook> Of(Db db, SessionRow session) =>
        await Of(db, session, await CampaignPolicies.Load(db, session.CampaignId));

    /// <param name="policies">Those of the session's campaign.</param>
    internal static async Task<AppealRulebook> Of(Db db, SessionRow session, CampaignPolicies policies)
    {
        var (policy, reference) = await OfCampaign(db, policies);
        var site = (await SiteStore.Find(db, session.SiteId))!;
        return new(session.CampaignId, policy, reference, DateTimeZoneProviders.Tzdb[site.TimeZone]);
    }

    internal static async Task<(AppealsPolicy Policy, PolicyReference Reference)> OfCampaign(Db db, Guid campaignId) =>
        await OfCampaign(db, await CampaignPolicies.Load(db, campaignId));

    internal static async Task<(AppealsPolicy Policy, PolicyReference Reference)> OfCampaign(Db db, CampaignPolicies policies)
    {
        var row = await policies.Pinned(db, PolicyKind.Appeals);
        return (PolicyJson.Read<AppealsPolicy>(row.Content), new(PolicyKind.Appeals, row.Code, row.Version));
    }

    /// <summary>
    /// The first moment at which it is too late to appeal against points; it depends on the site's time zone.
    /// </summary>
    internal Task<Result<Instant>> FilingDeadline(Db db, Instant publishedAt) =>
        Calendars.Count(db, CampaignId, calendar => Deadlines.After(publishedAt, Policy.ScoreFilingDays, calendar, SiteZone));

    /// <summary>When to remind the commission, and its deadline for a decision.</summary>
    internal Task<Result<(Instant RemindAt, Instant DueAt)>> Consideration(Db db, Instant filedAt)
    {
        var zone = Policy.CommissionTimeZone is { } named ? DateTimeZoneProviders.Tzdb[named] : SiteZone;
        return Calendars.Count<(Instant, Instant)>(
            db,
            CampaignId,
            calendar =>
            {
                if (Deadlines.After(filedAt, Policy.ConsiderationDays, calendar, zone).Refused(out var unknown, out var due))
                    return unknown;
                return Deadlines
                    .Reminder(filedAt, due, Policy.ReminderDays, calendar, zone)
                    .Map<(Instant, Instant)>(remind => (remind, due));
            }
        );
    }
}
