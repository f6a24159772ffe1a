namespace Diagnostics.UseCases.Profiles;

internal static class ProfilesStage
{
    internal static void AddProfiles(this IServiceCollection services)
    {
        services.AddSingleton<IssueProfile>();
        services.AddSingleton<FinalProfiles>();
        services.AddSingleton<ProposalEffects>();
        services.AddHostedService<PublicationWorker>();
    }
}
