using Diagnostics.Engine;
using Diagnostics.Engine.Profiles;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.Server.Pages.Campaigns;

/// <summary>
/// A person's campaigns, each combined from what the application, the session and the results show to this person.
/// </summary>
internal sealed class Journeys(
    ListPersonApplications listApplications,
    ReadOwnCampaigns readCampaigns,
    ListMySessions listSessions,
    ListProfilesOfPerson listProfiles,
    IClock clock
)
{
    internal async Task<Result<IReadOnlyList<JourneyCard.Facts>>> All(Caller caller)
    {
        if (caller.ParticipantId is not { } person)
            return Gate.NotAllowed;
        if ((await listApplications.Run(person, caller)).Refused(out var refusal, out var applications))
            return refusal;
        return await Join(applications, person, caller);
    }

    internal async Task<Result<JourneyCard.Facts>> Of(Guid applicationId, Caller caller)
    {
        if (caller.ParticipantId is not { } person)
            return Gate.NotAllowed;
        if ((await listApplications.Run(person, caller)).Refused(out var refusal, out var applications))
            return refusal;
        var own = applications.Where(application => application.Id == applicationId).ToList();
        if (own.Count == 0)
            return Refusal.NotFound("application-not-found", "Такого заявления нет.");
        return (await Join(own, person, caller)).Map(journeys => journeys[0]);
    }

    /// <summary>The journey of one of the person's own sessions.</summary>
    internal async Task<Result<JourneyCard.Facts>> OfSession(Guid sessionId, Caller caller)
    {
        if (caller.ParticipantId is not { } person)
            return Gate.NotAllowed;
        if ((await listApplications.Run(person, caller)).Refused(out var refusal, out var applications))
            return refusal;
        var own = applications.Where(application => application.SessionId == sessionId).ToList();
        if ((await Join(own, person, caller)).Refused(out var unjoined, out var journeys))
            return unjoined;
        return journeys.FirstOrDefault(journey => journey.Session is not null) is { } found
            ? found
            : Refusal.NotFound("session-not-found", "Такого сеанса нет.");
    }

    private async Task<Result<IReadOnlyList<JourneyCard.Facts>>> Join(
        IReadOnlyList<ApplicationView> applications,
        Guid person,
        Caller caller
    )
    {
        if ((await listSessions.Run(default, caller)).Refused(out var noSessions, out var sessions))
            return noSessions;
        // A person who signed in with a code sees the session, but not its result.
        IReadOnlyList<ProfileSummary> profiles = [];
        if (caller.OnlySession is null)
        {
            if ((await listProfiles.Run(new(person, null, null), caller)).Refused(out var noProfiles, out var page))
                return noProfiles;
            profiles = page.Items;
        }
        var results = profiles
            .Where(profile => profile is { Status: ProfileStatus.Final, IsLatest: true, Annulled: null })
            .ToDictionary(profile => profile.SessionId, profile => profile.Id);
        if ((await readCampaigns.Run(person, caller)).Refused(out var unread, out var campaigns))
            return unread;
        return applications
            .Select(application =>
            {
                var (campaign, hasInstruction) = campaigns[application.CampaignId];
                var session = sessions.FirstOrDefault(mine => mine.Id == application.SessionId);
                return new JourneyCard.Facts(
                    AsSat(campaign, application),
                    application,
                    campaign.Sites.FirstOrDefault(site => site.Id == application.SiteId),
                    session,
                    session is not null && results.TryGetValue(session.Id, out var result) ? result : null,
                    clock.GetCurrentInstant(),
                    hasInstruction
                );
            })
            .ToList();
    }

    /// <summary>
    /// The campaign as this person should see it. If the person has a sitting, the sitting's times replace the
    /// campaign's window.
    /// </summary>
    private static CampaignView AsSat(CampaignView campaign, ApplicationView application) =>
        application.Sitting is { CancelledAt: null } sitting
            ? campaign with
            {
                Windows = campaign.Windows with { SittingFrom = sitting.StartsAt, SittingTo = sitting.EndsAt },
            }
            : campaign;
}
