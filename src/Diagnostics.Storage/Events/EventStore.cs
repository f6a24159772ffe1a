using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using NodaTime;

namespace Diagnostics.Storage.Events;

/// <summary>
/// What happened, for those who are told of it later: appended in the transaction that makes it, so that there is no event
/// without its change and no change without its event. Never in a save of a response.
/// </summary>
internal static class EventStore
{
    /// <summary>
    /// The id follows the moment, not the commit: of two transactions the one that began earlier may commit later. A reader
    /// that must miss nothing cannot go by the last id it has seen.
    /// </summary>
    internal static Task Append(Db db, Instant at, EventKind kind, EventSubject about)
    {
        var happened = new DomainEvent(Guid.CreateVersion7(at.ToDateTimeOffset()), kind, at, about);
        return db.Execute("""
            INSERT INTO events (id, kind, at, campaign_id, participant_id, application_id, session_id, appeal_id, profile_id,
                                consent_kind, version)
            VALUES (@Id, @kind, @At, @CampaignId, @ParticipantId, @ApplicationId, @SessionId, @AppealId, @ProfileId,
                    @ConsentKind, @Version)
            """, new
        {
            happened.Id,
            kind = Codes.Of(happened.Kind),
            happened.At,
            about.CampaignId,
            about.ParticipantId,
            about.ApplicationId,
            about.SessionId,
            about.AppealId,
            about.ProfileId,
            about.ConsentKind,
            about.Version,
        });
    }
}
