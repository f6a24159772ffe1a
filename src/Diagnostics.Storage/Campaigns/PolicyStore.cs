using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using NodaTime;

namespace Diagnostics.Storage.Campaigns;

internal sealed record PolicyRow
{
    public string Kind { get; init; } = "";
    public string Code { get; init; } = "";
    public int Version { get; init; }

    /// <summary>The policy as canonical JSON, of the record type that belongs to its kind.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
    public Instant CreatedAt { get; init; }

    /// <summary>The account that added the version; null when it came from the bank's files.</summary>
    public string? CreatedBy { get; init; }

    public Policy Policy => new(Codes.Parse<PolicyKind>(Kind), Code, Version, Content);
}

/// <summary>The version of a policy that a campaign pins.</summary>
internal sealed record PinnedRow
{
    public Guid CampaignId { get; init; }
    public string Kind { get; init; } = "";
    public string Code { get; init; } = "";
    public int Version { get; init; }
}

/// <summary>Versioned policy documents; a version never changes.</summary>
internal static class PolicyStore
{
    private const string Columns = "kind, code, version, content, fingerprint, created_at, created_by";

    internal static Task<PolicyRow?> Find(Db db, PolicyKind kind, string code, int version) =>
        db.Find<PolicyRow>(
            $"""
            SELECT {Columns} FROM policies WHERE kind = @kind AND code = @code AND version = @version
            """,
            new
            {
                kind = Codes.Of(kind),
                code,
                version,
            }
        );

    internal static Task<PolicyRow?> Latest(Db db, PolicyKind kind, string code) =>
        db.Find<PolicyRow>(
            $"""
            SELECT {Columns} FROM policies WHERE kind = @kind AND code = @code ORDER BY version DESC LIMIT 1
            """,
            new { kind = Codes.Of(kind), code }
        );

    /// <summary>The latest version of each of these policies that exists.</summary>
    internal static Task<IReadOnlyList<PolicyRow>> Latest(Db db, PolicyKind kind, IReadOnlyCollection<string> codes) =>
        db.Query<PolicyRow>(
            $"""
            SELECT {Columns} FROM policies
            WHERE kind = @kind AND code IN @codes
              AND version = (SELECT MAX(l.version) FROM policies AS l WHERE l.kind = policies.kind AND l.code = policies.code)
            """,
            new { kind = Codes.Of(kind), codes = codes.ToArray() }
        );

    internal static Task<IReadOnlyList<PolicyRow>> List(Db db, PolicyKind? kind) =>
        db.Query<PolicyRow>(
            $"""
            SELECT {Columns} FROM policies WHERE @kind IS NULL OR kind = @kind ORDER BY kind, code, version
            """,
            new { kind = kind is { } one ? Codes.Of(one) : null }
        );

    /// <summary>
    /// Returns false when this version already exists, so when two authors add a version at the same time, only one
    /// succeeds.
    /// </summary>
    internal static async Task<bool> Add(Db db, Policy policy, Instant now, string? createdBy) =>
        await db.Execute(
            """
            INSERT INTO policies (kind, code, version, content, fingerprint, created_at, created_by)
            VALUES (@kind, @Code, @Version, @Content, @fingerprint, @now, @createdBy)
            ON CONFLICT (kind, code, version) DO NOTHING
            """,
            new
            {
                kind = Codes.Of(policy.Kind),
                policy.Code,
                policy.Version,
                policy.Content,
                fingerprint = Digest.Of(policy.Content),
                now,
                createdBy,
            }
        ) == 1;

    /// <summary>The versions that a campaign pins, one for each kind.</summary>
    internal static Task<IReadOnlyList<PolicyRow>> Pinned(Db db, Guid campaignId) =>
        db.Query<PolicyRow>(
            """
            SELECT p.kind, p.code, p.version, p.content, p.fingerprint, p.created_at, p.created_by
            FROM campaign_policies AS c JOIN policies AS p ON p.kind = c.kind AND p.code = c.code AND p.version = c.version
            WHERE c.campaign_id = @campaignId
            ORDER BY p.kind
            """,
            new { campaignId }
        );

    /// <summary>
    /// The policies that are pinned by all campaigns whose ids lie between the two given ids, ordered by campaign and
    /// kind. The documents themselves are left out.
    /// </summary>
    internal static Task<IReadOnlyList<PinnedRow>> Pinned(Db db, Guid first, Guid last) =>
        db.Query<PinnedRow>(
            """
            SELECT campaign_id, kind, code, version FROM campaign_policies
            WHERE campaign_id >= @first AND campaign_id <= @last
            ORDER BY campaign_id, kind
            """,
            new { first, last }
        );

    /// <summary>Whether some campaign that is no longer a draft pins no policy of this kind.</summary>
    internal static Task<bool> IsMissing(Db db, PolicyKind kind) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (
                SELECT 1 FROM campaigns AS c
                WHERE c.status <> 'draft'
                  AND NOT EXISTS (SELECT 1 FROM campaign_policies AS p WHERE p.campaign_id = c.id AND p.kind = @kind)) THEN 1 ELSE 0 END
            """,
            new { kind = Codes.Of(kind) }
        );

    internal static async Task Pin(Db db, Guid campaignId, IEnumerable<(PolicyKind Kind, string Code, int Version)> policies)
    {
        await db.Execute("DELETE FROM campaign_policies WHERE campaign_id = @campaignId", new { campaignId });
        foreach (var (kind, code, version) in policies)
            await db.Execute(
                """
                INSERT INTO campaign_policies (campaign_id, kind, code, version) VALUES (@campaignId, @kind, @code, @version)
                """,
                new
                {
                    campaignId,
                    kind = Codes.Of(kind),
                    code,
                    version,
                }
            );
    }
}
