using Npgsql;
using NpgsqlTypes;

namespace Diagnostics.Storage.Sessions.Saving;

/// <summary>
/// The save path on a server with many writers: one statement saves the responses of hundreds of people. The rule is
/// that of <see cref="ResponseSaves"/>; the difference is that others write at the same time.
/// </summary>
internal static class PostgresSaves
{
    // For this transaction, use one plan for batches of every size, because planning takes the server half as long as
    // the batch. Exclude plans that read whole tables: the server would choose one on the morning of an exam, while the
    // tables are empty.
    private const string Plan =
        "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)";

    // Sessions are locked in the order of ids, so that two batches never wait for each other. The statement sees a
    // locked session as last committed, even after a wait, and until the commit no finish, pause or expiry can
    // intervene. It sees the last revision as it was when the statement began; a save that is not the next revision
    // gives no row. If another transaction has used the next revision since, the primary key refuses the statement,
    // which then starts again (PostgresBackend.AtOnce).
    private const string Insert = """
        WITH held AS MATERIALIZED (SELECT id, state, deadline, accept_until FROM sessions WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE),
        taken AS (
            INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at)
            SELECT n.session_id, n.slot, n.base + 1, n.base, n.content, n.saved_at
            FROM unnest($1, $2, $3, $4, $5, $6) AS n (session_id, slot, base, content, cleared, saved_at)
            JOIN held AS s ON s.id = n.session_id
            LEFT JOIN LATERAL (
                SELECT l.revision, l.content FROM session_responses AS l
                WHERE l.session_id = n.session_id AND l.slot = n.slot ORDER BY l.revision DESC LIMIT 1) AS b ON TRUE
            WHERE s.state = 'in_progress' AND s.accept_until >= n.saved_at
              AND COALESCE(b.revision, 0) = n.base
              AND (n.content IS NOT NULL OR n.cleared OR b.content IS NULL)
            RETURNING session_id, slot)
        SELECT t.session_id, t.slot, h.deadline FROM taken AS t JOIN held AS h ON h.id = t.session_id
        """;

    /// <returns>Outcomes in the order of the saves; null for a save that was not taken.</returns>
    internal static async Task<SaveOutcome?[]> Save(Db db, IReadOnlyList<ResponseToSave> saves)
    {
        var waves = new SaveWaves(saves);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Plan));
        foreach (var wave in waves.All)
            batch.BatchCommands.Add(Command(wave));

        await using var reader = await batch.ExecuteReaderAsync();
        for (var wave = 0; wave < waves.Count; wave++)
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
                waves.Taken(wave, reader.GetGuid(0), reader.GetInt32(1), reader[2]);
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
