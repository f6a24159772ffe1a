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
}
