using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
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

    /// <summary>The people named beside the entry; filled only for a check of the trail.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    public string PreviousHash { get; init; } = "";
    public string Hash { get; init; } = "";

    /// <summary>The details with their words.</summary>
    public string? Details => Sealed is null ? null : AuditTexts.Join(Sealed, Texts);

    public AuditEntry Entry => new(Number, At, Actor, Action, Subject, Sealed, PreviousHash);
}

/// <summary>A thing that belongs to a person.</summary>
internal sealed record PersonObject
{
    /// <summary>As in the subject of an audit entry, for example <c>session</c>.</summary>
    public string Kind { get; init; } = "";
    public Guid Id { get; init; }

    internal string Subject => $"{Kind}:{Id:D}";
}

internal sealed record AuditPersonRow
{
    public string Person { get; init; } = "";
    public long Number { get; init; }
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

/// <summary>Whose data somebody may have seen.</summary>
/// <param name="Own">What belongs to the person, as entries name it.</param>
/// <param name="Actions">The actions of looks.</param>
/// <param name="Account">The person's own account, whose entries to leave out; empty when there is none.</param>
internal sealed record PersonLooks(string Person, IReadOnlyList<string> Own, IReadOnlyList<string> Actions, string Account);

/// <summary>
/// The audit trail. The entry about a decision is appended in the decision's own transaction; entries never change. The
/// words of an entry are stored beside it, and can be erased (<see cref="AuditTexts"/>).
/// </summary>
internal static class AuditStore
{
    private const string Columns = "number, at, actor, action, subject, details AS sealed, previous_hash, hash";
    private const int BatchSize = 2000;
    private const int InOneStatement = 500;
    private const int InOneInsert = 100;

    /// <summary>
    /// Whether nothing is recorded. Nothing in the service sets it: it is there for <c>tools/Load</c>, which measures what
    /// the trail costs by doing the same work without it.
    /// </summary>
    internal static bool IsSilent { get; set; }

    /// <param name="details">Ids, codes and reasons; no personal data, because the trail outlives erasure.</param>
    /// <param name="people">The people whom the entry concerns and whom its subject does not name.</param>
    internal static async Task Append(
        Db db,
        Instant at,
        string actor,
        string action,
        string subject,
        object? details = null,
        IReadOnlyCollection<Guid>? people = null
    )
    {
        if (IsSilent)
            return;
        await db.TakeTurn();
        var head = await Head(db);
        var (written, texts) = Written(details, people) is { } json ? AuditTexts.Seal(json, NewSalt) : (null, []);
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
        foreach (var some in AuditPeople.Of(written).Chunk(InOneInsert))
            await AddPeople(db, entry.Number, some);
    }

    /// <summary>Erases the words of all entries about these subjects; the entries stay.</summary>
    internal static async Task EraseTexts(Db db, IReadOnlyList<string> subjects)
    {
        foreach (var some in subjects.Chunk(InOneStatement))
            await db.Execute("DELETE FROM audit_texts WHERE subject IN @some", new { some });
    }

    private static string? Written(object? details, IReadOnlyCollection<Guid>? people)
    {
        if (people is null or { Count: 0 })
            return details is null ? null : CanonicalJson.Of(details);
        var given = details is null ? null : JsonNode.Parse(CanonicalJson.Of(details));
        var fields = given as JsonObject ?? (given is null ? [] : new JsonObject { [nameof(details)] = given });
        fields[AuditPeople.Mark] = true;
        fields[AuditPeople.Member] = new JsonArray(people.Select(person => (JsonNode?)person.ToString("D")).ToArray());
        return CanonicalJson.Of(fields);
    }

    private static Task AddPeople(Db db, long number, IReadOnlyList<string> people)
    {
        var values = new DynamicParameters(new { number });
        for (var place = 0; place < people.Count; place++)
            values.Add($"p{place}", people[place]);
        var rows = string.Join(", ", Enumerable.Range(0, people.Count).Select(place => $"(@p{place}, @number)"));
        return db.Execute($"INSERT INTO audit_people (person, number) VALUES {rows}", values);
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

    /// <summary>
    /// Entries about a person: those about what belongs to the person, and those that name the person; the newest
    /// first.
    /// </summary>
    /// <param name="before">Only entries with smaller numbers.</param>
    internal static async Task<IReadOnlyList<AuditRow>> Looks(Db db, PersonLooks wanted, long before, int limit)
    {
        var found = new List<AuditRow>();
        foreach (var some in wanted.Own.Chunk(InOneStatement))
            found.AddRange(
                await db.Query<AuditRow>(
                    $"""
                    SELECT {Columns} FROM audit_entries
                    WHERE number IN (
                        SELECT number FROM audit_people WHERE person = @Person AND number < @before
                        UNION SELECT number FROM audit_entries WHERE subject IN @some AND number < @before
                    ) AND action IN @Actions AND actor <> @Account
                    ORDER BY number DESC LIMIT @limit
                    """,
                    new
                    {
                        wanted.Person,
                        some,
                        wanted.Actions,
                        wanted.Account,
                        before,
                        limit,
                    }
                )
            );
        return found.DistinctBy(row => row.Number).OrderByDescending(row => row.Number).Take(limit).ToList();
    }

    /// <summary>
    /// Everything that belongs to the person, by the name that it has in the subjects of the audit trail.
    /// </summary>
    internal static Task<IReadOnlyList<PersonObject>> OwnOf(Db db, Guid participantId) =>
        db.Query<PersonObject>(
            """
            SELECT 'person' AS kind, id FROM participants WHERE id = @participantId
            UNION ALL SELECT 'participant', id FROM participants WHERE id = @participantId
            UNION ALL SELECT 'account', id FROM access_accounts WHERE participant_id = @participantId
            UNION ALL SELECT 'application', id FROM applications WHERE participant_id = @participantId
            UNION ALL SELECT 'session', id FROM sessions WHERE participant_id = @participantId
            UNION ALL SELECT 'script', t.id FROM marking_tasks AS t JOIN sessions AS s ON s.id = t.session_id
                WHERE s.participant_id = @participantId
            UNION ALL SELECT 'profile', id FROM profiles WHERE participant_id = @participantId
            UNION ALL SELECT 'appeal', id FROM appeals WHERE participant_id = @participantId
            """,
            new { participantId }
        );

    /// <summary>The people named beside the entries with these numbers.</summary>
    private static Task<IReadOnlyList<AuditPersonRow>> PeopleOf(Db db, long from, long to) =>
        db.Query<AuditPersonRow>("SELECT person, number FROM audit_people WHERE number BETWEEN @from AND @to", new { from, to });

    private static string NewSalt() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>
    /// Goes through the whole trail, checks its hashes, the words and the people beside it, and compares it with the
    /// heads that were recorded outside the database.
    /// </summary>
    internal static async Task<AuditCheck> Verify(Db db, IEnumerable<AuditAnchor> anchors)
    {
        var check = new AuditCheck(anchors);
        for (var after = 0L; ; )
        {
            var batch = await List(db, null, null, null, after, BatchSize);
            var people = batch.Count == 0 ? [] : await PeopleOf(db, batch[0].Number, batch[^1].Number);
            var named = people.ToLookup(person => person.Number, person => person.Person);
            foreach (var row in batch)
            {
                if (!check.Next(row.Entry, row.Hash, row.Texts, [.. named[row.Number]]))
                    return check;
                if (check.Erases(row.Entry) is { } person)
                    check.Erased((await OwnOf(db, person)).Select(own => own.Subject));
            }
            if (batch.Count < BatchSize)
                break;
            after = batch[^1].Number;
        }
        check.End();
        return check;
    }
}
