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

    /// <summary>Where the person works, as it is now; null when nothing is known of the person any more.</summary>
    public string? Organisation { get; init; }

    /// <summary>Of the person when the script was queued: for nodes of the previous version, which compare this one.</summary>
    public string QueuedOrganisation { get; init; } = "";

    /// <summary>Of the framework; '' in tasks queued before there were commissions.</summary>
    public string Block { get; init; } = "";

    /// <summary>Equal for answers that differ only in case, blanks and a closing stop; '' for long ones.</summary>
    public string Likeness { get; init; } = "";

    /// <summary>Readings besides the independent ones, due or done.</summary>
    public int Thirds { get; init; }

    /// <summary>Why the last of them was called.</summary>
    public string? ThirdReason { get; init; }

    /// <summary>Of <see cref="Thirds"/>, those called because a control put an expert's marks in doubt.</summary>
    public int SecondLooks { get; init; }

    public string State { get; init; } = "";

    public TaskState Standing => Codes.Parse<TaskState>(State);
}

/// <summary>What an expert may be given.</summary>
/// <param name="Organisation">Own, canonical (<see cref="OrganisationName"/>); '' when none is known.</param>
/// <param name="Blocks">Those the expert marks; empty for all.</param>
/// <param name="Seed">Of the expert's own order.</param>
/// <param name="MayBeThird">Of the standing that the policy wants of a third expert.</param>
internal sealed record TaskFilter(
    Guid CampaignId, Guid ExpertId, string Organisation, IReadOnlyList<string> Blocks, int Seed, bool MayBeThird, int Experts, Instant Now,
    string? ItemCode = null)
{
    /// <summary>Items whose scripts the expert is not given now.</summary>
    public IReadOnlyList<string> Closed { get; init; } = [];

    /// <summary>Spellings of the own organisation among those of the queue.</summary>
    public IReadOnlyList<string> OwnNames { get; init; } = [];

    internal bool IsOwn(string? organisation) => Organisation.Length > 0 && OrganisationName.Canonical(organisation) == Organisation;
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
}

/// <summary>Open answers that wait for experts, one task for a session's slot.</summary>
internal static class TaskStore
{
    private const string Columns = "t.id, t.campaign_id, t.session_id, t.slot, t.item_code, t.item_version, p.organisation, t.block, t.likeness, t.thirds, t.third_reason, t.second_looks, t.state";

    // The organisation is asked of the person at every claim: a correction counts at once.
    private const string Tables = """
        marking_tasks AS t JOIN sessions AS s ON s.id = t.session_id
        LEFT JOIN people AS p ON p.participant_id = s.participant_id
        """;

    // What this expert may be given; a place is free while fewer hold or have marked the script than readings are due.
    private const string Available = """
        t.campaign_id = @CampaignId AND t.state = 'waiting'
          AND (p.organisation IS NULL OR p.organisation NOT IN @OwnNames)
          AND (@anyBlock = 1 OR t.block = '' OR t.block IN @Blocks)
          AND s.scored_at IS NOT NULL AND s.state IN ('finished','expired')
          AND NOT EXISTS (SELECT 1 FROM marking_assignments AS own WHERE own.task_id = t.id AND own.expert_id = @ExpertId AND own.state <> 'lapsed'
                            AND NOT (own.state = 'claimed' AND own.lease_until < @Now))
          AND NOT EXISTS (SELECT 1 FROM commission_conflicts AS c WHERE c.account_id = @ExpertId AND c.participant_id = s.participant_id)
          AND (SELECT COUNT(*) FROM marking_assignments AS held WHERE held.task_id = t.id AND held.state IN ('claimed','marked')
               AND NOT (held.state = 'claimed' AND held.lease_until < @Now))
              < @Experts + (CASE WHEN @mayBeThird = 1 THEN t.thirds ELSE 0 END)
        """;

    internal static Task<TaskRow?> Find(Db db, Guid id) => db.Find<TaskRow>($"SELECT {Columns} FROM {Tables} WHERE t.id = @id", new { id });

    /// <summary>Puts a script into the queue; one that a session taken up again answered anew returns to it, at a new place.</summary>
    /// <remarks>No task is ever removed, so one that stood in the way of the first statement is there for the second.</remarks>
    internal static async Task<bool> Enqueue(Db db, TaskRow task, long shuffle, Instant now)
    {
        var queued = new { task.Id, task.CampaignId, task.SessionId, task.Slot, task.ItemCode, task.ItemVersion, task.QueuedOrganisation, task.Block, task.Likeness, shuffle, now };
        return await db.Execute("""
            INSERT INTO marking_tasks (id, campaign_id, session_id, slot, item_code, item_version, organisation, block, likeness, shuffle, state, created_at)
            VALUES (@Id, @CampaignId, @SessionId, @Slot, @ItemCode, @ItemVersion, @QueuedOrganisation, @Block, @Likeness, @shuffle, 'waiting', @now)
            ON CONFLICT (session_id, slot) DO NOTHING
            """, queued) == 1
            || await db.Execute("""
            UPDATE marking_tasks
            SET state = 'waiting', shuffle = @shuffle, organisation = @QueuedOrganisation, block = @Block, likeness = @Likeness,
                thirds = 0, third_reason = NULL, second_looks = 0
            WHERE session_id = @SessionId AND slot = @Slot
            """, queued) == 1;
    }

    /// <summary>The answer was emptied: nothing is left to mark.</summary>
    internal static Task<int> Withdraw(Db db, Guid sessionId, int slot) =>
        db.Execute("UPDATE marking_tasks SET state = 'withdrawn' WHERE session_id = @sessionId AND slot = @slot", new { sessionId, slot });

    /// <summary>
    /// The next scripts for an expert: not of the own organisation nor of an acquaintance, never seen before, with a place
    /// free; by item across scripts, in the expert's own order (<see cref="MarkingOrder"/>). A session taken up again or
    /// annulled shows no script. Read outside the writer, which it would hold up: whoever takes one is guarded by
    /// <see cref="AssignmentStore.Add"/>.
    /// </summary>
    /// <remarks>
    /// Claims take turns (<see cref="Db.TakeTurn"/>) and do not skip what another has locked (UPDLOCK, READPAST): no lock could be
    /// kept as long as an expert reads, so the claim is a row of its own; and a script skipped may be the only one left.
    /// </remarks>
    internal static Task<IReadOnlyList<TaskRow>> Candidates(Db db, TaskFilter filter, int limit) => db.Query<TaskRow>($"""
        SELECT {Columns}
        FROM {Tables}
        WHERE {Available} AND (@ItemCode IS NULL OR t.item_code = @ItemCode) AND t.item_code NOT IN @Closed
        ORDER BY t.item_code, t.shuffle * @Seed % {MarkingOrder.Modulus} LIMIT @limit
        """, Parameters(filter, limit: limit));

    /// <summary>The script, if it is still to be given to this expert.</summary>
    internal static Task<TaskRow?> FindAvailable(Db db, TaskFilter filter, Guid id) => db.Find<TaskRow>($"""
        SELECT {Columns} FROM {Tables} WHERE t.id = @id AND {Available}
        """, Parameters(filter, id));

    /// <summary>Where the authors of the scripts that wait work now, every spelling once.</summary>
    internal static Task<IReadOnlyList<string>> Organisations(Db db, Guid campaignId) => db.Query<string>("""
        SELECT DISTINCT p.organisation
        FROM marking_tasks AS t
        JOIN sessions AS s ON s.id = t.session_id
        JOIN people AS p ON p.participant_id = s.participant_id
        WHERE t.campaign_id = @campaignId AND t.state = 'waiting'
        """, new { campaignId });

    /// <summary>Scripts with an answer like this one's that this expert may be given too, in one decision.</summary>
    internal static Task<IReadOnlyList<TaskRow>> Alike(Db db, TaskFilter filter, TaskRow like, int limit) => db.Query<TaskRow>($"""
        SELECT {Columns}
        FROM {Tables}
        WHERE {Available} AND t.id <> @id AND t.item_code = @likeItem AND t.item_version = @likeVersion AND t.likeness = @likeness AND t.likeness <> ''
        ORDER BY t.id LIMIT @limit
        """, Parameters(filter, like.Id, limit, like));

    /// <summary>Slots of a session that wait for experts and that this one has not marked.</summary>
    internal static Task<IReadOnlyList<int>> StillToMark(Db db, Guid sessionId, Guid expertId) => db.Query<int>("""
        SELECT t.slot FROM marking_tasks AS t
        WHERE t.session_id = @sessionId AND t.state = 'waiting'
          AND NOT EXISTS (SELECT 1 FROM marking_assignments AS own WHERE own.task_id = t.id AND own.expert_id = @expertId AND own.state = 'marked')
        ORDER BY t.slot
        """, new { sessionId, expertId });

    /// <summary>Other waiting scripts with an answer like this one's, whoever may be given them.</summary>
    internal static Task<int> CountAlike(Db db, TaskRow task) => task.Likeness == "" ? Task.FromResult(0) : db.Value<int>("""
        SELECT COUNT(*) FROM marking_tasks
        WHERE campaign_id = @CampaignId AND item_code = @ItemCode AND item_version = @ItemVersion AND likeness = @Likeness AND state = 'waiting' AND id <> @Id
        """, task);

    private static object Parameters(TaskFilter filter, Guid? id = null, int limit = 1, TaskRow? like = null) => new
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

    /// <summary>Marked as soon as every place has its round. The list of states beside the state lets the index on holders serve.</summary>
    internal static Task<int> SetMarkedWhenComplete(Db db, Guid taskId, int experts) => db.Execute("""
        UPDATE marking_tasks SET state = 'marked'
        WHERE id = @taskId AND state IN @from
          AND (SELECT COUNT(*) FROM marking_assignments WHERE task_id = @taskId AND state IN ('claimed','marked') AND state = 'marked') >= @experts + thirds
        """, new { taskId, experts, from = TaskMoves.Mark.AllowedCodes });

    /// <summary>Puts a marked script back into the queue for a third reading; false when it waits already, or one was called before.</summary>
    internal static async Task<bool> CallThird(Db db, Guid sessionId, int slot, string reason) => await db.Execute("""
        UPDATE marking_tasks SET state = 'waiting', thirds = 1, third_reason = @reason
        WHERE session_id = @sessionId AND slot = @slot AND thirds = 0 AND state IN @from
        """, new { sessionId, slot, reason, from = TaskMoves.CallThird.AllowedCodes }) == 1;

    /// <summary>
    /// One more reading of every script of an item that this expert has marked since then, settled or not. Not of those
    /// that wait for a reading besides the independent ones anyway, nor of those that somebody else has given one since.
    /// The lists of states let the index on holders serve.
    /// </summary>
    /// <param name="since">The moment from which on the expert's marks are doubted; null for all.</param>
    internal static Task<int> CallSecondLooks(Db db, Guid campaignId, Guid expertId, string itemCode, Instant? since, int experts, string reason) => db.Execute("""
        UPDATE marking_tasks SET state = 'waiting', thirds = thirds + 1, second_looks = second_looks + 1, third_reason = @reason
        WHERE campaign_id = @campaignId AND item_code = @itemCode AND state IN @from
          AND thirds <= (SELECT COUNT(*) FROM marking_assignments AS done WHERE done.task_id = marking_tasks.id AND done.state IN ('claimed','marked') AND done.state = 'marked' AND done.place > @experts)
          AND id IN (
            SELECT own.task_id FROM marking_assignments AS own
            WHERE own.expert_id = @expertId AND own.state = 'marked' AND (@since IS NULL OR own.closed_at >= @since)
              AND NOT EXISTS (SELECT 1 FROM marking_assignments AS other WHERE other.task_id = own.task_id AND other.state IN ('claimed','marked') AND other.state = 'marked'
                              AND other.place > @experts AND other.expert_id <> @expertId AND other.closed_at > own.closed_at))
        """, new { campaignId, expertId, itemCode, since, experts, reason, from = TaskMoves.CallSecondLook.AllowedCodes });

    internal static Task<IReadOnlyList<ItemProgressRow>> ProgressOfItems(Db db, Guid campaignId, Instant now) => db.Query<ItemProgressRow>("""
        SELECT each_task.item_code, each_task.item_version, COUNT(*) AS total, SUM(each_task.marked) AS marked, SUM(each_task.in_work) AS in_work
        FROM (SELECT t.item_code, t.item_version,
                     CASE WHEN t.state = 'marked' THEN 1 ELSE 0 END AS marked,
                     CASE WHEN t.state = 'waiting' AND EXISTS (
                         SELECT 1 FROM marking_assignments AS a WHERE a.task_id = t.id AND a.state = 'claimed' AND a.lease_until >= @now) THEN 1 ELSE 0 END AS in_work
              FROM marking_tasks AS t JOIN sessions AS s ON s.id = t.session_id
              WHERE t.campaign_id = @campaignId AND t.state <> 'withdrawn' AND s.state <> 'annulled') AS each_task
        GROUP BY each_task.item_code, each_task.item_version ORDER BY each_task.item_code, each_task.item_version
        """, new { campaignId, now });

    internal static Task<IReadOnlyList<ExpertProgressRow>> ProgressOfExperts(Db db, Guid campaignId, Instant now) => db.Query<ExpertProgressRow>("""
        SELECT a.expert_id,
               SUM(CASE WHEN a.state = 'marked' THEN 1 ELSE 0 END) AS marked,
               SUM(CASE WHEN a.state = 'claimed' AND a.lease_until >= @now THEN 1 ELSE 0 END) AS in_work,
               SUM(CASE WHEN a.state = 'returned' THEN 1 ELSE 0 END) AS returned
        FROM marking_assignments AS a JOIN marking_tasks AS t ON t.id = a.task_id
        WHERE t.campaign_id = @campaignId
        GROUP BY a.expert_id ORDER BY a.expert_id
        """, new { campaignId, now });
}
