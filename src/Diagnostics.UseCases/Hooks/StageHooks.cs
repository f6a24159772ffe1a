using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.People;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.UseCases.Hooks;

/// <summary>
/// Where a later stage has a word in an earlier one, all of it: the earlier stage owns the delegate and runs whoever is
/// registered here, in its own transaction.
/// </summary>
internal static class StageHooks
{
    internal static void AddHooks(this IServiceCollection services)
    {
        // People, of what stands on a person: consents, applications and their special conditions in Campaigns, statements in Appeals.
        services.AddSingleton<ShareProfile>(Consents.ShareProfile);
        services.AddSingleton<PersonLeaves>(ErasedPeople.WithdrawApplications);
        services.AddSingleton<PersonErased>(ErasedPeople.ForgetAccommodations);
        services.AddSingleton<PersonErased>(WithdrawAppeal.AfterErasure);

        // Campaigns, before one is published: Marking has to read the keys of its form.
        services.AddSingleton<PublicationGuard>(UnreadableKeys.GuardPublication);

        // Sessions, before one that has ended goes on: its result may be published.
        services.AddSingleton<ReopenGuard>(FinalProfiles.GuardReopening);

        // Sessions, when one is annulled: its profile does not stand any more.
        services.AddSingleton<SessionAnnulled>(provider => provider.GetRequiredService<IssueProfile>().AfterAnnulment);

        // Sessions, when an annulment is taken back: its profile stands again.
        services.AddSingleton<SessionRestored>(provider => provider.GetRequiredService<IssueProfile>().AfterRestoration);

        // Profiles takes evidence of other stages (FurtherEvidence), as many as are registered here; the test is its own.

        // Marking, when a score has changed: the profile follows.
        services.AddSingleton<ScoresChanged>(provider => provider.GetRequiredService<IssueProfile>().AfterScores);

        // Marking, when the chair has approved: what has changed in published results was waiting for it.
        services.AddSingleton<ResultsApproved>(provider => provider.GetRequiredService<FinalProfiles>().FinishHeld);
    }
}
