using System.Data.Common;
using System.Text.RegularExpressions;
using Diagnostics.Storage.Tests.TSql;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Diagnostics.Storage.Tests;

/// <summary>The schema itself refuses impossible states, whatever the code above assumes.</summary>
public abstract class SchemaTests(SceneFixture scene)
{
    public sealed class OnSqlite(SceneFixture.OnSqlite scene) : SchemaTests(scene), IClassFixture<SceneFixture.OnSqlite>;

    [NeedsPostgres]
    public sealed class OnPostgres(SceneFixture.OnPostgres scene) : SchemaTests(scene), IClassFixture<SceneFixture.OnPostgres>;

    [NeedsSqlServer]
    public sealed class OnSqlServer(SceneFixture.OnSqlServer scene) : SchemaTests(scene), IClassFixture<SceneFixture.OnSqlServer>;

    private const int SqlServerConstraint = 547;
    private const string PracticeInsert =
        "INSERT INTO practice_results (result_id, version, participant_id, basis, map_code, map_version, title, assessed_on, assessed_by, outcome, "
        + "content, fingerprint, withdrawal_reason, entered_by, entered_at) VALUES ";
    private const string ComplexInsert =
        "INSERT INTO complex_profiles (id, participant_id, framework_code, framework_version, version, policy_kind, policy_code, policy_version, cause, "
        + "content, fingerprint, issued_at, issued_by) VALUES ";
    private const string ForeignKey = "FOREIGN KEY constraint failed";

    private readonly TestDatabase test = scene.Test;

    /// <summary>
    /// Each case has a fault, a statement that would cause the fault, and the rule that must refuse the statement.
    /// </summary>
    public static TheoryData<string, string, string> Impossible() =>
        new()
        {
            {
                "a finished session without manifest",
                "UPDATE sessions SET manifest = NULL WHERE id = '#finished'",
                "(state = 'finished') <= (manifest IS NOT NULL)"
            },
            {
                "a session in progress without deadline",
                "UPDATE sessions SET deadline = NULL WHERE id = '#sitting'",
                "(started_at IS NULL) = (deadline IS NULL)"
            },
            {
                "a deadline without the moment until which answers are taken",
                "UPDATE sessions SET accept_until = NULL WHERE id = '#sitting'",
                "(deadline IS NULL) = (accept_until IS NULL)"
            },
            {
                "a session in progress that was never started",
                "UPDATE sessions SET state = 'in_progress' WHERE id = '#scheduled'",
                "OR started_at IS NOT NULL"
            },
            {
                "an expired session that was never started",
                "UPDATE sessions SET state = 'expired', ended_at = 't' WHERE id = '#scheduled'",
                "OR started_at IS NOT NULL"
            },
            {
                "a pause without its beginning",
                "UPDATE sessions SET state = 'paused' WHERE id = '#sitting'",
                "(state = 'paused') = (paused_at IS NOT NULL)"
            },
            {
                "the beginning of a pause that is over",
                "UPDATE sessions SET paused_at = 't' WHERE id = '#sitting'",
                "(state = 'paused') = (paused_at IS NOT NULL)"
            },
            { "an expired session without end", "UPDATE sessions SET state = 'expired' WHERE id = '#sitting'", "= (ended_at IS NOT NULL)" },
            {
                "an annulled session without end",
                "UPDATE sessions SET state = 'annulled' WHERE id = '#scheduled'",
                "= (ended_at IS NOT NULL)"
            },
            { "an end of a session in progress", "UPDATE sessions SET ended_at = 't' WHERE id = '#sitting'", "= (ended_at IS NOT NULL)" },
            { "an unknown state of a session", "UPDATE sessions SET state = 'lost' WHERE id = '#scheduled'", "state IN ('scheduled'" },
            { "a fifth variant", "UPDATE sessions SET variant = 5 WHERE id = '#sitting'", "variant BETWEEN 1 AND 4" },
            { "a seat before the first", "UPDATE sessions SET seat = 0 WHERE id = '#sitting'", "seat >= 1" },
            { "a negative grace", "UPDATE sessions SET grace_seconds = -1 WHERE id = '#sitting'", "grace_seconds >= 0" },
            {
                "two live sessions of one application",
                """
                    INSERT INTO sessions (id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed, grace_seconds, state, created_at)
                    VALUES ('#second', '#anna', '#c', '#anna', '#f', '#s', 7, 1, 1, 1, 30, 'scheduled', 't')
                    """,
                "UNIQUE constraint failed: sessions.application_id"
            },
            {
                "two people on one seat",
                "UPDATE sessions SET seat = 1002 WHERE id = '#scheduled'",
                "UNIQUE constraint failed: sessions.campaign_id, sessions.site_id, sessions.seat"
            },
            {
                "two people on one seat of a sitting",
                "UPDATE sessions SET sitting_id = '#shift', seat = 7 WHERE id IN ('#scheduled', '#sitting')",
                "UNIQUE constraint failed: sessions.sitting_id, sessions.seat"
            },
            {
                "a session in a sitting that does not exist",
                "UPDATE sessions SET sitting_id = '#none' WHERE id = '#scheduled'",
                ForeignKey
            },
            {
                "an application for a sitting that does not exist",
                "UPDATE applications SET sitting_id = '#none' WHERE id = '#anna'",
                ForeignKey
            },
            { "a sitting that ends before it starts", "UPDATE campaign_sittings SET ends_at = starts_at", "starts_at < ends_at" },
            { "a sitting without places", "UPDATE campaign_sittings SET seats = 0", "seats >= 1" },
            { "a shift before the first", "UPDATE campaign_sittings SET shift = 0", "shift >= 1" },
            { "a sitting at a site that the campaign has not", "UPDATE campaign_sittings SET site_id = '#s2'", ForeignKey },
            {
                "somebody absent who has begun",
                "UPDATE sessions SET absent_at = 't' WHERE id = '#sitting'",
                "absent_at IS NULL OR started_at IS NULL"
            },
            {
                "two interruptions of a site at once",
                "INSERT INTO site_interruptions (id, campaign_id, site_id, began_at, reason, began_by) VALUES ('#x', '#c', '#s', 't', 'п', 'a')",
                "UNIQUE constraint failed: site_interruptions.campaign_id, site_interruptions.site_id"
            },
            {
                "two interruptions of a sitting at once",
                "INSERT INTO site_interruptions (id, campaign_id, site_id, sitting_id, began_at, reason, began_by) VALUES "
                    + "('#x', '#c', '#s', '#shift', 't', 'п', 'a')",
                "UNIQUE constraint failed: site_interruptions.sitting_id"
            },
            {
                "an interruption ended by nobody",
                "UPDATE site_interruptions SET ended_at = '2026-09-14T07:00:00.000000Z' WHERE id = '#dark'",
                "(ended_at IS NULL) = (ended_by IS NULL)"
            },
            {
                "an interruption that ended before it began",
                "UPDATE site_interruptions SET ended_at = '2026-09-14T06:00:00.000000Z', ended_by = 'a' WHERE id = '#dark'",
                "ended_at >= began_at"
            },
            { "an interruption at a site that the campaign has not", "UPDATE site_interruptions SET site_id = '#s2'", ForeignKey },
            {
                "an interruption of a session that does not exist",
                "INSERT INTO site_interruption_sessions (interruption_id, session_id) VALUES ('#dark', '#none')",
                ForeignKey
            },
            {
                "an unknown decision on a campaign",
                "INSERT INTO campaign_decisions (campaign_id, number, kind, details, reason, decided_by, decided_at) "
                    + "VALUES ('#c', 2, 'forgotten', '{}', 'п', 'a', 't')",
                "kind IN"
            },
            {
                "two decisions on a campaign under one number",
                "INSERT INTO campaign_decisions (campaign_id, number, kind, details, reason, decided_by, decided_at) "
                    + "SELECT campaign_id, number, kind, details, reason, decided_by, decided_at FROM campaign_decisions",
                "UNIQUE constraint failed: campaign_decisions"
            },
            {
                "a draft that was cancelled",
                "UPDATE campaigns SET cancelled_at = 't' WHERE id = '#draft'",
                "cancelled_at IS NULL OR status = 'published'"
            },
            {
                "an entry diagnostic after another",
                "UPDATE campaigns SET entry_campaign_id = '#draft' WHERE id = '#c'",
                "entry_campaign_id IS NULL OR stage <> 'entry'"
            },
            {
                "two heads of one site",
                "INSERT INTO site_staff (id, campaign_id, site_id, account_id, duty, appointed_at, appointed_by) VALUES "
                    + "('#another', '#c', '#s', '#second expert', 'head', 't', 'a')",
                "UNIQUE constraint failed: site_staff.campaign_id, site_staff.site_id"
            },
            {
                "two heads of one sitting",
                "INSERT INTO site_staff (id, campaign_id, site_id, sitting_id, account_id, duty, appointed_at, "
                    + "appointed_by) VALUES ('#another', '#c', '#s', '#shift', '#second expert', 'head', 't', 'a')",
                "UNIQUE constraint failed: site_staff.sitting_id"
            },
            {
                "a member of a site's staff twice in one duty",
                "INSERT INTO site_staff (id, campaign_id, site_id, account_id, duty, appointed_at, appointed_by) VALUES "
                    + "('#another', '#c', '#s', '#expert', 'organiser', 't', 'a'), ('#a third', '#c', '#s', '#expert', "
                    + "'organiser', 't', 'a')",
                "UNIQUE constraint failed: site_staff.campaign_id, site_staff.site_id, site_staff.account_id, site_staff.duty"
            },
            { "an unknown duty at a site", "UPDATE site_staff SET duty = 'guest'", "duty IN ('head'" },
            {
                "staff of a site that the campaign has not",
                "UPDATE site_staff SET site_id = '#s2' WHERE id = '#head of shift'",
                ForeignKey
            },
            {
                "staff of a sitting at another site",
                "INSERT INTO site_staff (id, campaign_id, site_id, sitting_id, account_id, duty, appointed_at, "
                    + "appointed_by) VALUES ('#another', '#draft', '#s', '#shift', '#expert', 'organiser', 't', 'a')",
                ForeignKey
            },
            {
                "an appointment that ended without a reason",
                "UPDATE site_staff SET ended_at = 't', ended_by = 'a'",
                "(ended_at IS NULL) = (end_reason IS NULL)"
            },
            {
                "presence of nobody",
                "INSERT INTO site_journal (id, campaign_id, site_id, sitting_id, kind, staff_id, session_id, seat, passed, "
                    + "quantity, corrects_id, note, at, actor) VALUES ('#another', '#c', '#s', NULL, 'presence', NULL, NULL, "
                    + "NULL, NULL, NULL, NULL, NULL, 't', 'a')",
                "(kind = 'presence') = (staff_id IS NOT NULL)"
            },
            {
                "an identity check of nobody",
                "INSERT INTO site_journal (id, campaign_id, site_id, sitting_id, kind, staff_id, session_id, seat, passed, "
                    + "quantity, corrects_id, note, at, actor) VALUES ('#another', '#c', '#s', NULL, 'identity_checked', NULL, "
                    + "NULL, NULL, NULL, NULL, NULL, NULL, 't', 'a')",
                "(kind = 'identity_checked') = (session_id IS NOT NULL)"
            },
            {
                "a check of no place",
                "INSERT INTO site_journal (id, campaign_id, site_id, sitting_id, kind, staff_id, session_id, seat, passed, "
                    + "quantity, corrects_id, note, at, actor) VALUES ('#another', '#c', '#s', NULL, 'place_checked', NULL, "
                    + "NULL, NULL, NULL, NULL, NULL, NULL, 't', 'a')",
                "(kind = 'place_checked') = (seat IS NOT NULL)"
            },
            {
                "a check of a place without an outcome",
                "INSERT INTO site_journal (id, campaign_id, site_id, sitting_id, kind, staff_id, session_id, seat, passed, "
                    + "quantity, corrects_id, note, at, actor) VALUES ('#another', '#c', '#s', NULL, 'place_checked', NULL, "
                    + "NULL, 7, NULL, NULL, NULL, NULL, 't', 'a')",
                "(seat IS NULL) = (passed IS NULL)"
            },
            {
                "materials without a number",
                "INSERT INTO site_journal (id, campaign_id, site_id, sitting_id, kind, staff_id, session_id, seat, passed, "
                    + "quantity, corrects_id, note, at, actor) VALUES ('#another', '#c', '#s', NULL, 'materials_received', NULL, "
                    + "NULL, NULL, NULL, NULL, NULL, 'п', 't', 'a')",
                "= (quantity IS NOT NULL)"
            },
            {
                "no materials received",
                "INSERT INTO site_journal (id, campaign_id, site_id, sitting_id, kind, staff_id, session_id, seat, passed, "
                    + "quantity, corrects_id, note, at, actor) VALUES ('#another', '#c', '#s', NULL, 'materials_received', NULL, "
                    + "NULL, NULL, NULL, 0, NULL, 'п', 't', 'a')",
                "quantity >= 1"
            },
            {
                "an incident of which nothing is said",
                "INSERT INTO site_journal (id, campaign_id, site_id, sitting_id, kind, staff_id, session_id, seat, passed, "
                    + "quantity, corrects_id, note, at, actor) VALUES ('#another', '#c', '#s', NULL, 'incident', NULL, NULL, "
                    + "NULL, NULL, NULL, NULL, NULL, 't', 'a')",
                "kind NOT IN ('incident','corrected') OR note IS NOT NULL"
            },
            {
                "a correction of nothing",
                "INSERT INTO site_journal (id, campaign_id, site_id, sitting_id, kind, staff_id, session_id, seat, passed, "
                    + "quantity, corrects_id, note, at, actor) VALUES ('#another', '#c', '#s', NULL, 'corrected', NULL, NULL, "
                    + "NULL, NULL, NULL, NULL, 'п', 't', 'a')",
                "(kind = 'corrected') = (corrects_id IS NOT NULL)"
            },
            {
                "presence of staff of another campaign",
                "INSERT INTO site_journal (id, campaign_id, site_id, kind, staff_id, at, actor) VALUES ('#another', "
                    + "'#draft', '#s', 'presence', '#head', 't', 'a')",
                ForeignKey
            },
            {
                "an act signed twice",
                "INSERT INTO site_acts (id, campaign_id, site_id, sitting_id, sat_on, content, fingerprint, signed_by, "
                    + "signed_at) VALUES ('#another', '#c', '#s', '#shift', '2026-09-15', '{}', 'x', '#expert', 't')",
                "UNIQUE constraint failed: site_acts.sitting_id"
            },
            {
                "an act of a day at a site signed twice",
                "INSERT INTO site_acts (id, campaign_id, site_id, sat_on, content, fingerprint, signed_by, signed_at) "
                    + "VALUES ('#another', '#c', '#s', '2026-09-14', '{}', 'x', '#expert', 't')",
                "UNIQUE constraint failed: site_acts.campaign_id, site_acts.site_id, site_acts.sat_on"
            },
            {
                "a protocol of a commission without its members",
                "INSERT INTO campaign_documents (campaign_id, kind, version, title, content, in_force_at, created_at, "
                    + "created_by) VALUES ('#c', 'items_protocol', 1, 'П', 'п', 't', 't', 'a')",
                "(kind = 'items_protocol') = (members IS NOT NULL)"
            },
            {
                "a document of an unknown kind",
                "INSERT INTO campaign_documents (campaign_id, kind, version, title, content, in_force_at, created_at, "
                    + "created_by) VALUES ('#c', 'letter', 1, 'П', 'п', 't', 't', 'a')",
                "kind IN"
            },
            {
                "a session for another person's application",
                "UPDATE sessions SET participant_id = '#vera' WHERE id = '#sitting'",
                ForeignKey
            },
            {
                "a session in another campaign than its application",
                "UPDATE sessions SET campaign_id = '#draft' WHERE id = '#sitting'",
                ForeignKey
            },
            { "a session on a form that does not exist", "UPDATE sessions SET form_id = '#none' WHERE id = '#sitting'", ForeignKey },
            {
                "a gap between revisions",
                "INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES ('#sitting', 1, 3, 1, '{}', 't')",
                "base_revision = revision - 1"
            },
            {
                "a revision before the first",
                "INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES ('#sitting', 1, 0, -1, '{}', 't')",
                "revision >= 1"
            },
            {
                "a revision twice",
                "INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES ('#sitting', 1, 1, 0, '{}', 't')",
                "UNIQUE constraint failed: session_responses"
            },
            {
                "a response without session",
                "INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES ('#none', 1, 1, 0, '{}', 't')",
                ForeignKey
            },
            {
                "a rejected response without session",
                "INSERT INTO session_rejected_responses (id, session_id, slot, base_revision, reason, content, "
                    + "received_at) VALUES ('#r2', '#none', 1, 0, 'stale', '{}', 't')",
                ForeignKey
            },
            {
                "an event without session",
                "INSERT INTO session_events (id, session_id, kind, at, actor, details) VALUES ('#e2', '#none', 'start', 't', NULL, NULL)",
                ForeignKey
            },
            { "points above the maximum", Round("'auto'", "'right'", 1001, "NULL", "NULL"), "points BETWEEN 0 AND maximum" },
            { "points below zero", Round("'auto'", "'wrong'", -1, "NULL", "NULL"), "points BETWEEN 0 AND maximum" },
            { "an automatic round with a marker", Round("'auto'", "'right'", 1000, "NULL", "'#expert'"), "CASE kind WHEN 'auto'" },
            {
                "a third expert's round without marks by criteria",
                Round("'adjudication'", "'right'", 1000, "NULL", "'#expert'"),
                "CASE kind WHEN 'auto'"
            },
            { "an expert's round without the expert", Round("'expert'", "'right'", 1000, "'{}'", "NULL"), "CASE kind WHEN 'auto'" },
            {
                "an expert's round without marks by criteria",
                Round("'expert'", "'right'", 1000, "NULL", "'#expert'"),
                "(kind = 'expert') <= (criteria IS NOT NULL)"
            },
            { "an expert's round by nobody known", Round("'expert'", "'right'", 1000, "'{}'", "'#nobody'"), ForeignKey },
            { "a round of an unknown kind", Round("'guess'", "'right'", 1000, "NULL", "'#expert'"), "kind IN ('auto'" },
            { "an unknown outcome", Round("'auto'", "'lucky'", 1000, "NULL", "NULL"), "outcome IN ('blank'" },
            {
                "a round number twice",
                Round("'auto'", "'right'", 1000, "NULL", "NULL", number: 1),
                "UNIQUE constraint failed: marking_rounds"
            },
            { "a round on an item version that does not exist", Round("'auto'", "'right'", 1000, "NULL", "NULL", version: 9), ForeignKey },
            {
                "two decisions on a key under one number",
                "INSERT INTO marking_key_decisions (item_code, item_version, normalised, number, decision, reason, "
                    + "decided_by, decided_at) VALUES ('sum-1', 1, 'пять', 1, 'reject', 'п', '#expert', 't')",
                "UNIQUE constraint failed: marking_key_decisions"
            },
            {
                "an unknown decision on a key",
                "INSERT INTO marking_key_decisions (item_code, item_version, normalised, number, decision, reason, "
                    + "decided_by, decided_at) VALUES ('sum-1', 1, 'пять', 2, 'maybe', 'п', '#expert', 't')",
                "decision IN ('accept'"
            },
            {
                "two tasks for one answer",
                "INSERT INTO marking_tasks (id, campaign_id, session_id, slot, item_code, item_version, organisation, "
                    + "shuffle, state, created_at) SELECT '#task 2', campaign_id, session_id, slot, item_code, item_version, "
                    + "organisation, 2, state, created_at FROM marking_tasks",
                "UNIQUE constraint failed: marking_tasks.session_id, marking_tasks.slot"
            },
            {
                "two experts on one place of a script",
                Claim("'#second expert'", 1, "'claimed'", "NULL", "NULL"),
                "UNIQUE constraint failed: marking_assignments.task_id, marking_assignments.place"
            },
            {
                "one script twice to one expert",
                Claim("'#expert'", 2, "'claimed'", "NULL", "NULL"),
                "UNIQUE constraint failed: marking_assignments.task_id, marking_assignments.expert_id"
            },
            {
                "one code for two scripts",
                Claim("'#second expert'", 2, "'claimed'", "NULL", "NULL", code: "'CODE'"),
                "UNIQUE constraint failed: marking_assignments.code"
            },
            {
                "a closed claim that is still held",
                "UPDATE marking_assignments SET closed_at = 't'",
                "(state = 'claimed') = (closed_at IS NULL)"
            },
            {
                "a marked claim that was never closed",
                "UPDATE marking_assignments SET state = 'marked'",
                "(state = 'claimed') = (closed_at IS NULL)"
            },
            {
                "a script returned without a reason",
                "UPDATE marking_assignments SET state = 'returned', closed_at = 't'",
                "state <> 'returned' OR reason IS NOT NULL"
            },
            {
                "more second looks than readings besides the independent ones",
                "UPDATE marking_tasks SET second_looks = thirds + 1",
                "second_looks BETWEEN 0 AND thirds"
            },
            { "a place before the first", Claim("'#second expert'", 0, "'claimed'", "NULL", "NULL"), "place >= 1" },
            {
                "a second appeal of one answer",
                Appeal("'score'", "1", "'filed'"),
                "UNIQUE constraint failed: appeals.session_id, appeals.slot"
            },
            {
                "a second appeal of one session's procedure",
                Appeal("'procedural'", "NULL", "'filed'"),
                "UNIQUE constraint failed: appeals.session_id"
            },
            { "a score appeal of no answer", Appeal("'score'", "NULL", "'filed'"), "(kind = 'score') = (slot IS NOT NULL)" },
            {
                "a second appeal of one annulment",
                Against("'annulment'", "'t'"),
                "UNIQUE constraint failed: appeals.session_id, appeals.disputed, appeals.disputed_at"
            },
            {
                "an appeal against a decision that was never taken",
                Against("'annulment'", "NULL"),
                "(disputed IS NULL) = (disputed_at IS NULL)"
            },
            {
                "an appeal against a decision about the points",
                Against("'annulment'", "'t'", kind: "'score'"),
                "kind = 'procedural' AND ground = 'procedure'"
            },
            { "an appeal against nothing known", Against("'weather'", "'t'"), "disputed IN ('annulment'" },
            {
                "a late appeal about the points",
                "UPDATE appeals SET late_cause = 'болел' WHERE id = '#appeal'",
                "late_cause IS NULL OR kind = 'procedural'"
            },
            {
                "a hearing that was moved without a reason",
                "INSERT INTO appeal_hearings (appeal_id, number, held_at, place, set_by, set_at) VALUES ('#appeal', 2, 't', 'каб. 1', '#expert', 't')",
                "number = 1 OR reason IS NOT NULL"
            },
            {
                "a sixth attachment",
                "INSERT INTO appeal_attachments (appeal_id, number, name, media_type, size, added_at, added_by) VALUES "
                    + "('#appeal', 6, 'a.pdf', 'application/pdf', 1, 't', 'vera')",
                "number BETWEEN 1 AND 5"
            },
            {
                "an attachment that is a program",
                "INSERT INTO appeal_attachments (appeal_id, number, name, media_type, size, added_at, added_by) VALUES "
                    + "('#appeal', 1, 'a.exe', 'application/octet-stream', 1, 't', 'vera')",
                "media_type IN"
            },
            {
                "an attachment of more than 5 MB",
                "INSERT INTO appeal_attachments (appeal_id, number, name, media_type, size, added_at, added_by) VALUES "
                    + "('#appeal', 1, 'a.pdf', 'application/pdf', 5242881, 't', 'vera')",
                "size BETWEEN 1 AND 5242880"
            },
            {
                "an appeal decided without outcome",
                "UPDATE appeals SET state = 'decided', closed_at = 't', closed_by = 'x', clause = 'п', reason = 'п' WHERE id = '#appeal'",
                "(state = 'decided') = (outcome IS NOT NULL)"
            },
            {
                "an appeal decided without reason",
                "UPDATE appeals SET state = 'decided', outcome = 'rejected', closed_at = 't', closed_by = 'x', clause = 'п' WHERE id = '#appeal'",
                "clause IS NOT NULL AND reason IS NOT NULL"
            },
            {
                "an appeal refused without clause",
                "UPDATE appeals SET state = 'refused', closed_at = 't', closed_by = 'x', reason = 'п' WHERE id = '#order'",
                "clause IS NOT NULL AND reason IS NOT NULL"
            },
            {
                "a withdrawn appeal that is still open",
                "UPDATE appeals SET state = 'withdrawn' WHERE id = '#appeal'",
                "= (closed_at IS NOT NULL)"
            },
            {
                "two votes of one member",
                "INSERT INTO appeal_votes (appeal_id, proposal, member_id, in_favour, dissent, voted_at) VALUES ('#appeal', 1, '#expert', FALSE, NULL, 't')",
                "UNIQUE constraint failed: appeal_votes"
            },
            {
                "a vote on what was not proposed",
                "INSERT INTO appeal_votes (appeal_id, proposal, member_id, in_favour, dissent, voted_at) VALUES ('#appeal', 2, '#expert', TRUE, NULL, 't')",
                ForeignKey
            },
            {
                "a dissent from one's own vote",
                "INSERT INTO appeal_votes (appeal_id, proposal, member_id, in_favour, dissent, voted_at) VALUES "
                    + "('#appeal', 1, '#second expert', TRUE, 'против', 't')",
                "dissent IS NULL OR in_favour = 0"
            },
            {
                "a proposal to change points without points",
                "INSERT INTO appeal_proposals (appeal_id, number, outcome, criteria, clause, reason, proposed_by, "
                    + "proposed_at) VALUES ('#appeal', 2, 'satisfied_up', NULL, 'п', 'п', '#expert', 't')",
                "(criteria IS NOT NULL) = (outcome IN"
            },
            {
                "a benchmark of no known purpose",
                "INSERT INTO marking_benchmarks (id, campaign_id, item_code, item_version, purpose, answer, criteria, "
                    + "comment, created_at, created_by) SELECT '#b2', campaign_id, item_code, item_version, 'exam', answer, "
                    + "criteria, comment, created_at, created_by FROM marking_benchmarks",
                "purpose IN ('training'"
            },
            {
                "a benchmark of an item version that does not exist",
                "INSERT INTO marking_benchmarks (id, campaign_id, item_code, item_version, purpose, answer, criteria, "
                    + "comment, created_at, created_by) SELECT '#b2', campaign_id, item_code, 9, purpose, answer, criteria, "
                    + "comment, created_at, created_by FROM marking_benchmarks",
                ForeignKey
            },
            {
                "a benchmark retired by nobody",
                "UPDATE marking_benchmarks SET retired_at = 't', retired_why = 'п'",
                "(retired_at IS NULL) = (retired_by IS NULL)"
            },
            {
                "a benchmark retired without a reason",
                "UPDATE marking_benchmarks SET retired_at = 't', retired_by = '#expert'",
                "(retired_at IS NULL) = (retired_why IS NULL)"
            },
            {
                "two trials of one number",
                "INSERT INTO marking_trials (id, benchmark_id, campaign_id, expert_id, item_code, number, code, sat_on, "
                    + "after_scripts, state, claimed_at, lease_until) SELECT '#t2', benchmark_id, campaign_id, expert_id, "
                    + "item_code, number, 'OTHER', sat_on, 4, 'claimed', 't', 't' FROM marking_trials",
                "UNIQUE constraint failed: marking_trials.campaign_id, marking_trials.expert_id, marking_trials.item_code, marking_trials.number"
            },
            {
                "a closed trial that is still held",
                "UPDATE marking_trials SET state = 'claimed'",
                "(state = 'claimed') = (closed_at IS NULL)"
            },
            {
                "a trial given back without a reason",
                "UPDATE marking_trials SET state = 'returned'",
                "state <> 'returned' OR reason IS NOT NULL"
            },
            {
                "marks of a trial given twice",
                "INSERT INTO marking_trial_marks (trial_id, criteria, no_answer, distance, \"within\", at) VALUES ('#trial', '{}', FALSE, 0, TRUE, 't')",
                "UNIQUE constraint failed: marking_trial_marks.trial_id"
            },
            {
                "a pause lifted by nobody",
                "INSERT INTO marking_admissions (campaign_id, expert_id, item_code, number, act, after_trials, reason, at) "
                    + "VALUES ('#c', '#expert', 'sum-1', 2, 'resumed', 1, 'п', 't')",
                "(decided_by IS NULL) = (trial_id IS NOT NULL)"
            },
            {
                "a pause lifted without a reason",
                "INSERT INTO marking_admissions (campaign_id, expert_id, item_code, number, act, after_trials, decided_by, "
                    + "at) VALUES ('#c', '#expert', 'sum-1', 2, 'resumed', 1, '#second expert', 't')",
                "(decided_by IS NULL) = (reason IS NULL)"
            },
            {
                "a pause without the control that failed",
                "INSERT INTO marking_admissions (campaign_id, expert_id, item_code, number, act, after_trials, decided_by, "
                    + "reason, at) VALUES ('#c', '#expert', 'sum-1', 2, 'paused', 1, '#second expert', 'п', 't')",
                "(trial_id IS NULL) = (act IN ('resumed','requalified'))"
            },
            {
                "two acts of one number on one admission",
                "INSERT INTO marking_admissions (campaign_id, expert_id, item_code, number, act, after_trials, trial_id, "
                    + "at) VALUES ('#c', '#expert', 'sum-1', 1, 'admitted', 1, '#trial', 't')",
                "UNIQUE constraint failed: marking_admissions"
            },
            {
                "two profiles of one version",
                "INSERT INTO profiles (id, session_id, participant_id, campaign_id, version, status, cause, content, "
                    + "fingerprint, issued_at) SELECT '#profile 2', session_id, participant_id, campaign_id, 1, 'final', cause, "
                    + "content, fingerprint, issued_at FROM profiles",
                "UNIQUE constraint failed: profiles.session_id, profiles.version"
            },
            {
                "an unknown status of a profile",
                "INSERT INTO profiles (id, session_id, participant_id, campaign_id, version, status, cause, content, "
                    + "fingerprint, issued_at) SELECT '#profile 2', session_id, participant_id, campaign_id, 2, 'secret', cause, "
                    + "content, fingerprint, issued_at FROM profiles",
                "status IN ('provisional'"
            },
            {
                "two approved calibrations of one form",
                "UPDATE calibration_runs SET state = 'approved', ended_at = 't', fingerprint = 'y', log_likelihood = -1, "
                    + "decided_at = 't', decided_by = '#expert' WHERE id = '#waiting'",
                "UNIQUE constraint failed: calibration_runs.form_id"
            },
            {
                "a calibration approved by nobody",
                "UPDATE calibration_runs SET decided_by = NULL WHERE id = '#run'",
                "(decided_at IS NULL) = (decided_by IS NULL)"
            },
            {
                "a calibration approved at no time",
                "UPDATE calibration_runs SET decided_at = NULL, decided_by = NULL WHERE id = '#run'",
                "state IN ('approved','rejected','superseded')"
            },
            {
                "a completed calibration without a model",
                "UPDATE calibration_runs SET state = 'completed', decided_at = NULL, decided_by = NULL, log_likelihood = NULL WHERE id = '#run'",
                "fingerprint IS NOT NULL AND log_likelihood IS NOT NULL"
            },
            {
                "a calibration that runs in nobody's hands",
                "UPDATE calibration_runs SET state = 'running' WHERE id = '#waiting'",
                "(state = 'running') = (claim IS NOT NULL)"
            },
            {
                "a calibration held without end",
                "UPDATE calibration_runs SET state = 'running', claim = '#x' WHERE id = '#waiting'",
                "(claim IS NULL) = (lease_until IS NULL)"
            },
            {
                "a calibration that failed without a reason",
                "UPDATE calibration_runs SET state = 'failed', ended_at = 't' WHERE id = '#waiting'",
                "(state = 'failed') = (failure IS NOT NULL)"
            },
            {
                "a calibration that failed without a word",
                "UPDATE calibration_runs SET state = 'failed', ended_at = 't', failure = 'no_scores' WHERE id = '#waiting'",
                "(failure IS NULL) = (failure_detail IS NULL)"
            },
            {
                "a calibration superseded by nothing",
                "UPDATE calibration_runs SET state = 'superseded' WHERE id = '#run'",
                "(state = 'superseded') = (superseded_by IS NOT NULL)"
            },
            {
                "a calibration that waits and is over",
                "UPDATE calibration_runs SET ended_at = 't' WHERE id = '#waiting'",
                "(state IN ('queued','running')) = (ended_at IS NULL)"
            },
            { "an unknown model", "UPDATE calibration_runs SET model = '3pl' WHERE id = '#waiting'", "model IN ('rasch'" },
            {
                "an equating table of the variant that all are told in",
                "INSERT INTO calibration_equatings (run_id, variant, block, method, verdict, equivalents) VALUES ('#run', "
                    + "1, 'subject', 'mean', 'equate', '[]')",
                "variant BETWEEN 2 AND 4"
            },
            {
                "results of a calibration given twice",
                "INSERT INTO calibration_results (run_id, items, form, fingerprint, created_at) VALUES ('#run', '[]', '{}', 'y', 't')",
                "UNIQUE constraint failed: calibration_results.run_id"
            },
            {
                "two audit entries under one number",
                "INSERT INTO audit_entries (number, at, actor, action, subject, details, previous_hash, hash) VALUES (1, "
                    + "'t', 'a', 'b', 'c', NULL, '', 'other')",
                "UNIQUE constraint failed: audit_entries.number"
            },
            {
                "two audit entries of one hash",
                "INSERT INTO audit_entries (number, at, actor, action, subject, details, previous_hash, hash) VALUES (2, 't', 'a', 'b', 'c', NULL, 'h', 'h')",
                "UNIQUE constraint failed: audit_entries.hash"
            },
            {
                "an event about nothing",
                "INSERT INTO events (id, kind, at) VALUES ('#e2', 'session_finished', 't')",
                "campaign_id IS NOT NULL OR participant_id IS NOT NULL"
            },
            {
                "an event of a consent to nothing",
                "INSERT INTO events (id, kind, at, participant_id, consent_kind) VALUES ('#e2', 'consent_given', 't', '#anna', 'all')",
                "consent_kind IN ('participation'"
            },
            {
                "an event of a version before the first",
                "INSERT INTO events (id, kind, at, participant_id, version) VALUES ('#e2', 'profile_issued', 't', '#anna', 0)",
                "version >= 1"
            },
            { "an approved facet without reviewer", "UPDATE item_facets SET reviewer = NULL", "status NOT IN ('approved','active')" },
            {
                "an active facet without reviewer",
                "UPDATE item_facets SET status = 'active', reviewer = NULL",
                "status NOT IN ('approved','active')"
            },
            { "a facet approved by its author", "UPDATE item_facets SET reviewer = author", "reviewer <> author" },
            { "a fourth difficulty", "UPDATE item_facets SET difficulty = 4", "difficulty BETWEEN 1 AND 3" },
            { "a facet worth nothing", "UPDATE item_facets SET points = 0", "points > 0" },
            { "an unknown type of item", "UPDATE item_facets SET type = 'essay'", "type IN ('single_choice'" },
            {
                "a facet with two items of one variant",
                "INSERT INTO item_facet_items (facet_code, facet_version, variant, item_code, item_version) VALUES ('sum', 1, 1, 'sum-2', 1)",
                "UNIQUE constraint failed: item_facet_items"
            },
            {
                "a facet with an item that does not exist",
                "INSERT INTO item_facet_items (facet_code, facet_version, variant, item_code, item_version) VALUES ('sum', 1, 2, 'sum-2', 9)",
                ForeignKey
            },
            {
                "an item twice in a form",
                "INSERT INTO form_slots (form_id, variant, slot, facet_code, facet_version, item_code, item_version) VALUES ('#f', 3, 1, 'sum', 1, 'sum-1', 1)",
                "UNIQUE constraint failed: form_slots.form_id, form_slots.item_code"
            },
            {
                "two items in one slot of a variant",
                "INSERT INTO form_slots (form_id, variant, slot, facet_code, facet_version, item_code, item_version) VALUES ('#f', 1, 1, 'sum', 1, 'sum-3', 1)",
                "UNIQUE constraint failed: form_slots.form_id, form_slots.variant, form_slots.slot"
            },
            { "a form of no time", "UPDATE forms SET time_limit_minutes = 0", "time_limit_minutes BETWEEN 1 AND 1440" },
            {
                "a published campaign without the date of it",
                "UPDATE campaigns SET published_at = NULL WHERE id = '#c'",
                "(status = 'draft') = (published_at IS NULL)"
            },
            {
                "a draft that was published",
                "UPDATE campaigns SET published_at = 't' WHERE id = '#draft'",
                "(status = 'draft') = (published_at IS NULL)"
            },
            {
                "a closed campaign without the date of it",
                "UPDATE campaigns SET status = 'closed' WHERE id = '#c'",
                "(status = 'closed') = (closed_at IS NOT NULL)"
            },
            {
                "applications that end before they begin",
                "UPDATE campaigns SET applications_to = '2026-08-01T00:00:00.000000Z' WHERE id = '#c'",
                "applications_from < applications_to"
            },
            {
                "a sitting before the applications",
                "UPDATE campaigns SET sitting_from = '2026-08-01T00:00:00.000000Z' WHERE id = '#c'",
                "applications_from <= sitting_from"
            },
            {
                "marking that ends before the sitting",
                "UPDATE campaigns SET marking_to = '2026-09-19T00:00:00.000000Z' WHERE id = '#c'",
                "sitting_to <= marking_to"
            },
            { "an unknown stage", "UPDATE campaigns SET stage = 'extra' WHERE id = '#c'", "stage IN ('entry'" },
            {
                "two policies of one kind in a campaign",
                "INSERT INTO campaign_policies (campaign_id, kind, code, version) VALUES ('#c', 'session', 'default', 1)",
                "UNIQUE constraint failed: campaign_policies"
            },
            { "a policy version that does not exist", "UPDATE campaign_policies SET version = 9", ForeignKey },
            {
                "two live applications of one person",
                "INSERT INTO applications (id, campaign_id, participant_id, site_id, status, consent_id, submitted_at, "
                    + "decided_at, decided_by, reason) SELECT '#again', campaign_id, participant_id, site_id, 'submitted', "
                    + "consent_id, submitted_at, NULL, NULL, NULL FROM applications WHERE id = '#anna'",
                "UNIQUE constraint failed: applications.campaign_id, applications.participant_id"
            },
            {
                "a rejection without a reason",
                "UPDATE applications SET status = 'rejected' WHERE id = '#anna'",
                "status <> 'rejected' OR reason IS NOT NULL"
            },
            {
                "an application to a site that the campaign does not use",
                "UPDATE applications SET site_id = '#s2' WHERE id = '#anna'",
                ForeignKey
            },
            { "an application without consent", "UPDATE applications SET consent_id = '#none' WHERE id = '#anna'", ForeignKey },
            {
                "extra time that counts nothing",
                "UPDATE application_accommodations SET extra_unit = NULL",
                "(extra_amount IS NULL) = (extra_unit IS NULL)"
            },
            {
                "more than twice the time",
                "UPDATE application_accommodations SET extra_amount = 101",
                "extra_unit <> 'percent' OR extra_amount <= 100"
            },
            {
                "special conditions that are none",
                "UPDATE application_accommodations SET extra_amount = NULL, extra_unit = NULL",
                "NOT (extra_amount IS NULL"
            },
            {
                "special conditions that nobody asked for or granted",
                "UPDATE application_accommodations SET standing = 'thought of'",
                "standing IN ('asked'"
            },
            {
                "special conditions asked for twice",
                "INSERT INTO application_accommodations (application_id, standing, extra_amount, extra_unit, breaks, "
                    + "assistant, paper) SELECT application_id, standing, extra_amount, extra_unit, breaks, assistant, paper "
                    + "FROM application_accommodations",
                "UNIQUE constraint failed: application_accommodations"
            },
            { "special conditions of no application", "UPDATE application_accommodations SET application_id = '#none'", ForeignKey },
            { "a site in use that is taken from its campaign", "DELETE FROM campaign_sites WHERE campaign_id = '#c'", ForeignKey },
            {
                "a right in a campaign that is not named",
                "INSERT INTO access_grants (id, account_id, role, scope, scope_id, granted_by, granted_at, ended_at) "
                    + "VALUES ('#g2', '#expert', 'expert', 'campaign', NULL, NULL, 't', NULL)",
                "(scope = 'all') = (scope_id IS NULL)"
            },
            {
                "a right everywhere that names a campaign",
                "INSERT INTO access_grants (id, account_id, role, scope, scope_id, granted_by, granted_at, ended_at) "
                    + "VALUES ('#g2', '#expert', 'expert', 'all', 'c', NULL, 't', NULL)",
                "(scope = 'all') = (scope_id IS NULL)"
            },
            {
                "an unknown role",
                "INSERT INTO access_grants (id, account_id, role, scope, scope_id, granted_by, granted_at, ended_at) "
                    + "VALUES ('#g2', '#expert', 'god', 'all', NULL, NULL, 't', NULL)",
                "role IN ('administrator'"
            },
            {
                "an operator of an organisation",
                "INSERT INTO access_grants (id, account_id, role, scope, scope_id, granted_by, granted_at, ended_at) "
                    + "VALUES ('#g2', '#expert', 'operator', 'organisation', 'МБОУ СОШ № 5', NULL, 't', NULL)",
                "scope = 'organisation' AND role = 'methodologist'"
            },
            {
                "a role that is proposed to oneself",
                "UPDATE access_grant_proposals SET proposed_by = account_id",
                "proposed_by <> account_id"
            },
            {
                "a role that its author confirms",
                "UPDATE access_grant_proposals SET decision = 'confirmed', decided_by = proposed_by, decided_at = 't'",
                "decision <> 'confirmed'"
            },
            {
                "a role that its owner confirms",
                "UPDATE access_grant_proposals SET decision = 'confirmed', decided_by = account_id, decided_at = 't'",
                "decision <> 'confirmed'"
            },
            { "an expert who is proposed", "UPDATE access_grant_proposals SET role = 'expert'", "role IN ('administrator'" },
            {
                "a person's account that says it is a member of staff, too",
                "UPDATE access_accounts SET participant_id = '#anna', same_person_id = '#boris' WHERE id = '#second expert'",
                "same_person_id IS NULL OR participant_id IS NULL"
            },
            {
                "one right twice",
                "INSERT INTO access_grants (id, account_id, role, scope, scope_id, granted_by, granted_at, ended_at) "
                    + "VALUES ('#g2', '#expert', 'expert', 'campaign', 'c', NULL, 't', NULL)",
                "UNIQUE constraint failed: index 'access_grants_live'"
            },
            {
                "two accounts of one person",
                "UPDATE access_accounts SET participant_id = '#anna' WHERE id = '#expert'",
                "UNIQUE constraint failed: access_accounts.participant_id"
            },
            {
                "two accounts of one name",
                "UPDATE access_accounts SET normalized_user_name = 'SECOND' WHERE id = '#expert'",
                "UNIQUE constraint failed: access_accounts.normalized_user_name"
            },
            {
                "an idempotency key twice",
                "INSERT INTO idempotency_keys (actor, \"key\", request_hash, created_at) VALUES ('anna', 'k', 'y', 't')",
                "UNIQUE constraint failed: idempotency_keys.actor, idempotency_keys.key"
            },
            {
                "two people under one outside id",
                "UPDATE people SET external_id = '1' WHERE participant_id = '#boris'",
                "UNIQUE constraint failed: people.external_id"
            },
            { "a site without seats", "UPDATE sites SET seats = 0", "seats >= 1" },
            {
                "an unknown kind of policy",
                "INSERT INTO policies (kind, code, version, content, fingerprint, created_at, created_by) VALUES ('mood', 'default', 1, '{}', 'x', 't', NULL)",
                "kind IN ('level_scale'"
            },
            {
                "an instrument of an unknown kind",
                "INSERT INTO instruments (kind, code, version, title, framework_code, framework_version, content, fingerprint, created_at) "
                    + "VALUES ('mood', 'm', 1, 'К', 'teacher', 1, '{}', 'x', 't')",
                "kind IN ('questionnaire'"
            },
            {
                "an instrument of an unknown framework",
                "INSERT INTO instruments (kind, code, version, title, framework_code, framework_version, content, fingerprint, created_at) "
                    + "VALUES ('skill_map', 'n', 1, 'К', 'teacher', 9, '{}', 'x', 't')",
                ForeignKey
            },
            {
                "a version of a result twice",
                PracticeInsert + "('#practice', 1, '#vera', 'results', 'm', 1, 'Т', '2026-05-20', NULL, NULL, '[]', 'x', NULL, 'a', 't')",
                "UNIQUE constraint failed: practice_results.result_id, practice_results.version"
            },
            {
                "a result of practice that says nothing and is not withdrawn",
                PracticeInsert + "('#practice', 2, '#vera', 'results', 'm', 1, 'Т', '2026-05-20', NULL, NULL, NULL, NULL, NULL, 'a', 't')",
                "content IS NOT NULL OR withdrawal_reason IS NOT NULL"
            },
            {
                "a withdrawn result of practice that still says something",
                PracticeInsert + "('#practice', 2, '#vera', 'results', 'm', 1, 'Т', '2026-05-20', NULL, NULL, '[]', 'x', 'п', 'a', 't')",
                "content IS NULL OR withdrawal_reason IS NULL"
            },
            {
                "an attestation without an outcome",
                PracticeInsert
                    + "('#attestation', 1, '#vera', 'attestation', 'm', 1, 'Т', '2026-05-20', 'к', NULL, '[]', 'x', NULL, 'a', 't')",
                "basis <> 'attestation' OR outcome IS NOT NULL"
            },
            {
                "an assessment by nobody",
                PracticeInsert + "('#assessment', 1, '#vera', 'founder', 'm', 1, 'Т', '2026-05-20', NULL, NULL, '[]', 'x', NULL, 'a', 't')",
                "basis = 'results' OR assessed_by IS NOT NULL"
            },
            {
                "a result of practice of nobody",
                PracticeInsert
                    + "('#practice of nobody', 1, '#none', 'results', 'm', 1, 'Т', '2026-05-20', NULL, NULL, '[]', 'x', NULL, 'a', 't')",
                ForeignKey
            },
            {
                "a version of a complex profile twice",
                ComplexInsert + "('#complex 2', '#vera', 'teacher', 1, 1, 'complex_profile', 'default', 1, 'made', '{}', 'x', 't', 'a')",
                "UNIQUE constraint failed: complex_profiles.participant_id, complex_profiles.framework_code, complex_profiles.version"
            },
            {
                "a complex profile by a policy of another kind",
                ComplexInsert + "('#complex 3', '#vera', 'teacher', 1, 2, 'session', 'default', 1, 'made', '{}', 'x', 't', 'a')",
                "policy_kind = 'complex_profile'"
            },
            {
                "a complex profile by a policy that does not exist",
                ComplexInsert + "('#complex 4', '#vera', 'teacher', 1, 2, 'complex_profile', 'default', 9, 'made', '{}', 'x', 't', 'a')",
                ForeignKey
            },
            {
                "a complex profile by a framework that does not exist",
                ComplexInsert + "('#complex 5', '#vera', 'teacher', 9, 2, 'complex_profile', 'default', 1, 'made', '{}', 'x', 't', 'a')",
                ForeignKey
            },
            {
                "a complex profile of nobody",
                ComplexInsert + "('#complex 6', '#none', 'teacher', 1, 1, 'complex_profile', 'default', 1, 'made', '{}', 'x', 't', 'a')",
                ForeignKey
            },
            {
                "a complex profile that nobody asked for",
                ComplexInsert + "('#complex 7', '#vera', 'teacher', 1, 2, 'complex_profile', 'default', 1, 'made', '{}', 'x', 't', NULL)",
                "cause <> 'made' OR issued_by IS NOT NULL"
            },
            {
                "a complex profile that followed a source and that somebody asked for",
                ComplexInsert
                    + "('#complex 8', '#vera', 'teacher', 1, 2, 'complex_profile', 'default', 1, 'source_changed', '{}', 'x', 't', 'a')",
                "cause = 'made' OR issued_by IS NULL"
            },
            {
                "two sheets of one expert for one lesson",
                "INSERT INTO observation_sheets (observation_id, observer_id, role, content, fingerprint, filled_by, filled_at) "
                    + "VALUES ('#observation', '#expert', 'expert', '{}', 'x', 'a', 't')",
                "UNIQUE constraint failed: observation_sheets.observation_id, observation_sheets.observer_id"
            },
            {
                "two self-observations of one lesson",
                "INSERT INTO observation_sheets (observation_id, observer_id, role, content, fingerprint, filled_by, filled_at) "
                    + "VALUES ('#observation', '#anna', 'self', '{}', 'x', 'a', 't')",
                "UNIQUE constraint failed: observation_sheets.observation_id"
            },
            {
                "a sheet of an unknown role",
                "INSERT INTO observation_sheets (observation_id, observer_id, role, content, fingerprint, filled_by, filled_at) "
                    + "VALUES ('#observation', '#anna', 'guest', '{}', 'x', 'a', 't')",
                "role IN ('expert'"
            },
            {
                "an expert without an account",
                "INSERT INTO observation_experts (observation_id, account_id) VALUES ('#observation', '#none')",
                ForeignKey
            },
            {
                "an agreement before the first",
                "INSERT INTO observation_agreements (observation_id, number, ratings, agreed_by, agreed_at) "
                    + "VALUES ('#observation', 0, '{}', 'a', 't')",
                "number >= 1"
            },
            {
                "an observation withdrawn twice",
                "INSERT INTO observation_withdrawals (observation_id, reason, withdrawn_by, withdrawn_at) "
                    + "VALUES ('#observation', 'п', 'a', 't')",
                "UNIQUE constraint failed: observation_withdrawals.observation_id"
            },
            {
                "a revision of an answer twice",
                "INSERT INTO questionnaire_answers (session_id, question, revision, content, saved_at) "
                    + "VALUES ('#questionnaire', 'a1', 1, '{}', 't')",
                "UNIQUE constraint failed: questionnaire_answers.session_id, questionnaire_answers.question, questionnaire_answers.revision"
            },
            {
                "a revision of an answer before the first",
                "INSERT INTO questionnaire_answers (session_id, question, revision, content, saved_at) "
                    + "VALUES ('#questionnaire', 'a2', 0, '{}', 't')",
                "revision >= 1"
            },
            {
                "an answer of no session",
                "INSERT INTO questionnaire_answers (session_id, question, revision, content, saved_at) "
                    + "VALUES ('#none', 'a1', 1, '{}', 't')",
                ForeignKey
            },
            {
                "a self-diagnosis finished twice",
                "INSERT INTO questionnaire_finishes (session_id, finished_at) VALUES ('#questionnaire', 't')",
                "UNIQUE constraint failed: questionnaire_finishes.session_id"
            },
            {
                "a self-diagnosis withdrawn twice",
                "INSERT INTO questionnaire_withdrawals (session_id, withdrawn_by, withdrawn_at) VALUES ('#questionnaire', 'a', 't')",
                "UNIQUE constraint failed: questionnaire_withdrawals.session_id"
            },
            {
                "an answer kept aside for no reason",
                "INSERT INTO questionnaire_rejected_answers (id, session_id, question, base_revision, reason, content, received_at) "
                    + "VALUES ('#x', '#questionnaire', 'a1', 0, 'mood', '{}', 't')",
                "reason IN ('stale'"
            },
            {
                "a paper questionnaire entered by nobody",
                "INSERT INTO questionnaire_sessions (id, participant_id, questionnaire_code, questionnaire_version, started_at, answered_on) "
                    + "VALUES ('#paper', '#vera', 'q', 1, 't', '2026-09-14')",
                "answered_on IS NULL OR entered_by IS NOT NULL"
            },
        };

    [ContractTheory]
    [MemberData(nameof(Impossible))]
    public async Task What_cannot_be_is_refused(string what, string sql, string rule)
    {
        var fault = (await FluentActions.Awaiting(() => test.Execute(sql)).Should().ThrowAsync<DbException>(what)).Which;

        if (fault is PostgresException refused)
            await Names(refused, rule);
        else if (fault is SqlException refusedThere)
            await Names(refusedThere, rule);
        else
            fault.Should().BeOfType<SqliteException>().Which.Message.Should().Contain(rule, what);
    }

    /// <summary>
    /// Checks that the given rule refused the statement. PostgreSQL reports the constraint's name and not its text, so
    /// the constraint's columns are compared with those of the rule.
    /// </summary>
    private async Task Names(PostgresException refused, string rule)
    {
        if (rule == ForeignKey)
        {
            refused.SqlState.Should().Be(PostgresErrorCodes.ForeignKeyViolation);
            return;
        }
        refused
            .SqlState.Should()
            .Be(
                rule.StartsWith("UNIQUE", StringComparison.Ordinal)
                    ? PostgresErrorCodes.UniqueViolation
                    : PostgresErrorCodes.CheckViolation,
                refused.Message
            );
        var definition = await test.Value<string>(
            refused.SqlState == PostgresErrorCodes.UniqueViolation
                ? "SELECT pg_get_indexdef(to_regclass(@ConstraintName))"
                : "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = to_regclass(@TableName) AND conname = @ConstraintName",
            refused
        );
        var columns = await test.Query<string>(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(@TableName) AND attnum > 0",
            refused
        );
        var words = Regex.Matches(rule, "[a-z_]+").Select(word => word.Value).ToList();
        words.Should().Contain(word => columns.Contains(word) || word == refused.TableName || word == refused.ConstraintName);
        words.Where(word => columns.Contains(word) && !definition.Contains(word, StringComparison.Ordinal)).Should().BeEmpty(definition);
    }

    /// <summary>
    /// Checks that the given rule refused the statement. SQL Server reports the kind of the constraint and its name.
    /// </summary>
    private async Task Names(SqlException refused, string rule)
    {
        if (rule == ForeignKey)
        {
            refused.Number.Should().Be(SqlServerConstraint);
            refused.Message.Should().ContainAny("FOREIGN KEY constraint", "REFERENCE constraint");
        }
        else if (rule.StartsWith("UNIQUE", StringComparison.Ordinal))
            refused.Number.Should().BeOneOf([2601, 2627], refused.Message);
        else
        {
            refused.Number.Should().Be(SqlServerConstraint, refused.Message);
            var name = Regex.Match(refused.Message, "CHECK constraint \"([^\"]+)\"").Groups[1].Value;
            var definition = await test.Value<string>("SELECT definition FROM sys.check_constraints WHERE name = @name", new { name });
            Regex
                .Matches(rule, "[a-z_]+")
                .Select(word => word.Value)
                .Where(word =>
                    TSqlCatalog.Ours.Columns.Any(column => column.Name == word) && !definition.Contains(word, StringComparison.Ordinal)
                )
                .Should()
                .BeEmpty(definition);
        }
    }

    /// <summary>Similar states that must be possible, so that no rule refuses too much.</summary>
    [ContractTheory]
    [InlineData(
        "a second session after the first was annulled",
        """
            UPDATE sessions SET state = 'annulled', ended_at = 't' WHERE id = '#scheduled';
            INSERT INTO sessions (id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed, grace_seconds, state, created_at)
            VALUES ('#second', '#anna', '#c', '#anna', '#f', '#s', 1001, 1, 1, 1, 30, 'scheduled', 't')
            """
    )]
    [InlineData("an expired session without manifest", "UPDATE sessions SET state = 'expired', ended_at = 't' WHERE id = '#sitting'")]
    [InlineData(
        "a session taken up again after it expired",
        "UPDATE sessions SET state = 'expired', ended_at = 't' WHERE id = '#sitting'; UPDATE sessions SET state = "
            + "'in_progress', ended_at = NULL WHERE id = '#sitting'"
    )]
    [InlineData(
        "a blank response",
        "INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES ('#sitting', 1, 2, 1, NULL, 't')"
    )]
    [InlineData(
        "an application after an earlier one was withdrawn",
        """
            UPDATE applications SET status = 'withdrawn' WHERE id = '#anna';
            INSERT INTO applications (id, campaign_id, participant_id, site_id, status, consent_id, submitted_at, decided_at, decided_by, reason) SELECT '#again', campaign_id, participant_id, site_id, 'submitted', consent_id, submitted_at, NULL, NULL, NULL FROM applications WHERE id = '#anna'
            """
    )]
    [InlineData(
        "an appeal after an earlier one was withdrawn",
        """
            UPDATE appeals SET state = 'withdrawn', closed_at = 't', closed_by = 'vera' WHERE id = '#appeal';
            INSERT INTO appeals (id, kind, campaign_id, session_id, participant_id, slot, ground, statement, state, filed_at, filed_by, remind_at, due_at) SELECT '#again', kind, campaign_id, session_id, participant_id, slot, ground, statement, 'filed', 't', 'vera', 't', 't' FROM appeals WHERE id = '#appeal'
            """
    )]
    [InlineData(
        "a script again to an expert whose lease ran out",
        """
            UPDATE marking_assignments SET state = 'lapsed', closed_at = 't';
            INSERT INTO marking_assignments (id, task_id, place, expert_id, code, state, claimed_at, lease_until) VALUES ('#claim 2', '#task', 1, '#expert', 'CODE 2', 'claimed', 't', 't')
            """
    )]
    [InlineData(
        "a right given again after it ended",
        """
            UPDATE access_grants SET ended_at = 't';
            INSERT INTO access_grants (id, account_id, role, scope, scope_id, granted_by, granted_at, ended_at) VALUES ('#g2', '#expert', 'expert', 'campaign', 'c', NULL, 't', NULL)
            """
    )]
    [InlineData(
        "an item in two forms",
        """
            INSERT INTO forms (id, title, blueprint_code, blueprint_version, framework_code, framework_version, time_limit_minutes, created_at, frozen_at) SELECT '#f2', title, blueprint_code, blueprint_version, framework_code, framework_version, time_limit_minutes, created_at, NULL FROM forms;
            INSERT INTO form_slots (form_id, variant, slot, facet_code, facet_version, item_code, item_version) VALUES ('#f2', 1, 1, 'sum', 1, 'sum-1', 1)
            """
    )]
    public async Task What_may_be_is_taken(string what, string sql)
    {
        var attempt = FluentActions.Awaiting(() =>
            test.Database.Write<int>(async db =>
            {
                await db.Execute(Words.In(sql, test.Provider));
                // The statement is rolled back, so that every case starts from the same scene.
                throw new TakenException();
            })
        );

        await attempt.Should().ThrowAsync<TakenException>(what);
    }

    private static string Round(
        string kind,
        string outcome,
        int points,
        string criteria,
        string markedBy,
        int number = 2,
        int version = 1
    ) =>
        $"""
            INSERT INTO marking_rounds (session_id, slot, number, kind, response_revision, outcome, points, maximum, "rule", item_code, item_version, criteria, marked_by, at)
            VALUES ('#finished', 1, {number}, {kind}, 1, {outcome}, {points}, 1000, 'exact/1', 'sum-1', {version}, {criteria}, {markedBy}, 't')
            """;

    private static string Appeal(string kind, string slot, string state) =>
        $"""
            INSERT INTO appeals (id, kind, campaign_id, session_id, participant_id, slot, ground, statement, state, filed_at, filed_by, remind_at, due_at)
            VALUES ('#another', {kind}, '#c', '#finished', '#vera', {slot}, 'marks', 'п', {state}, 't', 'vera', 't', 't')
            """;

    private static string Against(string disputed, string at, string kind = "'procedural'") =>
        $"""
            INSERT INTO appeals (id, kind, campaign_id, session_id, participant_id, slot, ground, disputed, disputed_at, statement, state, filed_at, filed_by, remind_at, due_at)
            VALUES ('#another', {kind}, '#c', '#finished', '#vera', {(
                kind == "'score'" ? "2" : "NULL"
            )}, 'procedure', {disputed}, {at}, 'п', 'filed', 't', 'vera', 't', 't')
            """;

    private static string Claim(string expert, int place, string state, string closedAt, string reason, string code = "'OTHER'") =>
        $"""
            INSERT INTO marking_assignments (id, task_id, place, expert_id, code, state, claimed_at, lease_until, closed_at, reason)
            VALUES ('#claim 2', '#task', {place}, {expert}, {code}, {state}, 't', 't', {closedAt}, {reason})
            """;

    private sealed class TakenException : Exception;
}
