namespace Diagnostics.UseCases.Campaigns;

internal static class CampaignsStage
{
    internal static void AddCampaigns(this IServiceCollection services, DataOperator dataOperator)
    {
        services.AddSingleton(dataOperator);
        services.AddSingleton<ReadOwnCampaigns>();
        services.AddSingleton<ReadConsentTexts>();
    }
}
