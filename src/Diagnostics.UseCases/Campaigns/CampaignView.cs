using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.People;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A reference to a version of a policy.</summary>
/// <param name="Version">Number of the version, from 1.</param>
public sealed record PolicyReference(PolicyKind Kind, string Code, int Version);

/// <summary>A site as applicants see it.</summary>
public sealed record CampaignSite(Guid Id, string Code, string Name, string Address, string Territory, string TimeZone);

/// <summary>A diagnostic for which people may apply.</summary>
/// <param name="Stage">Entry, intermediate or final diagnostic.</param>
/// <param name="Programme">The training programme (ДПП ПК) to which the diagnostic belongs; absent when it stands
/// alone.</param>
/// <param name="TimeLimitMinutes">How long a session lasts, in minutes.</param>
/// <param name="Consent">The consent that an application requires.</param>
/// <param name="ProfileSharingConsent">An optional consent, which lets portals and methodologists see the
/// profile.</param>
/// <param name="FormId">The form; for operators only.</param>
/// <param name="Policies">The policy versions of the campaign; for operators only.</param>
/// <param name="Revision">Revision of the campaign; it is also the ETag.</param>
/// <param name="CancelledAt">When the campaign was cancelled; absent otherwise.</param>
/// <param name="EntryCampaignId">The entry diagnostic with whose results this later diagnostic is compared; absent when
/// it names none.</param>
/// <param name="DataProcessingConsent">The consent to the processing of personal data, which an application requires beside
/// <c>consent</c> where its text leaves the processing to a document of its own.</param>
public sealed record CampaignView(
    Guid Id,
    string Title,
    string Audience,
    CampaignStage Stage,
    string? Programme,
    CampaignStatus Status,
    int TimeLimitMinutes,
    CampaignWindows Windows,
    IReadOnlyList<CampaignSite> Sites,
    ConsentReference? Consent,
    ConsentReference? ProfileSharingConsent,
    Guid? FormId,
    IReadOnlyList<PolicyReference>? Policies,
    int Revision,
    Instant CreatedAt,
    Instant? PublishedAt,
    Instant? ClosedAt,
    Instant? CancelledAt = null,
    Guid? EntryCampaignId = null,
    ConsentReference? DataProcessingConsent = null
)
{
    internal static async Task<CampaignView> Stored(Db db, Guid id, Caller caller) =>
        await Read(db, (await CampaignStore.Find(db, id))!, caller);

    internal static async Task<CampaignView> Read(Db db, CampaignRow row, Caller caller) => (await Read(db, [row], caller))[0];

    /// <summary>Reads many campaigns with no more SQL statements than a single campaign takes.</summary>
    /// <param name="rows">The campaigns, ordered by id as the database orders ids.</param>
    internal static async Task<IReadOnlyList<CampaignView>> Read(Db db, IReadOnlyList<CampaignRow> rows, Caller caller)
    {
        if (rows.Count == 0)
            return [];
        var pinned = (await PolicyStore.Pinned(db, rows[0].Id, rows[^1].Id)).ToLookup(
            policy => policy.CampaignId,
            policy => new PolicyReference(Codes.Parse<PolicyKind>(policy.Kind), policy.Code, policy.Version)
        );
        var sites = (await CampaignStore.Sites(db, rows[0].Id, rows[^1].Id)).ToLookup(
            site => site.CampaignId,
            site => new CampaignSite(site.Id, site.Code, site.Name, site.Address, site.Territory, site.TimeZone)
        );
        var texts = await PolicyStore.Latest(db, PolicyKind.Consent, [Consents.ProfileSharingCode, Consents.DataProcessingCode]);
        var sharing = texts.FirstOrDefault(text => text.Code == Consents.ProfileSharingCode);
        var processing = texts.FirstOrDefault(text => text.Code == Consents.DataProcessingCode);
        return rows.Select(row => Of(row, pinned[row.Id].ToList(), sites[row.Id].ToList(), sharing, processing, caller)).ToList();
    }

    private static CampaignView Of(
        CampaignRow row,
        IReadOnlyList<PolicyReference> policies,
        IReadOnlyList<CampaignSite> sites,
        PolicyRow? sharing,
        PolicyRow? processing,
        Caller caller
    )
    {
        var consent = policies.FirstOrDefault(policy => policy.Kind is PolicyKind.Consent);
        var operates = caller.OperatesCampaign(row.Id);
        return new(
            Id: row.Id,
            Title: row.Title,
            Audience: row.Audience,
            Stage: Codes.Parse<CampaignStage>(row.Stage),
            Programme: row.Programme,
            Status: row.State,
            TimeLimitMinutes: row.TimeLimitMinutes,
            Windows: row.Windows,
            Sites: sites,
            Consent: consent is null ? null : new(consent.Code, consent.Version),
            ProfileSharingConsent: sharing is null ? null : new(sharing.Code, sharing.Version),
            FormId: operates ? row.FormId : null,
            Policies: operates ? policies : null,
            Revision: row.Revision,
            CreatedAt: row.CreatedAt,
            PublishedAt: row.PublishedAt,
            ClosedAt: row.ClosedAt,
            CancelledAt: row.CancelledAt,
            EntryCampaignId: row.EntryCampaignId,
            DataProcessingConsent: processing is null ? null : new(processing.Code, processing.Version)
        );
    }
}
