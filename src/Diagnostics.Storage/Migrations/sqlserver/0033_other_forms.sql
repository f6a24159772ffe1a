-- Expert observation (clause 6): who observes whom with which sheet, the sheets as filled in, the ratings on which experts whose
-- ratings were far apart have agreed, and the withdrawal of an observation.
CREATE TABLE observations (
    id             binary(16) NOT NULL PRIMARY KEY,
    participant_id binary(16) NOT NULL REFERENCES participants (id),
    sheet_code     nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    sheet_version  int NOT NULL,
    title          nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    held_on        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL,
    arranged_by    nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    arranged_at    datetime2(6) NOT NULL
);
CREATE INDEX observations_participant ON observations (participant_id, id);
CREATE TABLE observation_experts (
    observation_id binary(16) NOT NULL REFERENCES observations (id),
    account_id     binary(16) NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (observation_id, account_id)
);
CREATE INDEX observation_experts_account ON observation_experts (account_id, observation_id);
CREATE TABLE observation_sheets (
    observation_id binary(16) NOT NULL REFERENCES observations (id),
    observer_id    binary(16) NOT NULL,
    role           nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (role IN ('expert','self')),
    content        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    filled_by      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    filled_at      datetime2(6) NOT NULL,
    PRIMARY KEY (observation_id, observer_id)
);
CREATE UNIQUE INDEX observation_sheets_self ON observation_sheets (observation_id) WHERE role = 'self';
CREATE TABLE observation_agreements (
    observation_id binary(16) NOT NULL REFERENCES observations (id),
    number         int NOT NULL CHECK (number >= 1),
    ratings        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    agreed_by      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    agreed_at      datetime2(6) NOT NULL,
    PRIMARY KEY (observation_id, number)
);
CREATE TABLE observation_withdrawals (
    observation_id binary(16) NOT NULL PRIMARY KEY REFERENCES observations (id),
    reason         nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    withdrawn_by   nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    withdrawn_at   datetime2(6) NOT NULL
);
GO
CREATE TRIGGER observations_keep_update ON observations AFTER UPDATE AS THROW 51000, N'observations is append-only', 1;
GO
CREATE TRIGGER observations_keep_delete ON observations AFTER DELETE AS THROW 51000, N'observations is append-only', 1;
GO
CREATE TRIGGER observation_experts_keep_update ON observation_experts AFTER UPDATE AS THROW 51000, N'observation_experts is append-only', 1;
GO
CREATE TRIGGER observation_experts_keep_delete ON observation_experts AFTER DELETE AS THROW 51000, N'observation_experts is append-only', 1;
GO
CREATE TRIGGER observation_sheets_keep_update ON observation_sheets AFTER UPDATE AS THROW 51000, N'observation_sheets is append-only', 1;
GO
CREATE TRIGGER observation_sheets_keep_delete ON observation_sheets AFTER DELETE AS THROW 51000, N'observation_sheets is append-only', 1;
GO
CREATE TRIGGER observation_agreements_keep_update ON observation_agreements AFTER UPDATE AS THROW 51000, N'observation_agreements is append-only', 1;
GO
CREATE TRIGGER observation_agreements_keep_delete ON observation_agreements AFTER DELETE AS THROW 51000, N'observation_agreements is append-only', 1;
GO
CREATE TRIGGER observation_withdrawals_keep_update ON observation_withdrawals AFTER UPDATE AS THROW 51000, N'observation_withdrawals is append-only', 1;
GO
CREATE TRIGGER observation_withdrawals_keep_delete ON observation_withdrawals AFTER DELETE AS THROW 51000, N'observation_withdrawals is append-only', 1;
GO

-- Self-diagnosis (clause 4): sessions with a questionnaire, without a time limit. Every save of an answer is a further revision; a
-- save that cannot be taken is kept aside.
CREATE TABLE questionnaire_sessions (
    id                    binary(16) NOT NULL PRIMARY KEY,
    participant_id        binary(16) NOT NULL REFERENCES participants (id),
    questionnaire_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    questionnaire_version int NOT NULL,
    started_at            datetime2(6) NOT NULL,
    answered_on           nvarchar(30) COLLATE Latin1_General_100_BIN2,
    entered_by            nvarchar(max) COLLATE Latin1_General_100_BIN2,
    CHECK (answered_on IS NULL OR entered_by IS NOT NULL),
    CHECK (entered_by IS NULL OR answered_on IS NOT NULL)
);
CREATE INDEX questionnaire_sessions_participant ON questionnaire_sessions (participant_id, id);
CREATE TABLE questionnaire_answers (
    session_id binary(16) NOT NULL REFERENCES questionnaire_sessions (id),
    question   nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    revision   int NOT NULL CHECK (revision >= 1),
    content    nvarchar(max) COLLATE Latin1_General_100_BIN2,
    saved_at   datetime2(6) NOT NULL,
    PRIMARY KEY (session_id, question, revision)
);
CREATE TABLE questionnaire_rejected_answers (
    id            binary(16) NOT NULL PRIMARY KEY,
    session_id    binary(16) NOT NULL REFERENCES questionnaire_sessions (id),
    question      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    base_revision int NOT NULL,
    reason        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (reason IN ('stale','finished')),
    content       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    received_at   datetime2(6) NOT NULL
);
CREATE INDEX questionnaire_rejected_answers_session ON questionnaire_rejected_answers (session_id, id);
CREATE TABLE questionnaire_finishes (
    session_id  binary(16) NOT NULL PRIMARY KEY REFERENCES questionnaire_sessions (id),
    finished_at datetime2(6) NOT NULL
);
CREATE TABLE questionnaire_withdrawals (
    session_id   binary(16) NOT NULL PRIMARY KEY REFERENCES questionnaire_sessions (id),
    withdrawn_by nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    withdrawn_at datetime2(6) NOT NULL
);
GO
CREATE TRIGGER questionnaire_sessions_keep_update ON questionnaire_sessions AFTER UPDATE AS THROW 51000, N'questionnaire_sessions is append-only', 1;
GO
CREATE TRIGGER questionnaire_sessions_keep_delete ON questionnaire_sessions AFTER DELETE AS THROW 51000, N'questionnaire_sessions is append-only', 1;
GO
CREATE TRIGGER questionnaire_answers_keep_update ON questionnaire_answers AFTER UPDATE AS THROW 51000, N'questionnaire_answers is append-only', 1;
GO
CREATE TRIGGER questionnaire_answers_keep_delete ON questionnaire_answers AFTER DELETE AS THROW 51000, N'questionnaire_answers is append-only', 1;
GO
CREATE TRIGGER questionnaire_rejected_answers_keep_update ON questionnaire_rejected_answers AFTER UPDATE AS THROW 51000, N'questionnaire_rejected_answers is append-only', 1;
GO
CREATE TRIGGER questionnaire_rejected_answers_keep_delete ON questionnaire_rejected_answers AFTER DELETE AS THROW 51000, N'questionnaire_rejected_answers is append-only', 1;
GO
CREATE TRIGGER questionnaire_finishes_keep_update ON questionnaire_finishes AFTER UPDATE AS THROW 51000, N'questionnaire_finishes is append-only', 1;
GO
CREATE TRIGGER questionnaire_finishes_keep_delete ON questionnaire_finishes AFTER DELETE AS THROW 51000, N'questionnaire_finishes is append-only', 1;
GO
CREATE TRIGGER questionnaire_withdrawals_keep_update ON questionnaire_withdrawals AFTER UPDATE AS THROW 51000, N'questionnaire_withdrawals is append-only', 1;
GO
CREATE TRIGGER questionnaire_withdrawals_keep_delete ON questionnaire_withdrawals AFTER DELETE AS THROW 51000, N'questionnaire_withdrawals is append-only', 1;
GO
