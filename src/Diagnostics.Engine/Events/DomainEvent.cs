using NodaTime;

namespace Diagnostics.Engine.Events;

/// <summary>What others may want to hear of: few kinds, each a decision or an end, never an intermediate step.</summary>
public enum EventKind
{
    ApplicationApproved,
    ConsentGiven,
    ConsentWithdrawn,

    /// <summary>By the person or by the clock.</summary>
    SessionFinished,

    /// <summary>Also one that follows an earlier version of the same session: its <see cref="EventSubject.Version"/> is above 1.</summary>
    ProfileIssued,

    /// <summary>A later version of the same session's profile has replaced it; told right before that version.</summary>
    ProfileSuperseded,

    /// <summary>The session was annulled, and with it every version of its profile.</summary>
    ProfileAnnulled,

    /// <summary>Of a campaign; with a session, of one that ended after its campaign was closed.</summary>
    ResultsPublished,
    AppealDecided,

    /// <summary>To another territory; told of the one that is left (<see cref="EventSubject.Territory"/>).</summary>
    PersonMoved,
}

/// <summary>What an event is about, by ids alone: nothing here is lost or wrong when a person is erased.</summary>
public sealed record EventSubject
{
    public Guid? CampaignId { get; init; }
    public Guid? ParticipantId { get; init; }
    public Guid? ApplicationId { get; init; }
    public Guid? SessionId { get; init; }
    public Guid? AppealId { get; init; }
    public Guid? ProfileId { get; init; }

    /// <summary>Which consent was given or withdrawn; a person has several of one kind, and they end together.</summary>
    public string? ConsentKind { get; init; }

    /// <summary>Of the profile, or of the text that was consented to.</summary>
    public int? Version { get; init; }

    /// <summary>
    /// Of the person as it was, where those who are told cannot look it up any more: after a withdrawal the person may be
    /// erased, after a move belongs to others. Null elsewhere.
    /// </summary>
    public string? Territory { get; init; }
}

/// <summary>Something that happened, told once and never changed.</summary>
/// <param name="Id">UUIDv7 of <paramref name="At"/>.</param>
public sealed record DomainEvent(Guid Id, EventKind Kind, Instant At, EventSubject About);
