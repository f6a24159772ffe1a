using NodaTime;

namespace Diagnostics.Engine.Campaigns;

/// <summary>
/// The periods of a campaign (clause 7.1.3: the operator sets the dates). The start of a period (<c>…From</c>) is
/// inclusive, the end (<c>…To</c>) is exclusive.
/// </summary>
public sealed record CampaignWindows(
    Instant ApplicationsFrom,
    Instant ApplicationsTo,
    Instant SittingFrom,
    Instant SittingTo,
    Instant MarkingTo
)
{
    public bool TakesApplications(Instant now) => now >= ApplicationsFrom && now < ApplicationsTo;

    /// <summary>Faults of the dates themselves; empty when there are none.</summary>
    public IEnumerable<string> Faults()
    {
        if (ApplicationsFrom >= ApplicationsTo)
            yield return "Приём заявлений заканчивается раньше, чем начинается.";
        if (SittingFrom >= SittingTo)
            yield return "Проведение диагностики заканчивается раньше, чем начинается.";
        if (ApplicationsFrom > SittingFrom)
            yield return "Диагностика начинается раньше приёма заявлений.";
        if (ApplicationsTo > SittingTo)
            yield return "Приём заявлений заканчивается позже, чем проведение диагностики.";
        if (SittingTo > MarkingTo)
            yield return "Проверка заканчивается раньше, чем проведение диагностики.";
    }

    /// <summary>
    /// Moves all windows to later days. Each site keeps its local hours, so with several time zones a window reaches
    /// from the earliest start at any site to the latest end. If the application window has already begun, its start
    /// does not move.
    /// </summary>
    public CampaignWindows Postpone(int days, IReadOnlyCollection<DateTimeZone> zones, Instant now)
    {
        Instant First(Instant at) => zones.Min(zone => at.DaysLater(days, zone));
        Instant Last(Instant at) => zones.Max(zone => at.DaysLater(days, zone));
        return new(
            ApplicationsFrom <= now ? ApplicationsFrom : First(ApplicationsFrom),
            Last(ApplicationsTo),
            First(SittingFrom),
            Last(SittingTo),
            Last(MarkingTo)
        );
    }
}
