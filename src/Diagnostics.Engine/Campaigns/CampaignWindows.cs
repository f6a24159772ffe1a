using NodaTime;

namespace Diagnostics.Engine.Campaigns;

/// <summary>When what may be done in a campaign (clause 7.1.3: the operator sets the dates). «From» is inside, «to» is not.</summary>
public sealed record CampaignWindows(Instant ApplicationsFrom, Instant ApplicationsTo, Instant SittingFrom, Instant SittingTo, Instant MarkingTo)
{
    public bool TakesApplications(Instant now) => now >= ApplicationsFrom && now < ApplicationsTo;

    /// <summary>What is wrong with the dates themselves; empty when nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        if (ApplicationsFrom >= ApplicationsTo) yield return "Приём заявлений заканчивается раньше, чем начинается.";
        if (SittingFrom >= SittingTo) yield return "Проведение диагностики заканчивается раньше, чем начинается.";
        if (ApplicationsFrom > SittingFrom) yield return "Диагностика начинается раньше приёма заявлений.";
        if (ApplicationsTo > SittingTo) yield return "Приём заявлений заканчивается позже, чем проведение диагностики.";
        if (SittingTo > MarkingTo) yield return "Проверка заканчивается раньше, чем проведение диагностики.";
    }

    /// <summary>
    /// All of them so many days later. Sites of several zones keep their hours of the day, so a window reaches from the first
    /// of them to the last. Taking applications that has begun is not broken off.
    /// </summary>
    public CampaignWindows Postpone(int days, IReadOnlyCollection<DateTimeZone> zones, Instant now)
    {
        Instant First(Instant at) => zones.Min(zone => at.DaysLater(days, zone));
        Instant Last(Instant at) => zones.Max(zone => at.DaysLater(days, zone));
        return new(
            ApplicationsFrom <= now ? ApplicationsFrom : First(ApplicationsFrom), Last(ApplicationsTo), First(SittingFrom), Last(SittingTo),
            Last(MarkingTo));
    }
}
