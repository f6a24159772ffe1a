-- Expert observation (clause 6): who observes whom with which sheet, the sheets as filled in, the ratings on which experts whose
-- ratings were far apart have agreed, and the withdrawal of an observation.
CREATE TABLE observations (
    id             uuid NOT NULL PRIMARY KEY,
    participant_id uuid NOT NULL REFERENCES participants (id),
    sheet_code     text COLLATE "C" NOT NULL,
    sheet_version  integer NOT NULL,
    title          text COLLATE "C" NOT NULL,
    held_on        text COLLATE "C" NOT NULL,
    arranged_by    text COLLATE "C" NOT NULL,
    arranged_at    timestamptz NOT NULL
);
CREATE INDEX observations_participant ON observations (participant_id, id);
CREATE TABLE observation_experts (
    observation_id uuid NOT NULL REFERENCES observations (id),
    account_id     uuid NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (observation_id, account_id)
);
CREATE INDEX observation_experts_account ON observation_experts (account_id, observation_id);
CREATE TABLE observation_sheets (
    observation_id uuid NOT NULL REFERENCES observations (id),
    observer_id    uuid NOT NULL,
    role           text COLLATE "C" NOT NULL CHECK (role IN ('expert','self')),
    content        text COLLATE "C" NOT NULL,
    fingerprint    text COLLATE "C" NOT NULL,
    filled_by      text COLLATE "C" NOT NULL,
    filled_at      timestamptz NOT NULL,
    PRIMARY KEY (observation_id, observer_id)
);
CREATE UNIQUE INDEX observation_sheets_self ON observation_sheets (observation_id) WHERE role = 'self';
CREATE TABLE observation_agreements (
    observation_id uuid NOT NULL REFERENCES observations (id),
    number         integer NOT NULL CHECK (number >= 1),
    ratings        text COLLATE "C" NOT NULL,
    agreed_by      text COLLATE "C" NOT NULL,
    agreed_at      timestamptz NOT NULL,
    PRIMARY KEY (observation_id, number)
);
CREATE TABLE observation_withdrawals (
    observation_id uuid NOT NULL PRIMARY KEY REFERENCES observations (id),
    reason         text COLLATE "C" NOT NULL,
    withdrawn_by   text COLLATE "C" NOT NULL,
    withdrawn_at   timestamptz NOT NULL
);
CREATE TRIGGER observations_keep_update BEFORE UPDATE ON observations FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observations_keep_delete BEFORE DELETE ON observations FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observations_keep_truncate BEFORE TRUNCATE ON observations FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_experts_keep_update BEFORE UPDATE ON observation_experts FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_experts_keep_delete BEFORE DELETE ON observation_experts FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_experts_keep_truncate BEFORE TRUNCATE ON observation_experts FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_sheets_keep_update BEFORE UPDATE ON observation_sheets FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_sheets_keep_delete BEFORE DELETE ON observation_sheets FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_sheets_keep_truncate BEFORE TRUNCATE ON observation_sheets FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_agreements_keep_update BEFORE UPDATE ON observation_agreements FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_agreements_keep_delete BEFORE DELETE ON observation_agreements FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_agreements_keep_truncate BEFORE TRUNCATE ON observation_agreements FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_withdrawals_keep_update BEFORE UPDATE ON observation_withdrawals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_withdrawals_keep_delete BEFORE DELETE ON observation_withdrawals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER observation_withdrawals_keep_truncate BEFORE TRUNCATE ON observation_withdrawals FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');

-- Self-diagnosis (clause 4): sessions with a questionnaire, without a time limit. Every save of an answer is a further revision; a
-- save that cannot be taken is kept aside.
CREATE TABLE questionnaire_sessions (
    id                    uuid NOT NULL PRIMARY KEY,
    participant_id        uuid NOT NULL REFERENCES participants (id),
    questionnaire_code    text COLLATE "C" NOT NULL,
    questionnaire_version integer NOT NULL,
    started_at            timestamptz NOT NULL,
    answered_on           text COLLATE "C",
    entered_by            text COLLATE "C",
    CHECK (answered_on IS NULL OR entered_by IS NOT NULL),
    CHECK (entered_by IS NULL OR answered_on IS NOT NULL)
);
CREATE INDEX questionnaire_sessions_participant ON questionnaire_sessions (participant_id, id);
CREATE TABLE questionnaire_answers (
    session_id uuid NOT NULL REFERENCES questionnaire_sessions (id),
    question   text COLLATE "C" NOT NULL,
    revision   integer NOT NULL CHECK (revision >= 1),
    content    text COLLATE "C",
    saved_at   timestamptz NOT NULL,
    PRIMARY KEY (session_id, question, revision)
);
CREATE TABLE questionnaire_rejected_answers (
    id            uuid NOT NULL PRIMARY KEY,
    session_id    uuid NOT NULL REFERENCES questionnaire_sessions (id),
    question      text COLLATE "C" NOT NULL,
    base_revision integer NOT NULL,
    reason        text COLLATE "C" NOT NULL CHECK (reason IN ('stale','finished')),
    content       text COLLATE "C",
    received_at   timestamptz NOT NULL
);
CREATE INDEX questionnaire_rejected_answers_session ON questionnaire_rejected_answers (session_id, id);
CREATE TABLE questionnaire_finishes (
    session_id  uuid NOT NULL PRIMARY KEY REFERENCES questionnaire_sessions (id),
    finished_at timestamptz NOT NULL
);
CREATE TABLE questionnaire_withdrawals (
    session_id   uuid NOT NULL PRIMARY KEY REFERENCES questionnaire_sessions (id),
    withdrawn_by text COLLATE "C" NOT NULL,
    withdrawn_at timestamptz NOT NULL
);
CREATE TRIGGER questionnaire_sessions_keep_update BEFORE UPDATE ON questionnaire_sessions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_sessions_keep_delete BEFORE DELETE ON questionnaire_sessions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_sessions_keep_truncate BEFORE TRUNCATE ON questionnaire_sessions FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_answers_keep_update BEFORE UPDATE ON questionnaire_answers FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_answers_keep_delete BEFORE DELETE ON questionnaire_answers FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_answers_keep_truncate BEFORE TRUNCATE ON questionnaire_answers FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_rejected_answers_keep_update BEFORE UPDATE ON questionnaire_rejected_answers FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_rejected_answers_keep_delete BEFORE DELETE ON questionnaire_rejected_answers FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_rejected_answers_keep_truncate BEFORE TRUNCATE ON questionnaire_rejected_answers FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_finishes_keep_update BEFORE UPDATE ON questionnaire_finishes FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_finishes_keep_delete BEFORE DELETE ON questionnaire_finishes FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_finishes_keep_truncate BEFORE TRUNCATE ON questionnaire_finishes FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_withdrawals_keep_update BEFORE UPDATE ON questionnaire_withdrawals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_withdrawals_keep_delete BEFORE DELETE ON questionnaire_withdrawals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER questionnaire_withdrawals_keep_truncate BEFORE TRUNCATE ON questionnaire_withdrawals FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
