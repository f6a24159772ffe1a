using Diagnostics.Engine.Appeals;
using NodaTime;

namespace Diagnostics.Storage.Appeals;

internal sealed record AttachmentRow
{
    public Guid AppealId { get; init; }
    public int Number { get; init; }
    public string Name { get; init; } = "";
    public string MediaType { get; init; } = "";
    public int Size { get; init; }
    public Instant AddedAt { get; init; }
    public string AddedBy { get; init; } = "";
}

/// <summary>
/// Files that people add to their appeals; a separate table holds the bytes, which are read one file at a time.
/// </summary>
internal static class AttachmentStore
{
    private const string Columns = "appeal_id, number, name, media_type, size, added_at, added_by";

    internal static Task<IReadOnlyList<AttachmentRow>> Of(Db db, Guid appealId) =>
        db.Query<AttachmentRow>($"SELECT {Columns} FROM appeal_attachments WHERE appeal_id = @appealId ORDER BY number", new { appealId });

    internal static Task<AttachmentRow?> Find(Db db, Guid appealId, int number) =>
        db.Find<AttachmentRow>(
            $"SELECT {Columns} FROM appeal_attachments WHERE appeal_id = @appealId AND number = @number",
            new { appealId, number }
        );

    internal static Task<byte[]> Content(Db db, Guid appealId, int number) =>
        db.Value<byte[]>(
            "SELECT content FROM appeal_attachment_contents WHERE appeal_id = @appealId AND number = @number",
            new { appealId, number }
        );

    /// <summary>
    /// Returns false when the appeal is closed, or when another file of the appeal already has this number.
    /// </summary>
    internal static async Task<bool> Add(Db db, AttachmentRow attachment, byte[] content)
    {
        if (
            await db.Execute(
                """
                INSERT INTO appeal_attachments (appeal_id, number, name, media_type, size, added_at, added_by)
                SELECT @AppealId, @Number, @Name, @MediaType, @Size, @AddedAt, @AddedBy
                WHERE EXISTS (SELECT 1 FROM appeals WHERE id = @AppealId AND state IN @states)
                ON CONFLICT DO NOTHING
                """,
                new
                {
                    attachment.AppealId,
                    attachment.Number,
                    attachment.Name,
                    attachment.MediaType,
                    attachment.Size,
                    attachment.AddedAt,
                    attachment.AddedBy,
                    states = AppealMoves.ToSupplement.AllowedCodes,
                }
            ) != 1
        )
            return false;
        await db.Execute(
            """
            INSERT INTO appeal_attachment_contents (appeal_id, number, content) VALUES (@AppealId, @Number, @content)
            """,
            new
            {
                attachment.AppealId,
                attachment.Number,
                content,
            }
        );
        return true;
    }

    /// <summary>Erases all files that a person added, when the person is erased.</summary>
    internal static async Task Erase(Db db, Guid participantId)
    {
        await db.Execute(
            """
            DELETE FROM appeal_attachment_contents WHERE appeal_id IN (SELECT id FROM appeals WHERE participant_id = @participantId)
            """,
            new { participantId }
        );
        await db.Execute(
            """
            DELETE FROM appeal_attachments WHERE appeal_id IN (SELECT id FROM appeals WHERE participant_id = @participantId)
            """,
            new { participantId }
        );
    }
}
