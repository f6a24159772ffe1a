using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>The operator's settings for a campaign (clause 7.1.3: dates, places, how to apply, rules).</summary>
/// <param name="Audience">The people for whom the diagnostic is meant, e.g. «учителя математики 5–9 классов».</param>
/// <param name="FormId">A form with four variants.</param>
/// <param name="SiteIds">Up to 500 sites; a draft may have none yet.</param>
/// <param name="Programme">The training programme (ДПП ПК) to which the diagnostic belongs, if any.</param>
/// <param name="TimeLimitMinutes">Time limit in minutes, 1–1440; when absent, the form's own limit.</param>
/// <param name="Policies">Versions of policies; for a kind that is not named, the latest version of its usual
/// policy.</param>
/// <param name="EntryCampaignId">The published entry diagnostic with which an intermediate or final one is compared;
/// both must have the same framework.</param>
public sealed record CampaignRequest(
    string Title,
    string Audience,
    Guid FormId,
    CampaignStage Stage,
    CampaignWindows Windows,
    IReadOnlyList<Guid> SiteIds,
    string? Programme = null,
    int? TimeLimitMinutes = null,
    IReadOnlyList<PolicyReference>? Policies = null,
    Guid? EntryCampaignId = null
);

/// <summary>
/// Drafts a campaign. An operator of a territory may do so on the sites there, and becomes the operator of the campaign.
/// </summary>
internal sealed class AddCampaign(Executor executor) : UseCase<CampaignRequest, CampaignView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(AddCampaign),
        AccessRule.Of(Role.Operator.OfEverything(), Role.Operator.OfTerritory()),
        Trail.Writes("campaign.drafted")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<CampaignView>> Handle(CampaignRequest request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (!caller.OperatesEverywhere() && caller.Territories() is { Count: 0 })
                    return CampaignRefusals.NotEverywhere;
                var now = Now;
                var id = Guid.CreateVersion7(now.ToDateTimeOffset());
                if ((await CampaignPlan.Of(db, id, request)).Refused(out var refusal, out var plan))
                    return refusal;
                if (await OwnSites.Check(db, caller, plan.Sites, [], "siteIds") is { } elsewhere)
                    return elsewhere;
                await CampaignStore.Add(db, plan.Campaign with { CreatedAt = now });
                await plan.Save(db);
                await AuditStore.Append(db, now, caller.Id, "campaign.drafted", $"campaign:{id:D}");
                if (!caller.OperatesEverywhere())
                {
                    var grant = new Grant(Role.Operator, GrantScope.Campaign, id.ToString("D"));
                    if ((await Grants.Give(db, caller.AccountId, grant, caller.Id, now)).Refused(out var unfit, out _))
                        return unfit;
                    caller.SetGrants([.. caller.Grants, grant]);
                }
                return await CampaignView.Stored(db, id, caller);
            }
        );
}

/// <summary>Changes a draft; a published campaign cannot be changed in this way.</summary>
internal sealed class UpdateCampaign(Executor executor) : UseCase<UpdateCampaign.Request, CampaignView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(UpdateCampaign),
        AccessRule.Of(Role.Operator.OfCampaign()),
        Trail.Writes("campaign.changed")
    )
    {
        NeedsRevision = true,
    };

    /// <param name="Revision">Revision on which the edit is based.</param>
    internal sealed record Request(Guid CampaignId, CampaignRequest Campaign, int Revision);

    protected override Task<Result<CampaignView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (campaignId, campaign, revision) = request;
                if (await CampaignStore.Find(db, campaignId) is not { } known)
                    return CampaignRefusals.NoCampaign;
                if (!Reaches(caller, new Target { Campaign = campaignId }))
                    return known.State is CampaignStatus.Draft ? CampaignRefusals.NoCampaign : CampaignRefusals.NotYours;
                if (CampaignMoves.Edit.Check(known.State) is { } published)
                    return published;
                if (known.Revision != revision)
                    return Revisions.Stale(known.Revision);
                if ((await CampaignPlan.Of(db, campaignId, campaign)).Refused(out var refusal, out var plan))
                    return refusal;
                var present = (await CampaignStore.Sites(db, campaignId)).Select(site => site.Id).ToList();
                if (await OwnSites.Check(db, caller, plan.Sites, present, "siteIds") is { } elsewhere)
                    return elsewhere;
                if (!await CampaignStore.UpdateDraft(db, plan.Campaign, revision))
                    return Revisions.Stale(known.Revision);
                await plan.Save(db);
                await AuditStore.Append(
                    db,
                    Now,
                    caller.Id,
                    "campaign.changed",
                    $"campaign:{campaignId:D}",
                    new { revision = revision + 1 }
                );
                return await CampaignView.Stored(db, campaignId, caller);
            }
        );
}

/// <summary>An operator of a territory takes no site of another territory into a campaign.</summary>
internal static class OwnSites
{
    /// <param name="present">Sites that the campaign has already; whoever operates the campaign keeps them.</param>
    internal static async Task<Refusal?> Check(
        Db db,
        Caller caller,
        IReadOnlyCollection<Guid> sites,
        IReadOnlyCollection<Guid> present,
        string field
    )
    {
        // An operator of this campaign alone was made so by an administrator, who has set no limit to its sites.
        if (caller.Territories() is not { Count: > 0 })
            return null;
        foreach (var id in sites.Except(present))
            if (await SiteStore.Find(db, id) is { } site && !caller.OperatesTerritory(site.Territory))
                return Refusal
                    .Forbidden("site-elsewhere", $"Площадка «{site.Name}» не на вашей территории.")
                    .With("field", field)
                    .With("siteId", id);
        return null;
    }
}

/// <summary>A request after its check: everything that it names exists.</summary>
internal sealed record CampaignPlan(CampaignRow Campaign, IReadOnlyList<Guid> Sites, IReadOnlyList<PolicyReference> Policies)
{
    internal const int MaxSites = 500;
    internal const int MaxTitle = 300;
    private const int MaxMinutes = 1440;

    internal static async Task<Result<CampaignPlan>> Of(Db db, Guid id, CampaignRequest request)
    {
        if (Check(request) is { } refusal)
            return refusal;
        if (await FormStore.Find(db, request.FormId) is not { } form)
            return Refusal.Invalid("form-not-found", "Такой формы нет.").With("field", "formId");
        if (await EntryCampaigns.Check(db, request.Stage, request.EntryCampaignId, form) is { } unfit)
            return unfit;
        var sites = request.SiteIds.Distinct().ToList();
        foreach (var site in sites)
            if (await SiteStore.Find(db, site) is null)
                return Refusal.Invalid("site-not-found", $"Площадки {site:D} нет.").With("field", "siteIds");
        if (await CheckSittings(db, id, sites, request.Windows) is { } left)
            return left;
        if ((await PinnedPolicies.Choose(db, request.Policies ?? [])).Refused(out var unknown, out var policies))
            return unknown;
        return new CampaignPlan(RowOf(id, request, form), sites, policies);
    }

    internal async Task Save(Db db)
    {
        await CampaignStore.SetSites(db, Campaign.Id, Sites);
        await PolicyStore.Pin(db, Campaign.Id, Policies.Select(policy => (policy.Kind, policy.Code, policy.Version)));
    }

    /// <summary>Checks that sittings already planned for the draft remain possible.</summary>
    private static async Task<Refusal?> CheckSittings(Db db, Guid id, IReadOnlyCollection<Guid> sites, CampaignWindows windows)
    {
        var sittings = await SittingStore.OfCampaign(db, id, siteId: null);
        if (sittings.FirstOrDefault(each => !sites.Contains(each.SiteId)) is { } homeless)
        {
            return Refusal
                .Invalid("site-has-sittings", "На площадке назначены проведения: сначала удалите их.")
                .With("field", "siteIds")
                .With("siteId", homeless.SiteId);
        }
        return sittings.FirstOrDefault(each => each.StartsAt < windows.SittingFrom || each.EndsAt > windows.SittingTo) is { } outside
            ? Refusal
                .Invalid(
                    "sitting-outside-window",
                    "Назначенное проведение выходит за срок проведения мероприятия: перенесите или удалите его."
                )
                .With("field", "windows")
                .With("sittingId", outside.Id)
            : null;
    }

    private static Refusal? Check(CampaignRequest request) =>
        TextRules.Check("title", request.Title, MaxTitle)
        ?? TextRules.Check("audience", request.Audience, 500)
        ?? (request.Programme is null ? null : TextRules.Check("programme", request.Programme, 500))
        ?? (
            request.TimeLimitMinutes is < 1 or > MaxMinutes
                ? Refusal
                    .Invalid("time-limit-invalid", $"timeLimitMinutes — целое число от 1 до {MaxMinutes}.")
                    .With("field", "timeLimitMinutes")
                : null
        )
        ?? (
            request.SiteIds.Count > MaxSites
                ? Refusal.Invalid("too-many-sites", $"Площадок не больше {MaxSites}.").With("field", "siteIds")
                : null
        )
        ?? (
            request.Windows.Faults().ToList() is { Count: > 0 } faults
                ? Refusal.Invalid("windows-invalid", string.Join(" ", faults)).With("field", "windows").With("faults", faults)
                : null
        );

    private static CampaignRow RowOf(Guid id, CampaignRequest request, FormRow form) =>
        new()
        {
            Id = id,
            Title = request.Title.Trim(),
            Audience = request.Audience.Trim(),
            FormId = request.FormId,
            Stage = Codes.Of(request.Stage),
            Programme = request.Programme?.Trim(),
            TimeLimitMinutes = request.TimeLimitMinutes ?? form.TimeLimitMinutes,
            ApplicationsFrom = request.Windows.ApplicationsFrom,
            ApplicationsTo = request.Windows.ApplicationsTo,
            SittingFrom = request.Windows.SittingFrom,
            SittingTo = request.Windows.SittingTo,
            MarkingTo = request.Windows.MarkingTo,
            EntryCampaignId = request.EntryCampaignId,
        };
}
