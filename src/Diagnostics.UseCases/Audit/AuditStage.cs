using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
namespace Diagnostics.UseCases.Audit;

internal static class AuditStage
{
    internal static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditAnchors>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditAnchors>());
    }

    internal static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/audit").WithTags("Audit");
        ListAudit.Map(audit);
        VerifyAudit.Map(audit);
    }
}
