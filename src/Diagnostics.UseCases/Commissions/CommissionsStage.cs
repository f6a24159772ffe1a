using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
namespace Diagnostics.UseCases.Commissions;

internal static class CommissionsStage
{
    internal static void MapCommissions(this IEndpointRouteBuilder routes)
    {
        var commissions = routes.MapGroup("/commissions").WithTags("Commissions");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Commissions");
        MakeCommission.Map(commissions);
        AppointMembers.Map(commissions);
        DeclareConflicts.Map(commissions);
        ReadCommissions.Map(commissions, campaigns);
    }
}
