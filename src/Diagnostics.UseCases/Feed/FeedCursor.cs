using System.Globalization;
using Diagnostics.Storage;
using Diagnostics.Storage.Feed;

namespace Diagnostics.UseCases.Feed;

/// <summary>
/// How far a reader has read: a position, and a mark of the event at that position. A database that has been restored
/// from a backup gives the positions used since the backup to other events. The mark reveals this: the reader is then
/// asked to start again, and does not silently miss those events.
/// </summary>
/// <param name="Mark">Null before the first event, and in old cursors, which have no marks and are accepted
/// unchecked.</param>
internal readonly record struct FeedCursor(long Position, string? Mark = null)
{
    private const int MarkLength = 12;

    internal static FeedCursor Of(PlacedEvent told) => new(told.Position, MarkOf(told.Id));

    /// <summary>The cursor of the event that now has this position.</summary>
    internal static async Task<FeedCursor> At(Db db, long position) =>
        new(position, await FeedStore.EventAt(db, position) is { } id ? MarkOf(id) : null);

    internal static FeedCursor? Find(string text)
    {
        var parts = text.Split('-');
        return parts.Length <= 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new(position, parts.ElementAtOrDefault(1))
            : null;
    }

    /// <summary>Whether the event for which this cursor was given still has this position.</summary>
    internal async Task<bool> Holds(Db db) => Mark is null || Mark == (await At(db, Position)).Mark;

    public override string ToString() =>
        Mark is null ? Position.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Position}-{Mark}");

    // Use the end of the UUIDv7, which is random; its beginning is the time.
    private static string MarkOf(Guid id) => id.ToString("N")[^MarkLength..];
}
