using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using NodaTime;

namespace Diagnostics.Storage.Events;

/// <summary>
/// Events for later readers. The transaction that makes a change also appends its event, so that there is no event
/// without its change and no change without its event. A save of a response never appends one. The README of this
/// folder explains the order of reading.
/// </summary>
internal static class EventStore
{
    /// <summary>
    /// Ids follow the times of the events, and numbers follow the order of writing; neither follows the order of
    /// commits. A reader that must miss nothing goes by the position, which <see cref="Place"/> assigns.
    /// </summary>
    internal static Task Append(Db db, Instant at, EventKind kind, EventSubject about)
    {
        var happened = new DomainEvent(Guid.CreateVersion7(at.ToDateTimeOffset()), kind, at, about);
        return db.Execute(
            """
            INSERT INTO events (id, number, kind, at, campaign_id, participant_id, application_id, session_id, appeal_id, profile_id,
                                consent_kind, version, territory)
            VALUES (@Id, NEXT VALUE FOR events_numbers, @kind, @At, @CampaignId, @ParticipantId, @ApplicationId, @SessionId, @AppealId,
                    @ProfileId, @ConsentKind, @Version, @Territory)
            """,
            new
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
                about.Territory,
            }
        );
    }

    /// <summary>Whether a committed event has no position yet.</summary>
    internal static Task<bool> HasUnplaced(Db db) =>
        db.Value<bool>("SELECT CASE WHEN EXISTS (SELECT 1 FROM events WHERE position IS NULL) THEN 1 ELSE 0 END");

    /// <summary>
    /// Assigns the next positions to committed events that have none, in the order in which they were written. Any node
    /// may do this: the row with the last position is locked until this transaction commits
    /// (<see cref="Isolation.Guarded"/>), so positions become visible in order, and a reader that has seen one position
    /// has seen all before it.
    /// </summary>
    /// <returns>Number of events that got a position.</returns>
    internal static async Task<int> Place(Db db, int atMost)
    {
        var last = await LastPosition(db, db.Dialect.Holding);
        var placed = await db.Execute(
            """
            UPDATE events SET position = @last + unplaced.place
            FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY number) AS place
                  FROM (SELECT id, number FROM events WHERE position IS NULL ORDER BY number LIMIT @atMost) AS waiting) AS unplaced
            WHERE events.id = unplaced.id
            """,
            new { last, atMost }
        );
        if (placed > 0)
            await db.Execute("UPDATE event_positions SET last_position = @last + @placed WHERE id = 1", new { last, placed });
        return placed;
    }

    /// <summary>The last position assigned; 0 before the first event.</summary>
    internal static Task<long> LastPosition(Db db) => LastPosition(db, select => select);

    private static Task<long> LastPosition(Db db, Func<string, string> held) =>
        db.Value<long>(held("SELECT last_position FROM event_positions WHERE id = 1"));
}
