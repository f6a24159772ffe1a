using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using NodaTime;

namespace Diagnostics.Storage.Events;

/// <summary>
/// Events, stored for those who read them later. The transaction that makes a change also appends its event, so that
/// there is no event without its change and no change without its event. A save of a response never appends an event.
/// The README of this folder explains the order in which events are read.
/// </summary>
internal static class EventStore
{
    /// <summary>
    /// Sorted by id, events are in the order of their times; sorted by number, in the order of writing. Neither is the
    /// order of commits. A reader that must not miss an event reads by position, and <see cref="Place"/> assigns the
    /// positions.
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
    /// Assigns the next positions to committed events that have no position, in the order in which the events were
    /// written. Any node may do this: the row with the last position is locked until this transaction commits
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
