using Diagnostics.Engine.ItemBank;
using NodaTime;

namespace Diagnostics.Engine.Campaigns;

/// <summary>What a draft must have before people may apply.</summary>
/// <param name="Slots">Filled slots of the form's blueprint, by variant.</param>
/// <param name="Pinned">Kinds of policy that the campaign pins.</param>
public sealed record CampaignReadiness(
    CampaignWindows Windows,
    int Sites,
    IReadOnlyDictionary<int, int> Slots,
    IReadOnlyCollection<PolicyKind> Pinned
)
{
    /// <summary>
    /// Everything that is missing, in the operator's language; empty when the draft may be published.
    /// </summary>
    public IEnumerable<string> Faults(Instant now)
    {
        foreach (var fault in Windows.Faults())
            yield return fault;
        if (Windows.ApplicationsTo <= now)
            yield return "Срок приёма заявлений уже прошёл.";
        if (Windows.SittingTo <= now)
            yield return "Срок проведения диагностики уже прошёл.";
        if (Sites == 0)
            yield return "Не выбрана ни одна площадка.";
        if (
            Enumerable.Range(1, Facet.Variants).Any(variant => Slots.GetValueOrDefault(variant) == 0)
            || Slots.Values.Distinct().Count() > 1
        )
            yield return $"В форме заполнены не все {Facet.Variants} варианта.";
        var missing = PolicyKinds.OfCampaigns.Except(Pinned).Select(Codes.Of).ToList();
        if (missing.Count > 0)
            yield return $"Не выбраны политики: {string.Join(", ", missing)}.";
    }
}
