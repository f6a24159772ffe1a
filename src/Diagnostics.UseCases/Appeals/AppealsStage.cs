using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.People;

namespace Diagnostics.UseCases.Appeals;

internal static class AppealsStage
{
    internal static void AddAppeals(this IServiceCollection services)
    {
        services.AddScoped<FileAppeal>();
        services.AddScoped<ReadAppealable>();
        services.AddScoped<ViewWork>();
        services.AddScoped<ProposeDecision>();
        services.AddScoped<DecideAppeal>();
        services.AddSingleton<PersonErased>(WithdrawAppeal.AfterErasure);
    }

    internal static void MapAppeals(this IEndpointRouteBuilder routes)
    {
        var appeals = routes.MapGroup("/appeals").WithTags("Appeals");
        var sessions = routes.MapGroup("/sessions").WithTags("Appeals");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Appeals");
        ReadAppealable.Map(sessions);
        FileAppeal.Map(appeals);
        WithdrawAppeal.Map(appeals);
        ReadAppeals.Map(appeals, campaigns);
        ReadProceedings.Map(appeals);
        AdmitAppeal.Map(appeals);
        ViewWork.Map(appeals);
        RecuseMember.Map(appeals);
        ProposeDecision.Map(appeals);
        CastVote.Map(appeals);
        DecideAppeal.Map(appeals);
    }
}
