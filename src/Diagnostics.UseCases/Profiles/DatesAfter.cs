using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Marking;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Finds the dates for the form of a route, by the clocks of the site: when the diagnostic was taken, when the next one
/// follows, and when the draft of the route is due.
/// </summary>
internal static class DatesAfter
{
    /// <param name="known">The previous version of the profile. A date that it has published stays the same when the
    /// result is corrected.</param>
    internal static async Task<RouteDates> Find(
        Db db,
        LoadedLedger ledger,
        CampaignStage stage,
        RoutePeriods periods,
        ProfileStatus status,
        DeficitProfile? known,
        Instant now
    )
    {
        var zone = DateTimeZoneProviders.Tzdb[(await SiteStore.Find(db, ledger.Session.SiteId))!.TimeZone];
        var taken = ledger.Session.StartedAt!.Value.InZone(zone).Date;
        var (months, next) = stage switch
        {
            CampaignStage.Entry => (periods.MonthsAfterEntry, CampaignStage.Intermediate),
            CampaignStage.Intermediate => (periods.MonthsAfterIntermediate, CampaignStage.Final),
            CampaignStage.Final => (periods.MonthsAfterFinal, CampaignStage.Entry),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
        };
        return new(
            taken.ToDateOnly(),
            taken.PlusMonths(months).ToDateOnly(),
            next,
            status is not ProfileStatus.Final ? null
                : known is { Status: ProfileStatus.Final, RouteForm.Dates.DraftRouteDue: { } due } ? due
                : await DraftDue(db, ledger.Policies, periods.DraftRouteWorkingDays, now, zone)
        );
    }

    /// <returns>Null when the calendar does not cover the year, because a date is never guessed.</returns>
    private static async Task<DateOnly?> DraftDue(Db db, CampaignPolicies policies, int workingDays, Instant now, DateTimeZone zone)
    {
        var counted = await Calendars.Count(db, policies, calendar => Deadlines.After(now, workingDays, calendar, zone));
        // The deadline is the midnight that ends the last day, so go back the smallest duration to get that day.
        return counted.Refused(out _, out var end) ? null : (end - Duration.Epsilon).InZone(zone).Date.ToDateOnly();
    }
}
