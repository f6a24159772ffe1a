using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// The rules a campaign runs by: the versions it pinned, whatever was added later. Loaded once in a transaction that asks
/// for several of them, and handed on.
/// </summary>
internal sealed class CampaignPolicies
{
    /// <summary>Kinds that came when there were campaigns already.</summary>
    internal static readonly IReadOnlyList<PolicyKind> Later = [PolicyKind.Appeals, PolicyKind.Calendar, PolicyKind.Profile];

    private readonly IReadOnlyList<PolicyRow> pinned;
    private readonly Dictionary<PolicyKind, object> read = [];
    private CampaignStage? stage;

    private CampaignPolicies(Guid campaignId, IReadOnlyList<PolicyRow> pinned) => (CampaignId, this.pinned) = (campaignId, pinned);

    internal Guid CampaignId { get; }

    internal static async Task<CampaignPolicies> Load(Db db, Guid campaignId) => new(campaignId, await PolicyStore.Pinned(db, campaignId));

    /// <summary>One document, for a transaction that asks for no other.</summary>
    /// <exception cref="InvalidOperationException">The campaign pins none of this kind: publication does not let that happen.</exception>
    internal static async Task<T> Get<T>(Db db, Guid campaignId, PolicyKind kind) where T : class =>
        PolicyJson.Read<T>((await Pinned(db, campaignId, kind)).Content);

    /// <inheritdoc cref="Pinned(Db, PolicyKind)"/>
    internal static async Task<PolicyRow> Pinned(Db db, Guid campaignId, PolicyKind kind) =>
        await (await Load(db, campaignId)).Pinned(db, kind);

    /// <summary>Which version is pinned. Campaigns of the time before there was a kind run by the first usual one.</summary>
    /// <exception cref="InvalidOperationException">None is.</exception>
    internal async Task<PolicyRow> Pinned(Db db, PolicyKind kind) => Find(kind)
        ?? (Later.Contains(kind) ? await FirstUsual(db, kind) : null)
        ?? throw Missing(kind);

    /// <summary>What those campaigns run by; the start of the service sees to it that it is there.</summary>
    internal static Task<PolicyRow?> FirstUsual(Db db, PolicyKind kind) => PolicyStore.Find(db, kind, PinnedPolicies.UsualCode, 1);

    /// <summary>What is made of a kind's document, once for all who ask for it in this transaction.</summary>
    internal async Task<T> Made<T>(Db db, PolicyKind kind, Func<PolicyRow, Task<T>> make) where T : class
    {
        if (!read.TryGetValue(kind, out var made)) read[kind] = made = await make(await Pinned(db, kind));
        return (T)made;
    }

    /// <summary>Which diagnostic it is: as fixed as the rules, from the publication of the campaign on.</summary>
    internal async Task<CampaignStage> Stage(Db db) =>
        stage ??= Codes.Parse<CampaignStage>((await CampaignStore.Find(db, CampaignId))!.Stage);

    /// <summary>Which version of a kind that every campaign pins.</summary>
    /// <exception cref="InvalidOperationException">None is.</exception>
    internal PolicyRow Pinned(PolicyKind kind) => Find(kind) ?? throw Missing(kind);

    /// <summary>A document of a kind that every campaign pins.</summary>
    /// <exception cref="InvalidOperationException">None is.</exception>
    internal T Get<T>(PolicyKind kind) where T : class
    {
        if (!read.TryGetValue(kind, out var document)) read[kind] = document = PolicyJson.Read<T>(Pinned(kind).Content);
        return (T)document;
    }

    private PolicyRow? Find(PolicyKind kind) => pinned.FirstOrDefault(policy => policy.Kind == Codes.Of(kind));

    private InvalidOperationException Missing(PolicyKind kind) => new($"Campaign {CampaignId} pins no {Codes.Of(kind)} policy.");
}
