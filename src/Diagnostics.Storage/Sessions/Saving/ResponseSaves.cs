using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using NodaTime;

namespace Diagnostics.Storage.Sessions.Saving;

/// <summary>A response to be saved.</summary>
/// <param name="BaseRevision">The revision that the person's page was built on; 0 when it had none.</param>
/// <param name="Content">JSON in the author's ids; null for a blank.</param>
/// <param name="Cleared">The person emptied the answer on purpose: only then may a blank follow an answer (G4).</param>
/// <param name="ReceivedAt">When the request reached the server: the only clock that counts (G5).</param>
internal sealed record ResponseToSave(Guid SessionId, int Slot, int BaseRevision, string? Content, bool Cleared, Instant ReceivedAt);

/// <summary>What became of a save; <see cref="Saved"/>, <see cref="Stale"/> and <see cref="NotTaking"/> are on disk when they are returned.</summary>
internal abstract record SaveOutcome
{
    internal sealed record Saved(int Revision) : SaveOutcome;

    /// <summary>Built on another revision than the last; kept aside, with the one that stands (G2).</summary>
    internal sealed record Stale(int CurrentRevision, string? CurrentContent, Instant SavedAt) : SaveOutcome;

    /// <summary>The session takes no answers now; kept aside for the commission (G3).</summary>
    internal sealed record NotTaking(SessionState State, bool Late) : SaveOutcome;

    /// <summary>There is nothing to keep it with: nobody has begun the session.</summary>
    internal sealed record NotBegun(SessionState State) : SaveOutcome;

    /// <summary>Refused as <paramref name="Why"/> says, and not kept: enough refused saves of this slot are.</summary>
    internal sealed record NotKept(SaveOutcome Why) : SaveOutcome;

    internal sealed record BlankRefused(int CurrentRevision) : SaveOutcome;

    internal sealed record NoSession : SaveOutcome;
}

/// <summary>
/// The hot path of the product; the statements are each engine's own: <see cref="SqliteSaves"/>, <see cref="PostgresSaves"/>,
/// <see cref="SqlServerSaves"/>.
/// </summary>
internal static class ResponseSaves
{
    /// <summary>Refused saves of a slot that are kept: more than any commission reads, and no way to fill the disk.</summary>
    internal const int MostKept = 100;

    private static readonly BatchedWrite<ResponseToSave, SaveOutcome> Saves = new(Save, AtOnce);

    /// <summary>
    /// Saves one response as the next revision. The statement itself checks state, time and base, so no interleaving
    /// with another tab, a finish, a pause or the expiry can slip between check and insert; where others write meanwhile,
    /// the session is held first (<see cref="PostgresSaves"/>, <see cref="SqlServerSaves"/>).
    /// </summary>
    internal static Task<SaveOutcome> Save(Database database, ResponseToSave save) => database.WriteBatched(Saves, save);

    /// <inheritdoc cref="Save(Database, ResponseToSave)"/>
    internal static async Task<SaveOutcome> Save(Db db, ResponseToSave save) => (await AtOnce(db, [save]))[0] ?? await Explain(db, save);

    /// <summary>Saves what can be saved at once; null in place of what was not taken and needs explaining.</summary>
    private static Task<SaveOutcome?[]> AtOnce(Db db, IReadOnlyList<ResponseToSave> saves) => db.Dialect.Engine switch
    {
        DatabaseEngine.Sqlite => SqliteSaves.Save(db, saves),
        DatabaseEngine.Postgres => PostgresSaves.Save(db, saves),
        DatabaseEngine.SqlServer => SqlServerSaves.Save(db, saves),
        var unknown => throw new InvalidOperationException($"No statements for {unknown}."),
    };

    private static async Task<SaveOutcome> Explain(Db db, ResponseToSave save)
    {
        var session = await db.Find<SessionRow>("SELECT state, accept_until, started_at FROM sessions WHERE id = @SessionId", save);
        if (session is null) return new SaveOutcome.NoSession();
        var current = await db.Find<ResponseRow>("""
            SELECT slot, revision, base_revision, content, saved_at FROM session_responses
            WHERE session_id = @SessionId AND slot = @Slot ORDER BY revision DESC LIMIT 1
            """, save) ?? new ResponseRow { Slot = save.Slot };

        // The same save again, because its answer was lost on the line: it stands already, whatever came after.
        if (current.Revision == save.BaseRevision + 1 && current.Content == save.Content)
            return new SaveOutcome.Saved(current.Revision);

        var state = Codes.Parse<SessionState>(session.State);
        var late = state is SessionState.InProgress && session.AcceptUntil < save.ReceivedAt;
        if (session.StartedAt is null) return new SaveOutcome.NotBegun(state);
        if (state is not SessionState.InProgress || late)
            return await Keep(db, save, late ? "late" : session.State, new SaveOutcome.NotTaking(state, late));
        return current.Revision == save.BaseRevision
            ? new SaveOutcome.BlankRefused(current.Revision)
            : await Keep(db, save, "stale", new SaveOutcome.Stale(current.Revision, current.Content, current.SavedAt));
    }

    // Counted here, where a save has been refused already: the save that is taken pays nothing for it.
    private static async Task<SaveOutcome> Keep(Db db, ResponseToSave save, string reason, SaveOutcome outcome) => await db.Execute("""
        INSERT INTO session_rejected_responses (id, session_id, slot, base_revision, reason, content, received_at)
        SELECT @id, @SessionId, @Slot, @BaseRevision, @reason, @Content, @ReceivedAt
        WHERE (SELECT COUNT(*) FROM session_rejected_responses WHERE session_id = @SessionId AND slot = @Slot) < @MostKept
        """, new
    {
        id = Guid.CreateVersion7(save.ReceivedAt.ToDateTimeOffset()),
        save.SessionId,
        save.Slot,
        save.BaseRevision,
        reason,
        save.Content,
        save.ReceivedAt,
        MostKept,
    }) == 1 ? outcome : new SaveOutcome.NotKept(outcome);
}
