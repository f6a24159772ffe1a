-- Work that takes longer than a request: what is asked for, how far it has come, and how it ended.
CREATE TABLE jobs (
    id              TEXT NOT NULL PRIMARY KEY,
    kind            TEXT NOT NULL,
    -- What the job is about, e.g. campaign:…
    subject         TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('queued','running','finished','failed','cancelled')),
    -- Canonical JSON: what was asked for.
    request         TEXT NOT NULL,
    -- Where the next slice of the work begins, in the words of the kind; moved in the transaction of each slice.
    place           TEXT,
    done            INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0),
    total           INTEGER NOT NULL CHECK (total >= 0),
    faults          INTEGER NOT NULL DEFAULT 0 CHECK (faults >= 0),
    -- Of the worker that holds the job: a stale worker's writes name another one and change nothing.
    claim           TEXT,
    lease_until     TEXT,
    -- How often the job was taken since the last slice that was done.
    attempts        INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    requested_at    TEXT NOT NULL,
    -- Account, or client:…
    requested_by    TEXT NOT NULL,
    cancel_asked_at TEXT,
    cancel_asked_by TEXT,
    started_at      TEXT,
    ended_at        TEXT,
    failure         TEXT CHECK (failure IN ('refused','not_allowed','interrupted','internal_error')),
    failure_detail  TEXT,
    -- JSON: how it ended, in the words of the kind.
    result          TEXT,
    -- Until when the result and the report are kept.
    kept_until      TEXT,
    revision        INTEGER NOT NULL DEFAULT 1,
    CHECK ((state = 'running') = (claim IS NOT NULL)),
    CHECK ((claim IS NULL) = (lease_until IS NULL)),
    CHECK ((state IN ('queued','running')) = (ended_at IS NULL)),
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK ((failure IS NULL) = (failure_detail IS NULL)),
    CHECK ((cancel_asked_at IS NULL) = (cancel_asked_by IS NULL)),
    CHECK (kept_until IS NULL OR ended_at IS NOT NULL)
);
CREATE INDEX jobs_due ON jobs (id) WHERE state IN ('queued','running');
CREATE INDEX jobs_requester ON jobs (requested_by, id);
CREATE INDEX jobs_kept ON jobs (kept_until) WHERE kept_until IS NOT NULL;

-- What a job works through. A part is deleted by the slice that has done with it, and all are when the job ends.
CREATE TABLE job_parts (
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    number     INTEGER NOT NULL CHECK (number >= 1),
    -- JSON list.
    content    TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) WITHOUT ROWID;

-- The report of a job, a line for each thing it has done or could not do.
CREATE TABLE job_lines (
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    number     INTEGER NOT NULL CHECK (number >= 1),
    -- The number of the row in what was sent; null where the work has no rows.
    source_row INTEGER,
    outcome    TEXT NOT NULL CHECK (outcome IN ('done','unchanged','fault')),
    -- What the line is about, e.g. person:…
    subject    TEXT,
    field      TEXT,
    code       TEXT,
    detail     TEXT,
    PRIMARY KEY (job_id, number),
    CHECK ((outcome = 'fault') = (code IS NOT NULL)),
    CHECK ((code IS NULL) = (detail IS NULL))
) WITHOUT ROWID;
CREATE INDEX job_lines_outcome ON job_lines (job_id, outcome, number);
