using NodaTime;

namespace Diagnostics.Storage.Appeals;

internal sealed record ProposalRow
{
    public Guid AppealId { get; init; }
    public int Number { get; init; }
    public string Outcome { get; init; } = "";

    /// <summary>Points per criterion, as JSON; null when no points change.</summary>
    public string? Criteria { get; init; }

    public string Clause { get; init; } = "";
    public string Reason { get; init; } = "";
    public Guid ProposedBy { get; init; }
    public Instant ProposedAt { get; init; }
}

internal sealed record VoteRow
{
    public Guid AppealId { get; init; }
    public int Proposal { get; init; }
    public Guid MemberId { get; init; }
    public bool InFavour { get; init; }
    public string? Dissent { get; init; }
    public Instant VotedAt { get; init; }
}

internal sealed record RecusalRow
{
    public Guid MemberId { get; init; }
    public string Reason { get; init; } = "";
    public Instant DeclaredAt { get; init; }
}

/// <summary>Somebody who may not judge the appeal, with the reason.</summary>
internal sealed record EntangledRow
{
    /// <summary>The person's account id, or the name of another actor from the session's log.</summary>
    public string Actor { get; init; } = "";

    /// <summary>
    /// Why the person may not judge the appeal: <c>marked_script</c>, <c>led_session</c> or <c>declared_conflict</c>.
    /// </summary>
    public string Why { get; init; } = "";
}

/// <summary>Proposals, votes and recusals of an appeal; append-only.</summary>
internal static class VoteStore
{
    internal static Task<IReadOnlyList<ProposalRow>> Proposals(Db db, Guid appealId) =>
        db.Query<ProposalRow>(
            """
            SELECT appeal_id, number, outcome, criteria, clause, reason, proposed_by, proposed_at FROM appeal_proposals WHERE appeal_id = @appealId ORDER BY number
            """,
            new { appealId }
        );

    /// <summary>
    /// Puts the next proposal to the vote; returns false when somebody has changed the appeal in the meantime.
    /// </summary>
    internal static async Task<bool> Propose(Db db, AppealRow appeal, ProposalRow proposal)
    {
        if (
            await db.Execute(
                """
                UPDATE appeals SET proposal = @Number, revision = revision + 1 WHERE id = @Id AND revision = @Revision AND state = 'in_consideration'
                """,
                new
                {
                    appeal.Id,
                    appeal.Revision,
                    proposal.Number,
                }
            ) != 1
        )
            return false;
        await db.Execute(
            """
            INSERT INTO appeal_proposals (appeal_id, number, outcome, criteria, clause, reason, proposed_by, proposed_at)
            VALUES (@AppealId, @Number, @Outcome, @Criteria, @Clause, @Reason, @ProposedBy, @ProposedAt)
            """,
            proposal
        );
        return true;
    }

    /// <summary>
    /// Records a vote, once for each member and proposal. Every vote raises the appeal's revision, so a decision that
    /// has not counted this vote cannot be saved. Nor can a vote be saved when the appeal has been decided or has a new
    /// proposal.
    /// </summary>
    /// <returns>False when the proposal is no longer the current one, or when this member has already voted on
    /// it.</returns>
    internal static async Task<bool> Vote(Db db, VoteRow vote)
    {
        if (
            await db.Execute(
                """
                UPDATE appeals SET revision = revision + 1 WHERE id = @AppealId AND state = 'in_consideration' AND proposal = @Proposal
                """,
                vote
            ) != 1
        )
            return false;
        return await db.Execute(
                """
                INSERT INTO appeal_votes (appeal_id, proposal, member_id, in_favour, dissent, voted_at)
                VALUES (@AppealId, @Proposal, @MemberId, @InFavour, @Dissent, @VotedAt)
                ON CONFLICT DO NOTHING
                """,
                vote
            ) == 1;
    }

    internal static Task<bool> HasVoted(Db db, Guid appealId, int proposal, Guid memberId) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM appeal_votes WHERE appeal_id = @appealId AND proposal = @proposal AND member_id = @memberId) THEN 1 ELSE 0 END
            """,
            new
            {
                appealId,
                proposal,
                memberId,
            }
        );

    /// <summary>Votes on all proposals, in order.</summary>
    internal static Task<IReadOnlyList<VoteRow>> Votes(Db db, Guid appealId) =>
        db.Query<VoteRow>(
            """
            SELECT appeal_id, proposal, member_id, in_favour, dissent, voted_at FROM appeal_votes WHERE appeal_id = @appealId ORDER BY proposal, voted_at, member_id
            """,
            new { appealId }
        );

    /// <summary>Returns false when the recusal was already declared.</summary>
    internal static async Task<bool> Recuse(Db db, Guid appealId, RecusalRow recusal) =>
        await db.Execute(
            """
            INSERT INTO appeal_recusals (appeal_id, member_id, reason, declared_at) VALUES (@appealId, @MemberId, @Reason, @DeclaredAt)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                appealId,
                recusal.MemberId,
                recusal.Reason,
                recusal.DeclaredAt,
            }
        ) == 1;

    internal static Task<IReadOnlyList<RecusalRow>> Recusals(Db db, Guid appealId) =>
        db.Query<RecusalRow>(
            """
            SELECT member_id, reason, declared_at FROM appeal_recusals WHERE appeal_id = @appealId ORDER BY declared_at, member_id
            """,
            new { appealId }
        );

    /// <summary>
    /// Everybody who has claimed or marked the script, supervised its session, or declared that they know its author.
    /// Rounds of earlier appeals do not count, even if such an appeal was upheld: nobody is excluded from the next
    /// appeal for having decided an earlier one.
    /// </summary>
    internal static Task<IReadOnlyList<EntangledRow>> Entangled(Db db, Guid sessionId, Guid participantId) =>
        db.Query<EntangledRow>(
            string.Join(
                " UNION ",
                Ties.Select(tie => $"SELECT {tie.Actor} AS actor, '{tie.Why}' AS why FROM {tie.Of("@sessionId", "@participantId")}")
            ),
            new { sessionId, participantId }
        );

    /// <summary>SQL for the actors of <see cref="Entangled"/>.</summary>
    /// <param name="session">SQL for the session's id, with a name that these tables do not have.</param>
    /// <param name="participant">SQL for the id of the author.</param>
    internal static string EntangledActors(string session, string participant) =>
        string.Join(" UNION ALL ", Ties.Select(tie => $"SELECT {tie.Actor} FROM {tie.Of(session, participant)}"));

    private static readonly (string Why, string Actor, Func<string, string, string> Of)[] Ties =
    [
        (
            "marked_script",
            "CAST(x.expert_id AS VARCHAR(36))",
            (session, _) => $"marking_tasks AS k JOIN marking_assignments AS x ON x.task_id = k.id WHERE k.session_id = {session}"
        ),
        (
            "marked_script",
            "CAST(x.marked_by AS VARCHAR(36))",
            (session, _) => $"marking_rounds AS x WHERE x.session_id = {session} AND x.marked_by IS NOT NULL AND x.kind <> 'appeal'"
        ),
        (
            "led_session",
            "x.actor",
            (session, _) =>
                $"""
                    session_events AS x WHERE x.session_id = {session} AND x.actor IS NOT NULL
                      AND NOT (x.kind IN ('annul','undo_annulment') AND x.details LIKE '%"appeal_upheld"%')
                    """
        ),
        (
            "declared_conflict",
            "CAST(x.account_id AS VARCHAR(36))",
            (_, participant) => $"commission_conflicts AS x WHERE x.participant_id = {participant}"
        ),
        (
            "declared_conflict",
            "CAST(x.id AS VARCHAR(36))",
            (_, participant) => $"access_accounts AS x WHERE x.same_person_id = {participant}"
        ),
    ];
}
