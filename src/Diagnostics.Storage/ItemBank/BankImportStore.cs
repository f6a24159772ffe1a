using NodaTime;

namespace Diagnostics.Storage.ItemBank;

internal sealed record SeenFileRow
{
    public string Kind { get; init; } = "";
    public string Code { get; init; } = "";
    public string Fingerprint { get; init; } = "";
}

internal static class BankImportStore
{
    /// <summary>Fingerprint of the files of the last import that had no errors; null before the first.</summary>
    internal static Task<string?> LastFingerprint(Db db) =>
        db.Find<string>("SELECT fingerprint FROM bank_imports ORDER BY id DESC LIMIT 1");

    internal static Task<int> Add(Db db, Guid id, string fingerprint, string actor, Instant at) =>
        db.Execute(
            """
            INSERT INTO bank_imports (id, fingerprint, actor, at) VALUES (@id, @fingerprint, @actor, @at)
            """,
            new
            {
                id,
                fingerprint,
                actor,
                at,
            }
        );

    internal static Task<IReadOnlyList<SeenFileRow>> Seen(Db db) =>
        db.Query<SeenFileRow>("SELECT kind, code, fingerprint FROM bank_import_files");

    /// <summary>
    /// Records the fingerprint of a file. No row of this table is ever removed, so when an existing row prevents the
    /// insert, the update that follows finds that row.
    /// </summary>
    internal static async Task<bool> SetSeen(Db db, string kind, string code, string fingerprint) =>
        await db.Execute(
            """
            INSERT INTO bank_import_files (kind, code, fingerprint) VALUES (@kind, @code, @fingerprint)
            ON CONFLICT (kind, code) DO NOTHING
            """,
            new
            {
                kind,
                code,
                fingerprint,
            }
        ) == 1
        || await db.Execute(
            "UPDATE bank_import_files SET fingerprint = @fingerprint WHERE kind = @kind AND code = @code",
            new
            {
                kind,
                code,
                fingerprint,
            }
        ) == 1;
}
