using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using NodaTime;

namespace Diagnostics.Storage.Feed;

/// <summary>An event with its position, and with the facts, as they are now, that decide who may receive it.</summary>
internal sealed record PlacedEvent
{
    /// <summary>Positions rise from 1. Each position becomes visible only after all earlier ones.</summary>
    public long Position { get; init; }

    public Guid Id { get; init; }
    public string Code { get; init; } = "";
    public Instant At { get; init; }
    public Guid? CampaignId { get; init; }
    public Guid? ParticipantId { get; init; }
    public Guid? ApplicationId { get; init; }
    public Guid? SessionId { get; init; }
    public Guid? AppealId { get; init; }
    public Guid? ProfileId { get; init; }
    public string? ConsentKind { get; init; }
    public int? Version { get; init; }

    /// <summary>The person's territory at the time of the event, if the event records it.</summary>
    public string? ToldTerritory { get; init; }

    /// <summary>The person's territory now; null when the person is erased.</summary>
    public string? Territory { get; init; }

    /// <summary>Whether the person consents to the profile being shown.</summary>
    public bool Shared { get; init; }

    /// <summary>
    /// Whether the person has ever consented to the profile being shown. If so, portals may have copies of the profile.
    /// </summary>
    public bool EverShared { get; init; }

    /// <summary>Whether the profile that the event is about has been published.</summary>
    public bool Published { get; init; }

    /// <summary>The framework of the campaign's form.</summary>
    public string? FrameworkCode { get; init; }

    public int? FrameworkVersion { get; init; }

    public EventKind Kind => Codes.Parse<EventKind>(Code);
}

/// <summary>
/// Reads events in the order of their positions, which is the order in which the feed and webhooks deliver them.
/// </summary>
internal static class FeedStore
{
    private const string Placed = """
        SELECT e.position, e.id, e.kind AS code, e.at, e.campaign_id, e.participant_id, e.application_id, e.session_id, e.appeal_id,
               e.profile_id, e.consent_kind, e.version, e.territory AS told_territory, p.territory,
               CASE WHEN EXISTS (SELECT 1 FROM consents AS c WHERE c.participant_id = e.participant_id
                                 AND c.kind = 'profile_sharing' AND c.withdrawn_at IS NULL) THEN 1 ELSE 0 END AS shared,
               CASE WHEN EXISTS (SELECT 1 FROM consents AS c WHERE c.participant_id = e.participant_id
                                 AND c.kind = 'profile_sharing') THEN 1 ELSE 0 END AS ever_shared,
               CASE WHEN EXISTS (SELECT 1 FROM profiles AS f WHERE f.id = e.profile_id AND f.status = 'final')
                    THEN 1 ELSE 0 END AS published,
               fm.framework_code, fm.framework_version
        FROM events AS e
          LEFT JOIN people AS p ON p.participant_id = e.participant_id
          LEFT JOIN campaigns AS m ON m.id = e.campaign_id
          LEFT JOIN forms AS fm ON fm.id = m.form_id
        """;

    /// <summary>The events after a position, in order and unfiltered.</summary>
    internal static Task<IReadOnlyList<PlacedEvent>> After(Db db, long position, int limit) =>
        db.Query<PlacedEvent>($"{Placed} WHERE e.position > @position ORDER BY e.position LIMIT @limit", new { position, limit });

    /// <summary>The events at these positions, with the data that may be published now.</summary>
    internal static Task<IReadOnlyList<PlacedEvent>> At(Db db, IReadOnlyList<long> positions) =>
        db.Query<PlacedEvent>($"{Placed} WHERE e.position IN @positions", new { positions = positions.ToArray() });

    /// <summary>When the event at a position happened; null when there is no event.</summary>
    internal static Task<Instant?> At(Db db, long position) =>
        db.Find<Instant?>("SELECT at FROM events WHERE position = @position", new { position });

    /// <summary>The id of the event at a position; null when there is no event.</summary>
    internal static Task<Guid?> EventAt(Db db, long position) =>
        db.Find<Guid?>("SELECT id FROM events WHERE position = @position", new { position });

    /// <summary>
    /// The position just before the first event at or after this time. Later positions have later times, unless the
    /// clocks of the nodes differ.
    /// </summary>
    /// <param name="end">The last position.</param>
    internal static async Task<long> Before(Db db, Instant moment, long end)
    {
        // All events up to `older` happened before the given time, and no event after `end` did.
        var older = 0L;
        while (older < end)
        {
            var middle = older + ((end - older) / 2);
            if (await At(db, middle + 1) < moment)
                older = middle + 1;
            else
                end = middle;
        }
        return older;
    }
}
