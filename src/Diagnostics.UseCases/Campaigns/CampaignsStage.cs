using Diagnostics.UseCases.People;

namespace Diagnostics.UseCases.Campaigns;

internal static class CampaignsStage
{
    internal static void AddCampaigns(this IServiceCollection services)
    {
        services.AddSingleton<ShareProfile>(Consents.ShareProfile);
        services.AddSingleton<PersonLeaves>(ErasedPeople.WithdrawApplications);
    }
}
