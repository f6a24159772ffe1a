namespace Diagnostics.UseCases.Campaigns;

internal static class CampaignsStage
{
    internal static void AddCampaigns(this IServiceCollection services) => services.AddSingleton<ReadOwnCampaigns>();
}
