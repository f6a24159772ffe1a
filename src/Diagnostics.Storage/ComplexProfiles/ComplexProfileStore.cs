using NodaTime;

namespace Diagnostics.Storage.ComplexProfiles;

internal sealed record ComplexProfileRow
{
    public Guid Id { get; init; }
    public Guid ParticipantId { get; init; }
    public string FrameworkCode { get; init; } = "";
    public int FrameworkVersion { get; init; }

    /// <summary>Number of the version, from 1, for the person and the framework.</summary>
    public int Version { get; init; }

    public string PolicyCode { get; init; } = "";
    public int PolicyVersion { get; init; }
    public string Cause { get; init; } = "";

    /// <summary>The whole document, as JSON.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
    public Instant IssuedAt { get; init; }

    /// <summary>Who asked for it; null when a source has changed.</summary>
    public string? IssuedBy { get; init; }

    /// <summary>Whether it is the last version for the person and the framework.</summary>
    public bool IsLatest { get; init; }
}

/// <summary>Versions of complex profiles; a later version supersedes an earlier one, and no version is overwritten.</summary>
internal static class ComplexProfileStore
{
    private const string Latest =
        "p.version = (SELECT MAX(l.version) FROM complex_profiles AS l WHERE l.participant_id = p.participant_id AND l.framework_code = p.framework_code)";

    private const string Profiles = $"""
        SELECT p.id, p.participant_id, p.framework_code, p.framework_version, p.version, p.policy_code, p.policy_version, p.cause, p.content,
               p.fingerprint, p.issued_at, p.issued_by, CASE WHEN {Latest} THEN 1 ELSE 0 END AS is_latest
        FROM complex_profiles AS p
        """;

    internal static Task<ComplexProfileRow?> Find(Db db, Guid id) => db.Find<ComplexProfileRow>($"{Profiles} WHERE p.id = @id", new { id });

    /// <summary>The last version for each framework by which the person has a complex profile.</summary>
    internal static Task<IReadOnlyList<ComplexProfileRow>> LatestOfParticipant(Db db, Guid participantId) =>
        db.Query<ComplexProfileRow>(
            $"{Profiles} WHERE p.participant_id = @participantId AND {Latest} ORDER BY p.framework_code",
            new { participantId }
        );

    /// <summary>All versions, in the order of the frameworks and then of their numbers.</summary>
    internal static Task<IReadOnlyList<ComplexProfileRow>> OfParticipant(Db db, Guid participantId, Guid? after, int limit) =>
        db.Query<ComplexProfileRow>(
            $"""
            {Profiles}
              LEFT JOIN complex_profiles AS a ON a.id = @after
            WHERE p.participant_id = @participantId
              AND (@after IS NULL OR p.framework_code > a.framework_code OR (p.framework_code = a.framework_code AND p.version > a.version))
            ORDER BY p.framework_code, p.version LIMIT @limit
            """,
            new
            {
                participantId,
                after,
                limit,
            }
        );

    /// <summary>The unique key (person, framework, version) lets only one of two nodes add the next version.</summary>
    internal static Task Add(Db db, ComplexProfileRow row) =>
        db.Execute(
            """
            INSERT INTO complex_profiles (id, participant_id, framework_code, framework_version, version, policy_kind, policy_code, policy_version,
                                          cause, content, fingerprint, issued_at, issued_by)
            VALUES (@Id, @ParticipantId, @FrameworkCode, @FrameworkVersion, @Version, 'complex_profile', @PolicyCode, @PolicyVersion,
                    @Cause, @Content, @Fingerprint, @IssuedAt, @IssuedBy)
            """,
            row
        );
}
