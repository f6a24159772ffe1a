using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.People;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.UseCases.Hooks;

/// <summary>
/// Registers what a later stage does within an earlier one. The earlier stage defines the delegate and runs the
/// handlers registered here, in its own transaction.
/// </summary>
internal static class StageHooks
{
    internal static void AddHooks(this IServiceCollection services)
    {
        // People calls these about a person's consents, applications and special conditions, which Campaigns stores,
        // and statements, which Appeals stores.
        services.AddSingleton<ShareProfile>(Consents.ShareProfile);
        services.AddSingleton<PersonLeaves>(ErasedPeople.WithdrawApplications);
        services.AddSingleton<PersonErased>(ErasedPeople.ForgetAccommodations);
        services.AddSingleton<PersonErased>(WithdrawAppeal.AfterErasure);

        // Campaigns calls this before publication, because Marking must be able to read the keys of the form.
        services.AddSingleton<PublicationGuard>(UnreadableKeys.GuardPublication);

        // Sessions calls this before an ended session continues, because its result may already be published.
        services.AddSingleton<ReopenGuard>(FinalProfiles.GuardReopening);

        // Sessions calls this when a session is annulled, because its profile is then no longer valid.
        services.AddSingleton<SessionAnnulled>(provider => provider.GetRequiredService<IssueProfile>().AfterAnnulment);

        // Sessions calls this when an annulment is undone, because the profile is then valid again.
        services.AddSingleton<SessionRestored>(provider => provider.GetRequiredService<IssueProfile>().AfterRestoration);

        // Other stages could be registered here to give Profiles further evidence (FurtherEvidence); its own evidence
        // is the test.

        // Marking calls this when a score has changed, so that the profile follows.
        services.AddSingleton<ScoresChanged>(provider => provider.GetRequiredService<IssueProfile>().AfterScores);

        // Marking calls this when the chair has approved the results, because changes in published results wait for the
        // approval.
        services.AddSingleton<ResultsApproved>(provider => provider.GetRequiredService<FinalProfiles>().FinishHeld);
    }
}
