using NodaTime;

namespace Diagnostics.Storage.Operations;

/// <summary>The clock of the database server, which all nodes that use this server share.</summary>
internal static class DatabaseClock
{
    /// <summary>
    /// How far this node's clock is ahead of the server's; negative when it is behind. The result is the smallest
    /// difference that is consistent with the duration of the round trip, so a slow answer alone never makes a clock
    /// look wrong. Null when the database has no clock of its own.
    /// </summary>
    internal static async Task<Duration?> Difference(Database database, Func<Instant> ours) =>
        database.Dialect.Clock is not { } clock
            ? null
            : await database.Read(async db =>
            {
                var before = ours();
                var theirs = await db.Value<Instant>($"SELECT {clock}");
                return Least(before, theirs, ours());
            });

    /// <summary>
    /// The smallest difference that is possible, given that the server's clock was read at some time between our own
    /// two readings.
    /// </summary>
    internal static Duration Least(Instant before, Instant theirs, Instant after) =>
        theirs < before ? before - theirs
        : theirs > after ? after - theirs
        : Duration.Zero;
}
