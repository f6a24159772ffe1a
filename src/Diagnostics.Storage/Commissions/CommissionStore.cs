using NodaTime;

namespace Diagnostics.Storage.Commissions;

internal sealed record CommissionRow
{
    public Guid Id { get; init; }
    public string Kind { get; init; } = "";
    public Guid CampaignId { get; init; }
    public string Title { get; init; } = "";
    public int Revision { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant? EndedAt { get; init; }
}

internal sealed record MemberRow
{
    public Guid Id { get; init; }
    public Guid CommissionId { get; init; }
    public Guid AccountId { get; init; }
    public string UserName { get; init; } = "";
    public string? Organisation { get; init; }
    public string Role { get; init; } = "";
    public string Standing { get; init; } = "";

    /// <summary>JSON list of block codes; an empty list means all blocks.</summary>
    public string Blocks { get; init; } = "";

    public int ShuffleSeed { get; init; }
    public Instant AppointedAt { get; init; }
    public string AppointedBy { get; init; } = "";
    public Instant? LeftAt { get; init; }
    public string? LeftReason { get; init; }
}

internal sealed record ConflictRow
{
    public Guid AccountId { get; init; }
    public Guid ParticipantId { get; init; }
    public string Reason { get; init; } = "";
    public Instant DeclaredAt { get; init; }
}

/// <summary>Commissions of campaigns, their members, and the people whom a member may not judge.</summary>
internal static class CommissionStore
{
    private const string Columns = "id, kind, campaign_id, title, revision, created_at, ended_at";
    private const string MemberColumns = """
        m.id, m.commission_id, m.account_id, a.user_name, a.organisation, m.role, m.standing, m.blocks, m.shuffle_seed, m.appointed_at, m.appointed_by, m.left_at, m.left_reason
        """;

    internal static Task<CommissionRow?> Find(Db db, Guid id) =>
        db.Find<CommissionRow>($"SELECT {Columns} FROM commissions WHERE id = @id", new { id });

    internal static Task<CommissionRow?> Live(Db db, Guid campaignId, string kind) =>
        db.Find<CommissionRow>(
            $"SELECT {Columns} FROM commissions WHERE campaign_id = @campaignId AND kind = @kind AND ended_at IS NULL",
            new { campaignId, kind }
        );

    internal static Task<IReadOnlyList<CommissionRow>> OfCampaign(Db db, Guid campaignId) =>
        db.Query<CommissionRow>($"SELECT {Columns} FROM commissions WHERE campaign_id = @campaignId ORDER BY id", new { campaignId });

    /// <summary>Returns false when the campaign already has a commission of this kind.</summary>
    internal static async Task<bool> Add(Db db, CommissionRow commission, string by) =>
        await db.Execute(
            """
            INSERT INTO commissions (id, kind, campaign_id, title, created_at, created_by)
            VALUES (@Id, @Kind, @CampaignId, @Title, @CreatedAt, @by)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                commission.Id,
                commission.Kind,
                commission.CampaignId,
                commission.Title,
                commission.CreatedAt,
                by,
            }
        ) == 1;

    /// <summary>Returns false when the commission has already ended.</summary>
    internal static async Task<bool> End(Db db, Guid id, string by, Instant now) =>
        await db.Execute(
            """
            UPDATE commissions SET ended_at = @now, ended_by = @by, revision = revision + 1 WHERE id = @id AND ended_at IS NULL
            """,
            new
            {
                id,
                by,
                now,
            }
        ) == 1;

    /// <summary>The workplaces of the people who have applied to a campaign; each spelling appears once.</summary>
    internal static Task<IReadOnlyList<string>> OrganisationsOfPeople(Db db, Guid campaignId) =>
        db.Query<string>(
            """
            SELECT DISTINCT p.organisation
            FROM applications AS a JOIN people AS p ON p.participant_id = a.participant_id
            WHERE a.campaign_id = @campaignId
            """,
            new { campaignId }
        );

    /// <summary>All present and former members, in order of appointment.</summary>
    internal static Task<IReadOnlyList<MemberRow>> Members(Db db, Guid commissionId) =>
        db.Query<MemberRow>(
            $"""
            SELECT {MemberColumns}
            FROM commission_members AS m JOIN access_accounts AS a ON a.id = m.account_id
            WHERE m.commission_id = @commissionId ORDER BY m.id
            """,
            new { commissionId }
        );

    /// <summary>
    /// The account's membership in the live commission of this kind; null when the account is not a member.
    /// </summary>
    internal static Task<MemberRow?> LiveMember(Db db, Guid campaignId, string kind, Guid accountId) =>
        db.Find<MemberRow>(
            $"""
            SELECT {MemberColumns}
            FROM commissions AS c
            JOIN commission_members AS m ON m.commission_id = c.id
            JOIN access_accounts AS a ON a.id = m.account_id
            WHERE c.campaign_id = @campaignId AND c.kind = @kind AND c.ended_at IS NULL AND m.account_id = @accountId AND m.left_at IS NULL
            """,
            new
            {
                campaignId,
                kind,
                accountId,
            }
        );

    /// <summary>Returns false when the account is already a member, or when there is already a chair.</summary>
    internal static async Task<bool> Appoint(Db db, MemberRow member) =>
        await db.Execute(
            """
            INSERT INTO commission_members (id, commission_id, account_id, role, standing, blocks, shuffle_seed, appointed_at, appointed_by)
            SELECT @Id, @CommissionId, @AccountId, @Role, @Standing, @Blocks, @ShuffleSeed, @AppointedAt, @AppointedBy
            WHERE EXISTS (SELECT 1 FROM commissions WHERE id = @CommissionId AND ended_at IS NULL)
            ON CONFLICT DO NOTHING
            """,
            member
        ) == 1;

    /// <summary>Returns false when this account is no longer a member.</summary>
    internal static async Task<bool> Leave(Db db, Guid commissionId, Guid accountId, string reason, Instant now) =>
        await db.Execute(
            """
            UPDATE commission_members SET left_at = @now, left_reason = @reason
            WHERE commission_id = @commissionId AND account_id = @accountId AND left_at IS NULL
            """,
            new
            {
                commissionId,
                accountId,
                reason,
                now,
            }
        ) == 1;

    internal static Task<int> AllLeave(Db db, Guid commissionId, string reason, Instant now) =>
        db.Execute(
            """
            UPDATE commission_members SET left_at = @now, left_reason = @reason WHERE commission_id = @commissionId AND left_at IS NULL
            """,
            new
            {
                commissionId,
                reason,
                now,
            }
        );

    internal static Task<IReadOnlyList<ConflictRow>> Conflicts(Db db, Guid commissionId) =>
        db.Query<ConflictRow>(
            """
            SELECT account_id, participant_id, reason, declared_at FROM commission_conflicts WHERE commission_id = @commissionId ORDER BY declared_at, account_id, participant_id
            """,
            new { commissionId }
        );

    /// <summary>Returns false when the conflict was already declared.</summary>
    internal static async Task<bool> Declare(Db db, Guid commissionId, ConflictRow conflict, string by) =>
        await db.Execute(
            """
            INSERT INTO commission_conflicts (commission_id, account_id, participant_id, reason, declared_at, declared_by)
            VALUES (@commissionId, @AccountId, @ParticipantId, @Reason, @DeclaredAt, @by)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                commissionId,
                conflict.AccountId,
                conflict.ParticipantId,
                conflict.Reason,
                conflict.DeclaredAt,
                by,
            }
        ) == 1;
}
