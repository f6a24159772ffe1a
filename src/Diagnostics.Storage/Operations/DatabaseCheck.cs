using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Audit;
using Diagnostics.Storage.Audit;

namespace Diagnostics.Storage.Operations;

/// <summary>
/// A fault that can only occur if somebody has changed the database other than through the service, or if a disk has
/// failed.
/// </summary>
internal enum DatabaseFault
{
    /// <summary>A page or an index of the file is not as the engine wrote it.</summary>
    FileDamaged,

    /// <summary>A row refers to a row that does not exist.</summary>
    ReferenceBroken,

    /// <summary>Revisions of an answer are not 1, 2, 3…: history was removed.</summary>
    RevisionMissing,

    /// <summary>The receipt of a finished session names a revision that does not exist.</summary>
    ManifestNotKept,

    /// <summary>Rounds of a score are not 1, 2, 3…</summary>
    RoundMissing,

    /// <summary>A round scores an answer that does not exist.</summary>
    RoundWithoutResponse,

    /// <summary>Versions of a profile are not 1, 2, 3…</summary>
    ProfileVersionMissing,

    /// <summary>A profile's text is no longer the text that was issued.</summary>
    ProfileChanged,

    /// <summary>A policy's text is no longer the text that campaigns pinned.</summary>
    PolicyChanged,

    /// <summary>An instrument's text is no longer the text with which people were diagnosed.</summary>
    InstrumentChanged,

    /// <summary>A result of practice is no longer the one that was entered.</summary>
    PracticeChanged,

    /// <summary>An expert sheet is no longer the one that was filled in.</summary>
    ObservationChanged,

    /// <summary>A complex profile's text is no longer the text that was issued.</summary>
    ComplexProfileChanged,

    /// <summary>A protocol's text is no longer the text that the chair approved.</summary>
    ProtocolChanged,

    /// <summary>
    /// An entry of the audit trail was changed, or contradicts the heads of the trail that are kept outside the
    /// database.
    /// </summary>
    AuditBroken,
}

/// <param name="Subject">Table and key of the row, for the operator who will look for it.</param>
/// <param name="Audit">What is wrong with the entry of the audit trail; only for
/// <see cref="DatabaseFault.AuditBroken"/>.</param>
internal sealed record DatabaseFinding(DatabaseFault Fault, string Subject, AuditFault? Audit = null);

/// <param name="Complete">False when the file itself is damaged: data from such a file prove nothing, so the check
/// stops.</param>
/// <param name="AuditEntries">Number of entries of the audit trail that passed the check.</param>
/// <param name="AnchorsMet">How many of the heads kept outside the database agree with the trail.</param>
internal sealed record DatabaseReport(IReadOnlyList<DatabaseFinding> Findings, bool Complete, long AuditEntries, int AnchorsMet);

/// <summary>
/// Goes through a whole database and reports everything that the service cannot have written. It is for the operator,
/// after a restore or a disk failure.
/// </summary>
internal static class DatabaseCheck
{
    private const int BatchSize = 500;

    /// <param name="anchors">The heads of the audit trail that are kept outside the database, in the order of their
    /// numbers. They must be read before the snapshot of <paramref name="db"/> is taken.</param>
    internal static async Task<DatabaseReport> Run(Db db, IReadOnlyList<AuditAnchor> anchors)
    {
        if (await db.Dialect.FindDamage(db) is { Count: > 0 } damage)
            return new(damage.Select(line => new DatabaseFinding(DatabaseFault.FileDamaged, line)).ToList(), Complete: false, 0, 0);
        List<DatabaseFinding> findings = [];
        foreach (var orphans in await db.Dialect.FindOrphans(db))
            findings.Add(new(DatabaseFault.ReferenceBroken, orphans));
        await CheckHistory(db, findings);
        await CheckManifests(db, findings);
        await CheckProfiles(db, findings);
        await CheckDocuments(db, findings);
        var audit = await AuditStore.Verify(db, anchors);
        if (audit.Broken is var (number, fault))
            findings.Add(new(DatabaseFault.AuditBroken, $"audit_entries: number {number}", fault));
        return new(findings, Complete: true, audit.Count, audit.AnchorsMet);
    }

    /// <summary>
    /// Checks that append-only records are numbered without gaps, and that each score has its answer.
    /// </summary>
    private static async Task CheckHistory(Db db, List<DatabaseFinding> findings)
    {
        foreach (
            var slot in await db.Query<SlotKey>(
                """
                SELECT session_id, slot FROM session_responses GROUP BY session_id, slot HAVING MIN(revision) <> 1 OR MAX(revision) <> COUNT(*)
                """
            )
        )
            findings.Add(new(DatabaseFault.RevisionMissing, $"session_responses: {slot}"));
        foreach (
            var answer in await db.Query<QuestionKey>(
                """
                SELECT session_id, question FROM questionnaire_answers
                GROUP BY session_id, question HAVING MIN(revision) <> 1 OR MAX(revision) <> COUNT(*)
                """
            )
        )
            findings.Add(
                new(DatabaseFault.RevisionMissing, $"questionnaire_answers: session_id {answer.SessionId}, question {answer.Question}")
            );
        foreach (
            var slot in await db.Query<SlotKey>(
                """
                SELECT session_id, slot FROM marking_rounds GROUP BY session_id, slot HAVING MIN(number) <> 1 OR MAX(number) <> COUNT(*)
                """
            )
        )
            findings.Add(new(DatabaseFault.RoundMissing, $"marking_rounds: {slot}"));
        foreach (
            var slot in await db.Query<SlotKey>(
                """
                SELECT DISTINCT r.session_id, r.slot FROM marking_rounds AS r
                WHERE r.response_revision > 0 AND NOT EXISTS (
                    SELECT 1 FROM session_responses AS a WHERE a.session_id = r.session_id AND a.slot = r.slot AND a.revision = r.response_revision)
                """
            )
        )
            findings.Add(new(DatabaseFault.RoundWithoutResponse, $"marking_rounds: {slot}"));
        foreach (
            var session in await db.Query<Guid>(
                """
                SELECT session_id FROM profiles GROUP BY session_id HAVING MIN(version) <> 1 OR MAX(version) <> COUNT(*)
                """
            )
        )
            findings.Add(new(DatabaseFault.ProfileVersionMissing, $"profiles: session_id {session}"));
    }

    /// <summary>Checks the receipts that people were given: every revision that a receipt names must exist.</summary>
    private static async Task CheckManifests(Db db, List<DatabaseFinding> findings)
    {
        for (var after = Guid.Empty; ; )
        {
            var sessions = await db.Query<Receipt>(
                $"SELECT id, manifest FROM sessions WHERE manifest IS NOT NULL AND id > @after ORDER BY id LIMIT {BatchSize}",
                new { after }
            );
            if (sessions.Count == 0)
                return;
            var last = (
                await db.Query<SlotKey>(
                    """
                    SELECT session_id, slot, MAX(revision) AS revision FROM session_responses WHERE session_id > @after AND session_id <= @end GROUP BY session_id, slot
                    """,
                    new { after, end = sessions[^1].Id }
                )
            ).ToDictionary(row => (row.SessionId, row.Slot), row => row.Revision);
            foreach (var session in sessions)
            {
                if (Read(session.Manifest) is not { } manifest)
                    findings.Add(new(DatabaseFault.ManifestNotKept, $"sessions: {session.Id}, manifest"));
                else
                {
                    foreach (var (slot, revision) in manifest)
                        if (revision > last.GetValueOrDefault((session.Id, slot)))
                            findings.Add(new(DatabaseFault.ManifestNotKept, $"sessions: {session.Id}, slot {slot}, revision {revision}"));
                }
            }
            after = sessions[^1].Id;
        }
    }

    /// <summary>Returns null for a text that is not a receipt.</summary>
    private static Dictionary<int, int>? Read(string manifest)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<int, int>>(manifest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task CheckProfiles(Db db, List<DatabaseFinding> findings)
    {
        for (var after = Guid.Empty; ; )
        {
            var profiles = await db.Query<ProfileText>(
                $"SELECT id, content, fingerprint FROM profiles WHERE id > @after ORDER BY id LIMIT {BatchSize}",
                new { after }
            );
            if (profiles.Count == 0)
                return;
            foreach (var profile in profiles)
                if (Digest.Of(profile.Content) != profile.Fingerprint)
                    findings.Add(new(DatabaseFault.ProfileChanged, $"profiles: {profile.Id}"));
            after = profiles[^1].Id;
        }
    }

    private static async Task CheckDocuments(Db db, List<DatabaseFinding> findings)
    {
        foreach (var policy in await db.Query<VersionText>("SELECT kind, code, version, content, fingerprint FROM policies"))
            if (Digest.Of(policy.Content) != policy.Fingerprint)
                findings.Add(new(DatabaseFault.PolicyChanged, $"policies: {policy.Kind} {policy.Code} {policy.Version}"));
        foreach (var one in await db.Query<VersionText>("SELECT kind, code, version, content, fingerprint FROM instruments"))
            if (Digest.Of(one.Content) != one.Fingerprint)
                findings.Add(new(DatabaseFault.InstrumentChanged, $"instruments: {one.Kind} {one.Code} {one.Version}"));
        foreach (
            var result in await db.Query<PracticeText>(
                "SELECT result_id, version, content, fingerprint FROM practice_results WHERE content IS NOT NULL"
            )
        )
            if (Digest.Of(result.Content) != result.Fingerprint)
                findings.Add(new(DatabaseFault.PracticeChanged, $"practice_results: {result.ResultId} {result.Version}"));
        foreach (var sheet in await db.Query<SheetText>("SELECT observation_id, observer_id, content, fingerprint FROM observation_sheets"))
            if (Digest.Of(sheet.Content) != sheet.Fingerprint)
                findings.Add(new(DatabaseFault.ObservationChanged, $"observation_sheets: {sheet.ObservationId} {sheet.ObserverId}"));
        foreach (var profile in await db.Query<ProfileText>("SELECT id, content, fingerprint FROM complex_profiles"))
            if (Digest.Of(profile.Content) != profile.Fingerprint)
                findings.Add(new(DatabaseFault.ComplexProfileChanged, $"complex_profiles: {profile.Id}"));
        foreach (var protocol in await db.Query<ProtocolText>("SELECT campaign_id, number, content, fingerprint FROM marking_protocols"))
            if (Digest.Of(protocol.Content) != protocol.Fingerprint)
                findings.Add(
                    new(DatabaseFault.ProtocolChanged, $"marking_protocols: campaign_id {protocol.CampaignId}, number {protocol.Number}")
                );
    }

    private sealed record SlotKey
    {
        public Guid SessionId { get; init; }
        public int Slot { get; init; }
        public int Revision { get; init; }

        public override string ToString() => $"session_id {SessionId}, slot {Slot}";
    }

    private sealed record QuestionKey
    {
        public Guid SessionId { get; init; }
        public string Question { get; init; } = "";
    }

    private sealed record Receipt
    {
        public Guid Id { get; init; }
        public string Manifest { get; init; } = "";
    }

    private sealed record ProfileText
    {
        public Guid Id { get; init; }
        public string Content { get; init; } = "";
        public string Fingerprint { get; init; } = "";
    }

    private sealed record VersionText
    {
        public string Kind { get; init; } = "";
        public string Code { get; init; } = "";
        public int Version { get; init; }
        public string Content { get; init; } = "";
        public string Fingerprint { get; init; } = "";
    }

    private sealed record PracticeText
    {
        public Guid ResultId { get; init; }
        public int Version { get; init; }
        public string Content { get; init; } = "";
        public string Fingerprint { get; init; } = "";
    }

    private sealed record SheetText
    {
        public Guid ObservationId { get; init; }
        public Guid ObserverId { get; init; }
        public string Content { get; init; } = "";
        public string Fingerprint { get; init; } = "";
    }

    private sealed record ProtocolText
    {
        public Guid CampaignId { get; init; }
        public int Number { get; init; }
        public string Content { get; init; } = "";
        public string Fingerprint { get; init; } = "";
    }
}
