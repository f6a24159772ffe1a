using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// The rules of a campaign: the policy versions that it has pinned, even if newer ones were added later. A transaction
/// that needs several of them loads them once and passes them on.
/// </summary>
internal sealed class CampaignPolicies
{
    /// <summary>Kinds of policy that were added when campaigns already existed.</summary>
    internal static readonly IReadOnlyList<PolicyKind> Later = [PolicyKind.Appeals, PolicyKind.Calendar, PolicyKind.Profile];

    private readonly IReadOnlyList<PolicyRow> pinned;
    private readonly Dictionary<PolicyKind, object> read = [];
    private CampaignStage? stage;

    private CampaignPolicies(Guid campaignId, IReadOnlyList<PolicyRow> pinned) => (CampaignId, this.pinned) = (campaignId, pinned);

    internal Guid CampaignId { get; }

    internal static async Task<CampaignPolicies> Load(Db db, Guid campaignId) => new(campaignId, await PolicyStore.Pinned(db, campaignId));

    /// <summary>Reads a single policy document, for a transaction that needs no other.</summary>
    /// <exception cref="InvalidOperationException">The campaign pins no policy of this kind; publication prevents
    /// this.</exception>
    internal static async Task<T> Get<T>(Db db, Guid campaignId, PolicyKind kind)
        where T : class => PolicyJson.Read<T>((await Pinned(db, campaignId, kind)).Content);

    /// <inheritdoc cref="Pinned(Db, PolicyKind)"/>
    internal static async Task<PolicyRow> Pinned(Db db, Guid campaignId, PolicyKind kind) =>
        await (await Load(db, campaignId)).Pinned(db, kind);

    /// <summary>
    /// The pinned version of a kind of policy. A campaign that is older than the kind itself uses the first version of
    /// the kind's usual policy.
    /// </summary>
    /// <exception cref="InvalidOperationException">No version is pinned.</exception>
    internal async Task<PolicyRow> Pinned(Db db, PolicyKind kind) =>
        Find(kind) ?? (Later.Contains(kind) ? await FirstUsual(db, kind) : null) ?? throw Missing(kind);

    /// <summary>
    /// The version for campaigns that are older than the kind of policy itself. The service checks at start-up that
    /// this version exists.
    /// </summary>
    internal static Task<PolicyRow?> FirstUsual(Db db, PolicyKind kind) => PolicyStore.Find(db, kind, PinnedPolicies.UsualCode, 1);

    /// <summary>
    /// An object made from the campaign's document of this kind. It is made once in a transaction, and then returned to
    /// every caller.
    /// </summary>
    internal async Task<T> Made<T>(Db db, PolicyKind kind, Func<PolicyRow, Task<T>> make)
        where T : class
    {
        if (!read.TryGetValue(kind, out var made))
            read[kind] = made = await make(await Pinned(db, kind));
        return (T)made;
    }

    /// <summary>The stage of the diagnostic; like the rules, it never changes after publication.</summary>
    internal async Task<CampaignStage> Stage(Db db) =>
        stage ??= Codes.Parse<CampaignStage>((await CampaignStore.Find(db, CampaignId))!.Stage);

    /// <summary>The pinned version, for a kind of policy that every campaign pins.</summary>
    /// <exception cref="InvalidOperationException">No version is pinned.</exception>
    internal PolicyRow Pinned(PolicyKind kind) => Find(kind) ?? throw Missing(kind);

    /// <summary>The document of the pinned version, for a kind of policy that every campaign pins.</summary>
    /// <exception cref="InvalidOperationException">No version is pinned.</exception>
    internal T Get<T>(PolicyKind kind)
        where T : class
    {
        if (!read.TryGetValue(kind, out var document))
            read[kind] = document = PolicyJson.Read<T>(Pinned(kind).Content);
        return (T)document;
    }

    private PolicyRow? Find(PolicyKind kind) => pinned.FirstOrDefault(policy => policy.Kind == Codes.Of(kind));

    private InvalidOperationException Missing(PolicyKind kind) => new($"Campaign {CampaignId} pins no {Codes.Of(kind)} policy.");
}
