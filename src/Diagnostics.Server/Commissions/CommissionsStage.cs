namespace Diagnostics.Server.Commissions;

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
