using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using NodaTime;

namespace Diagnostics.Storage.Campaigns;

internal sealed record ApplicationRow
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }
    public Guid ParticipantId { get; init; }
    public Guid SiteId { get; init; }
    /// <summary>Asked for; after the person was moved, the one they were moved to.</summary>
    public Guid? SittingId { get; init; }

    public string Status { get; init; } = "";
    public Guid ConsentId { get; init; }
    public Instant SubmittedAt { get; init; }
    public Instant? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }
    public string? Reason { get; init; }

    public ApplicationStatus State => Codes.Parse<ApplicationStatus>(Status);
}

internal static class ApplicationStore
{
    private const string Columns = """
        id, campaign_id, participant_id, site_id, sitting_id, status, consent_id, submitted_at, decided_at, decided_by, reason
        """;

    internal static Task<ApplicationRow?> Find(Db db, Guid id) =>
        db.Find<ApplicationRow>($"SELECT {Columns} FROM applications WHERE id = @id", new { id });

    internal static Task<IReadOnlyList<ApplicationRow>> OfCampaign(Db db, Guid campaignId, string? status, Guid? siteId, Guid? after, int limit) => db.Query<ApplicationRow>($"""
        SELECT {Columns} FROM applications
        WHERE campaign_id = @campaignId AND (@status IS NULL OR status = @status) AND (@siteId IS NULL OR site_id = @siteId) AND (@after IS NULL OR id > @after)
        ORDER BY id LIMIT @limit
        """, new { campaignId, status, siteId, after, limit });

    internal static Task<IReadOnlyList<ApplicationRow>> OfParticipant(Db db, Guid participantId) => db.Query<ApplicationRow>($"""
        SELECT {Columns} FROM applications WHERE participant_id = @participantId ORDER BY id
        """, new { participantId });

    /// <summary>False when the person has a live application to this campaign: of fifty at once one goes on.</summary>
    internal static async Task<bool> Add(Db db, ApplicationRow application) => await db.Execute("""
        INSERT INTO applications (id, campaign_id, participant_id, site_id, sitting_id, status, consent_id, submitted_at)
        VALUES (@Id, @CampaignId, @ParticipantId, @SiteId, @SittingId, 'submitted', @ConsentId, @SubmittedAt)
        ON CONFLICT (campaign_id, participant_id) WHERE status IN ('submitted','approved') DO NOTHING
        """, application) == 1;

    /// <summary>False when it is in another state by now: an approval and a withdrawal at once do not both happen.</summary>
    internal static async Task<bool> Decide(Db db, Guid id, ApplicationStatus from, ApplicationStatus to, Instant now, string decidedBy, string? reason) => await db.Execute("""
        UPDATE applications SET status = @to, decided_at = @now, decided_by = @decidedBy, reason = @reason
        WHERE id = @id AND status = @from
        """, new { id, from = Codes.Of(from), to = Codes.Of(to), now, decidedBy, reason }) == 1;
}
