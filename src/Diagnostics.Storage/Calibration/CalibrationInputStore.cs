namespace Diagnostics.Storage.Calibration;

internal sealed record CalibrationSessionRow
{
    public Guid Id { get; init; }
    public Guid ParticipantId { get; init; }
    public int Variant { get; init; }

    /// <summary>Code of the site.</summary>
    public string Site { get; init; } = "";

    /// <summary>Territory of the person; null once the person is erased.</summary>
    public string? Territory { get; init; }

    public string? Organisation { get; init; }
}

/// <summary>
/// The data that a calibration reads: scored sessions, the groups to which their takers belong, and nothing that
/// identifies a person.
/// </summary>
internal static class CalibrationInputStore
{
    /// <summary>Scored sessions of a campaign on a form, oldest first.</summary>
    internal static Task<IReadOnlyList<CalibrationSessionRow>> Sessions(Db db, Guid campaignId, Guid formId, Guid? after, int limit) =>
        db.Query<CalibrationSessionRow>(
            """
            SELECT s.id, s.participant_id, s.variant, p.code AS site, h.territory, h.organisation
            FROM sessions AS s JOIN sites AS p ON p.id = s.site_id LEFT JOIN people AS h ON h.participant_id = s.participant_id
            WHERE s.campaign_id = @campaignId AND s.form_id = @formId AND s.scored_at IS NOT NULL AND s.state IN ('finished','expired') AND (@after IS NULL OR s.id > @after)
            ORDER BY s.id LIMIT @limit
            """,
            new
            {
                campaignId,
                formId,
                after,
                limit,
            }
        );
}
