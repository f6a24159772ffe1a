using NodaTime;

namespace Diagnostics.Storage.Operations;

/// <summary>The clock that all nodes on one server share: the server's.</summary>
internal static class DatabaseClock
{
    /// <summary>
    /// How far our clock is ahead of the server's, negative when it is behind; as little as the way there and back allows, so
    /// that a slow answer proves nothing. Null where the database has no clock of its own.
    /// </summary>
    internal static async Task<Duration?> Difference(Database database, Func<Instant> ours) => database.Dialect.Clock is not { } clock
        ? null
        : await database.Read(async db =>
        {
            var before = ours();
            var theirs = await db.Value<Instant>($"SELECT {clock}");
            return Least(before, theirs, ours());
        });

    /// <summary>Theirs was read at some moment between ours before and after.</summary>
    internal static Duration Least(Instant before, Instant theirs, Instant after) =>
        theirs < before ? before - theirs
        : theirs > after ? after - theirs
        : Duration.Zero;
}
