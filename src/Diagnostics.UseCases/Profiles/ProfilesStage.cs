using Diagnostics.Engine;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.UseCases.Profiles;

internal static class ProfilesStage
{
    internal static void AddProfiles(this IServiceCollection services)
    {
        services.AddScoped<ReadProfiles>();
        services.AddScoped<PreviewKeyDecision>();
        services.AddScoped<PublishResults>();
        services.AddHostedService<PublicationWorker>();
        services.AddSingleton<ScoresChanged>(IssueProfile.AfterScores);
        services.AddSingleton<ReopenGuard>(async (db, sessionId) => await ProfileStore.HasFinal(db, sessionId)
            ? Refusal.Conflict("results-published", "Результат этого сеанса опубликован: продлить его нельзя, остаётся апелляция.")
            : null);
    }

    internal static void MapProfiles(this IEndpointRouteBuilder routes)
    {
        var profiles = routes.MapGroup("/profiles").WithTags("Profiles");
        var reviews = routes.MapGroup("/key-reviews").WithTags("Profiles");
        var people = routes.MapGroup("/people").WithTags("Profiles");
        var sessions = routes.MapGroup("/sessions").WithTags("Profiles");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Profiles");
        ProfileSchema.Map(profiles);
        ReadProfiles.Map(profiles, people, sessions, campaigns);
        PreviewKeyDecision.Map(reviews);
        PublishResults.Map(campaigns);
    }
}
