using NodaTime;

namespace Diagnostics.Engine.Events;

/// <summary>What somebody outside may want to hear of: few, and each a decision or an end, never a step on the way.</summary>
public enum EventKind
{
    ApplicationApproved,
    ConsentGiven,
    ConsentWithdrawn,

    /// <summary>By the person or by the clock.</summary>
    SessionFinished,

    /// <summary>Also one that follows an earlier version of the same session: its <see cref="EventSubject.Version"/> is above 1.</summary>
    ProfileIssued,

    /// <summary>Of a campaign; with a session, of one that ended after its campaign was closed.</summary>
    ResultsPublished,
    AppealDecided,
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
}

/// <summary>Something that happened, told once and never changed.</summary>
/// <param name="Id">UUIDv7 of <paramref name="At"/>.</param>
public sealed record DomainEvent(Guid Id, EventKind Kind, Instant At, EventSubject About);
