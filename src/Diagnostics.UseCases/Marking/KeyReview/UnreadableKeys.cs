using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Forms;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Finds keys that the pinned rule for answers cannot read. Such a key would prevent the scoring of every session with
/// its item.
/// </summary>
internal static class UnreadableKeys
{
    /// <summary>
    /// Reports unreadable keys before publication, so that nobody applies for a diagnostic whose scoring would fail.
    /// </summary>
    internal static async Task<IReadOnlyList<string>> GuardPublication(Db db, Guid campaignId, FormContent form)
    {
        var policies = await CampaignPolicies.Load(db, campaignId);
        var rule = policies.Get<ScoringPolicy>(PolicyKind.Scoring).Answers;
        var items = form
            .Variants.Values.SelectMany(slots => slots)
            .Select(slot => slot.Item)
            .Where(item => item.Body is ShortAnswer { Key: var key } && key.Fault(rule) is not null)
            .Select(item => item.Code)
            .Order(StringComparer.Ordinal)
            .ToList();
        var pinned = policies.Pinned(PolicyKind.Scoring);
        return items.Count == 0
            ? []
            :
            [
                $"Правило {rule.Name} политики оценивания {pinned.Code}/{pinned.Version} не читает ключи заданий: {string.Join(", ", items)}.",
            ];
    }
}
