using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
namespace Diagnostics.UseCases.Campaigns;

internal static class CampaignsStage
{
    internal static void AddCampaigns(this IServiceCollection services) => services.AddScoped<ApproveApplications>();

    internal static void MapCampaigns(this IEndpointRouteBuilder routes)
    {
        var campaigns = routes.MapGroup("/campaigns").WithTags("Campaigns");
        var applications = routes.MapGroup("/applications").WithTags("Campaigns");
        var people = routes.MapGroup("/people").WithTags("Campaigns");
        ManagePolicies.Map(routes);
        ManageSites.Map(routes);
        ReadCampaigns.Map(campaigns);
        DraftCampaign.Map(campaigns);
        PublishCampaign.Map(campaigns);
        FileApplication.Map(campaigns);
        ReadApplications.Map(campaigns, applications, people);
        ApproveApplications.Map(campaigns, applications);
        RejectApplication.Map(applications);
        WithdrawApplication.Map(applications);
    }
}
