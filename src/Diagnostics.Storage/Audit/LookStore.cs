using NodaTime;

namespace Diagnostics.Storage.Audit;

/// <summary>Entries about somebody's look at what belongs to somebody else.</summary>
internal static class LookStore
{
    private const string Profile = "profile:";

    /// <param name="people">The people whose data were shown; when empty, the person to whom the subject belongs.</param>
    /// <param name="details">Further ids.</param>
    internal static async Task<int> Append(
        Db db,
        Instant at,
        string actor,
        string action,
        string subject,
        IReadOnlyCollection<Guid> people,
        object? details = null
    )
    {
        var seen = people.Count > 0 ? people : await OwnersOf(db, subject);
        // Everything about a person's profiles is found under the person.
        await (
            subject.StartsWith(Profile, StringComparison.Ordinal) && seen.Count == 1
                ? AuditStore.Append(
                    db,
                    at,
                    actor,
                    action,
                    $"participant:{seen.Single():D}",
                    new { profiles = new[] { subject[Profile.Length..] } }
                )
                : AuditStore.Append(db, at, actor, action, subject, details, seen)
        );
        return 1;
    }

    /// <summary>The person whose answers, scores or statement the subject is; nobody where it belongs to nobody.</summary>
    internal static async Task<IReadOnlyList<Guid>> OwnersOf(Db db, string subject) =>
        subject.Split(':') is [var kind, var text] && Guid.TryParse(text, out var id) && QueryOf(kind) is { } query
            ? await db.Query<Guid>(query, new { id })
            : [];

    private static string? QueryOf(string kind) =>
        kind switch
        {
            "session" => "SELECT participant_id FROM sessions WHERE id = @id",
            "appeal" => "SELECT participant_id FROM appeals WHERE id = @id",
            "profile" => "SELECT participant_id FROM profiles WHERE id = @id",
            "script" => """
                SELECT s.participant_id FROM marking_tasks AS t JOIN sessions AS s ON s.id = t.session_id WHERE t.id = @id
                """,
            "assignment" => """
                SELECT s.participant_id FROM marking_assignments AS a
                JOIN marking_tasks AS t ON t.id = a.task_id JOIN sessions AS s ON s.id = t.session_id
                WHERE a.id = @id
                """,
            _ => null,
        };
}
