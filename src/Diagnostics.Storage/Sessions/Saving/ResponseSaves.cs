using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using NodaTime;

namespace Diagnostics.Storage.Sessions.Saving;

/// <summary>A response to be saved.</summary>
/// <param name="BaseRevision">The revision that the person's page showed; 0 when it showed no answer.</param>
/// <param name="Content">The response as JSON, with the ids that the author gave to options; null for a blank.</param>
/// <param name="Cleared">Whether the person emptied the answer on purpose. Only then may a blank replace an answer
/// (docs/promises.md, G4).</param>
/// <param name="ReceivedAt">When the request reached the server, by the server's clock; no other clock counts
/// (docs/promises.md, G5).</param>
internal sealed record ResponseToSave(Guid SessionId, int Slot, int BaseRevision, string? Content, bool Cleared, Instant ReceivedAt);

/// <summary>
/// The outcome of a save. When <see cref="Saved"/>, <see cref="Stale"/> or <see cref="NotTaking"/> is returned, the
/// saved answer, or the refused one that is kept, is already on disk.
/// </summary>
internal abstract record SaveOutcome
{
    /// <param name="SavedAt">When this revision was first saved; when the same save is repeated, it gets this first
    /// time again.</param>
    /// <param name="SecondsLeft">Seconds that were left when the request arrived.</param>
    internal sealed record Saved(int Revision, Instant SavedAt, SessionState State, long? SecondsLeft) : SaveOutcome
    {
        /// <summary>The outcome of a save that was just accepted; its session must therefore be in progress.</summary>
        /// <param name="deadline">The session's deadline, as the database engine stores it.</param>
        internal static Saved Now(ResponseToSave save, object deadline)
        {
            var clock = new SessionClock(
                SessionState.InProgress,
                null,
                deadline is DBNull ? null : StoredForms.InstantOf(deadline),
                null,
                null
            );
            return new(save.BaseRevision + 1, save.ReceivedAt, clock.State, clock.SecondsLeft(save.ReceivedAt));
        }
    }

    /// <summary>
    /// The save was based on a revision that is not the last one. It is kept aside, and the current revision stays as
    /// it is (docs/promises.md, G2).
    /// </summary>
    internal sealed record Stale(int CurrentRevision, string? CurrentContent, Instant SavedAt) : SaveOutcome;

    /// <summary>
    /// The session does not accept answers now; the save is kept aside for the commission (docs/promises.md, G3).
    /// </summary>
    internal sealed record NotTaking(SessionState State, bool Late) : SaveOutcome;

    /// <summary>Nobody has begun the session, so the save is not kept.</summary>
    internal sealed record NotBegun(SessionState State) : SaveOutcome;

    /// <summary>
    /// The save was refused for the reason in <paramref name="Why"/> and not kept, because this slot already has the
    /// largest number of refused saves.
    /// </summary>
    internal sealed record NotKept(SaveOutcome Why) : SaveOutcome;

    internal sealed record BlankRefused(int CurrentRevision) : SaveOutcome;

    internal sealed record NoSession : SaveOutcome;
}

/// <summary>
/// Saves responses; this is the path that the product runs most often. Each engine has its own statements:
/// <see cref="SqliteSaves"/>, <see cref="PostgresSaves"/>, <see cref="SqlServerSaves"/>.
/// </summary>
internal static class ResponseSaves
{
    /// <summary>
    /// The largest number of refused saves kept for a slot: more than any commission reads, and too few to fill the
    /// disk.
    /// </summary>
    internal const int MostKept = 100;

    private static readonly BatchedWrite<ResponseToSave, SaveOutcome> Saves = new(Save, AtOnce);

    /// <summary>
    /// Saves one response as the next revision. The statement itself checks state, time and base, so that nothing can
    /// intervene between check and insert: no other tab, finish, pause or expiry. Where others write at the same time,
    /// the session is locked first (<see cref="PostgresSaves"/>, <see cref="SqlServerSaves"/>).
    /// </summary>
    internal static Task<SaveOutcome> Save(Database database, ResponseToSave save) => database.WriteBatched(Saves, save);

    /// <inheritdoc cref="Save(Database, ResponseToSave)"/>
    internal static async Task<SaveOutcome> Save(Db db, ResponseToSave save) => (await AtOnce(db, [save]))[0] ?? await Explain(db, save);

    /// <summary>
    /// Saves as much of a batch as can be saved together. The outcome is null for a save that was not accepted; the
    /// caller must still find out why.
    /// </summary>
    private static Task<SaveOutcome?[]> AtOnce(Db db, IReadOnlyList<ResponseToSave> saves) =>
        db.Dialect.Engine switch
        {
            DatabaseEngine.Sqlite => SqliteSaves.Save(db, saves),
            DatabaseEngine.Postgres => PostgresSaves.Save(db, saves),
            DatabaseEngine.SqlServer => SqlServerSaves.Save(db, saves),
            var unknown => throw new InvalidOperationException($"No statements for {unknown}."),
        };

    private static async Task<SaveOutcome> Explain(Db db, ResponseToSave save)
    {
        var session = await db.Find<SessionRow>(
            "SELECT state, started_at, deadline, accept_until, paused_at FROM sessions WHERE id = @SessionId",
            save
        );
        if (session is null)
            return new SaveOutcome.NoSession();
        var current =
            await db.Find<ResponseRow>(
                """
                SELECT slot, revision, base_revision, content, saved_at FROM session_responses
                WHERE session_id = @SessionId AND slot = @Slot ORDER BY revision DESC LIMIT 1
                """,
                save
            ) ?? new ResponseRow { Slot = save.Slot };

        // The page repeats a save when the reply to it was lost on the network. That save was already stored, and it
        // counts as saved whatever happened afterwards.
        if (current.Revision == save.BaseRevision + 1 && current.Content == save.Content)
            return new SaveOutcome.Saved(
                current.Revision,
                current.SavedAt,
                session.Clock.State,
                session.Clock.SecondsLeft(save.ReceivedAt)
            );

        var state = Codes.Parse<SessionState>(session.State);
        var late = state is SessionState.InProgress && session.AcceptUntil < save.ReceivedAt;
        if (session.StartedAt is null)
            return new SaveOutcome.NotBegun(state);
        if (state is not SessionState.InProgress || late)
            return await Kept(late ? "late" : session.State, new SaveOutcome.NotTaking(state, late));
        return current.Revision == save.BaseRevision
            ? new SaveOutcome.BlankRefused(current.Revision)
            : await Kept("stale", new SaveOutcome.Stale(current.Revision, current.Content, current.SavedAt));

        async Task<SaveOutcome> Kept(string reason, SaveOutcome outcome) =>
            await Keep(db, save, reason) ? outcome : new SaveOutcome.NotKept(outcome);
    }

    /// <summary>
    /// Keeps a refused save aside for the commission; false when the slot has too many already. The kept saves are
    /// counted only here, after a refusal, so that a successful save does not pay for the count.
    /// </summary>
    internal static async Task<bool> Keep(Db db, ResponseToSave save, string reason, int most = MostKept) =>
        await db.Execute(
            """
            INSERT INTO session_rejected_responses (id, session_id, slot, base_revision, reason, content, received_at)
            SELECT @id, @SessionId, @Slot, @BaseRevision, @reason, @Content, @ReceivedAt
            WHERE (SELECT COUNT(*) FROM session_rejected_responses WHERE session_id = @SessionId AND slot = @Slot) < @most
            """,
            new
            {
                id = Guid.CreateVersion7(save.ReceivedAt.ToDateTimeOffset()),
                save.SessionId,
                save.Slot,
                save.BaseRevision,
                reason,
                save.Content,
                save.ReceivedAt,
                most,
            }
        ) == 1;
}
