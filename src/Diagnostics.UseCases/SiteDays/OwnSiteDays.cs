using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.SiteDays;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.SiteDays;

/// <summary>A sitting that the caller may look after, or a campaign at a site where it has no sittings.</summary>
/// <param name="SittingId">The sitting; absent when the campaign has no sittings at the site.</param>
/// <param name="Shift">Number of the shift on that day; absent without a sitting.</param>
/// <param name="EndsAt">The first moment at which nobody may begin any more.</param>
/// <param name="People">Number of people who have a seat.</param>
public sealed record OwnSiteDay(
    Guid CampaignId,
    string Campaign,
    Guid SiteId,
    string Site,
    string TimeZone,
    Guid? SittingId,
    int? Shift,
    bool Reserve,
    Instant StartsAt,
    Instant EndsAt,
    int People
);

/// <summary>Lists the sittings at the caller's sites and in the caller's campaigns, for the pages of a site.</summary>
internal sealed class OwnSiteDays(Executor executor)
{
    /// <summary>The most days listed for somebody who looks after all sites.</summary>
    private const int Most = 200;

    private static readonly Duration Past = Duration.FromDays(30);

    private static readonly Duration Ahead = Duration.FromDays(120);

    internal async Task<Result<IReadOnlyList<OwnSiteDay>>> Run(Caller caller)
    {
        if (await executor.Refuses(SessionRights.Staff, caller) is { } refusal)
            return refusal;
        var now = executor.Now;
        return await executor.Read(async db =>
        {
            var found = new List<OwnDayRow>();
            foreach (var (site, campaign) in Scopes(caller))
                found.AddRange(await SiteDayStore.Overlapping(db, site, campaign, now - Past, now + Ahead, Most));
            return (Result<IReadOnlyList<OwnSiteDay>>)
                found
                    .DistinctBy(row => (row.CampaignId, row.SiteId, row.SittingId))
                    .OrderBy(row => row.StartsAt)
                    .ThenBy(row => row.SiteName, StringComparer.Ordinal)
                    .Select(Of)
                    .ToList();
        });
    }

    private static IEnumerable<(Guid? Site, Guid? Campaign)> Scopes(Caller caller)
    {
        var own = caller.Grants.Where(grant => SessionRights.Staff.Roles.Contains(grant.Role)).ToList();
        if (own.Any(grant => grant is { Role: Role.Operator, Scope: GrantScope.All }))
            return [(null, null)];
        return own.Select(grant =>
                (grant.Role, grant.Scope) switch
                {
                    (Role.Operator, GrantScope.Campaign) => ((Guid?)null, (Guid?)Guid.Parse(grant.ScopeId!)),
                    (Role.SiteHead or Role.Invigilator, GrantScope.Site) => (Guid.Parse(grant.ScopeId!), null),
                    _ => default((Guid?, Guid?)),
                }
            )
            .Where(scope => scope != default)
            .Distinct();
    }

    private static OwnSiteDay Of(OwnDayRow row) =>
        new(
            CampaignId: row.CampaignId,
            Campaign: row.Title,
            SiteId: row.SiteId,
            Site: row.SiteName,
            TimeZone: row.TimeZone,
            SittingId: row.SittingId,
            Shift: row.Shift,
            Reserve: row.Reserve is true,
            StartsAt: row.StartsAt,
            EndsAt: row.EndsAt,
            People: row.Taken
        );
}
