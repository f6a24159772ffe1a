-- What those who lead marking have decided on an expert's flag, on a script or on a benchmark. One decision settles a flag.
CREATE TABLE marking_flag_decisions (
    flag_id    TEXT NOT NULL PRIMARY KEY,
    decision   TEXT NOT NULL CHECK (decision IN ('confirmed','dismissed')),
    reason     TEXT NOT NULL,
    decided_by TEXT NOT NULL REFERENCES access_accounts (id),
    decided_at TEXT NOT NULL
);
CREATE TRIGGER marking_flag_decisions_keep_update BEFORE UPDATE ON marking_flag_decisions BEGIN SELECT RAISE(ABORT, 'marking_flag_decisions is append-only'); END;
CREATE TRIGGER marking_flag_decisions_keep_delete BEFORE DELETE ON marking_flag_decisions BEGIN SELECT RAISE(ABORT, 'marking_flag_decisions is append-only'); END;
