using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.Audit;

internal static class AuditStage
{
    /// <param name="dataFolder">The folder to which the heads of the audit trail are written.</param>
    internal static void AddAudit(this IServiceCollection services, string dataFolder)
    {
        services.AddSingleton(provider => new AuditAnchors(
            provider.GetRequiredService<Database>(),
            AuditAnchors.FileIn(dataFolder),
            provider.GetRequiredService<IClock>(),
            provider.GetRequiredService<ILogger<AuditAnchors>>()
        ));
        services.AddSingleton<SearchAudit>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditAnchors>());
    }
}
