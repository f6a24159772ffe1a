using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using NodaTime;

namespace Diagnostics.Storage.Appeals;

internal sealed record AppealRow
{
    public Guid Id { get; init; }
    public string Kind { get; init; } = "";
    public Guid CampaignId { get; init; }
    public Guid SessionId { get; init; }
    public Guid ParticipantId { get; init; }

    /// <summary>The slot of the disputed answer; null for a procedural appeal.</summary>
    public int? Slot { get; init; }

    public string Ground { get; init; } = "";

    /// <summary>
    /// In an appeal against a decision, the time of that decision. It distinguishes this appeal from an appeal against
    /// the next decision, which is a separate matter.
    /// </summary>
    public Instant? DisputedAt { get; init; }

    /// <summary>Why the appeal was filed too late; null when it was in time.</summary>
    public string? LateCause { get; init; }

    public string Statement { get; init; } = "";
    public string State { get; init; } = "";
    public int Revision { get; init; }
    public Instant FiledAt { get; init; }
    public string FiledBy { get; init; } = "";
    public Instant RemindAt { get; init; }
    public Instant DueAt { get; init; }
    public int Proposal { get; init; }
    public Instant? MarksOpenedAt { get; init; }
    public string? Outcome { get; init; }
    public string? Clause { get; init; }
    public string? Reason { get; init; }
    public Instant? ClosedAt { get; init; }
    public string? ClosedBy { get; init; }
    public Guid? NewSessionId { get; init; }

    public AppealKind AppealKind => Codes.Parse<AppealKind>(Kind);

    public AppealState Standing => Codes.Parse<AppealState>(State);
}

/// <summary>What the register of a commission says about an appeal beyond the appeal itself.</summary>
internal sealed record CaseFactsRow
{
    public Guid AppealId { get; init; }

    /// <summary>Time zone of the session's site.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Whether the member has voted on the current proposal.</summary>
    public bool Voted { get; init; }

    /// <summary>Whether the member has stepped aside.</summary>
    public bool SteppedAside { get; init; }

    /// <summary>Whether the member had to do with the work or its author, as in <see cref="VoteStore.Entangled"/>.</summary>
    public bool Entangled { get; init; }

    public string? MemberOrganisation { get; init; }

    /// <summary>Null when the person was erased.</summary>
    public string? PersonOrganisation { get; init; }

    /// <summary>Time of the hearing in force.</summary>
    public Instant? HeldAt { get; init; }
}

/// <summary>A filter for lists of appeals.</summary>
/// <param name="Due">Selects only open appeals whose deadline is in this state at <paramref name="Now"/>; null for all
/// appeals.</param>
internal sealed record AppealFilter(AppealKind? Kind, AppealState? State, DueState? Due, Instant Now);

/// <summary>How an appeal ends.</summary>
/// <param name="State">One of the states in which an appeal is closed.</param>
internal sealed record AppealEnd(AppealState State)
{
    /// <summary>The outcome, if the commission decided.</summary>
    internal AppealOutcome? Outcome { get; init; }

    /// <summary>The clause of the rules on which the refusal or decision is based.</summary>
    internal string? Clause { get; init; }

    internal string? Reason { get; init; }

    /// <summary>The new session that replaces the session annulled by the decision.</summary>
    internal Guid? NewSessionId { get; init; }
}

/// <summary>
/// Appeals and their transitions. Every transition requires the expected state and revision, and returns whether it
/// happened.
/// </summary>
internal static class AppealStore
{
    private const string Columns = """
        id, kind, campaign_id, session_id, participant_id, slot, COALESCE(disputed, ground) AS ground, disputed_at, late_cause, statement,
        state, revision, filed_at, filed_by, remind_at, due_at, proposal, marks_opened_at, outcome, clause, reason, closed_at, closed_by, new_session_id
        """;

    internal static Task<AppealRow?> Find(Db db, Guid id) =>
        db.Find<AppealRow>($"SELECT {Columns} FROM appeals WHERE id = @id", new { id });

    /// <summary>The form of the session that the appeal disputes; null when there is no such appeal.</summary>
    internal static Task<Guid?> FormOf(Db db, Guid id) =>
        db.Find<Guid?>("SELECT s.form_id FROM appeals AS a JOIN sessions AS s ON s.id = a.session_id WHERE a.id = @id", new { id });

    internal static Task<IReadOnlyList<AppealRow>> OfSession(Db db, Guid sessionId) =>
        db.Query<AppealRow>($"SELECT {Columns} FROM appeals WHERE session_id = @sessionId ORDER BY id", new { sessionId });

    internal static Task<IReadOnlyList<AppealRow>> OfParticipant(Db db, Guid participantId) =>
        db.Query<AppealRow>($"SELECT {Columns} FROM appeals WHERE participant_id = @participantId ORDER BY id", new { participantId });

    internal static Task<IReadOnlyList<AppealRow>> OfCampaign(Db db, Guid campaignId, AppealFilter filter, Guid? after, int limit) =>
        db.Query<AppealRow>(
            $"""
            SELECT {Columns} FROM appeals
            WHERE campaign_id = @campaignId AND (@kind IS NULL OR kind = @kind) AND (@state IS NULL OR state = @state) AND (@after IS NULL OR id > @after)
              AND (@due IS NULL OR (closed_at IS NULL AND (
                    (@due = 'overdue' AND due_at <= @Now)
                    OR (@due = 'reminder' AND remind_at <= @Now AND due_at > @Now)
                    OR (@due = 'on_time' AND remind_at > @Now))))
            ORDER BY id LIMIT @limit
            """,
            new
            {
                campaignId,
                kind = filter.Kind is { } kind ? Codes.Of(kind) : null,
                state = filter.State is { } state ? Codes.Of(state) : null,
                due = filter.Due is { } due ? Codes.Of(due) : null,
                filter.Now,
                after,
                limit,
            }
        );

    /// <summary>All appeals of a campaign, in the order in which they were filed.</summary>
    internal static Task<IReadOnlyList<AppealRow>> AllOfCampaign(Db db, Guid campaignId) =>
        db.Query<AppealRow>($"SELECT {Columns} FROM appeals WHERE campaign_id = @campaignId ORDER BY id", new { campaignId });

    /// <summary>The appeals of a campaign as one member of its commission sees them; or one of these appeals.</summary>
    internal static Task<IReadOnlyList<CaseFactsRow>> CaseFacts(Db db, Guid campaignId, Guid memberId, Guid? appealId) =>
        db.Query<CaseFactsRow>(
            $"""
            SELECT a.id AS appeal_id, t.time_zone, m.organisation AS member_organisation, p.organisation AS person_organisation,
                   CASE WHEN @actor IN ({VoteStore.EntangledActors("s.id", "s.participant_id")}) THEN 1 ELSE 0 END AS entangled,
                   CASE WHEN v.member_id IS NULL THEN 0 ELSE 1 END AS voted, CASE WHEN r.member_id IS NULL THEN 0 ELSE 1 END AS stepped_aside, h.held_at
            FROM appeals AS a
            JOIN sessions AS s ON s.id = a.session_id
            JOIN sites AS t ON t.id = s.site_id
            JOIN access_accounts AS m ON m.id = @memberId
            LEFT JOIN people AS p ON p.participant_id = a.participant_id
            LEFT JOIN appeal_votes AS v ON v.appeal_id = a.id AND v.proposal = a.proposal AND v.member_id = @memberId
            LEFT JOIN appeal_recusals AS r ON r.appeal_id = a.id AND r.member_id = @memberId
            LEFT JOIN appeal_hearings AS h ON h.appeal_id = a.id AND h.number = (SELECT MAX(number) FROM appeal_hearings WHERE appeal_id = a.id)
            WHERE a.campaign_id = @campaignId AND (@appealId IS NULL OR a.id = @appealId)
            ORDER BY a.id
            """,
            new
            {
                campaignId,
                memberId,
                actor = memberId.ToString("D"),
                appealId,
            }
        );

    /// <summary>The sessions of a campaign that are disputed in an open procedural appeal.</summary>
    internal static Task<IReadOnlyList<Guid>> DisputedSessions(Db db, Guid campaignId) =>
        db.Query<Guid>(
            """
            SELECT session_id FROM appeals
            WHERE campaign_id = @campaignId AND kind = 'procedural' AND state IN ('filed','admitted','in_consideration')
            ORDER BY session_id
            """,
            new { campaignId }
        );

    /// <summary>
    /// When the person's result was published: when the campaign was closed or when the session's first final profile
    /// was issued, whichever came later. (A repeated session gets its final profile after the closing.) Null until the
    /// result is published.
    /// </summary>
    internal static async Task<Instant?> PublishedAt(Db db, Guid sessionId) =>
        (
            await db.Find<PublishedRow>(
                """
                SELECT CASE WHEN c.closed_at > MIN(p.issued_at) THEN c.closed_at ELSE MIN(p.issued_at) END AS published_at
                FROM sessions AS s
                JOIN campaigns AS c ON c.id = s.campaign_id
                JOIN profiles AS p ON p.session_id = s.id AND p.status = 'final'
                WHERE s.id = @sessionId AND c.closed_at IS NOT NULL
                GROUP BY s.id, c.closed_at
                """,
                new { sessionId }
            )
        )?.PublishedAt;

    /// <summary>
    /// Whether an appeal about this matter was withdrawn after the commission had begun to vote on it.
    /// </summary>
    /// <param name="slot">Null for a procedural appeal.</param>
    /// <param name="disputedAt">The time of the disputed decision; null when the appeal was not against a
    /// decision.</param>
    internal static Task<bool> WithdrawnAfterVotes(Db db, Guid sessionId, int? slot, Instant? disputedAt = null) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (
                SELECT 1 FROM appeals AS a JOIN appeal_votes AS v ON v.appeal_id = a.id
                WHERE a.session_id = @sessionId AND a.state = 'withdrawn' AND (a.slot = @slot OR (a.slot IS NULL AND @slot IS NULL))
                  AND (a.disputed_at = @disputedAt OR (a.disputed_at IS NULL AND @disputedAt IS NULL))) THEN 1 ELSE 0 END
            """,
            new
            {
                sessionId,
                slot,
                disputedAt,
            }
        );

    /// <summary>Slots with an appeal that was withdrawn after the commission had begun to vote on it.</summary>
    internal static Task<IReadOnlyList<int>> SlotsWithdrawnAfterVotes(Db db, Guid sessionId) =>
        db.Query<int>(
            """
            SELECT DISTINCT a.slot FROM appeals AS a JOIN appeal_votes AS v ON v.appeal_id = a.id
            WHERE a.session_id = @sessionId AND a.state = 'withdrawn' AND a.slot IS NOT NULL
            """,
            new { sessionId }
        );

    /// <summary>
    /// Returns false when the same matter is already under appeal or has been decided. When many such appeals are filed
    /// at the same time, only one succeeds.
    /// </summary>
    internal static async Task<bool> Add(Db db, AppealRow appeal) =>
        await db.Execute(
            """
            INSERT INTO appeals (id, kind, campaign_id, session_id, participant_id, slot, ground, disputed, disputed_at, late_cause, statement, state,
                                 filed_at, filed_by, remind_at, due_at)
            VALUES (@Id, @Kind, @CampaignId, @SessionId, @ParticipantId, @Slot, @ground, @disputed, @DisputedAt, @LateCause, @Statement, 'filed',
                    @FiledAt, @FiledBy, @RemindAt, @DueAt)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                appeal.Id,
                appeal.Kind,
                appeal.CampaignId,
                appeal.SessionId,
                appeal.ParticipantId,
                appeal.Slot,
                // Nodes of the previous version do not know the ground of an appeal against a decision, so such an
                // appeal is stored as one about the procedure.
                ground = appeal.DisputedAt is null ? appeal.Ground : Codes.Of(AppealGround.Procedure),
                disputed = appeal.DisputedAt is null ? null : appeal.Ground,
                appeal.DisputedAt,
                appeal.LateCause,
                appeal.Statement,
                appeal.FiledAt,
                appeal.FiledBy,
                appeal.RemindAt,
                appeal.DueAt,
            }
        ) == 1;

    /// <summary>
    /// Admits an appeal or begins its consideration; returns false when somebody else has changed the appeal in the
    /// meantime.
    /// </summary>
    internal static async Task<bool> Move(Db db, AppealRow from, AppealState to) =>
        await db.Execute(
            """
            UPDATE appeals SET state = @to, revision = revision + 1 WHERE id = @Id AND revision = @Revision AND state = @State
            """,
            new
            {
                from.Id,
                from.Revision,
                from.State,
                to = Codes.Of(to),
            }
        ) == 1;

    /// <summary>
    /// Ends an appeal as refused, withdrawn or decided. When a decision races with a withdrawal, with another decision,
    /// or with a vote that it has not counted, the revision lets only one of them succeed.
    /// </summary>
    internal static async Task<bool> Close(Db db, AppealRow from, AppealEnd end, string by, Instant now) =>
        await db.Execute(
            """
            UPDATE appeals
            SET state = @to, outcome = @outcome, clause = @clause, reason = @reason, new_session_id = @newSessionId, closed_at = @now, closed_by = @by, revision = revision + 1
            WHERE id = @Id AND revision = @Revision AND state = @State
            """,
            new
            {
                from.Id,
                from.Revision,
                from.State,
                to = Codes.Of(end.State),
                outcome = end.Outcome is { } decided ? Codes.Of(decided) : null,
                clause = end.Clause,
                reason = end.Reason,
                newSessionId = end.NewSessionId,
                by,
                now,
            }
        ) == 1;

    /// <summary>Lets the commission see the earlier marks; returns false when it already sees them.</summary>
    internal static async Task<bool> OpenMarks(Db db, Guid id, Instant now) =>
        await db.Execute(
            """
            UPDATE appeals SET marks_opened_at = @now, revision = revision + 1 WHERE id = @id AND state = 'in_consideration' AND marks_opened_at IS NULL
            """,
            new { id, now }
        ) == 1;

    /// <summary>Removes the texts that an erased person wrote.</summary>
    internal static Task<int> EraseStatements(Db db, Guid participantId) =>
        db.Execute(
            """
            UPDATE appeals SET statement = '', late_cause = CASE WHEN late_cause IS NULL THEN NULL ELSE '' END, revision = revision + 1
            WHERE participant_id = @participantId
            """,
            new { participantId }
        );

    internal static Task AddEvent(Db db, AppealEventRow happened) =>
        db.Execute(
            """
            INSERT INTO appeal_events (id, appeal_id, kind, at, actor, details) VALUES (@Id, @AppealId, @Kind, @At, @Actor, @Details)
            """,
            happened
        );

    internal static Task<IReadOnlyList<AppealEventRow>> Events(Db db, Guid appealId) =>
        db.Query<AppealEventRow>(
            """
            SELECT id, appeal_id, kind, at, actor, details FROM appeal_events WHERE appeal_id = @appealId ORDER BY at, id
            """,
            new { appealId }
        );

    private sealed record PublishedRow
    {
        public Instant PublishedAt { get; init; }
    }
}

internal sealed record AppealEventRow
{
    public Guid Id { get; init; }
    public Guid AppealId { get; init; }
    public string Kind { get; init; } = "";
    public Instant At { get; init; }
    public string Actor { get; init; } = "";

    /// <summary>JSON.</summary>
    public string? Details { get; init; }
}
