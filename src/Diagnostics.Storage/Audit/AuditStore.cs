using System.Security.Cryptography;
using Diagnostics.Engine;
using Diagnostics.Engine.Audit;
using NodaTime;

namespace Diagnostics.Storage.Audit;

internal sealed record AuditRow
{
    public long Number { get; init; }
    public Instant At { get; init; }
    public string Actor { get; init; } = "";
    public string Action { get; init; } = "";
    public string Subject { get; init; } = "";

    /// <summary>The details as the hash covers them: digests stand for words.</summary>
    public string? Sealed { get; init; }

    /// <summary>The words for which the digests stand, except those that were erased.</summary>
    public IReadOnlyList<AuditText> Texts { get; init; } = [];

    public string PreviousHash { get; init; } = "";
    public string Hash { get; init; } = "";

    /// <summary>The details with their words.</summary>
    public string? Details => Sealed is null ? null : AuditTexts.Join(Sealed, Texts);

    public AuditEntry Entry => new(Number, At, Actor, Action, Subject, Sealed, PreviousHash);
}

internal sealed record AuditTextRow
{
    public long Number { get; init; }
    public string Path { get; init; } = "";
    public string Salt { get; init; } = "";
    public string Text { get; init; } = "";
}

/// <summary>What somebody looks for in the trail; null means anything.</summary>
/// <param name="Actions">A pattern for the action's code, with % for any text.</param>
/// <param name="From">The first moment to include.</param>
/// <param name="To">The first moment not to include.</param>
internal sealed record AuditFilter(string? Actor, string? Actions, string? Subject, Instant? From, Instant? To);

/// <summary>
/// The audit trail. The entry about a decision is appended in the decision's own transaction; entries never change. The
/// words of an entry are stored beside it, and can be erased (<see cref="AuditTexts"/>).
/// </summary>
internal static class AuditStore
{
    private const string Columns = "number, at, actor, action, subject, details AS sealed, previous_hash, hash";
    private const int BatchSize = 2000;
    private const int InOneStatement = 500;

    /// <param name="details">Ids, codes and reasons; no personal data, because the trail outlives erasure.</param>
    internal static async Task Append(Db db, Instant at, string actor, string action, string subject, object? details = null)
    {
        await db.TakeTurn();
        var head = await Head(db);
        var (written, texts) = details is null ? (null, []) : AuditTexts.Seal(CanonicalJson.Of(details), NewSalt);
        var entry = new AuditEntry((head?.Number ?? 0) + 1, at, actor, action, subject, written, head?.Hash ?? AuditChain.Origin);
        // The number is the primary key: when two writers append after the same last entry, only one succeeds.
        await db.Execute(
            """
            INSERT INTO audit_entries (number, at, actor, action, subject, details, previous_hash, hash)
            VALUES (@Number, @At, @Actor, @Action, @Subject, @Details, @PreviousHash, @hash)
            """,
            new
            {
                entry.Number,
                entry.At,
                entry.Actor,
                entry.Action,
                entry.Subject,
                entry.Details,
                entry.PreviousHash,
                hash = AuditChain.HashOf(entry),
            }
        );
        foreach (var text in texts)
            await db.Execute(
                """
                INSERT INTO audit_texts (number, path, subject, salt, text) VALUES (@Number, @Path, @Subject, @Salt, @Text)
                """,
                new
                {
                    entry.Number,
                    text.Path,
                    entry.Subject,
                    text.Salt,
                    text.Text,
                }
            );
    }

    /// <summary>Erases the words of all entries about these subjects; the entries stay.</summary>
    internal static async Task EraseTexts(Db db, IReadOnlyList<string> subjects)
    {
        foreach (var some in subjects.Chunk(InOneStatement))
            await db.Execute("DELETE FROM audit_texts WHERE subject IN @some", new { some });
    }

    /// <summary>The last entry, whose hash depends on the whole trail; null before the first entry.</summary>
    internal static async Task<AuditAnchor?> Head(Db db) =>
        await db.Find<AuditRow>($"SELECT {Columns} FROM audit_entries ORDER BY number DESC LIMIT 1") is { } row
            ? new(row.Number, row.Hash)
            : null;

    internal static async Task<IReadOnlyList<AuditRow>> List(
        Db db,
        string? actor,
        string? action,
        string? subject,
        long after,
        int limit
    ) =>
        await WithTexts(
            db,
            await db.Query<AuditRow>(
                $"""
                SELECT {Columns} FROM audit_entries
                WHERE number > @after AND (@actor IS NULL OR actor = @actor) AND (@action IS NULL OR action = @action) AND (@subject IS NULL OR subject = @subject)
                ORDER BY number LIMIT @limit
                """,
                new
                {
                    actor,
                    action,
                    subject,
                    after,
                    limit,
                }
            )
        );

    /// <summary>Entries that fit the filter, in the order of their numbers, which are the key of the table.</summary>
    /// <param name="past">Only entries behind this number in that order.</param>
    /// <param name="descending">Whether the newest come first.</param>
    internal static async Task<IReadOnlyList<AuditRow>> Search(Db db, AuditFilter filter, long past, bool descending, int limit) =>
        await WithTexts(
            db,
            await db.Query<AuditRow>(
                $"""
                SELECT {Columns} FROM audit_entries
                WHERE number {(descending ? "<" : ">")} @past {Conditions(filter)}
                ORDER BY number {(descending ? "DESC" : "")} LIMIT @limit
                """,
                new
                {
                    filter.Actor,
                    filter.Actions,
                    filter.Subject,
                    filter.From,
                    filter.To,
                    past,
                    limit,
                }
            )
        );

    /// <summary>Number of entries that fit the filter.</summary>
    internal static Task<int> Count(Db db, AuditFilter filter) =>
        db.Value<int>($"SELECT COUNT(*) FROM audit_entries WHERE number > 0 {Conditions(filter)}", filter);

    /// <summary>Only what is asked for, so that the engine does not plan for what may be null.</summary>
    private static string Conditions(AuditFilter filter) =>
        string.Concat(
            filter.Actor is null ? "" : " AND actor = @Actor",
            filter.Subject is null ? "" : " AND subject = @Subject",
            filter.Actions is null ? ""
                : filter.Actions.Contains('%', StringComparison.Ordinal) ? " AND action LIKE @Actions"
                : " AND action = @Actions",
            filter.From is null ? "" : " AND at >= @From",
            filter.To is null ? "" : " AND at < @To"
        );

    /// <summary>The words of these entries, except those that were erased.</summary>
    internal static Task<IReadOnlyList<AuditTextRow>> TextsOf(Db db, IReadOnlyCollection<long> numbers) =>
        db.Query<AuditTextRow>("SELECT number, path, salt, text FROM audit_texts WHERE number IN @numbers", new { numbers });

    private static async Task<IReadOnlyList<AuditRow>> WithTexts(Db db, IReadOnlyList<AuditRow> rows)
    {
        var numbers = rows.Where(row => row.Sealed?.Contains(AuditTexts.Mark, StringComparison.Ordinal) is true).Select(row => row.Number);
        var texts = new List<AuditTextRow>();
        foreach (var some in numbers.Chunk(InOneStatement))
            texts.AddRange(await TextsOf(db, some));
        var byNumber = texts.ToLookup(text => text.Number, text => new AuditText(text.Path, text.Salt, text.Text));
        return byNumber.Count == 0 ? rows : rows.Select(row => row with { Texts = byNumber[row.Number].ToList() }).ToList();
    }

    private static string NewSalt() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>
    /// Goes through the whole trail, checks its hashes, and compares it with the heads that were recorded outside the
    /// database.
    /// </summary>
    internal static async Task<AuditCheck> Verify(Db db, IEnumerable<AuditAnchor> anchors)
    {
        var check = new AuditCheck(anchors);
        for (var after = 0L; ; )
        {
            var batch = await List(db, null, null, null, after, BatchSize);
            foreach (var row in batch)
                if (!check.Next(row.Entry, row.Hash, row.Texts))
                    return check;
            if (batch.Count < BatchSize)
                break;
            after = batch[^1].Number;
        }
        check.End();
        return check;
    }
}
