using NodaTime;

namespace Diagnostics.Storage.Competencies;

internal sealed record FrameworkDraftRow
{
    public string Code { get; init; } = "";

    /// <summary>JSON of the draft.</summary>
    public string Content { get; init; } = "";

    /// <summary>
    /// Never starts over, not even after a publication, so a stale edit never matches the revision of another draft.
    /// </summary>
    public int Revision { get; init; }

    /// <summary>False once the draft has been published.</summary>
    public bool IsOpen { get; init; }

    public Instant ChangedAt { get; init; }
    public string ChangedBy { get; init; } = "";
}

/// <summary>Unpublished next versions of frameworks, at most one for each framework.</summary>
internal static class FrameworkDraftStore
{
    private const string Columns = "code, content, revision, is_open, changed_at, changed_by";

    internal static Task<FrameworkDraftRow?> Find(Db db, string code) =>
        db.Find<FrameworkDraftRow>(
            $"SELECT {Columns} FROM framework_drafts WHERE code = @code AND is_open = @open",
            new { code, open = true }
        );

    /// <summary>
    /// Returns false when a draft is already open: when two authors begin at the same time, only one succeeds.
    /// </summary>
    internal static async Task<bool> Open(Db db, string code, string content, Instant now, string by) =>
        await db.Execute(
            """
            UPDATE framework_drafts
            SET content = @content, revision = revision + 1, is_open = @open, changed_at = @now, changed_by = @by
            WHERE code = @code AND is_open = @closed
            """,
            new
            {
                code,
                content,
                now,
                by,
                open = true,
                closed = false,
            }
        ) == 1
        || await db.Execute(
            """
            INSERT INTO framework_drafts (code, content, revision, is_open, changed_at, changed_by)
            VALUES (@code, @content, 1, @open, @now, @by)
            ON CONFLICT (code) DO NOTHING
            """,
            new
            {
                code,
                content,
                now,
                by,
                open = true,
            }
        ) == 1;

    /// <summary>Returns false when somebody else has changed or published the draft since.</summary>
    internal static async Task<bool> Update(Db db, string code, string content, int revision, Instant now, string by) =>
        await db.Execute(
            """
            UPDATE framework_drafts SET content = @content, revision = revision + 1, changed_at = @now, changed_by = @by
            WHERE code = @code AND revision = @revision AND is_open = @open
            """,
            new
            {
                code,
                content,
                revision,
                now,
                by,
                open = true,
            }
        ) == 1;

    /// <summary>Returns false when somebody else has changed or published the draft since.</summary>
    internal static async Task<bool> Close(Db db, string code, int revision, Instant now, string by) =>
        await db.Execute(
            """
            UPDATE framework_drafts SET is_open = @closed, revision = revision + 1, changed_at = @now, changed_by = @by
            WHERE code = @code AND revision = @revision AND is_open = @open
            """,
            new
            {
                code,
                revision,
                now,
                by,
                open = true,
                closed = false,
            }
        ) == 1;
}
