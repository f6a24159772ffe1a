using System.Globalization;
using System.Reflection;
using Diagnostics.UseCases.SiteDays;

namespace Diagnostics.Server.Pages.SiteDays;

/// <summary>
/// The address of a day: <c>/site/{campaign}/{site}/{day}</c>, where the day is a sitting's id or, for a campaign
/// without sittings at the site, a date.
/// </summary>
internal sealed record SiteDayAddress(Guid Campaign, Guid Site, Guid? Sitting, DateOnly? Date)
{
    private const string DateFormat = "yyyy-MM-dd";

    internal DayAsked Day => new(Campaign, Site, Sitting, Date);

    internal string Path => PathOf(Campaign, Site, Sitting, Date);

    internal static string PathOf(SiteDayHead head) => PathOf(head.CampaignId, head.SiteId, head.SittingId, head.Date);

    internal static string PathOf(Guid campaign, Guid site, Guid? sitting, DateOnly? date) =>
        $"/site/{campaign:D}/{site:D}/{sitting?.ToString("D") ?? date?.ToString(DateFormat, CultureInfo.InvariantCulture)}";

    /// <summary>An address whose day is neither an id nor a date leads to no sitting, like an unknown one.</summary>
    public static ValueTask<SiteDayAddress> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var values = context.Request.RouteValues;
        var day = values["day"] as string ?? "";
        var (campaign, site) = (Id(values["campaignId"]), Id(values["siteId"]));
        return ValueTask.FromResult(
            DateOnly.TryParseExact(day, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? new SiteDayAddress(campaign, site, null, date)
                : new SiteDayAddress(campaign, site, Id(day), null)
        );

        static Guid Id(object? text) => Guid.TryParse(text as string, out var id) ? id : Guid.Empty;
    }
}
