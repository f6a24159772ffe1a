namespace Diagnostics.UseCases.Appeals;

internal static class AppealsStage
{
    internal static void AddAppeals(this IServiceCollection services) => services.AddSingleton<CommissionCases>();
}
