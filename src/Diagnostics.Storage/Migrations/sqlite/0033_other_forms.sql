-- Expert observation (clause 6): who observes whom with which sheet, the sheets as filled in, the ratings on which experts whose
-- ratings were far apart have agreed, and the withdrawal of an observation.
CREATE TABLE observations (
    id             TEXT NOT NULL PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id),
    sheet_code     TEXT NOT NULL,
    sheet_version  INTEGER NOT NULL,
    title          TEXT NOT NULL,
    held_on        TEXT NOT NULL,
    arranged_by    TEXT NOT NULL,
    arranged_at    TEXT NOT NULL
);
CREATE INDEX observations_participant ON observations (participant_id, id);
CREATE TABLE observation_experts (
    observation_id TEXT NOT NULL REFERENCES observations (id),
    account_id     TEXT NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (observation_id, account_id)
);
CREATE INDEX observation_experts_account ON observation_experts (account_id, observation_id);
CREATE TABLE observation_sheets (
    observation_id TEXT NOT NULL REFERENCES observations (id),
    observer_id    TEXT NOT NULL,
    role           TEXT NOT NULL CHECK (role IN ('expert','self')),
    content        TEXT NOT NULL,
    fingerprint    TEXT NOT NULL,
    filled_by      TEXT NOT NULL,
    filled_at      TEXT NOT NULL,
    PRIMARY KEY (observation_id, observer_id)
);
CREATE UNIQUE INDEX observation_sheets_self ON observation_sheets (observation_id) WHERE role = 'self';
CREATE TABLE observation_agreements (
    observation_id TEXT NOT NULL REFERENCES observations (id),
    number         INTEGER NOT NULL CHECK (number >= 1),
    ratings        TEXT NOT NULL,
    agreed_by      TEXT NOT NULL,
    agreed_at      TEXT NOT NULL,
    PRIMARY KEY (observation_id, number)
);
CREATE TABLE observation_withdrawals (
    observation_id TEXT NOT NULL PRIMARY KEY REFERENCES observations (id),
    reason         TEXT NOT NULL,
    withdrawn_by   TEXT NOT NULL,
    withdrawn_at   TEXT NOT NULL
);
CREATE TRIGGER observations_keep_update BEFORE UPDATE ON observations BEGIN SELECT RAISE(ABORT, 'observations is append-only'); END;
CREATE TRIGGER observations_keep_delete BEFORE DELETE ON observations BEGIN SELECT RAISE(ABORT, 'observations is append-only'); END;
CREATE TRIGGER observation_experts_keep_update BEFORE UPDATE ON observation_experts BEGIN SELECT RAISE(ABORT, 'observation_experts is append-only'); END;
CREATE TRIGGER observation_experts_keep_delete BEFORE DELETE ON observation_experts BEGIN SELECT RAISE(ABORT, 'observation_experts is append-only'); END;
CREATE TRIGGER observation_sheets_keep_update BEFORE UPDATE ON observation_sheets BEGIN SELECT RAISE(ABORT, 'observation_sheets is append-only'); END;
CREATE TRIGGER observation_sheets_keep_delete BEFORE DELETE ON observation_sheets BEGIN SELECT RAISE(ABORT, 'observation_sheets is append-only'); END;
CREATE TRIGGER observation_agreements_keep_update BEFORE UPDATE ON observation_agreements BEGIN SELECT RAISE(ABORT, 'observation_agreements is append-only'); END;
CREATE TRIGGER observation_agreements_keep_delete BEFORE DELETE ON observation_agreements BEGIN SELECT RAISE(ABORT, 'observation_agreements is append-only'); END;
CREATE TRIGGER observation_withdrawals_keep_update BEFORE UPDATE ON observation_withdrawals BEGIN SELECT RAISE(ABORT, 'observation_withdrawals is append-only'); END;
CREATE TRIGGER observation_withdrawals_keep_delete BEFORE DELETE ON observation_withdrawals BEGIN SELECT RAISE(ABORT, 'observation_withdrawals is append-only'); END;

-- Self-diagnosis (clause 4): sessions with a questionnaire, without a time limit. Every save of an answer is a further revision; a
-- save that cannot be taken is kept aside.
CREATE TABLE questionnaire_sessions (
    id                    TEXT NOT NULL PRIMARY KEY,
    participant_id        TEXT NOT NULL REFERENCES participants (id),
    questionnaire_code    TEXT NOT NULL,
    questionnaire_version INTEGER NOT NULL,
    started_at            TEXT NOT NULL,
    answered_on           TEXT,
    entered_by            TEXT,
    CHECK (answered_on IS NULL OR entered_by IS NOT NULL),
    CHECK (entered_by IS NULL OR answered_on IS NOT NULL)
);
CREATE INDEX questionnaire_sessions_participant ON questionnaire_sessions (participant_id, id);
CREATE TABLE questionnaire_answers (
    session_id TEXT NOT NULL REFERENCES questionnaire_sessions (id),
    question   TEXT NOT NULL,
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    content    TEXT,
    saved_at   TEXT NOT NULL,
    PRIMARY KEY (session_id, question, revision)
);
CREATE TABLE questionnaire_rejected_answers (
    id            TEXT NOT NULL PRIMARY KEY,
    session_id    TEXT NOT NULL REFERENCES questionnaire_sessions (id),
    question      TEXT NOT NULL,
    base_revision INTEGER NOT NULL,
    reason        TEXT NOT NULL CHECK (reason IN ('stale','finished')),
    content       TEXT,
    received_at   TEXT NOT NULL
);
CREATE INDEX questionnaire_rejected_answers_session ON questionnaire_rejected_answers (session_id, id);
CREATE TABLE questionnaire_finishes (
    session_id  TEXT NOT NULL PRIMARY KEY REFERENCES questionnaire_sessions (id),
    finished_at TEXT NOT NULL
);
CREATE TABLE questionnaire_withdrawals (
    session_id   TEXT NOT NULL PRIMARY KEY REFERENCES questionnaire_sessions (id),
    withdrawn_by TEXT NOT NULL,
    withdrawn_at TEXT NOT NULL
);
CREATE TRIGGER questionnaire_sessions_keep_update BEFORE UPDATE ON questionnaire_sessions BEGIN SELECT RAISE(ABORT, 'questionnaire_sessions is append-only'); END;
CREATE TRIGGER questionnaire_sessions_keep_delete BEFORE DELETE ON questionnaire_sessions BEGIN SELECT RAISE(ABORT, 'questionnaire_sessions is append-only'); END;
CREATE TRIGGER questionnaire_answers_keep_update BEFORE UPDATE ON questionnaire_answers BEGIN SELECT RAISE(ABORT, 'questionnaire_answers is append-only'); END;
CREATE TRIGGER questionnaire_answers_keep_delete BEFORE DELETE ON questionnaire_answers BEGIN SELECT RAISE(ABORT, 'questionnaire_answers is append-only'); END;
CREATE TRIGGER questionnaire_rejected_answers_keep_update BEFORE UPDATE ON questionnaire_rejected_answers BEGIN SELECT RAISE(ABORT, 'questionnaire_rejected_answers is append-only'); END;
CREATE TRIGGER questionnaire_rejected_answers_keep_delete BEFORE DELETE ON questionnaire_rejected_answers BEGIN SELECT RAISE(ABORT, 'questionnaire_rejected_answers is append-only'); END;
CREATE TRIGGER questionnaire_finishes_keep_update BEFORE UPDATE ON questionnaire_finishes BEGIN SELECT RAISE(ABORT, 'questionnaire_finishes is append-only'); END;
CREATE TRIGGER questionnaire_finishes_keep_delete BEFORE DELETE ON questionnaire_finishes BEGIN SELECT RAISE(ABORT, 'questionnaire_finishes is append-only'); END;
CREATE TRIGGER questionnaire_withdrawals_keep_update BEFORE UPDATE ON questionnaire_withdrawals BEGIN SELECT RAISE(ABORT, 'questionnaire_withdrawals is append-only'); END;
CREATE TRIGGER questionnaire_withdrawals_keep_delete BEFORE DELETE ON questionnaire_withdrawals BEGIN SELECT RAISE(ABORT, 'questionnaire_withdrawals is append-only'); END;
