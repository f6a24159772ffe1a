using Diagnostics.UseCases.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Marking;

internal static class MarkingStage
{
    internal static void AddMarking(this IServiceCollection services)
    {
        services.AddScoped<ScoreSession>();
        services.AddScoped<RescoreAnswers>();
        services.AddScoped<OwnAssignments>();
        services.AddScoped<ClaimScript>();
        services.AddScoped<HoldAssignment>();
        services.AddScoped<AwardMarks>();
        services.AddScoped<ManageBenchmarks>();
        services.AddScoped<StartTraining>();
        services.AddScoped<ExpertAdmissions>();
        services.AddScoped<FlagScript>();
        services.AddScoped<DecideKey>();
        services.AddScoped<ReadScores>();
        services.AddSingleton<ScoringWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ScoringWorker>());
    }

    internal static void MapMarking(this IEndpointRouteBuilder routes)
    {
        var marking = routes.MapGroup("/marking").WithTags("Marking");
        var reviews = routes.MapGroup("/key-reviews").WithTags("Marking");
        var sessions = routes.MapGroup("/sessions").WithTags("Marking");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Marking");
        ClaimScript.Map(marking);
        HoldAssignment.Map(marking);
        AwardMarks.Map(marking);
        StartTraining.Map(marking);
        ManageBenchmarks.Map(marking);
        ExpertAdmissions.Map(marking);
        ListAlerts.Map(marking);
        FlagScript.Map(marking);
        MarkingProgress.Map(marking);
        MarkingStatistics.Map(marking);
        ApproveMarking.Map(campaigns);
        ListKeyReviews.Map(reviews);
        DecideKey.Map(reviews);
        ReadScores.Map(sessions);
        ScoringFaults.Map(sessions, campaigns);
    }
}
