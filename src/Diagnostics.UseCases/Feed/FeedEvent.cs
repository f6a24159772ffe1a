using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using Diagnostics.Storage.Feed;
using NodaTime;

namespace Diagnostics.UseCases.Feed;

/// <summary>A version of a framework, by name.</summary>
/// <param name="Version">From 1.</param>
public sealed record FeedFramework(string Code, int Version);

/// <summary>Something that happened, as it is told to portals: small, by reference, nothing of the person but the pseudonym.</summary>
/// <param name="Id">Unique: what came twice is known by it.</param>
/// <param name="Type">E.g. <c>profile.issued</c>.</param>
/// <param name="Subject">What it is about: <c>people/{id}</c> or <c>campaigns/{id}</c>.</param>
/// <param name="At">When; the order is that of the feed and not of this.</param>
/// <param name="Cursor">Pass it as <c>after</c> to go on behind this event.</param>
/// <param name="Version">Of the profile within its session, or of the text that was consented to.</param>
/// <param name="Framework">Whose blocks and competencies the campaign diagnoses.</param>
/// <param name="Href">What to read now; absent where there is nothing to read any more.</param>
/// <param name="Profile">Of <c>profile.issued</c> with <c>include=profile</c>: the document that stands at <c>href</c>.</param>
public sealed record FeedEvent(
    Guid Id, string Type, string Subject, Instant At, string Cursor, Guid? ParticipantId = null, Guid? CampaignId = null,
    Guid? SessionId = null, Guid? ProfileId = null, int? Version = null, FeedFramework? Framework = null, string? Href = null,
    JsonElement? Profile = null)
{
    /// <summary>Every type, in the order of their names.</summary>
    internal static readonly IReadOnlyList<string> Types =
        Enum.GetValues<EventKind>().Select(TypeOf).Order(StringComparer.Ordinal).ToList();

    internal static string TypeOf(EventKind kind) => Codes.Of(kind).Replace('_', '.');

    internal static EventKind? KindOf(string type) => Codes.Find<EventKind>(type.Replace('.', '_'));

    /// <summary>In the order of the feed.</summary>
    internal long Position { get; init; }

    internal static FeedEvent Of(PlacedEvent told, JsonElement? profile = null)
    {
        var head = new FeedEvent(
            told.Id, TypeOf(told.Kind),
            told.ParticipantId is { } person ? $"people/{person:D}" : $"campaigns/{told.CampaignId:D}",
            told.At, FeedCursor.Of(told).ToString(), told.ParticipantId) { Position = told.Position };
        // Without data: what the consent was for is nobody's any more.
        if (told.Kind is EventKind.ConsentWithdrawn) return head;
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

    private static string HrefOf(PlacedEvent told) => told switch
    {
        { ProfileId: { } profile } => $"/api/v1/profiles/{profile:D}",
        { ParticipantId: { } person } => $"/api/v1/people/{person:D}/profiles",
        _ => $"/api/v1/campaigns/{told.CampaignId:D}",
    };
}

/// <summary>A part of the feed.</summary>
/// <param name="Items">In order; what a client has seen may come again, nothing is ever left out.</param>
/// <param name="Next">Pass it as <c>after</c> next time, also when nothing came.</param>
/// <param name="More">There is more already: ask again at once.</param>
public sealed record ProfileFeedPage(IReadOnlyList<FeedEvent> Items, string Next, bool More);
