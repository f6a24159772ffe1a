-- Work that takes longer than a request: what is asked for, how far it has come, and how it ended.
CREATE TABLE jobs (
    id              uuid NOT NULL PRIMARY KEY,
    kind            text COLLATE "C" NOT NULL,
    -- What the job is about, e.g. campaign:…
    subject         text COLLATE "C" NOT NULL,
    state           text COLLATE "C" NOT NULL CHECK (state IN ('queued','running','finished','failed','cancelled')),
    -- Canonical JSON: what was asked for.
    request         text COLLATE "C" NOT NULL,
    -- Where the next slice of the work begins, in the words of the kind; moved in the transaction of each slice.
    place           text COLLATE "C",
    done            integer NOT NULL DEFAULT 0 CHECK (done >= 0),
    total           integer NOT NULL CHECK (total >= 0),
    faults          integer NOT NULL DEFAULT 0 CHECK (faults >= 0),
    -- Of the worker that holds the job: a stale worker's writes name another one and change nothing.
    claim           uuid,
    lease_until     timestamptz,
    -- How often the job was taken since the last slice that was done.
    attempts        integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    requested_at    timestamptz NOT NULL,
    -- Account, or client:…
    requested_by    text COLLATE "C" NOT NULL,
    cancel_asked_at timestamptz,
    cancel_asked_by text COLLATE "C",
    started_at      timestamptz,
    ended_at        timestamptz,
    failure         text COLLATE "C" CHECK (failure IN ('refused','not_allowed','interrupted','internal_error')),
    failure_detail  text COLLATE "C",
    -- JSON: how it ended, in the words of the kind.
    result          text COLLATE "C",
    -- Until when the result and the report are kept.
    kept_until      timestamptz,
    revision        integer NOT NULL DEFAULT 1,
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
    job_id     uuid NOT NULL REFERENCES jobs (id),
    number     integer NOT NULL CHECK (number >= 1),
    -- JSON list.
    content    text COLLATE "C" NOT NULL,
    PRIMARY KEY (job_id, number)
);

-- The report of a job, a line for each thing it has done or could not do.
CREATE TABLE job_lines (
    job_id     uuid NOT NULL REFERENCES jobs (id),
    number     integer NOT NULL CHECK (number >= 1),
    -- The number of the row in what was sent; null where the work has no rows.
    source_row integer,
    outcome    text COLLATE "C" NOT NULL CHECK (outcome IN ('done','unchanged','fault')),
    -- What the line is about, e.g. person:…
    subject    text COLLATE "C",
    field      text COLLATE "C",
    code       text COLLATE "C",
    detail     text COLLATE "C",
    PRIMARY KEY (job_id, number),
    CHECK ((outcome = 'fault') = (code IS NOT NULL)),
    CHECK ((code IS NULL) = (detail IS NULL))
);
CREATE INDEX job_lines_outcome ON job_lines (job_id, outcome, number);
