using Npgsql;
using NpgsqlTypes;

namespace Diagnostics.Storage.Sessions.Saving;

/// <summary>
/// The save path on PostgreSQL: one message and two statements save the responses of hundreds of people. The rule is
/// that of <see cref="ResponseSaves"/>; the difference is that others write at the same time.
/// </summary>
/// <remarks>
/// Neither statement begins with WITH or reads in RETURNING. Citus renames the tables of a statement to those of its
/// shards, but not in these two places of an INSERT (docs/operations/country.md).
/// </remarks>
internal static class PostgresSaves
{
    // A separate statement, because in READ COMMITTED each statement sees what was committed when it began. Once the
    // rows are held, the next statement sees every earlier save, finish, pause and expiry, and none can intervene until
    // the commit. Sessions are held in the order of ids, so that two batches never wait for each other. A held row is
    // returned as last committed, even after a wait; the answer to a save contains the time left until the deadline.
    internal const string Hold = "SELECT id, deadline FROM sessions WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

    // A save that is not the next revision gives no row. Even without the hold, the primary key would allow a revision
    // only once.
    internal const string Insert = """
        INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at)
        SELECT n.session_id, n.slot, n.base + 1, n.base, n.content, n.saved_at
        FROM unnest($1, $2, $3, $4, $5, $6) AS n (session_id, slot, base, content, cleared, saved_at)
        JOIN sessions AS s ON s.id = n.session_id
        LEFT JOIN LATERAL (
            SELECT l.revision, l.content FROM session_responses AS l
            WHERE l.session_id = n.session_id AND l.slot = n.slot ORDER BY l.revision DESC LIMIT 1) AS b ON TRUE
        WHERE s.state = 'in_progress' AND s.accept_until >= n.saved_at
          AND COALESCE(b.revision, 0) = n.base
          AND (n.content IS NOT NULL OR n.cleared OR b.content IS NULL)
        RETURNING session_id, slot
        """;

    /// <returns>Outcomes in the order of the saves; null for a save that was not taken.</returns>
    internal static async Task<SaveOutcome?[]> Save(Db db, IReadOnlyList<ResponseToSave> saves)
    {
        var waves = new SaveWaves(saves);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Connection);
        var sessions = saves.Select(save => save.SessionId).Distinct().ToList();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Hold) { Parameters = { Array(NpgsqlDbType.Uuid, sessions) } });
        foreach (var wave in waves.All)
            batch.BatchCommands.Add(Command(wave));

        await using var reader = await batch.ExecuteReaderAsync();
        var deadlines = new Dictionary<Guid, object>(sessions.Count);
        while (await reader.ReadAsync())
            deadlines.Add(reader.GetGuid(0), reader[1]);
        for (var wave = 0; wave < waves.Count; wave++)
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                var session = reader.GetGuid(0);
                waves.Taken(wave, session, reader.GetInt32(1), deadlines[session]);
            }
        }
        // Rows arrive before the commit: only the server's final message, that it is ready, shows that they are on
        // disk. Merely closing the reader would hide a fault at that moment.
        if (await reader.NextResultAsync())
            throw new InvalidOperationException("The server answered more than it was asked.");
        return waves.Outcomes;
    }

    private static NpgsqlBatchCommand Command(List<ResponseToSave> wave) =>
        new(Insert)
        {
            Parameters =
            {
                Array(NpgsqlDbType.Uuid, wave.ConvertAll(save => save.SessionId)),
                Array(NpgsqlDbType.Integer, wave.ConvertAll(save => save.Slot)),
                Array(NpgsqlDbType.Integer, wave.ConvertAll(save => save.BaseRevision)),
                Array(NpgsqlDbType.Text, wave.ConvertAll(save => save.Content)),
                Array(NpgsqlDbType.Boolean, wave.ConvertAll(save => save.Cleared)),
                Array(NpgsqlDbType.TimestampTz, wave.ConvertAll(save => save.ReceivedAt.ToDateTimeUtc())),
            },
        };

    private static NpgsqlParameter Array(NpgsqlDbType type, object values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };
}
