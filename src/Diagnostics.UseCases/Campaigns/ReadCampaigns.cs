using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>Campaigns for everybody who has a part in them; drafts only for those who make them.</summary>
internal static class ReadCampaigns
{
    private static readonly AccessRule Readers = AccessRule
        .Of(Role.Participant, Role.Operator, Role.SiteHead, Role.Invigilator, Role.Expert, Role.Chair, Role.Methodologist, Role.Auditor, Role.Administrator)
        .Or(Clients.EnrolPeople);

    internal static void Map(IEndpointRouteBuilder campaigns)
    {
        campaigns.MapGet("/", List).WithName("ListCampaigns").WithSummary("Диагностические мероприятия; черновики видит только их оператор").AllowedTo(Readers);
        campaigns.MapGet("/{campaignId:guid}", Read).WithName("GetCampaign").WithSummary("Диагностическое мероприятие").AllowedTo(Readers);
    }

    private static async Task<Results<Ok<Page<CampaignView>>, ProblemHttpResult>> List(Transactions transactions, Caller caller, string? status, Guid? after, int? limit)
    {
        if (status is not null && Codes.Find<CampaignStatus>(status) is null)
            return Problems.From(Refusal.Invalid("unknown-status", $"Состояния «{status}» нет."));
        var own = caller.Grants.Where(grant => grant is { Role: Role.Operator, Scope: GrantScope.Campaign }).Select(grant => grant.ScopeId!).ToList();
        return await transactions.Read(async db =>
        {
            var views = new List<CampaignView>();
            foreach (var row in await CampaignStore.List(db, caller.OperatesEverywhere(), own, status, after, Page<CampaignView>.Take(limit)))
                views.Add(await CampaignView.Read(db, row, caller));
            return TypedResults.Ok(Page<CampaignView>.Of(views, limit, campaign => campaign.Id.ToString("D")));
        });
    }

    private static Task<Results<Ok<CampaignView>, ProblemHttpResult>> Read(Guid campaignId, Caller caller, Transactions transactions, HttpContext http) =>
        transactions.Read<Result<CampaignView>>(async db =>
            await CampaignStore.Find(db, campaignId) is { } row && (row.State is not CampaignStatus.Draft || caller.OperatesCampaign(campaignId))
                ? await CampaignView.Read(db, row, caller)
                : CampaignRefusals.NoCampaign).OkWithTag(http, campaign => campaign.Revision);
}
