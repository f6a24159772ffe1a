-- What those who lead marking have decided on an expert's flag, on a script or on a benchmark. One decision settles a flag.
CREATE TABLE marking_flag_decisions (
    flag_id    uuid NOT NULL PRIMARY KEY,
    decision   text COLLATE "C" NOT NULL CHECK (decision IN ('confirmed','dismissed')),
    reason     text COLLATE "C" NOT NULL,
    decided_by uuid NOT NULL REFERENCES access_accounts (id),
    decided_at timestamptz NOT NULL
);
CREATE TRIGGER marking_flag_decisions_keep_update BEFORE UPDATE ON marking_flag_decisions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_flag_decisions_keep_delete BEFORE DELETE ON marking_flag_decisions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_flag_decisions_keep_truncate BEFORE TRUNCATE ON marking_flag_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
