using NodaTime;

namespace Diagnostics.Storage.Marking;

/// <summary>A group of short answers to the same item version that are equal after normalization.</summary>
internal sealed record AnswerGroupRow
{
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }
    public string Normalised { get; init; } = "";

    /// <summary>
    /// The reading rule that formed the group, under the name that scores use. A campaign uses only one rule.
    /// </summary>
    public string Rule { get; init; } = "";

    public int Answers { get; init; }

    /// <summary>The last decision on the group; null when there was no decision.</summary>
    public string? Decision { get; init; }
}

internal sealed record KeyDecisionRow
{
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }
    public string Normalised { get; init; } = "";

    /// <summary>
    /// The reading rule, under the name that scores use. Under another rule, different answers may be normalised to the
    /// same text.
    /// </summary>
    public string Rule { get; init; } = "";

    /// <summary>Number of the decision among all decisions on this text, under any rule.</summary>
    public int Number { get; init; }

    public string Decision { get; init; } = "";
    public string Reason { get; init; } = "";
    public Guid DecidedBy { get; init; }
    public Instant DecidedAt { get; init; }
}

/// <summary>Counts the short answers of a session that match nothing in the key.</summary>
internal sealed record KeyMattersRow
{
    /// <summary>Number of the session's answers that wait for a decision.</summary>
    public int Undecided { get; init; }

    /// <summary>
    /// Number of the session's answers on which there is a decision that the score ledger does not reflect yet.
    /// </summary>
    public int Pending { get; init; }
}

internal sealed record GivenAnswerRow
{
    public Guid SessionId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid FormId { get; init; }
    public int Slot { get; init; }

    /// <summary>The reading rule by which the answer was normalised.</summary>
    public string Rule { get; init; } = "";
}

/// <summary>Short answers that match nothing in the key, and the decisions on them.</summary>
internal static class KeyReviewStore
{
    // The last automatic round of a slot is about the current answer. A rescore after that round does not change the
    // answer's group.
    private const string Groups = """
        SELECT r.item_code, r.item_version, r.normalised, MIN(r."rule") AS "rule", COUNT(*) AS answers, d.decision
        FROM sessions AS s
        JOIN marking_rounds AS r ON r.session_id = s.id
        LEFT JOIN marking_key_decisions AS d
          ON d.item_code = r.item_code AND d.item_version = r.item_version AND d.normalised = r.normalised AND d."rule" = r."rule"
         AND d.number = (SELECT MAX(l.number) FROM marking_key_decisions AS l
                         WHERE l.item_code = r.item_code AND l.item_version = r.item_version AND l.normalised = r.normalised AND l."rule" = r."rule")
        WHERE s.campaign_id = @campaignId AND s.state <> 'annulled' AND r.kind = 'auto' AND r.normalised IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM marking_rounds AS n WHERE n.session_id = r.session_id AND n.slot = r.slot AND n.kind = 'auto' AND n.number > r.number)
          AND (r.outcome = 'unmatched' OR d.decision IS NOT NULL)
        """;

    /// <param name="decided">True for groups with a decision in force, false for groups that wait for one.</param>
    /// <param name="after">The last group of the previous page.</param>
    internal static Task<IReadOnlyList<AnswerGroupRow>> OfCampaign(
        Db db,
        Guid campaignId,
        bool decided,
        AnswerGroupRow? after,
        int limit
    ) =>
        db.Query<AnswerGroupRow>(
            $"""
            {Groups}
              AND (CASE WHEN COALESCE(d.decision, 'revert') = 'revert' THEN 0 ELSE 1 END) = @decided
              AND (@afterItem IS NULL OR r.item_code > @afterItem
                   OR (r.item_code = @afterItem AND (r.item_version > @afterVersion OR (r.item_version = @afterVersion AND r.normalised > @afterText))))
            GROUP BY r.item_code, r.item_version, r.normalised, d.decision
            ORDER BY r.item_code, r.item_version, r.normalised LIMIT @limit
            """,
            new
            {
                campaignId,
                decided = decided ? 1 : 0,
                afterItem = after?.ItemCode,
                afterVersion = after?.ItemVersion,
                afterText = after?.Normalised,
                limit,
            }
        );

    internal static Task<int> Undecided(Db db, Guid campaignId) =>
        db.Value<int>(
            $"""
            SELECT COUNT(*) FROM (
                {Groups} AND COALESCE(d.decision, 'revert') = 'revert'
                GROUP BY r.item_code, r.item_version, r.normalised, d.decision) AS open_groups
            """,
            new { campaignId }
        );

    internal static async Task<KeyMattersRow> OfSession(Db db, Guid sessionId) =>
        (
            await db.Find<KeyMattersRow>(
                """
                SELECT COALESCE(SUM(CASE WHEN COALESCE(d.decision, 'revert') = 'revert' AND r.outcome = 'unmatched' THEN 1 ELSE 0 END), 0) AS undecided,
                       COALESCE(SUM(CASE WHEN r.outcome <> CASE d.decision WHEN 'accept' THEN 'right' WHEN 'reject' THEN 'wrong' WHEN 'revert' THEN 'unmatched' END THEN 1 ELSE 0 END), 0) AS pending
                FROM marking_rounds AS r
                LEFT JOIN marking_key_decisions AS d
                  ON d.item_code = r.item_code AND d.item_version = r.item_version AND d.normalised = r.normalised AND d."rule" = r."rule"
                 AND d.number = (SELECT MAX(l.number) FROM marking_key_decisions AS l
                                 WHERE l.item_code = r.item_code AND l.item_version = r.item_version AND l.normalised = r.normalised AND l."rule" = r."rule")
                WHERE r.session_id = @sessionId AND r.kind IN ('auto','rescore') AND r.normalised IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM marking_rounds AS n WHERE n.session_id = r.session_id AND n.slot = r.slot AND n.kind IN ('auto','rescore') AND n.number > r.number)
                """,
                new { sessionId }
            )
        )!;

    /// <summary>
    /// A few current answers of a group in one campaign, as JSON, in the form in which they were typed. What people of
    /// another campaign typed is not for those who lead this one.
    /// </summary>
    internal static Task<IReadOnlyList<string>> Samples(Db db, Guid campaignId, AnswerGroupRow group, int limit) =>
        db.Query<string>(
            """
            SELECT DISTINCT p.content
            FROM marking_rounds AS r
            JOIN sessions AS s ON s.id = r.session_id
            JOIN session_responses AS p ON p.session_id = r.session_id AND p.slot = r.slot AND p.revision = r.response_revision
            WHERE s.campaign_id = @campaignId AND s.state <> 'annulled' AND r.item_code = @ItemCode AND r.item_version = @ItemVersion AND r.normalised = @Normalised AND r."rule" = @Rule AND r.kind = 'auto'
              AND NOT EXISTS (SELECT 1 FROM marking_rounds AS n WHERE n.session_id = r.session_id AND n.slot = r.slot AND n.kind = 'auto' AND n.number > r.number)
            ORDER BY p.content LIMIT @limit
            """,
            new
            {
                campaignId,
                group.ItemCode,
                group.ItemVersion,
                group.Normalised,
                group.Rule,
                limit,
            }
        );

    /// <summary>The content of an item version; null when there is no such version.</summary>
    internal static Task<string?> Item(Db db, string code, int version) =>
        db.Find<string>("SELECT content FROM item_versions WHERE code = @code AND version = @version", new { code, version });

    /// <summary>Decisions on a text under every rule, oldest first.</summary>
    internal static Task<IReadOnlyList<KeyDecisionRow>> Decisions(Db db, string itemCode, int itemVersion, string normalised) =>
        db.Query<KeyDecisionRow>(
            """
            SELECT item_code, item_version, normalised, "rule", number, decision, reason, decided_by, decided_at FROM marking_key_decisions
            WHERE item_code = @itemCode AND item_version = @itemVersion AND normalised = @normalised ORDER BY number
            """,
            new
            {
                itemCode,
                itemVersion,
                normalised,
            }
        );

    /// <summary>Acceptances and rejections in force for the items of one variant, under one reading rule.</summary>
    internal static Task<IReadOnlyList<KeyDecisionRow>> Standing(Db db, Guid formId, int variant, string rule) =>
        db.Query<KeyDecisionRow>(
            """
            SELECT d.item_code, d.item_version, d.normalised, d."rule", d.number, d.decision, d.reason, d.decided_by, d.decided_at
            FROM form_slots AS f
            JOIN marking_key_decisions AS d ON d.item_code = f.item_code AND d.item_version = f.item_version
            WHERE f.form_id = @formId AND f.variant = @variant AND d."rule" = @rule AND d.decision <> 'revert'
              AND d.number = (SELECT MAX(l.number) FROM marking_key_decisions AS l
                              WHERE l.item_code = d.item_code AND l.item_version = d.item_version AND l.normalised = d.normalised AND l."rule" = d."rule")
            """,
            new
            {
                formId,
                variant,
                rule,
            }
        );

    /// <summary>
    /// Returns false when this number is already taken, so when two people decide at the same time, only one succeeds.
    /// </summary>
    internal static async Task<bool> Add(Db db, KeyDecisionRow decision) =>
        await db.Execute(
            """
            INSERT INTO marking_key_decisions (item_code, item_version, normalised, "rule", number, decision, reason, decided_by, decided_at)
            VALUES (@ItemCode, @ItemVersion, @Normalised, @Rule, @Number, @Decision, @Reason, @DecidedBy, @DecidedAt)
            ON CONFLICT (item_code, item_version, normalised, number) DO NOTHING
            """,
            decision
        ) == 1;

    /// <summary>
    /// Every session whose current answer is normalised to this text, in any campaign and under any rule.
    /// </summary>
    internal static Task<IReadOnlyList<GivenAnswerRow>> Given(Db db, string itemCode, int itemVersion, string normalised) =>
        db.Query<GivenAnswerRow>(
            """
            SELECT s.id AS session_id, s.campaign_id, s.form_id, r.slot, r."rule"
            FROM marking_rounds AS r JOIN sessions AS s ON s.id = r.session_id
            WHERE r.item_code = @itemCode AND r.item_version = @itemVersion AND r.normalised = @normalised AND r.kind = 'auto' AND s.state <> 'annulled'
              AND NOT EXISTS (SELECT 1 FROM marking_rounds AS n WHERE n.session_id = r.session_id AND n.slot = r.slot AND n.kind = 'auto' AND n.number > r.number)
            ORDER BY s.id, r.slot
            """,
            new
            {
                itemCode,
                itemVersion,
                normalised,
            }
        );

    /// <summary>
    /// Answers whose last automatic or rescored outcome differs from the last decision on their group. Such answers
    /// remain after a crash, or when another node scored a session at the very moment of the decision.
    /// </summary>
    /// <remarks>
    /// The query starts with the few decisions and looks up their rounds. Without the GROUP BY, SQLite would choose the
    /// opposite plan and read all short answers, and writers would have to wait.
    /// </remarks>
    internal static Task<IReadOnlyList<PendingRescoreRow>> Pending(Db db, PendingFilter filter, int limit) =>
        db.Query<PendingRescoreRow>(
            """
            SELECT s.id AS session_id, s.campaign_id, s.form_id, r.slot, d.item_code, d.item_version, d.normalised, d.decision, d.reason, d.decided_by
            FROM (SELECT item_code, item_version, normalised, "rule", MAX(number) AS number
                  FROM marking_key_decisions
                  WHERE @itemCode IS NULL OR (item_code = @itemCode AND item_version = @itemVersion AND normalised = @normalised)
                  GROUP BY item_code, item_version, normalised, "rule") AS l
            JOIN marking_key_decisions AS d ON d.item_code = l.item_code AND d.item_version = l.item_version AND d.normalised = l.normalised AND d.number = l.number
            JOIN marking_rounds AS r ON r.item_code = d.item_code AND r.item_version = d.item_version AND r.normalised = d.normalised AND r."rule" = d."rule"
            JOIN sessions AS s ON s.id = r.session_id
            WHERE (@campaignId IS NULL OR s.campaign_id = @campaignId)
              AND r.kind IN ('auto','rescore') AND s.state <> 'annulled'
              AND NOT EXISTS (SELECT 1 FROM marking_rounds AS n WHERE n.session_id = r.session_id AND n.slot = r.slot AND n.kind IN ('auto','rescore') AND n.number > r.number)
              AND r.outcome <> CASE d.decision WHEN 'accept' THEN 'right' WHEN 'reject' THEN 'wrong' ELSE 'unmatched' END
            ORDER BY s.id, r.slot LIMIT @limit
            """,
            new
            {
                itemCode = filter.ItemCode,
                itemVersion = filter.ItemVersion,
                normalised = filter.Normalised,
                campaignId = filter.CampaignId,
                limit,
            }
        );
}

/// <summary>Limits the search to one group or one campaign. If both are null, the search covers all answers.</summary>
internal sealed record PendingFilter(string? ItemCode = null, int? ItemVersion = null, string? Normalised = null, Guid? CampaignId = null);

internal sealed record PendingRescoreRow
{
    public Guid SessionId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid FormId { get; init; }
    public int Slot { get; init; }
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }
    public string Normalised { get; init; } = "";
    public string Decision { get; init; } = "";
    public string Reason { get; init; } = "";
    public Guid DecidedBy { get; init; }
}
