using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Sessions;

internal static class SessionsStage
{
    internal static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<Signal<SessionsEnded>>();
        services.AddSingleton<SessionDirectory>();
        services.AddSingleton<RestoredSessions>();
        services.AddSingleton<OpenTest>();
        services.AddSingleton<ExpiryWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ExpiryWorker>());
    }
}
