using NodaTime;

namespace Diagnostics.Storage.Sessions;

internal sealed record ScanRow
{
    public Guid SessionId { get; init; }
    public int Slot { get; init; }
    public int Number { get; init; }
    public string MediaType { get; init; } = "";
    public int Size { get; init; }
    public Instant AddedAt { get; init; }
    public Guid AddedBy { get; init; }
    public Instant? WithdrawnAt { get; init; }
}

/// <summary>
/// Scans of open answers on paper; a separate table holds the bytes, which are read one scan at a time.
/// </summary>
internal static class ScanStore
{
    private const string Scans = """
        SELECT s.session_id, s.slot, s.number, s.media_type, s.size, s.added_at, s.added_by, w.withdrawn_at
        FROM paper_scans AS s
        LEFT JOIN paper_scan_withdrawals AS w ON w.session_id = s.session_id AND w.slot = s.slot AND w.number = s.number
        """;

    /// <summary>All scans of a session, those taken back included, in the order of slots and numbers.</summary>
    internal static Task<IReadOnlyList<ScanRow>> Of(Db db, Guid sessionId) =>
        db.Query<ScanRow>($"{Scans} WHERE s.session_id = @sessionId ORDER BY s.slot, s.number", new { sessionId });

    /// <summary>Null when there is none, and for one taken back.</summary>
    internal static Task<ScanRow?> Find(Db db, Guid sessionId, int slot, int number) =>
        db.Find<ScanRow>(
            $"{Scans} WHERE s.session_id = @sessionId AND s.slot = @slot AND s.number = @number AND w.session_id IS NULL",
            new
            {
                sessionId,
                slot,
                number,
            }
        );

    /// <summary>Null when the person has been erased.</summary>
    internal static async Task<byte[]?> Content(Db db, ScanRow scan) =>
        (
            await db.Query<byte[]>(
                "SELECT content FROM paper_scan_contents WHERE session_id = @SessionId AND slot = @Slot AND number = @Number",
                new
                {
                    scan.SessionId,
                    scan.Slot,
                    scan.Number,
                }
            )
        ).SingleOrDefault();

    internal static async Task Add(Db db, ScanRow scan, byte[] content)
    {
        await db.Execute(
            """
            INSERT INTO paper_scans (session_id, slot, number, media_type, size, added_at, added_by)
            VALUES (@SessionId, @Slot, @Number, @MediaType, @Size, @AddedAt, @AddedBy)
            """,
            scan
        );
        await db.Execute(
            """
            INSERT INTO paper_scan_contents (session_id, slot, number, content) VALUES (@SessionId, @Slot, @Number, @content)
            """,
            new
            {
                scan.SessionId,
                scan.Slot,
                scan.Number,
                content,
            }
        );
    }

    internal static Task Withdraw(Db db, ScanRow scan, Instant at, Guid by) =>
        db.Execute(
            """
            INSERT INTO paper_scan_withdrawals (session_id, slot, number, withdrawn_at, withdrawn_by)
            VALUES (@SessionId, @Slot, @Number, @at, @by)
            """,
            new
            {
                scan.SessionId,
                scan.Slot,
                scan.Number,
                at,
                by,
            }
        );

    /// <summary>Erases what a person's scans show, when the person is erased.</summary>
    internal static Task Erase(Db db, Guid participantId) =>
        db.Execute(
            """
            DELETE FROM paper_scan_contents WHERE session_id IN (SELECT id FROM sessions WHERE participant_id = @participantId)
            """,
            new { participantId }
        );
}
