using NodaTime;

namespace Diagnostics.Engine.Events;

/// <summary>
/// Events for other systems. There are few kinds: each reports a decision or the end of something, never an
/// intermediate step.
/// </summary>
public enum EventKind
{
    ApplicationApproved,
    ConsentGiven,
    ConsentWithdrawn,

    /// <summary>The person finished the session, or its time ran out.</summary>
    SessionFinished,

    /// <summary>
    /// A session's profile was issued, in its first version or in a later one; for a later one,
    /// <see cref="EventSubject.Version"/> is above 1.
    /// </summary>
    ProfileIssued,

    /// <summary>
    /// A later version of the session's profile has replaced this one; sent immediately before the event of the later
    /// version.
    /// </summary>
    ProfileSuperseded,

    /// <summary>The session was annulled, and with it every version of its profile.</summary>
    ProfileAnnulled,

    /// <summary>
    /// A campaign's results were published. If the event names a session, only the results of that session were
    /// published, because it ended after its campaign was closed.
    /// </summary>
    ResultsPublished,
    AppealDecided,

    /// <summary>
    /// The person has moved to another territory; the event goes to the former one
    /// (<see cref="EventSubject.Territory"/>).
    /// </summary>
    PersonMoved,

    /// <summary>An operator has corrected the person's data, as the person had asked.</summary>
    PersonCorrected,

    /// <summary>A version of the person's complex profile was issued; <see cref="EventSubject.ProfileId"/> is its id.</summary>
    ComplexProfileIssued,
}

/// <summary>
/// The subject of an event. It contains only ids, so nothing in it has to change when a person's data are erased or
/// corrected.
/// </summary>
public sealed record EventSubject
{
    public Guid? CampaignId { get; init; }
    public Guid? ParticipantId { get; init; }
    public Guid? ApplicationId { get; init; }
    public Guid? SessionId { get; init; }
    public Guid? AppealId { get; init; }
    public Guid? ProfileId { get; init; }

    /// <summary>
    /// Kind of the consent given or withdrawn; a person may have given several consents of the same kind, and
    /// withdrawing ends them all.
    /// </summary>
    public string? ConsentKind { get; init; }

    /// <summary>Version of the profile, or of the text of the consent.</summary>
    public int? Version { get; init; }

    /// <summary>
    /// The person's territory at the time of the event; null unless recipients can no longer look it up. After a
    /// withdrawal the person may be erased, and after a move the person belongs to another territory.
    /// </summary>
    public string? Territory { get; init; }
}

/// <summary>Something that happened; it is recorded once and never changes.</summary>
/// <param name="Id">A UUIDv7 that contains the time <paramref name="At"/>.</param>
public sealed record DomainEvent(Guid Id, EventKind Kind, Instant At, EventSubject About);
