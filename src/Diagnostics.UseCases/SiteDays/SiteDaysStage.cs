namespace Diagnostics.UseCases.SiteDays;

internal static class SiteDaysStage
{
    internal static void AddSiteDays(this IServiceCollection services)
    {
        services.AddSingleton<OwnSiteDays>();
        services.AddSingleton<LiveBoard>();
    }
}
