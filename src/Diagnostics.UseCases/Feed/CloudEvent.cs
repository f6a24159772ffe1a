using System.Globalization;
using NodaTime;

namespace Diagnostics.UseCases.Feed;

/// <summary>An event in the form of CloudEvents 1.0 (JSON format, section 3).</summary>
/// <param name="Sequence">The position in the feed; as text it sorts in the order of the feed (extension
/// <c>sequence</c>).</param>
/// <param name="Data">The event as the profile feed returns it.</param>
internal sealed record CloudEvent(
    string Specversion,
    Guid Id,
    string Source,
    string Type,
    string Subject,
    Instant Time,
    string Datacontenttype,
    string Sequence,
    FeedEvent Data
)
{
    private const string Feed = "/api/v1/profile-feed";

    internal static CloudEvent Of(FeedEvent told) =>
        new(
            Specversion: "1.0",
            Id: told.Id,
            Source: Feed,
            Type: told.Type,
            Subject: told.Subject,
            Time: told.At,
            Datacontenttype: "application/json",
            Sequence: told.Position.ToString("D19", CultureInfo.InvariantCulture),
            Data: told
        );
}
