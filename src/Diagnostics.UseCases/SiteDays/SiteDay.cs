using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.SiteDays;
using Diagnostics.UseCases.Campaigns;
using NodaTime;

namespace Diagnostics.UseCases.SiteDays;

/// <summary>The day that a caller asks for.</summary>
/// <param name="Sitting">The sitting; required when the campaign has sittings at the site.</param>
/// <param name="Date">The day, when the campaign has no sittings there; null means today in the site's time
/// zone.</param>
internal readonly record struct DayAsked(Guid Campaign, Guid Site, Guid? Sitting, DateOnly? Date);

/// <summary>A sitting of a campaign at a site or, when the campaign has no sittings there, one day of it.</summary>
internal sealed record SiteDay(CampaignRow Campaign, SiteRow Site, SittingRow? Sitting, LocalDate Date)
{
    private DateTimeZone Zone => DateTimeZoneProviders.Tzdb[Site.TimeZone];

    private Instant From => Zone.AtStartOfDay(Date).ToInstant();

    private Instant To => Zone.AtStartOfDay(Date.PlusDays(1)).ToInstant();

    internal DayFilter Filter => new(Campaign.Id, Site.Id, Sitting?.Id, From, To);

    /// <summary>The date at the site.</summary>
    internal LocalDate DateOf(Instant now) => now.InZone(Zone).Date;

    /// <summary>The date as stored in the database.</summary>
    internal string SatOn => Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The end of the sitting or day, after which nobody may begin.</summary>
    internal Instant End => Sitting?.EndsAt ?? To;

    internal Instant Begin => Sitting?.StartsAt ?? From;

    internal static async Task<Result<SiteDay>> Find(Db db, DayAsked asked, Instant now)
    {
        if ((await SiteOf(db, asked.Campaign, asked.Site)).Refused(out var unknown, out var place))
            return unknown;
        var (campaign, site) = place;
        if ((await SittingOf(db, asked.Campaign, asked.Site, asked.Sitting)).Refused(out var refusal, out var sitting))
            return refusal;
        var zone = DateTimeZoneProviders.Tzdb[site.TimeZone];
        var date =
            sitting is not null ? sitting.StartsAt.InZone(zone).Date
            : asked.Date is { } wanted ? LocalDate.FromDateOnly(wanted)
            : now.InZone(zone).Date;
        return new SiteDay(campaign, site, sitting, date);
    }

    /// <summary>Finds a campaign that is not a draft, and one of its sites.</summary>
    internal static async Task<Result<(CampaignRow Campaign, SiteRow Site)>> SiteOf(Db db, Guid campaignId, Guid siteId) =>
        await CampaignStore.Find(db, campaignId) is not { } campaign || campaign.State is CampaignStatus.Draft ? CampaignRefusals.NoCampaign
        : await CampaignStore.HasSite(db, campaignId, siteId) && await SiteStore.Find(db, siteId) is { } site ? (campaign, site)
        : CampaignRefusals.NoSite;

    /// <summary>Finds the sitting that a caller asks for. Null when the campaign has no sittings at the site.</summary>
    internal static async Task<Result<SittingRow?>> SittingOf(Db db, Guid campaignId, Guid siteId, Guid? asked)
    {
        var sittings = await SittingStore.OfCampaign(db, campaignId, siteId);
        if (asked is { } id)
            return sittings.FirstOrDefault(sitting => sitting.Id == id) is { } found ? found : SittingRefusals.NotFound;
        return sittings.Where(sitting => sitting.CancelledAt is null).Select(sitting => sitting.Id).ToList() is { Count: > 0 } live
            ? SiteDayRefusals.WhichSitting.With("sittings", live)
            : default(SittingRow);
    }
}
