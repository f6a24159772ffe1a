using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using Diagnostics.Storage.Feed;
using NodaTime;

namespace Diagnostics.UseCases.Feed;

/// <summary>A reference to a version of a framework.</summary>
/// <param name="Version">Number of the version, from 1.</param>
public sealed record FeedFramework(string Code, int Version);

/// <summary>
/// An event in the form that portals receive: small, with references, and with only the pseudonym of the person.
/// </summary>
/// <param name="Id">A unique id, by which a reader recognises an event that arrives twice.</param>
/// <param name="Type">Type of the event, e.g. <c>profile.issued</c>.</param>
/// <param name="Subject">What the event is about: <c>people/{id}</c> or <c>campaigns/{id}</c>.</param>
/// <param name="At">Time of the event. Events come in the order of the feed, which may differ from the order of these
/// times.</param>
/// <param name="Cursor">The value of <c>after</c> with which to continue after this event.</param>
/// <param name="Version">Version of the profile within its session, or of the text of the consent.</param>
/// <param name="Framework">The framework of the campaign's form.</param>
/// <param name="Href">Address of what to read now; absent when there is nothing left to read.</param>
/// <param name="Profile">The document at <c>href</c>; only for <c>profile.issued</c> with
/// <c>include=profile</c>.</param>
public sealed record FeedEvent(
    Guid Id,
    string Type,
    string Subject,
    Instant At,
    string Cursor,
    Guid? ParticipantId = null,
    Guid? CampaignId = null,
    Guid? SessionId = null,
    Guid? ProfileId = null,
    int? Version = null,
    FeedFramework? Framework = null,
    string? Href = null,
    JsonElement? Profile = null
)
{
    /// <summary>All types, sorted by name.</summary>
    internal static readonly IReadOnlyList<string> Types = Enum.GetValues<EventKind>()
        .Select(TypeOf)
        .Order(StringComparer.Ordinal)
        .ToList();

    internal static string TypeOf(EventKind kind) => Codes.Of(kind).Replace('_', '.');

    internal static EventKind? KindOf(string type) => Codes.Find<EventKind>(type.Replace('.', '_'));

    /// <summary>Position in the feed.</summary>
    internal long Position { get; init; }

    internal static FeedEvent Of(PlacedEvent told, JsonElement? profile = null)
    {
        var head = new FeedEvent(
            told.Id,
            TypeOf(told.Kind),
            told.ParticipantId is { } person ? $"people/{person:D}" : $"campaigns/{told.CampaignId:D}",
            told.At,
            FeedCursor.Of(told).ToString(),
            told.ParticipantId
        )
        {
            Position = told.Position,
        };
        // This event is sent without data, because after a withdrawal nobody outside may have the data.
        if (told.Kind is EventKind.ConsentWithdrawn)
            return head;
        return head with
        {
            CampaignId = told.CampaignId,
            SessionId = told.SessionId,
            ProfileId = told.ProfileId,
            Version = told.Version,
            Framework = told is { FrameworkCode: { } code, FrameworkVersion: { } version } ? new(code, version) : null,
            Href = HrefOf(told),
            Profile = profile,
        };
    }

    private static string HrefOf(PlacedEvent told) =>
        told switch
        {
            { Kind: EventKind.ComplexProfileIssued, ProfileId: { } complex } => $"/api/v1/complex-profiles/{complex:D}",
            { ProfileId: { } profile } => $"/api/v1/profiles/{profile:D}",
            { ParticipantId: { } person } => $"/api/v1/people/{person:D}/profiles",
            _ => $"/api/v1/campaigns/{told.CampaignId:D}",
        };
}

/// <summary>A part of the feed.</summary>
/// <param name="Items">Events in the order of the feed; a client may see an event again, but never misses one.</param>
/// <param name="Next">The value of <c>after</c> for the next request, even when there was nothing new.</param>
/// <param name="More">Whether there is more already, so that the client should ask again immediately.</param>
public sealed record ProfileFeedPage(IReadOnlyList<FeedEvent> Items, string Next, bool More);
