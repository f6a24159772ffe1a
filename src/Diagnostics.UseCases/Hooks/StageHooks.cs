using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.People;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.UseCases.Hooks;

/// <summary>
/// All places where a later stage takes part in an earlier one: the earlier stage owns the delegate and runs the
/// handlers registered here, in its own transaction.
/// </summary>
internal static class StageHooks
{
    internal static void AddHooks(this IServiceCollection services)
    {
        // People asks for data about a person: consents, applications and special conditions in Campaigns, statements
        // in Appeals.
        services.AddSingleton<ShareProfile>(Consents.ShareProfile);
        services.AddSingleton<PersonLeaves>(ErasedPeople.WithdrawApplications);
        services.AddSingleton<PersonErased>(ErasedPeople.ForgetAccommodations);
        services.AddSingleton<PersonErased>(WithdrawAppeal.AfterErasure);

        // Campaigns calls this before publication: Marking must be able to read the keys of the form.
        services.AddSingleton<PublicationGuard>(UnreadableKeys.GuardPublication);

        // Sessions calls this before an ended session continues: its result may already be published.
        services.AddSingleton<ReopenGuard>(FinalProfiles.GuardReopening);

        // Sessions calls this when a session is annulled: its profile is no longer valid.
        services.AddSingleton<SessionAnnulled>(provider => provider.GetRequiredService<IssueProfile>().AfterAnnulment);

        // Sessions calls this when an annulment is undone: the profile is valid again.
        services.AddSingleton<SessionRestored>(provider => provider.GetRequiredService<IssueProfile>().AfterRestoration);

        // Profiles takes further evidence (FurtherEvidence) from any number of stages registered here; its own evidence
        // is the test.

        // Marking calls this when a score has changed: the profile follows.
        services.AddSingleton<ScoresChanged>(provider => provider.GetRequiredService<IssueProfile>().AfterScores);

        // Marking calls this when the chair has approved: changes in published results were waiting for the approval.
        services.AddSingleton<ResultsApproved>(provider => provider.GetRequiredService<FinalProfiles>().FinishHeld);
    }
}
