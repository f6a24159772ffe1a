using System.Data;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.SqlClient;
using NodaTime.Text;

namespace Diagnostics.Storage.Sessions.Saving;

/// <summary>
/// The save path on SQL Server: one round trip and two statements save the responses of hundreds of people. The rule is
/// the one described in <see cref="ResponseSaves"/>; the difference is that others write at the same time.
/// </summary>
internal static class SqlServerSaves
{
    // The rows are locked by a separate statement, because in READ COMMITTED with row versions each statement sees what
    // was committed when it began. Once the rows are locked, the next statement sees every earlier save, finish, pause
    // and expiry, and none can follow until the commit. Rows are sought one by one in the order of ids, so that two
    // batches hardly ever deadlock. The server guarantees no order of locks, so a deadlock is still possible. If one
    // occurs, the server rolls back a batch, and its saves are then written one by one. The deadline is returned too,
    // because the answer to a save contains the time left.
    internal const string Hold = """
        SELECT s.id, s.deadline
        FROM OPENJSON(@sessions) WITH (id char(32) '$') AS n
        INNER LOOP JOIN sessions AS s WITH (UPDLOCK, ROWLOCK, FORCESEEK) ON s.id = CONVERT(binary(16), n.id, 2)
        OPTION (FORCE ORDER, MAXDOP 1);
        """;

    // A save whose base revision is missing inserts no row, and neither does a save whose revision already exists. Even
    // without the lock, the primary key would allow a revision only once. The table has triggers only for updates and
    // deletes, so OUTPUT is allowed.
    private const string InsertWave = """
        INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at)
        OUTPUT inserted.session_id, inserted.slot
        SELECT s.id, n.slot, n.base + 1, n.base, n.content, n.saved_at
        FROM OPENJSON(@wave) WITH (session char(32), slot int, base int, content nvarchar(max), cleared bit, saved_at datetime2(6)) AS n
        JOIN sessions AS s ON s.id = CONVERT(binary(16), n.session, 2)
        WHERE s.state = 'in_progress' AND s.accept_until >= n.saved_at
          AND (n.base = 0 OR EXISTS (
                SELECT 1 FROM session_responses AS b
                WHERE b.session_id = s.id AND b.slot = n.slot AND b.revision = n.base
                  AND (n.content IS NOT NULL OR n.cleared = 1 OR b.content IS NULL)))
          AND NOT EXISTS (
                SELECT 1 FROM session_responses AS t
                WHERE t.session_id = s.id AND t.slot = n.slot AND t.revision = n.base + 1);
        """;

    // This JSON is never part of a page, so only the characters that JSON requires are escaped: with more escapes, each
    // Russian letter would take six characters.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly LocalDateTimePattern Moment = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.ffffff");

    internal static string Insert(int wave) => InsertWave.Replace("@wave", ParameterOf(wave), StringComparison.Ordinal);

    /// <returns>Outcomes in the order of the saves; null for a save that was not accepted.</returns>
    internal static async Task<SaveOutcome?[]> Save(Db db, IReadOnlyList<ResponseToSave> saves)
    {
        var waves = new SaveWaves(saves);
        await using var command = db.Connection.CreateCommand();
        command.CommandText = string.Join('\n', Enumerable.Range(0, waves.Count).Select(Insert).Prepend(Hold));
        command.Parameters.Add(
            Text(
                "@sessions",
                Json(writer =>
                {
                    foreach (var id in saves.Select(save => HexOf(save.SessionId)).Distinct().Order(StringComparer.Ordinal))
                        writer.WriteStringValue(id);
                })
            )
        );
        foreach (var (place, wave) in waves.All.Index())
            command.Parameters.Add(Text(ParameterOf(place), Json(writer => Write(writer, wave))));

        await using var reader = await command.ExecuteReaderAsync();
        var deadlines = new Dictionary<Guid, object>();
        while (await reader.ReadAsync())
            deadlines.Add(StoredForms.IdOf((byte[])reader[0]), reader[1]);
        for (var wave = 0; wave < waves.Count; wave++)
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                var session = StoredForms.IdOf((byte[])reader[0]);
                waves.Taken(wave, session, reader.GetInt32(1), deadlines[session]);
            }
        }
        return waves.Outcomes;
    }

    private static string ParameterOf(int wave) => string.Create(CultureInfo.InvariantCulture, $"@wave{wave}");

    private static string HexOf(Guid id) => Convert.ToHexString(StoredForms.Bytes(id));

    private static void Write(Utf8JsonWriter writer, List<ResponseToSave> wave)
    {
        foreach (var save in wave)
        {
            writer.WriteStartObject();
            writer.WriteString("session", HexOf(save.SessionId));
            writer.WriteNumber("slot", save.Slot);
            writer.WriteNumber("base", save.BaseRevision);
            writer.WriteString("content", save.Content);
            writer.WriteBoolean("cleared", save.Cleared);
            writer.WriteString("saved_at", Moment.Format(save.ReceivedAt.InUtc().LocalDateTime));
            writer.WriteEndObject();
        }
    }

    private static string Json(Action<Utf8JsonWriter> items)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain))
        {
            writer.WriteStartArray();
            items(writer);
            writer.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    // Declares the maximum length, so that the server uses the same query plan for texts of any length.
    private static SqlParameter Text(string name, string value) => new(name, SqlDbType.NVarChar, -1) { Value = value };
}
