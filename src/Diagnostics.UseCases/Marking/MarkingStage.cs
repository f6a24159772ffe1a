namespace Diagnostics.UseCases.Marking;

internal static class MarkingStage
{
    internal static void AddMarking(this IServiceCollection services)
    {
        services.AddSingleton<SessionScoring>();
        services.AddSingleton<RescoreAnswers>();
        services.AddSingleton<OwnAssignments>();
        services.AddSingleton<GiveMarks>();
        services.AddSingleton<ListToldFlags>();
        services.AddSingleton<MarkingDetails>();
        services.AddSingleton<ListAnswerGroups>();
        services.AddSingleton<HeldMarksWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<HeldMarksWorker>());
        services.AddSingleton<ScoringWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ScoringWorker>());
    }
}
