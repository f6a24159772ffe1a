using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>What an operator sets (clause 7.1.3: dates, places, order of applying, rules).</summary>
/// <param name="Audience">For whom, e.g. «учителя математики 5–9 классов».</param>
/// <param name="FormId">Four variants to be sat.</param>
/// <param name="SiteIds">Up to 500; a draft may have none yet.</param>
/// <param name="Programme">The training programme (ДПП ПК) that it is part of, if any.</param>
/// <param name="TimeLimitMinutes">1–1440; absent: the form's own.</param>
/// <param name="Policies">Versions to run by; of a kind that is not named, the latest version of the usual code.</param>
public sealed record CampaignRequest(
    string Title, string Audience, Guid FormId, CampaignStage Stage, CampaignWindows Windows, IReadOnlyList<Guid> SiteIds,
    string? Programme = null, int? TimeLimitMinutes = null, IReadOnlyList<PolicyReference>? Policies = null);

internal static class DraftCampaign
{
    private const int MaxSites = 500;
    private const int MaxMinutes = 1440;

    internal static void Map(IEndpointRouteBuilder campaigns)
    {
        campaigns.MapPost("/", Add).WithName("AddCampaign").WithSummary("Создать черновик мероприятия").AllowedTo(AccessRule.Of(Role.Operator)).Idempotent();
        campaigns.MapPut("/{campaignId:guid}", Update).WithName("UpdateCampaign").WithSummary("Изменить черновик мероприятия").AllowedTo(AccessRule.Of(Role.Operator)).NeedsIfMatch();
    }

    private static Task<Results<Created<CampaignView>, ProblemHttpResult>> Add(CampaignRequest request, Caller caller, Transactions transactions, IClock clock, HttpContext http) =>
        transactions.Write<Result<CampaignView>>(async db =>
        {
            if (!caller.OperatesEverywhere()) return CampaignRefusals.NotEverywhere;
            var now = clock.GetCurrentInstant();
            if ((await Plan.Of(db, Guid.CreateVersion7(now.ToDateTimeOffset()), request)).Refused(out var refusal, out var plan)) return refusal;
            await CampaignStore.Add(db, plan.Campaign with { CreatedAt = now });
            await plan.Save(db);
            await AuditStore.Append(db, now, caller.Id, "campaign.drafted", $"campaign:{plan.Campaign.Id:D}");
            return await Stored(db, plan.Campaign.Id, caller);
        }).CreatedWithTag(http, campaign => $"/api/v1/campaigns/{campaign.Id:D}", campaign => campaign.Revision);

    private static Task<Results<Ok<CampaignView>, ProblemHttpResult>> Update(
        Guid campaignId, CampaignRequest request, IfMatch match, Caller caller, Transactions transactions, IClock clock, HttpContext http) =>
        transactions.Write<Result<CampaignView>>(async db =>
        {
            if (await CampaignStore.Find(db, campaignId) is not { } known) return CampaignRefusals.NoCampaign;
            if (!caller.OperatesCampaign(campaignId)) return known.State is CampaignStatus.Draft ? CampaignRefusals.NoCampaign : CampaignRefusals.NotYours;
            if (known.State is not CampaignStatus.Draft)
                return Refusal.Conflict("campaign-published", "Мероприятие опубликовано: люди подают заявления на объявленных условиях, и они больше не меняются.");
            if (known.Revision != match.Revision) return ETags.Stale(known.Revision);
            if ((await Plan.Of(db, campaignId, request)).Refused(out var refusal, out var plan)) return refusal;
            if (!await CampaignStore.UpdateDraft(db, plan.Campaign, match.Revision)) return ETags.Stale(known.Revision);
            await plan.Save(db);
            await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "campaign.changed", $"campaign:{campaignId:D}", new { revision = match.Revision + 1 });
            return await Stored(db, campaignId, caller);
        }).OkWithTag(http, campaign => campaign.Revision);

    private static async Task<CampaignView> Stored(Db db, Guid id, Caller caller) => await CampaignView.Read(db, (await CampaignStore.Find(db, id))!, caller);

    /// <summary>A request that was looked through: what it names exists.</summary>
    private sealed record Plan(CampaignRow Campaign, IReadOnlyList<Guid> Sites, IReadOnlyList<PolicyReference> Policies)
    {
        internal static async Task<Result<Plan>> Of(Db db, Guid id, CampaignRequest request)
        {
            if (Check(request) is { } refusal) return refusal;
            if (await FormStore.Find(db, request.FormId) is not { } form)
                return Refusal.Invalid("form-not-found", "Такой формы нет.").With("field", "formId");
            var sites = request.SiteIds.Distinct().ToList();
            foreach (var site in sites)
                if (await SiteStore.Find(db, site) is null)
                    return Refusal.Invalid("site-not-found", $"Площадки {site:D} нет.").With("field", "siteIds");
            if ((await PinnedPolicies.Choose(db, request.Policies ?? [])).Refused(out var unknown, out var policies)) return unknown;
            return new Plan(RowOf(id, request, form), sites, policies);
        }

        internal async Task Save(Db db)
        {
            await CampaignStore.SetSites(db, Campaign.Id, Sites);
            await PolicyStore.Pin(db, Campaign.Id, Policies.Select(policy => (policy.Kind, policy.Code, policy.Version)));
        }

        private static Refusal? Check(CampaignRequest request) =>
            TextRules.Check("title", request.Title, 300) ?? TextRules.Check("audience", request.Audience, 500)
            ?? (request.Programme is null ? null : TextRules.Check("programme", request.Programme, 500))
            ?? (request.TimeLimitMinutes is < 1 or > MaxMinutes
                ? Refusal.Invalid("time-limit-invalid", $"timeLimitMinutes — целое число от 1 до {MaxMinutes}.").With("field", "timeLimitMinutes") : null)
            ?? (request.SiteIds.Count > MaxSites ? Refusal.Invalid("too-many-sites", $"Площадок не больше {MaxSites}.").With("field", "siteIds") : null)
            ?? (request.Windows.Faults().ToList() is { Count: > 0 } faults
                ? Refusal.Invalid("windows-invalid", string.Join(" ", faults)).With("field", "windows").With("faults", faults) : null);

        private static CampaignRow RowOf(Guid id, CampaignRequest request, FormRow form) => new()
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
        };
    }
}
