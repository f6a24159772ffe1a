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
