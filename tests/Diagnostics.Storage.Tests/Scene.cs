using NodaTime;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// One or a few valid rows in every table, written as a database administrator would write them, with ids that read as
/// words (<see cref="Words"/>).
/// </summary>
internal static class Scene
{
    internal static async Task<TestDatabase> Make(Provider provider)
    {
        var test = await TestDatabase.Migrated(provider);
        await test.Execute(Rows);
        return test;
    }

    private static readonly Guid Campaign = Guid.CreateVersion7();
    private static readonly Guid Form = Guid.CreateVersion7();
    private static readonly Guid Site = Guid.CreateVersion7();

    internal static readonly Duration Grace = Duration.FromSeconds(30);

    /// <summary>
    /// Adds a session in progress since <see cref="TestDatabase.Now"/>, for a new person at a new seat.
    /// </summary>
    internal static Task<Guid> AddSession(TestDatabase test, int seat, Instant deadline) => AddSession(test.Database, seat, deadline);

    /// <inheritdoc cref="AddSession(TestDatabase, int, Instant)"/>
    internal static async Task<Guid> AddSession(Database database, int seat, Instant deadline)
    {
        var id = Guid.CreateVersion7();
        await database.Write(db =>
            db.Execute(
                Words.In(
                    """
                    INSERT INTO forms (id, title, blueprint_code, blueprint_version, framework_code, framework_version, time_limit_minutes, created_at)
                    VALUES (@Form, 'Ф', 'b', 1, 'teacher', 1, 120, 't') ON CONFLICT DO NOTHING;
                    INSERT INTO sites (id, code, name, address, territory, time_zone, seats) VALUES (@Site, 'hall', 'П', 'А', 'Т', 'Europe/Moscow', 1000) ON CONFLICT DO NOTHING;
                    INSERT INTO campaigns (id, title, audience, form_id, stage, status, time_limit_minutes, applications_from, applications_to,
                                                     sitting_from, sitting_to, marking_to, created_at, published_at)
                    VALUES (@Campaign, 'М', 'А', @Form, 'entry', 'published', 120, '2026-09-01T00:00:00.000000Z', '2026-09-10T00:00:00.000000Z', '2026-09-11T00:00:00.000000Z', '2026-09-20T00:00:00.000000Z', '2026-10-01T00:00:00.000000Z', 't', 't') ON CONFLICT DO NOTHING;
                    INSERT INTO campaign_sites (campaign_id, site_id) VALUES (@Campaign, @Site) ON CONFLICT DO NOTHING;
                    INSERT INTO participants (id, created_at) VALUES (@person, 't');
                    INSERT INTO consents (id, participant_id, kind, text_code, text_version, given_at) VALUES (@person, @person, 'participation', 'default', 1, 't');
                    INSERT INTO applications (id, campaign_id, participant_id, site_id, status, consent_id, submitted_at)
                    VALUES (@person, @Campaign, @person, @Site, 'approved', @person, 't');
                    INSERT INTO sessions (id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed,
                                          grace_seconds, state, created_at, started_at, deadline, accept_until)
                    VALUES (@id, @person, @Campaign, @person, @Form, @Site, @seat, 1, 1, 1, 30, 'in_progress', @now, @now, @deadline, @acceptUntil)
                    """,
                    TestDatabase.ProviderOf(database)
                ),
                new
                {
                    id,
                    person = Guid.CreateVersion7(),
                    Campaign,
                    Form,
                    Site,
                    seat,
                    now = TestDatabase.Now,
                    deadline,
                    acceptUntil = deadline + Grace,
                }
            )
        );
        return id;
    }

    internal const string Rows = """
        INSERT INTO access_accounts (id, user_name, normalized_user_name, security_stamp, participant_id, created_at) VALUES
            ('#expert', 'expert', 'EXPERT', 'x', NULL, 't'),
            ('#second expert', 'second', 'SECOND', 'x', NULL, 't');
        INSERT INTO access_grants (id, account_id, role, scope, scope_id, granted_at) VALUES ('#grant', '#expert', 'expert', 'campaign', 'c', 't');
        INSERT INTO access_grant_proposals (id, account_id, role, proposed_by, proposed_at) VALUES ('#proposal', '#expert', 'auditor', '#second expert', 't');
        INSERT INTO idempotency_keys (actor, "key", request_hash, created_at) VALUES ('anna', 'k', 'x', 't');

        INSERT INTO participants (id, created_at) VALUES ('#anna', 't'), ('#boris', 't'), ('#vera', 't');
        INSERT INTO people (participant_id, surname, given_name, organisation, territory, external_id) VALUES
            ('#anna', 'Анна', 'А', 'Школа', 'Т', '1'), ('#boris', 'Борис', 'Б', 'Школа', 'Т', '2');
        INSERT INTO access_accounts (id, user_name, normalized_user_name, security_stamp, participant_id, created_at) VALUES ('#anna', 'anna', 'ANNA', 'x', '#anna', 't');
        INSERT INTO consents (id, participant_id, kind, text_code, text_version, given_at)
            SELECT id, id, 'participation', 'default', 1, 't' FROM participants;

        INSERT INTO frameworks (code, version, title, content, fingerprint, created_at) VALUES ('teacher', 1, 'Т', '{}', 'x', 't');
        INSERT INTO blueprints (code, version, title, content, fingerprint, created_at) VALUES ('b', 1, 'Б', '{}', 'x', 't');
        INSERT INTO item_versions (code, version, facet, variant, content, fingerprint, created_at) VALUES
            ('sum-1', 1, 'sum', 1, '{}', 'x', 't'), ('sum-2', 1, 'sum', 2, '{}', 'x', 't');
        INSERT INTO item_facets (code, version, diagnostic, title, block, element, type, difficulty, points, status, author, reviewer, fingerprint, created_at) VALUES
            ('sum', 1, 'd', 'С', 'subject', 'subject.a', 'short_answer', 1, 1000, 'approved', 'author', 'reviewer', 'x', 't');
        INSERT INTO item_facet_items (facet_code, facet_version, variant, item_code, item_version) VALUES ('sum', 1, 1, 'sum-1', 1);
        INSERT INTO item_transitions (id, facet_code, facet_version, from_status, to_status, actor, at) VALUES ('#move', 'sum', 1, 'review', 'approved', 'reviewer', 't');
        INSERT INTO forms (id, title, blueprint_code, blueprint_version, framework_code, framework_version, time_limit_minutes, created_at)
            VALUES ('#f', 'Ф', 'b', 1, 'teacher', 1, 120, 't');
        INSERT INTO form_slots (form_id, variant, slot, facet_code, facet_version, item_code, item_version) VALUES
            ('#f', 1, 1, 'sum', 1, 'sum-1', 1), ('#f', 2, 1, 'sum', 1, 'sum-2', 1);

        INSERT INTO policies (kind, code, version, content, fingerprint, created_at) VALUES ('session', 'default', 1, '{}', 'x', 't');
        INSERT INTO instruments (kind, code, version, title, framework_code, framework_version, content, fingerprint, created_at)
            VALUES ('skill_map', 'm', 1, 'К', 'teacher', 1, '{}', 'x', 't');
        INSERT INTO practice_results (result_id, version, participant_id, basis, map_code, map_version, title, assessed_on, content, fingerprint,
                                      entered_by, entered_at)
            VALUES ('#practice', 1, '#vera', 'results', 'm', 1, 'Т', '2026-05-20', '[]', 'x', 'a', 't');
        INSERT INTO policies (kind, code, version, content, fingerprint, created_at) VALUES ('complex_profile', 'default', 1, '{}', 'x', 't');
        INSERT INTO complex_profiles (id, participant_id, framework_code, framework_version, version, policy_kind, policy_code, policy_version, cause,
                                      content, fingerprint, issued_at, issued_by)
            VALUES ('#complex', '#vera', 'teacher', 1, 1, 'complex_profile', 'default', 1, 'made', '{}', 'x', 't', 'a');
        INSERT INTO observations (id, participant_id, sheet_code, sheet_version, title, held_on, arranged_by, arranged_at)
            VALUES ('#observation', '#vera', 's', 1, 'У', '2026-09-14', 'a', 't');
        INSERT INTO observation_experts (observation_id, account_id) VALUES ('#observation', '#expert');
        INSERT INTO observation_sheets (observation_id, observer_id, "role", content, fingerprint, filled_by, filled_at) VALUES
            ('#observation', '#expert', 'expert', '{}', 'x', 'a', 't'), ('#observation', '#vera', 'self', '{}', 'x', 'a', 't');
        INSERT INTO observation_agreements (observation_id, number, ratings, agreed_by, agreed_at) VALUES ('#observation', 1, '{}', 'a', 't');
        INSERT INTO observation_withdrawals (observation_id, reason, withdrawn_by, withdrawn_at) VALUES ('#observation', 'п', 'a', 't');
        INSERT INTO questionnaire_sessions (id, participant_id, questionnaire_code, questionnaire_version, started_at)
            VALUES ('#questionnaire', '#vera', 'q', 1, 't');
        INSERT INTO questionnaire_answers (session_id, question, revision, content, saved_at) VALUES ('#questionnaire', 'a1', 1, '{}', 't');
        INSERT INTO questionnaire_rejected_answers (id, session_id, question, base_revision, reason, content, received_at)
            VALUES ('#rejected', '#questionnaire', 'a1', 0, 'stale', '{}', 't');
        INSERT INTO questionnaire_finishes (session_id, finished_at) VALUES ('#questionnaire', 't');
        INSERT INTO questionnaire_withdrawals (session_id, withdrawn_by, withdrawn_at) VALUES ('#questionnaire', 'a', 't');
        INSERT INTO sites (id, code, name, address, territory, time_zone, seats) VALUES
            ('#s', '1', 'П', 'А', 'Т', 'Europe/Moscow', 100), ('#s2', '2', 'П', 'А', 'Т', 'Europe/Moscow', 100);
        INSERT INTO campaigns (id, title, audience, form_id, stage, status, time_limit_minutes, applications_from, applications_to,
                               sitting_from, sitting_to, marking_to, created_at, published_at) VALUES
            ('#c', 'М', 'А', '#f', 'entry', 'published', 120, '2026-09-01T00:00:00.000000Z', '2026-09-10T00:00:00.000000Z', '2026-09-11T00:00:00.000000Z', '2026-09-20T00:00:00.000000Z', '2026-10-01T00:00:00.000000Z', 't', 't'),
            ('#draft', 'М', 'А', '#f', 'entry', 'draft', 120, '2026-09-01T00:00:00.000000Z', '2026-09-10T00:00:00.000000Z', '2026-09-11T00:00:00.000000Z', '2026-09-20T00:00:00.000000Z', '2026-10-01T00:00:00.000000Z', 't', NULL);
        INSERT INTO campaign_policies (campaign_id, kind, code, version) VALUES ('#c', 'session', 'default', 1);
        INSERT INTO campaign_sites (campaign_id, site_id) VALUES ('#c', '#s'), ('#draft', '#s');
        INSERT INTO campaign_sittings (id, campaign_id, site_id, starts_at, ends_at, shift, seats, reserve, created_at) VALUES
            ('#shift', '#c', '#s', '2026-09-14T06:00:00.000000Z', '2026-09-14T09:00:00.000000Z', 1, 2, FALSE, 't');
        INSERT INTO campaign_decisions (campaign_id, number, kind, details, reason, decided_by, decided_at) VALUES ('#c', 1, 'retitled', '{}', 'п', 'a', 't');
        INSERT INTO applications (id, campaign_id, participant_id, site_id, status, consent_id, submitted_at)
            SELECT id, '#c', id, '#s', 'approved', id, 't' FROM participants;
        INSERT INTO application_accommodations (application_id, standing, extra_amount, extra_unit, breaks, assistant, paper)
            VALUES ('#anna', 'asked', 25, 'percent', FALSE, FALSE, FALSE);

        INSERT INTO sessions (id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed, grace_seconds,
                              state, created_at, started_at, deadline, accept_until, ended_at, manifest) VALUES
            ('#scheduled', '#anna', '#c', '#anna', '#f', '#s', 1001, 1, 1, 1, 30, 'scheduled', 't', NULL, NULL, NULL, NULL, NULL),
            ('#sitting', '#boris', '#c', '#boris', '#f', '#s', 1002, 2, 1, 1, 30, 'in_progress', 't', 't', 't', 't', NULL, NULL),
            ('#finished', '#vera', '#c', '#vera', '#f', '#s', 1003, 1, 1, 1, 30, 'finished', 't', 't', 't', 't', 't', '{}');
        INSERT INTO site_interruptions (id, campaign_id, site_id, sitting_id, began_at, reason, began_by, ended_at, ended_by) VALUES
            ('#dark', '#c', '#s', NULL, '2026-09-14T06:10:00.000000Z', 'п', 'a', NULL, NULL), ('#dark shift', '#c', '#s', '#shift', '2026-09-14T06:10:00.000000Z', 'п', 'a', NULL, NULL);
        INSERT INTO site_interruption_sessions (interruption_id, session_id) VALUES ('#dark', '#sitting');
        INSERT INTO session_responses (session_id, slot, revision, base_revision, content, saved_at) VALUES ('#sitting', 1, 1, 0, '{}', 't');
        INSERT INTO session_rejected_responses (id, session_id, slot, base_revision, reason, content, received_at) VALUES ('#r', '#sitting', 1, 0, 'stale', '{}', 't');
        INSERT INTO session_events (id, session_id, kind, at) VALUES ('#e', '#sitting', 'start', 't');
        INSERT INTO paper_packages (code, session_id, variant, shuffle_seed, sheets, made_at, made_by) VALUES ('K7RM24Q', '#finished', 1, 1, 3, 't', '#expert');
        INSERT INTO paper_works (session_id, code, started_at, started_by) VALUES ('#finished', 'K7RM24Q', 't', '#expert');
        INSERT INTO paper_collections (session_id, ended_at, sheets, collected_at, collected_by) VALUES ('#finished', 't', '[1,2,3]', 't', '#expert');
        INSERT INTO paper_entries (session_id, number, content, entered_at, entered_by) VALUES ('#finished', 1, '{}', 't', '#expert');
        INSERT INTO site_staff (id, campaign_id, site_id, sitting_id, account_id, duty, appointed_at, appointed_by) VALUES
            ('#head', '#c', '#s', NULL, '#expert', 'head', 't', 'a'), ('#head of shift', '#c', '#s', '#shift', '#expert', 'head', 't', 'a');
        INSERT INTO site_journal (id, campaign_id, site_id, kind, staff_id, at, actor) VALUES ('#entry', '#c', '#s', 'presence', '#head', 't', 'a');
        INSERT INTO site_acts (id, campaign_id, site_id, sitting_id, sat_on, content, fingerprint, signed_by, signed_at) VALUES
            ('#act', '#c', '#s', NULL, '2026-09-14', '{}', 'x', '#expert', 't'), ('#act of shift', '#c', '#s', '#shift', '2026-09-14', '{}', 'x', '#expert', 't');
        INSERT INTO campaign_documents (campaign_id, kind, version, title, content, in_force_at, created_at, created_by) VALUES ('#c', 'order', 1, 'П', 'п', 't', 't', 'a');

        INSERT INTO marking_rounds (session_id, slot, number, kind, response_revision, outcome, points, maximum, "rule", item_code, item_version, normalised, at)
            VALUES ('#finished', 1, 1, 'auto', 1, 'unmatched', 0, 1000, 'exact/1', 'sum-1', 1, 'пять', 't');
        INSERT INTO marking_key_decisions (item_code, item_version, normalised, number, decision, reason, decided_by, decided_at)
            VALUES ('sum-1', 1, 'пять', 1, 'accept', 'п', '#expert', 't');
        INSERT INTO marking_tasks (id, campaign_id, session_id, slot, item_code, item_version, organisation, shuffle, state, created_at)
            VALUES ('#task', '#c', '#finished', 1, 'sum-1', 1, 'школа', 1, 'waiting', 't');
        INSERT INTO marking_assignments (id, task_id, place, expert_id, code, state, claimed_at, lease_until)
            VALUES ('#claim', '#task', 1, '#expert', 'CODE', 'claimed', 't', 't');
        INSERT INTO marking_flags (id, assignment_id, kind, comment, at) VALUES ('#flag', '#claim', 'author_revealed', 'имя', 't');
        INSERT INTO marking_flag_decisions (flag_id, decision, reason, decided_by, decided_at) VALUES ('#flag', 'confirmed', 'п', '#expert', 't');
        INSERT INTO marking_protocols (campaign_id, number, content, fingerprint, approved_by, approved_at) VALUES ('#c', 1, '{}', 'x', '#expert', 't');
        INSERT INTO marking_benchmarks (id, campaign_id, item_code, item_version, purpose, answer, criteria, comment, created_at, created_by)
            VALUES ('#benchmark', '#c', 'sum-1', 1, 'control', 'о', '{}', 'п', 't', '#second expert');
        INSERT INTO marking_trials (id, benchmark_id, campaign_id, expert_id, item_code, number, code, sat_on, after_scripts, state, claimed_at, lease_until, closed_at)
            VALUES ('#trial', '#benchmark', '#c', '#expert', 'sum-1', 1, 'TRIAL', '2026-09-14', 3, 'marked', 't', 't', 't');
        INSERT INTO marking_trial_flags (id, trial_id, kind, comment, at) VALUES ('#trial flag', '#trial', 'unreadable', 'п', 't');
        INSERT INTO marking_trial_marks (trial_id, criteria, no_answer, distance, "within", at) VALUES ('#trial', '{}', FALSE, 2000, FALSE, 't');
        INSERT INTO marking_admissions (campaign_id, expert_id, item_code, number, act, after_trials, trial_id, second_looks, at)
            VALUES ('#c', '#expert', 'sum-1', 1, 'paused', 1, '#trial', 2, 't');
        INSERT INTO profiles (id, session_id, participant_id, campaign_id, version, status, cause, content, fingerprint, issued_at)
            VALUES ('#profile', '#finished', '#vera', '#c', 1, 'provisional', 'scored', '{}', 'x', 't');
        INSERT INTO appeals (id, kind, campaign_id, session_id, participant_id, slot, ground, statement, state, filed_at, filed_by, remind_at, due_at, proposal) VALUES
            ('#appeal', 'score', '#c', '#finished', '#vera', 1, 'marks', 'п', 'in_consideration', 't', 'vera', 't', 't', 1),
            ('#order', 'procedural', '#c', '#finished', '#vera', NULL, 'procedure', 'п', 'filed', 't', 'vera', 't', 't', 0);
        INSERT INTO appeals (id, kind, campaign_id, session_id, participant_id, ground, disputed, disputed_at, late_cause, statement, state, filed_at, filed_by, remind_at, due_at)
            VALUES ('#annulment', 'procedural', '#c', '#finished', '#vera', 'procedure', 'annulment', 't', 'болел', 'п', 'filed', 't', 'vera', 't', 't');
        INSERT INTO appeal_hearings (appeal_id, number, held_at, place, set_by, set_at) VALUES ('#appeal', 1, 't', 'каб. 1', '#expert', 't');
        INSERT INTO appeal_attachments (appeal_id, number, name, media_type, size, added_at, added_by) VALUES ('#annulment', 1, 'a.pdf', 'application/pdf', 1, 't', 'vera');
        INSERT INTO appeal_proposals (appeal_id, number, outcome, clause, reason, proposed_by, proposed_at) VALUES ('#appeal', 1, 'rejected', 'п', 'п', '#expert', 't');
        INSERT INTO appeal_votes (appeal_id, proposal, member_id, in_favour, voted_at) VALUES ('#appeal', 1, '#expert', TRUE, 't');
        INSERT INTO appeal_recusals (appeal_id, member_id, reason, declared_at) VALUES ('#appeal', '#second expert', 'п', 't');
        INSERT INTO appeal_events (id, appeal_id, kind, at, actor) VALUES ('#e', '#appeal', 'filed', 't', 'vera');
        INSERT INTO calibration_runs (id, form_id, model, options, state, requested_at, requested_by, ended_at, fingerprint, log_likelihood, decided_at, decided_by)
            VALUES ('#run', '#f', 'pcm', '{}', 'approved', 't', '#expert', 't', 'x', -1.5, 't', '#expert');
        INSERT INTO calibration_runs (id, form_id, model, options, state, requested_at, requested_by) VALUES ('#waiting', '#f', 'pcm', '{}', 'queued', 't', '#expert');
        INSERT INTO calibration_campaigns (run_id, campaign_id) VALUES ('#run', '#c');
        INSERT INTO calibration_results (run_id, items, form, fingerprint, created_at) VALUES ('#run', '[]', '{}', 'x', 't');
        INSERT INTO calibration_items (run_id, variant, slot, item_code, item_version, points, slope, intercepts, location) VALUES ('#run', 1, 1, 'sum-1', 1, '[0,1]', 1, '[0]', 0);
        INSERT INTO calibration_equatings (run_id, variant, block, method, verdict, equivalents) VALUES ('#run', 2, 'subject', 'mean', 'equate', '[0,1]');
        INSERT INTO calibration_events (id, run_id, kind, at) VALUES ('#e', '#run', 'completed', 't');
        INSERT INTO audit_entries (number, at, actor, action, subject, previous_hash, hash) VALUES (1, 't', 'a', 'b', 'c', '', 'h');
        INSERT INTO audit_people (person, number) VALUES ('p', 1);
        INSERT INTO jobs (id, kind, subject, state, request, total, requested_at, requested_by) VALUES ('#job', 'k', 's', 'queued', '{}', 2, 't', 'a');
        INSERT INTO jobs (id, kind, subject, state, request, total, requested_at, requested_by, claim, lease_until) VALUES ('#taken', 'k', 's', 'running', '{}', 2, 't', 'a', '#x', 't');
        INSERT INTO job_parts (job_id, number, content) VALUES ('#job', 1, '[]');
        INSERT INTO job_lines (job_id, number, source_row, outcome, subject) VALUES ('#job', 1, 2, 'done', 'person:1');
        INSERT INTO events (id, kind, at, campaign_id) VALUES ('#happened', 'results_published', 't', '#c');
        """;
}
