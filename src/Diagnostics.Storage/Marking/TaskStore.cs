using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.People;
using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record TaskRow
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }
    public Guid SessionId { get; init; }
    public int Slot { get; init; }
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }

    /// <summary>The person's present workplace; null when nothing is known about the person any more.</summary>
    public string? Organisation { get; init; }

    /// <summary>
    /// The person's workplace when the script was queued, for nodes of the previous version, which compare this value.
    /// </summary>
    public string QueuedOrganisation { get; init; } = "";

    /// <summary>Block of the framework; '' in tasks queued before commissions existed.</summary>
    public string Block { get; init; } = "";

    /// <summary>
    /// Equal for answers that differ only in case, blanks and a closing full stop; '' for long answers.
    /// </summary>
    public string Likeness { get; init; } = "";

    /// <summary>Number of readings beyond the independent ones, due or done.</summary>
    public int Thirds { get; init; }

    /// <summary>Why the last of the <see cref="Thirds"/> was called.</summary>
    public string? ThirdReason { get; init; }

    /// <summary>
    /// The number of <see cref="Thirds"/> that were called because a control put an expert's marks in doubt.
    /// </summary>
    public int SecondLooks { get; init; }

    public string State { get; init; } = "";

    public TaskState Standing => Codes.Parse<TaskState>(State);
}

/// <summary>An answer equal to another one.</summary>
internal sealed record AlikeRow
{
    /// <inheritdoc cref="TaskRow.Organisation"/>
    public string? Organisation { get; init; }

    public int Revision { get; init; }
    public string? Content { get; init; }
}

/// <summary>Limits on what an expert may receive.</summary>
/// <param name="Organisation">The expert's organisation in canonical form (<see cref="OrganisationName"/>); '' when
/// unknown.</param>
/// <param name="Blocks">Blocks that the expert marks; empty for all.</param>
/// <param name="Seed">Seed of the expert's own order.</param>
/// <param name="MayBeThird">Whether the expert has the standing that the policy requires of a third expert.</param>
internal sealed record TaskFilter(
    Guid CampaignId,
    Guid ExpertId,
    string Organisation,
    IReadOnlyList<string> Blocks,
    int Seed,
    bool MayBeThird,
    int Experts,
    Instant Now,
    string? ItemCode = null
)
{
    /// <summary>Items whose scripts the expert does not receive now.</summary>
    public IReadOnlyList<string> Closed { get; init; } = [];

    /// <summary>Spellings of the expert's organisation that occur in the queue.</summary>
    public IReadOnlyList<string> OwnNames { get; init; } = [];

    /// <summary>
    /// Whether scripts are withheld whose authors work at an organisation of a near name, which may be the expert's own. The queue
    /// withholds them; those who lead marking see the names and may give such a script by hand.
    /// </summary>
    public bool WithholdsNear { get; init; } = true;

    internal bool IsOwn(string? organisation) =>
        Organisation.Length > 0
        && (
            OrganisationName.Canonical(organisation) == Organisation
            || (WithholdsNear && OrganisationName.AreNear(organisation, Organisation))
        );
}

internal sealed record ItemProgressRow
{
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }
    public int Total { get; init; }
    public int Marked { get; init; }
    public int InWork { get; init; }
}

internal sealed record ExpertProgressRow
{
    public Guid ExpertId { get; init; }
    public int Marked { get; init; }
    public int InWork { get; init; }
    public int Returned { get; init; }
    public string UserName { get; init; } = "";

    /// <summary>Number of scripts marked since <c>since</c>.</summary>
    public int Lately { get; init; }

    public Instant? LastMarkedAt { get; init; }
}

/// <summary>Open answers that wait for experts, with one task for each slot of a session.</summary>
internal static class TaskStore
{
    private const string Columns =
        "t.id, t.campaign_id, t.session_id, t.slot, t.item_code, t.item_version, p.organisation, t.block, t.likeness, "
        + "t.thirds, t.third_reason, t.second_looks, t.state";

    // Every claim reads the person's organisation, so a correction takes effect immediately.
    private const string Tables = """
        marking_tasks AS t JOIN sessions AS s ON s.id = t.session_id
        LEFT JOIN people AS p ON p.participant_id = s.participant_id
        """;

    // The tasks that this expert may receive. A place is free while the number of experts who hold or have marked the
    // script is below the number of readings due.
    private const string Available = """
        t.campaign_id = @CampaignId AND t.state = 'waiting'
          AND (p.organisation IS NULL OR p.organisation NOT IN @OwnNames)
          AND (@anyBlock = 1 OR t.block = '' OR t.block IN @Blocks)
          AND s.scored_at IS NOT NULL AND s.state IN ('finished','expired')
          AND NOT EXISTS (SELECT 1 FROM marking_assignments AS own WHERE own.task_id = t.id AND own.expert_id = @ExpertId AND own.state <> 'lapsed'
                            AND NOT (own.state = 'claimed' AND own.lease_until < @Now))
          AND NOT EXISTS (SELECT 1 FROM commission_conflicts AS c WHERE c.account_id = @ExpertId AND c.participant_id = s.participant_id)
          AND NOT EXISTS (SELECT 1 FROM access_accounts AS e WHERE e.id = @ExpertId AND e.same_person_id = s.participant_id)
          AND (SELECT COUNT(*) FROM marking_assignments AS held WHERE held.task_id = t.id AND held.state IN ('claimed','marked')
               AND NOT (held.state = 'claimed' AND held.lease_until < @Now))
              < @Experts + (CASE WHEN @mayBeThird = 1 THEN t.thirds ELSE 0 END)
        """;

    // The other tasks with an equal answer.
    private const string Equal = """
        t.id <> @id AND t.item_code = @likeItem AND t.item_version = @likeVersion AND t.likeness = @likeness AND t.likeness <> ''
        """;

    internal static Task<TaskRow?> Find(Db db, Guid id) => db.Find<TaskRow>($"SELECT {Columns} FROM {Tables} WHERE t.id = @id", new { id });

    /// <summary>
    /// Puts a script into the queue. When a resumed session has a new answer, the script returns to the queue at a new
    /// place.
    /// </summary>
    /// <remarks>
    /// No task is ever removed, so a task that makes the first statement fail still exists for the second.
    /// </remarks>
    internal static async Task<bool> Enqueue(Db db, TaskRow task, long shuffle, Instant now)
    {
        var queued = new
        {
            task.Id,
            task.CampaignId,
            task.SessionId,
            task.Slot,
            task.ItemCode,
            task.ItemVersion,
            task.QueuedOrganisation,
            task.Block,
            task.Likeness,
            shuffle,
            now,
        };
        return await db.Execute(
                """
                INSERT INTO marking_tasks (id, campaign_id, session_id, slot, item_code, item_version, organisation, block, likeness, shuffle, state, created_at)
                VALUES (@Id, @CampaignId, @SessionId, @Slot, @ItemCode, @ItemVersion, @QueuedOrganisation, @Block, @Likeness, @shuffle, 'waiting', @now)
                ON CONFLICT (session_id, slot) DO NOTHING
                """,
                queued
            ) == 1
            || await db.Execute(
                """
                UPDATE marking_tasks
                SET state = 'waiting', shuffle = @shuffle, organisation = @QueuedOrganisation, block = @Block, likeness = @Likeness,
                    thirds = 0, third_reason = NULL, second_looks = 0
                WHERE session_id = @SessionId AND slot = @Slot
                """,
                queued
            ) == 1;
    }

    /// <summary>Withdraws a task whose answer was emptied: there is nothing to mark any more.</summary>
    internal static Task<int> Withdraw(Db db, Guid sessionId, int slot) =>
        db.Execute("UPDATE marking_tasks SET state = 'withdrawn' WHERE session_id = @sessionId AND slot = @slot", new { sessionId, slot });

    /// <summary>
    /// The next scripts for an expert: not by people from the expert's organisation or by acquaintances, never seen
    /// before, and with a free place. They come item by item, and those of one item in the expert's own order
    /// (<see cref="MarkingOrder"/>). Scripts of a resumed or annulled session are not offered. The query runs outside
    /// the writer, which it would hold up; <see cref="AssignmentStore.Add"/> guards the claim itself.
    /// </summary>
    /// <remarks>
    /// Claims take turns (<see cref="Db.TakeTurn"/>) instead of skipping locked rows (UPDLOCK, READPAST). No lock can
    /// last as long as an expert takes to read, so a claim is a separate row. Besides, a skipped script may be the only
    /// one left.
    /// </remarks>
    internal static Task<IReadOnlyList<TaskRow>> Candidates(Db db, TaskFilter filter, int limit) =>
        db.Query<TaskRow>(
            $"""
            SELECT {Columns}
            FROM {Tables}
            WHERE {Available} AND (@ItemCode IS NULL OR t.item_code = @ItemCode) AND t.item_code NOT IN @Closed
            ORDER BY t.item_code, t.shuffle * @Seed % {MarkingOrder.Modulus} LIMIT @limit
            """,
            Parameters(filter, limit: limit)
        );

    /// <summary>The script, if this expert may still receive it.</summary>
    internal static Task<TaskRow?> FindAvailable(Db db, TaskFilter filter, Guid id) =>
        db.Find<TaskRow>(
            $"""
            SELECT {Columns} FROM {Tables} WHERE t.id = @id AND {Available}
            """,
            Parameters(filter, id)
        );

    /// <summary>Number of scripts of each item that this expert may receive.</summary>
    internal static Task<IReadOnlyList<ItemCountRow>> CountAvailable(Db db, TaskFilter filter) =>
        db.Query<ItemCountRow>(
            $"SELECT t.item_code, COUNT(*) AS scripts FROM {Tables} WHERE {Available} GROUP BY t.item_code",
            Parameters(filter)
        );

    /// <summary>Present workplaces of the authors of waiting scripts, each spelling once.</summary>
    internal static Task<IReadOnlyList<string>> Organisations(Db db, Guid campaignId) =>
        db.Query<string>(
            """
            SELECT DISTINCT p.organisation
            FROM marking_tasks AS t
            JOIN sessions AS s ON s.id = t.session_id
            JOIN people AS p ON p.participant_id = s.participant_id
            WHERE t.campaign_id = @campaignId AND t.state = 'waiting'
            """,
            new { campaignId }
        );

    /// <summary>
    /// Scripts with an equal answer that this expert may also receive, for one decision on all of them.
    /// </summary>
    internal static Task<IReadOnlyList<TaskRow>> Alike(Db db, TaskFilter filter, TaskRow like, int limit) =>
        db.Query<TaskRow>(
            $"""
            SELECT {Columns} FROM {Tables} WHERE {Available} AND {Equal} ORDER BY t.id LIMIT @limit
            """,
            Parameters(filter, like.Id, limit, like)
        );

    /// <summary>The answers of <see cref="Alike"/>, in the same order.</summary>
    internal static Task<IReadOnlyList<AlikeRow>> AlikeAnswers(Db db, TaskFilter filter, TaskRow like, int limit) =>
        db.Query<AlikeRow>(
            $"""
            SELECT p.organisation, r.revision, r.content
            FROM {Tables}
            JOIN session_responses AS r ON r.session_id = t.session_id AND r.slot = t.slot
            WHERE {Available} AND {Equal}
              AND r.revision = (SELECT MAX(l.revision) FROM session_responses AS l WHERE l.session_id = t.session_id AND l.slot = t.slot)
            ORDER BY t.id LIMIT @limit
            """,
            Parameters(filter, like.Id, limit, like)
        );

    /// <summary>Slots of a session that wait for experts and that this expert has not marked.</summary>
    internal static Task<IReadOnlyList<int>> StillToMark(Db db, Guid sessionId, Guid expertId) =>
        db.Query<int>(
            """
            SELECT t.slot FROM marking_tasks AS t
            WHERE t.session_id = @sessionId AND t.state = 'waiting'
              AND NOT EXISTS (SELECT 1 FROM marking_assignments AS own WHERE own.task_id = t.id AND own.expert_id = @expertId AND own.state = 'marked')
            ORDER BY t.slot
            """,
            new { sessionId, expertId }
        );

    /// <summary>Number of other waiting scripts with an equal answer, for any expert.</summary>
    internal static Task<int> CountAlike(Db db, TaskRow task) =>
        task.Likeness == ""
            ? Task.FromResult(0)
            : db.Value<int>(
                """
                SELECT COUNT(*) FROM marking_tasks
                WHERE campaign_id = @CampaignId AND item_code = @ItemCode AND item_version = @ItemVersion AND likeness = @Likeness AND state = 'waiting' AND id <> @Id
                """,
                task
            );

    private static object Parameters(TaskFilter filter, Guid? id = null, int limit = 1, TaskRow? like = null) =>
        new
        {
            filter.CampaignId,
            filter.ExpertId,
            OwnNames = filter.OwnNames.ToArray(),
            Blocks = filter.Blocks.ToArray(),
            filter.Seed,
            filter.Experts,
            filter.Now,
            filter.ItemCode,
            Closed = filter.Closed.ToArray(),
            anyBlock = filter.Blocks.Count == 0 ? 1 : 0,
            mayBeThird = filter.MayBeThird ? 1 : 0,
            id,
            likeItem = like?.ItemCode,
            likeVersion = like?.ItemVersion,
            likeness = like?.Likeness,
            limit,
        };

    /// <summary>
    /// Sets a task to marked when every place has its round. The condition on a list of states, beside the one on a
    /// single state, makes the index on holders usable.
    /// </summary>
    internal static Task<int> SetMarkedWhenComplete(Db db, Guid taskId, int experts) =>
        db.Execute(
            """
            UPDATE marking_tasks SET state = 'marked'
            WHERE id = @taskId AND state IN @from
              AND (SELECT COUNT(*) FROM marking_assignments WHERE task_id = @taskId AND state IN ('claimed','marked') AND state = 'marked') >= @experts + thirds
            """,
            new
            {
                taskId,
                experts,
                from = TaskMoves.Mark.AllowedCodes,
            }
        );

    /// <summary>
    /// Returns a marked script to the queue for a third reading; false when the script is already waiting, or when a
    /// reading was called before.
    /// </summary>
    internal static async Task<bool> CallThird(Db db, Guid sessionId, int slot, string reason) =>
        await db.Execute(
            """
            UPDATE marking_tasks SET state = 'waiting', thirds = 1, third_reason = @reason
            WHERE session_id = @sessionId AND slot = @slot AND thirds = 0 AND state IN @from
            """,
            new
            {
                sessionId,
                slot,
                reason,
                from = TaskMoves.CallThird.AllowedCodes,
            }
        ) == 1;

    /// <summary>
    /// Calls one more reading of every script of an item, settled or not, that this expert has marked since a given
    /// time. It leaves out scripts that already wait for a called reading, and scripts that another expert has read
    /// since. The conditions on lists of states make the index on holders usable.
    /// </summary>
    /// <param name="since">The time from which the expert's marks are in doubt; null for all.</param>
    internal static Task<int> CallSecondLooks(
        Db db,
        Guid campaignId,
        Guid expertId,
        string itemCode,
        Instant? since,
        int experts,
        string reason
    ) =>
        db.Execute(
            """
            UPDATE marking_tasks SET state = 'waiting', thirds = thirds + 1, second_looks = second_looks + 1, third_reason = @reason
            WHERE campaign_id = @campaignId AND item_code = @itemCode AND state IN @from
              AND thirds <= (SELECT COUNT(*) FROM marking_assignments AS done WHERE done.task_id = marking_tasks.id AND done.state IN ('claimed','marked') AND done.state = 'marked' AND done.place > @experts)
              AND id IN (
                SELECT own.task_id FROM marking_assignments AS own
                WHERE own.expert_id = @expertId AND own.state = 'marked' AND (@since IS NULL OR own.closed_at >= @since)
                  AND NOT EXISTS (SELECT 1 FROM marking_assignments AS other WHERE other.task_id = own.task_id AND other.state IN ('claimed','marked') AND other.state = 'marked'
                                  AND other.place > @experts AND other.expert_id <> @expertId AND other.closed_at > own.closed_at))
            """,
            new
            {
                campaignId,
                expertId,
                itemCode,
                since,
                experts,
                reason,
                from = TaskMoves.CallSecondLook.AllowedCodes,
            }
        );

    internal static Task<IReadOnlyList<ItemProgressRow>> ProgressOfItems(Db db, Guid campaignId, Instant now) =>
        db.Query<ItemProgressRow>(
            """
            SELECT each_task.item_code, each_task.item_version, COUNT(*) AS total, SUM(each_task.marked) AS marked, SUM(each_task.in_work) AS in_work
            FROM (SELECT t.item_code, t.item_version,
                         CASE WHEN t.state = 'marked' THEN 1 ELSE 0 END AS marked,
                         CASE WHEN t.state = 'waiting' AND EXISTS (
                             SELECT 1 FROM marking_assignments AS a WHERE a.task_id = t.id AND a.state = 'claimed' AND a.lease_until >= @now) THEN 1 ELSE 0 END AS in_work
                  FROM marking_tasks AS t JOIN sessions AS s ON s.id = t.session_id
                  WHERE t.campaign_id = @campaignId AND t.state <> 'withdrawn' AND s.state <> 'annulled') AS each_task
            GROUP BY each_task.item_code, each_task.item_version ORDER BY each_task.item_code, each_task.item_version
            """,
            new { campaignId, now }
        );

    /// <param name="since">From when scripts count as marked lately.</param>
    internal static Task<IReadOnlyList<ExpertProgressRow>> ProgressOfExperts(Db db, Guid campaignId, Instant since, Instant now) =>
        db.Query<ExpertProgressRow>(
            """
            SELECT a.expert_id,
                   SUM(CASE WHEN a.state = 'marked' THEN 1 ELSE 0 END) AS marked,
                   SUM(CASE WHEN a.state = 'claimed' AND a.lease_until >= @now THEN 1 ELSE 0 END) AS in_work,
                   SUM(CASE WHEN a.state = 'returned' THEN 1 ELSE 0 END) AS returned,
                   (SELECT e.user_name FROM access_accounts AS e WHERE e.id = a.expert_id) AS user_name,
                   SUM(CASE WHEN a.state = 'marked' AND a.closed_at >= @since THEN 1 ELSE 0 END) AS lately,
                   MAX(CASE WHEN a.state = 'marked' THEN a.closed_at END) AS last_marked_at
            FROM marking_assignments AS a JOIN marking_tasks AS t ON t.id = a.task_id
            WHERE t.campaign_id = @campaignId
            GROUP BY a.expert_id ORDER BY a.expert_id
            """,
            new
            {
                campaignId,
                since,
                now,
            }
        );
}
