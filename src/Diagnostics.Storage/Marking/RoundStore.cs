using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record RoundRow
{
    public Guid SessionId { get; init; }
    public int Slot { get; init; }
    public int Number { get; init; }
    public string Kind { get; init; } = "";
    public int ResponseRevision { get; init; }
    public string Outcome { get; init; } = "";
    public Points Points { get; init; }
    public Points Maximum { get; init; }
    public string Rule { get; init; } = "";
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }
    public string? Normalised { get; init; }
    public string? Criteria { get; init; }
    public Guid? MarkedBy { get; init; }
    public string? Reason { get; init; }
    public Instant At { get; init; }

    public MarkingRound Round =>
        new()
        {
            SessionId = SessionId,
            Slot = Slot,
            Number = Number,
            Kind = Codes.Parse<RoundKind>(Kind),
            ResponseRevision = ResponseRevision,
            Outcome = Codes.Parse<Outcome>(Outcome),
            Points = Points,
            Maximum = Maximum,
            Rule = Rule,
            ItemCode = ItemCode,
            ItemVersion = ItemVersion,
            Normalised = Normalised,
            Criteria = Criteria is null
                ? null
                : JsonSerializer.Deserialize<IReadOnlyDictionary<string, Points>>(Criteria, ItemJson.Options),
            MarkedBy = MarkedBy,
            Reason = Reason,
            At = At,
        };
}

/// <summary>The score ledger. Append-only; the primary key refuses two rounds with the same number.</summary>
internal static class RoundStore
{
    /// <summary>Every round of a session, ordered by slot and number.</summary>
    internal static async Task<IReadOnlyList<MarkingRound>> OfSession(Db db, Guid sessionId) => (
            await db.Query<RoundRow>(
                """
                SELECT session_id, slot, number, kind, response_revision, outcome, points, maximum, "rule", item_code, item_version,
                       normalised, criteria, marked_by, reason, at
                FROM marking_rounds WHERE session_id = @sessionId ORDER BY slot, number
                """,
                new { sessionId }
            )
        ).Select(row => row.Round).ToList();

    /// <summary>
    /// The rounds of independent and third readings by all experts of a campaign, on the current answers.
    /// </summary>
    internal static async Task<IReadOnlyList<MarkingRound>> ByExperts(Db db, Guid campaignId) => (
            await db.Query<RoundRow>(
                """
                SELECT r.session_id, r.slot, r.number, r.kind, r.response_revision, r.outcome, r.points, r.maximum, r."rule", r.item_code, r.item_version,
                       r.normalised, r.criteria, r.marked_by, r.reason, r.at
                FROM sessions AS s JOIN marking_rounds AS r ON r.session_id = s.id
                WHERE s.campaign_id = @campaignId AND s.state <> 'annulled' AND r.kind IN ('expert','adjudication') AND r.marked_by IS NOT NULL
                  AND r.response_revision = (SELECT MAX(a.response_revision) FROM marking_rounds AS a WHERE a.session_id = r.session_id AND a.slot = r.slot AND a.kind = 'auto')
                ORDER BY r.session_id, r.slot, r.number
                """,
                new { campaignId }
            )
        ).Select(row => row.Round).ToList();

    internal static Task Add(Db db, MarkingRound round) =>
        db.Execute(
            """
            INSERT INTO marking_rounds (session_id, slot, number, kind, response_revision, outcome, points, maximum, "rule", item_code, item_version, normalised, criteria, marked_by, reason, at)
            VALUES (@SessionId, @Slot, @Number, @kind, @ResponseRevision, @outcome, @Points, @Maximum, @Rule, @ItemCode, @ItemVersion, @Normalised, @criteria, @MarkedBy, @Reason, @At)
            """,
            new
            {
                round.SessionId,
                round.Slot,
                round.Number,
                kind = Codes.Of(round.Kind),
                round.ResponseRevision,
                outcome = Codes.Of(round.Outcome),
                round.Points,
                round.Maximum,
                round.Rule,
                round.ItemCode,
                round.ItemVersion,
                round.Normalised,
                criteria = round.Criteria is null ? null : JsonSerializer.Serialize(round.Criteria, ItemJson.Options),
                round.MarkedBy,
                round.Reason,
                round.At,
            }
        );
}
