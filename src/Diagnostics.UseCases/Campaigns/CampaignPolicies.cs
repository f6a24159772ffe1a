using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>The rules a campaign runs by: the versions it pinned, whatever was added later.</summary>
internal static class CampaignPolicies
{
    /// <exception cref="InvalidOperationException">The campaign pins none of this kind: publication does not let that happen.</exception>
    internal static async Task<T> Get<T>(Db db, Guid campaignId, PolicyKind kind) where T : class =>
        PolicyJson.Read<T>((await Pinned(db, campaignId, kind)).Content);

    /// <summary>Which version is pinned. Campaigns of the time before there were appeals run by the first usual ones.</summary>
    /// <exception cref="InvalidOperationException">None is.</exception>
    internal static async Task<PolicyRow> Pinned(Db db, Guid campaignId, PolicyKind kind) =>
        (await PolicyStore.Pinned(db, campaignId)).FirstOrDefault(policy => policy.Kind == Codes.Of(kind))
        ?? (kind is PolicyKind.Appeals or PolicyKind.Calendar ? await PolicyStore.Find(db, kind, PinnedPolicies.UsualCode, 1) : null)
        ?? throw new InvalidOperationException($"Campaign {campaignId} pins no {Codes.Of(kind)} policy.");
}
