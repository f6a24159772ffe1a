using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using NodaTime;

namespace Diagnostics.Storage.Marking;

/// <summary>A script as those who lead marking see it.</summary>
internal sealed record ScriptRow
{
    public Guid Id { get; init; }
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }
    public Guid SessionId { get; init; }
    public int Slot { get; init; }
    public string State { get; init; } = "";
    public int Thirds { get; init; }
    public string? ThirdReason { get; init; }
    public int SecondLooks { get; init; }

    public TaskState Standing => Codes.Parse<TaskState>(State);

    internal static ScriptRow Of(TaskRow task) =>
        new()
        {
            Id = task.Id,
            ItemCode = task.ItemCode,
            ItemVersion = task.ItemVersion,
            SessionId = task.SessionId,
            Slot = task.Slot,
            State = task.State,
            Thirds = task.Thirds,
            ThirdReason = task.ThirdReason,
            SecondLooks = task.SecondLooks,
        };
}

/// <summary>An expert's claim on a script, live or closed.</summary>
internal sealed record ScriptClaimRow
{
    public Guid Id { get; init; }
    public Guid ScriptId { get; init; }
    public string ItemCode { get; init; } = "";
    public int Place { get; init; }
    public Guid ExpertId { get; init; }
    public string UserName { get; init; } = "";
    public string Code { get; init; } = "";
    public string State { get; init; } = "";
    public Instant ClaimedAt { get; init; }
    public Instant LeaseUntil { get; init; }
    public Instant? HeldAt { get; init; }
    public Instant? ClosedAt { get; init; }
    public string? Reason { get; init; }

    public ClaimState Standing => Codes.Parse<ClaimState>(State);
}

/// <summary>The points that an expert gave for a current answer.</summary>
internal sealed record ScriptMarkRow
{
    public Guid SessionId { get; init; }
    public int Slot { get; init; }
    public int Number { get; init; }
    public Guid MarkedBy { get; init; }
    public Points Points { get; init; }
    public Points Maximum { get; init; }
}

/// <summary>How many readings experts gave in an hour.</summary>
internal sealed record HourRow
{
    /// <summary>The beginning of the hour.</summary>
    public Instant Hour { get; init; }

    public int Marks { get; init; }
}

/// <summary>What of a campaign's marking needs attention, in numbers.</summary>
internal sealed record MarkingStandingRow
{
    /// <summary>Number of scripts with a live claim that began before a given time.</summary>
    public int LongClaims { get; init; }

    /// <summary>Number of scripts that wait for a reading beyond the independent ones.</summary>
    public int WaitingThirds { get; init; }

    /// <summary>Number of readings that are still due.</summary>
    public int ReadingsDue { get; init; }
}

/// <summary>Scripts of a campaign for those who lead marking; experts' own queries are in <see cref="TaskStore"/>.</summary>
internal static class ScriptStore
{
    private const string Columns =
        "t.id, t.item_code, t.item_version, t.session_id, t.slot, t.state, t.thirds, t.third_reason, t.second_looks";

    private const string ClaimColumns =
        "a.id, a.task_id AS script_id, t.item_code, a.place, a.expert_id, e.user_name, a.code, a.state, "
        + "a.claimed_at, a.lease_until, a.held_at, a.closed_at, a.reason";

    /// <param name="after">Id of the last script of the previous page.</param>
    internal static Task<IReadOnlyList<ScriptRow>> OfCampaign(Db db, Guid campaignId, Guid? after, int limit) =>
        db.Query<ScriptRow>(
            $"""
            SELECT {Columns}
            FROM marking_tasks AS t JOIN sessions AS s ON s.id = t.session_id
            WHERE t.campaign_id = @campaignId AND t.state <> 'withdrawn' AND s.state <> 'annulled' AND (@after IS NULL OR t.id > @after)
            ORDER BY t.id LIMIT @limit
            """,
            new
            {
                campaignId,
                after,
                limit,
            }
        );

    /// <summary>Claims on scripts of a campaign, those on one script in the order in which they were made.</summary>
    /// <param name="first">Id of the first script.</param>
    /// <param name="last">Id of the last script.</param>
    internal static Task<IReadOnlyList<ScriptClaimRow>> Claims(Db db, Guid campaignId, Guid first, Guid last) =>
        db.Query<ScriptClaimRow>(
            $"""
            SELECT {ClaimColumns}
            FROM marking_tasks AS t JOIN marking_assignments AS a ON a.task_id = t.id JOIN access_accounts AS e ON e.id = a.expert_id
            WHERE t.campaign_id = @campaignId AND t.id >= @first AND t.id <= @last
            ORDER BY a.task_id, a.claimed_at, a.id
            """,
            new
            {
                campaignId,
                first,
                last,
            }
        );

    /// <summary>
    /// All claims of a campaign, including those on scripts that the commission no longer has, in the order in which
    /// they were made.
    /// </summary>
    internal static Task<IReadOnlyList<ScriptClaimRow>> AllClaims(Db db, Guid campaignId) =>
        db.Query<ScriptClaimRow>(
            $"""
            SELECT {ClaimColumns}
            FROM marking_tasks AS t JOIN marking_assignments AS a ON a.task_id = t.id JOIN access_accounts AS e ON e.id = a.expert_id
            WHERE t.campaign_id = @campaignId
            ORDER BY a.claimed_at, a.id
            """,
            new { campaignId }
        );

    /// <summary>Points that experts gave for the current answers to scripts of a campaign.</summary>
    /// <inheritdoc cref="Claims"/>
    internal static Task<IReadOnlyList<ScriptMarkRow>> Marks(Db db, Guid campaignId, Guid first, Guid last) =>
        db.Query<ScriptMarkRow>(
            """
            SELECT r.session_id, r.slot, r.number, r.marked_by, r.points, r.maximum
            FROM marking_tasks AS t JOIN marking_rounds AS r ON r.session_id = t.session_id AND r.slot = t.slot
            WHERE t.campaign_id = @campaignId AND t.id >= @first AND t.id <= @last
              AND r.kind IN ('expert','adjudication') AND r.marked_by IS NOT NULL
              AND r.response_revision = (SELECT MAX(a.response_revision) FROM marking_rounds AS a WHERE a.session_id = r.session_id AND a.slot = r.slot AND a.kind = 'auto')
            ORDER BY r.session_id, r.slot, r.number
            """,
            new
            {
                campaignId,
                first,
                last,
            }
        );

    /// <param name="longSince">A claim made before this time is long.</param>
    internal static async Task<MarkingStandingRow> Standing(Db db, Guid campaignId, int experts, Instant longSince, Instant now) =>
        (
            await db.Find<MarkingStandingRow>(
                """
                SELECT COALESCE(SUM(CASE WHEN w.long_claims > 0 THEN 1 ELSE 0 END), 0) AS long_claims,
                       COALESCE(SUM(CASE WHEN w.thirds > 0 THEN 1 ELSE 0 END), 0) AS waiting_thirds,
                       COALESCE(SUM(@experts + w.thirds - w.done), 0) AS readings_due
                FROM (SELECT t.thirds,
                             (SELECT COUNT(*) FROM marking_assignments AS d WHERE d.task_id = t.id AND d.state = 'marked') AS done,
                             (SELECT COUNT(*) FROM marking_assignments AS c
                              WHERE c.task_id = t.id AND c.state = 'claimed' AND c.lease_until >= @now AND c.claimed_at < @longSince) AS long_claims
                      FROM marking_tasks AS t JOIN sessions AS s ON s.id = t.session_id
                      WHERE t.campaign_id = @campaignId AND t.state = 'waiting' AND s.state <> 'annulled') AS w
                """,
                new
                {
                    campaignId,
                    experts,
                    longSince,
                    now,
                }
            )
        )!;

    /// <summary>
    /// How many readings were given in each hour, so that the caller can sum them up to the days of any place.
    /// </summary>
    internal static Task<IReadOnlyList<HourRow>> MarksByHour(Db db, Guid campaignId) =>
        db.Query<HourRow>(
            """
            SELECT g.hour, COUNT(*) AS marks
            FROM (SELECT DATE_TRUNC('hour', a.closed_at, 'UTC') AS hour
                  FROM marking_tasks AS t JOIN marking_assignments AS a ON a.task_id = t.id
                  WHERE t.campaign_id = @campaignId AND a.state = 'marked') AS g
            GROUP BY g.hour ORDER BY g.hour
            """,
            new { campaignId }
        );
}
