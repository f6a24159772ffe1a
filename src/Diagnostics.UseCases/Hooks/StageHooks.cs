using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.ComplexProfiles;
using Diagnostics.UseCases.Jobs;
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
        // The Jobs stage does the work of these kinds, which later stages declare.
        services.AddJob<ApprovalJob>();
        services.AddJob<EnrolmentJob>();

        // The People stage calls these for a person's consents, applications and special conditions, which the
        // Campaigns stage stores, for the scans that the Sessions stage stores, and for the statements that the Appeals
        // stage stores.
        services.AddSingleton<RecordConsent>(provider =>
        {
            var to = provider.GetRequiredService<DataOperator>();
            return (db, participantId, kind, given, now) => Consents.Record(db, participantId, kind, given, field: null, to, now);
        });
        services.AddSingleton<PersonLeaves>(ErasedPeople.WithdrawApplications);
        services.AddSingleton<PersonErased>(ErasedPeople.ForgetAccommodations);
        services.AddSingleton<PersonErased>(Scans.AfterErasure);
        services.AddSingleton<PersonErased>(WithdrawAppeal.AfterErasure);

        // The Campaigns stage calls this before publication, because the Marking stage must be able to read the keys of
        // the form.
        services.AddSingleton<PublicationGuard>(UnreadableKeys.GuardPublication);

        // The Campaigns stage calls this before it stores a policy, because the policy may name another document.
        services.AddSingleton<PolicyGuard>(IssueComplexProfile.GuardPolicy);

        // The stages that find something about a person call this when a finding has changed, so that the person's complex
        // profile follows.
        services.AddSingleton<EvidenceChanged>(IssueComplexProfile.AfterEvidence);

        // The Sessions stage calls this before an ended session continues, because its result may already be published.
        services.AddSingleton<ReopenGuard>(FinalProfiles.GuardReopening);

        // The Sessions stage calls this when a session is annulled, because its profile is then no longer valid.
        services.AddSingleton<SessionAnnulled>(provider => provider.GetRequiredService<IssueProfile>().AfterAnnulment);

        // The Sessions stage calls this when an annulment is undone, because the profile is then valid again.
        services.AddSingleton<SessionRestored>(provider => provider.GetRequiredService<IssueProfile>().AfterRestoration);

        // Other stages could be registered here to give the Profiles stage further evidence (FurtherEvidence). At
        // present the test is its only evidence.

        // The Marking stage calls this when a score has changed, so that the profile is updated.
        services.AddSingleton<ScoresChanged>(provider => provider.GetRequiredService<IssueProfile>().AfterScores);

        // The Marking stage calls this when the chair has approved the results, because changes in published results
        // wait for the approval.
        services.AddSingleton<ResultsApproved>(provider => provider.GetRequiredService<FinalProfiles>().FinishHeld);
    }
}
