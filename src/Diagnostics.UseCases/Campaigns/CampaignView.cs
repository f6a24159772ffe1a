using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.People;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A version of a policy, by name.</summary>
/// <param name="Version">From 1.</param>
public sealed record PolicyReference(PolicyKind Kind, string Code, int Version);

/// <summary>A site as applicants see it.</summary>
public sealed record CampaignSite(Guid Id, string Code, string Name, string Address, string Territory, string TimeZone);

/// <summary>A diagnostic that people may apply to.</summary>
/// <param name="Stage">Entry, intermediate or final diagnostic.</param>
/// <param name="Programme">The training programme (ДПП ПК) that it is part of; absent when it stands alone.</param>
/// <param name="TimeLimitMinutes">Time of a session.</param>
/// <param name="Consent">Needed with an application.</param>
/// <param name="ProfileSharingConsent">Not needed: with it portals and methodologists may see the profile.</param>
/// <param name="FormId">For operators only.</param>
/// <param name="Policies">The versions it runs by; for operators only.</param>
/// <param name="Revision">Also the ETag.</param>
public sealed record CampaignView(
    Guid Id, string Title, string Audience, CampaignStage Stage, string? Programme, CampaignStatus Status, int TimeLimitMinutes,
    CampaignWindows Windows, IReadOnlyList<CampaignSite> Sites, ConsentReference? Consent, ConsentReference? ProfileSharingConsent,
    Guid? FormId, IReadOnlyList<PolicyReference>? Policies, int Revision, Instant CreatedAt, Instant? PublishedAt, Instant? ClosedAt)
{
    internal static async Task<CampaignView> Stored(Db db, Guid id, Caller caller) =>
        await Read(db, (await CampaignStore.Find(db, id))!, caller);

    internal static async Task<CampaignView> Read(Db db, CampaignRow row, Caller caller)
    {
        var policies = await PolicyStore.Pinned(db, row.Id);
        var consent = policies.FirstOrDefault(policy => policy.Policy.Kind is PolicyKind.Consent);
        var sharing = await PolicyStore.Latest(db, PolicyKind.Consent, Consents.ProfileSharingCode);
        var sites = await CampaignStore.Sites(db, row.Id);
        var operates = caller.OperatesCampaign(row.Id);
        return new(
            row.Id, row.Title, row.Audience, Codes.Parse<CampaignStage>(row.Stage), row.Programme, row.State, row.TimeLimitMinutes, row.Windows,
            sites.Select(site => new CampaignSite(site.Id, site.Code, site.Name, site.Address, site.Territory, site.TimeZone)).ToList(),
            consent is null ? null : new(consent.Code, consent.Version),
            sharing is null ? null : new(sharing.Code, sharing.Version),
            operates ? row.FormId : null,
            operates ? policies.Select(policy => new PolicyReference(policy.Policy.Kind, policy.Code, policy.Version)).ToList() : null,
            row.Revision, row.CreatedAt, row.PublishedAt, row.ClosedAt);
    }
}
