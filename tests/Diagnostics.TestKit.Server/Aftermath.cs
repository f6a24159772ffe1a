using System.Diagnostics;
using System.Text.Json;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.TestKit.Server;

/// <summary>The number of broken promises, counted in the database after the run; every number must be 0.</summary>
/// <param name="Lost">Acknowledged saves that the database does not have with the same session, slot, revision and
/// text.</param>
/// <param name="BrokenReceipts">Receipts that differ from the stored ones, or whose manifest does not name the last
/// revisions.</param>
/// <param name="DoubleEnds">Sessions whose log has more than one finish or expiry, or both; also sessions that ended
/// without a finish or an expiry.</param>
/// <param name="LeftOpen">Sessions in progress although their time and grace are over.</param>
/// <param name="Unscored">Sessions that ended and were not scored.</param>
/// <param name="MisscoredSessions">Scored sessions without exactly one automatic round in every slot.</param>
/// <param name="DoubleMarks">Answers that the same expert has marked twice.</param>
/// <param name="StuckLeases">Claims on which nobody works any more, such as an expert's claim of a script or a worker's
/// claim of a calibration.</param>
/// <param name="VerifyFindings">Lines of <c>verify</c> for every node, including the chain of the audit trail.</param>
internal sealed record Aftermath(
    int Lost,
    int BrokenReceipts,
    int DoubleEnds,
    int LeftOpen,
    int Unscored,
    int MisscoredSessions,
    int DoubleMarks,
    int StuckLeases,
    int VerifyFindings
)
{
    /// <summary>
    /// The time limit is longer than the lease of a calibration, because the lease outlives a killed node.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1) + Wait.AtMost;

    private const int Examples = 3;

    internal int Sum =>
        Lost + BrokenReceipts + DoubleEnds + LeftOpen + Unscored + MisscoredSessions + DoubleMarks + StuckLeases + VerifyFindings;

    /// <summary>
    /// Waits until the service has ended sessions, scored them and finished its other background work, or until the
    /// time limit is reached.
    /// </summary>
    internal static async Task Settle(Database database, Guid campaignId)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(250))
        {
            var (open, unscored, computing) = await database.Read(async db =>
                ((await Open(db, campaignId)).Count, (await Waiting(db, campaignId)).Count, await Computing(db))
            );
            if (open + unscored + computing == 0)
                return;
        }
    }

    /// <returns>Number of sessions that expired, and number of sessions that were scored.</returns>
    internal static Task<(int Expired, int Scored)> Count(Database database, Guid campaignId) =>
        database.Read(async db =>
            (
                await db.Value<int>(
                    "SELECT COUNT(*) FROM sessions WHERE campaign_id = @campaignId AND state = 'expired'",
                    new { campaignId }
                ),
                await db.Value<int>(
                    "SELECT COUNT(*) FROM sessions WHERE campaign_id = @campaignId AND scored_at IS NOT NULL",
                    new { campaignId }
                )
            )
        );

    /// <param name="found">The findings of <c>verify</c>.</param>
    internal static Task<(Aftermath Counts, IReadOnlyList<string> Examples)> Look(
        Database database,
        Guid campaignId,
        Promises promises,
        IReadOnlyList<string> found
    ) =>
        database.Read(async db =>
        {
            var stored = (
                await db.Query<SavedRow>(
                    """
                    SELECT r.session_id, r.slot, r.revision, r.content FROM session_responses AS r JOIN sessions AS s ON s.id = r.session_id WHERE s.campaign_id = @campaignId
                    """,
                    new { campaignId }
                )
            ).ToDictionary(row => (row.SessionId, row.Slot, row.Revision), row => row.Content);
            var lost = promises
                .Saves.Where(save =>
                    !stored.TryGetValue((save.SessionId, save.Slot, save.Revision), out var content) || TextOf(content) != save.Text
                )
                .ToList();
            var receipts = await CompareReceipts(db, campaignId, promises, stored.Keys);
            var ends = await db.Query<EndRow>(
                """
                SELECT s.id, s.state, COUNT(CASE WHEN e.kind = 'finish' THEN 1 END) AS finishes, COUNT(CASE WHEN e.kind = 'expire' THEN 1 END) AS expiries
                FROM sessions AS s LEFT JOIN session_events AS e ON e.session_id = s.id WHERE s.campaign_id = @campaignId GROUP BY s.id, s.state
                """,
                new { campaignId }
            );
            var doubled = ends.Where(end =>
                    (end.Finishes, end.Expiries) != (end.State == "finished" ? 1 : 0, end.State == "expired" ? 1 : 0)
                )
                .ToList();
            var (open, unscored) = (await Open(db, campaignId), await Waiting(db, campaignId));
            var misscored = await db.Query<Guid>(
                """
                SELECT s.id FROM sessions AS s
                WHERE s.campaign_id = @campaignId AND s.scored_at IS NOT NULL
                  AND ((SELECT COUNT(*) FROM marking_rounds AS r WHERE r.session_id = s.id AND r.kind = 'auto') <> (SELECT COUNT(*) FROM form_slots AS f WHERE f.form_id = s.form_id AND f.variant = s.variant)
                    OR EXISTS (SELECT 1 FROM marking_rounds AS r WHERE r.session_id = s.id AND r.kind = 'auto' AND r.number <> 1))
                """,
                new { campaignId }
            );
            var twice = await db.Query<Guid>(
                """
                SELECT r.session_id FROM marking_rounds AS r JOIN sessions AS s ON s.id = r.session_id
                WHERE s.campaign_id = @campaignId AND r.kind IN ('expert', 'adjudication') AND r.marked_by IS NOT NULL
                GROUP BY r.session_id, r.slot, r.marked_by HAVING COUNT(*) > 1
                """,
                new { campaignId }
            );
            var held = await db.Value<int>(
                """
                SELECT COUNT(*) FROM marking_assignments AS a JOIN marking_tasks AS t ON t.id = a.task_id WHERE t.campaign_id = @campaignId AND a.state = 'claimed'
                """,
                new { campaignId }
            );
            var counts = new Aftermath(
                lost.Count,
                receipts.Count,
                doubled.Count,
                open.Count,
                unscored.Count,
                misscored.Count,
                twice.Count,
                held + await Computing(db),
                found.Count
            );
            return (
                counts,
                (IReadOnlyList<string>)
                    [
                        .. lost.Take(Examples).Select(save => $"lost: {save}"),
                        .. receipts.Take(Examples),
                        .. doubled.Take(Examples).Select(end => $"ends: {end}"),
                        .. open.Take(Examples).Select(id => $"open: {id}"),
                        .. unscored.Take(Examples).Select(id => $"unscored: {id}"),
                        .. misscored.Take(Examples).Select(id => $"misscored: {id}"),
                        .. twice.Take(Examples).Select(id => $"marked twice: {id}"),
                        .. found.Take(Examples),
                    ]
            );
        });

    private static async Task<List<string>> CompareReceipts(
        Db db,
        Guid campaignId,
        Promises promises,
        IEnumerable<(Guid SessionId, int Slot, int Revision)> stored
    )
    {
        var last = stored
            .GroupBy(key => key.SessionId)
            .ToDictionary(
                group => group.Key,
                group => group.GroupBy(key => key.Slot).ToDictionary(slot => slot.Key, slot => slot.Max(key => key.Revision))
            );
        var finished = (
            await db.Query<FinishedRow>(
                "SELECT id, ended_at, manifest FROM sessions WHERE campaign_id = @campaignId AND state = 'finished'",
                new { campaignId }
            )
        ).ToDictionary(row => row.Id);
        var broken = new List<string>();
        foreach (var row in finished.Values)
            if (!Same(row.Read(), last.GetValueOrDefault(row.Id) ?? []))
                broken.Add($"manifest of {row.Id}: {row.Manifest}");
        foreach (var receipt in promises.Finishes)
        {
            if (
                !finished.TryGetValue(receipt.SessionId, out var row)
                || row.EndedAt != NodaTime.Text.InstantPattern.ExtendedIso.Parse(receipt.FinishedAt).Value
                || !Same(row.Read(), receipt.Manifest)
            )
                broken.Add($"receipt of {receipt.SessionId}: {receipt.FinishedAt}");
        }
        return broken;

        static bool Same(Dictionary<int, int> one, IReadOnlyDictionary<int, int> other) =>
            one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var revision) && revision == pair.Value);
    }

    private static Task<IReadOnlyList<Guid>> Open(Db db, Guid campaignId) =>
        db.Query<Guid>(
            """
            SELECT id FROM sessions WHERE campaign_id = @campaignId AND state = 'in_progress' AND accept_until < @now
            """,
            new { campaignId, now = SystemClock.Instance.GetCurrentInstant() }
        );

    private static Task<IReadOnlyList<Guid>> Waiting(Db db, Guid campaignId) =>
        db.Query<Guid>(
            """
            SELECT id FROM sessions WHERE campaign_id = @campaignId AND state IN ('finished','expired') AND scored_at IS NULL
            """,
            new { campaignId }
        );

    private static Task<int> Computing(Db db) => db.Value<int>("SELECT COUNT(*) FROM calibration_runs WHERE state IN ('queued','running')");

    private static string? TextOf(string? content) =>
        content is null ? null : JsonDocument.Parse(content).RootElement.GetProperty("text").GetString();

    private sealed record SavedRow
    {
        public Guid SessionId { get; init; }
        public int Slot { get; init; }
        public int Revision { get; init; }
        public string? Content { get; init; }
    }

    private sealed record EndRow
    {
        public Guid Id { get; init; }
        public string State { get; init; } = "";
        public int Finishes { get; init; }
        public int Expiries { get; init; }
    }

    private sealed record FinishedRow
    {
        public Guid Id { get; init; }
        public Instant EndedAt { get; init; }
        public string Manifest { get; init; } = "";

        internal Dictionary<int, int> Read() => JsonSerializer.Deserialize<Dictionary<int, int>>(Manifest, ItemJson.Options)!;
    }
}
