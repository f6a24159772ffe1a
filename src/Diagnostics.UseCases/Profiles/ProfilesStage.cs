using Diagnostics.Engine;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.UseCases.Profiles;

internal static class ProfilesStage
{
    internal static void AddProfiles(this IServiceCollection services)
    {
        services.AddSingleton<FinalProfiles>();
        services.AddHostedService<PublicationWorker>();
        services.AddSingleton<ScoresChanged>(IssueProfile.AfterScores);
        services.AddSingleton<ReopenGuard>(async (db, sessionId) => await ProfileStore.HasFinal(db, sessionId)
            ? Refusal.Conflict("results-published", "Результат этого сеанса опубликован: продлить его нельзя, остаётся апелляция.")
            : null);
    }
}
