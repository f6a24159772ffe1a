-- Work that takes longer than a request: what is asked for, how far it has come, and how it ended.
CREATE TABLE jobs (
    id              binary(16) NOT NULL PRIMARY KEY,
    kind            nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- What the job is about, e.g. campaign:…
    subject         nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    state           nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (state IN ('queued','running','finished','failed','cancelled')),
    -- Canonical JSON: what was asked for.
    request         nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- Where the next slice of the work begins, in the words of the kind; moved in the transaction of each slice.
    place           nvarchar(max) COLLATE Latin1_General_100_BIN2,
    done            int NOT NULL DEFAULT 0 CHECK (done >= 0),
    total           int NOT NULL CHECK (total >= 0),
    faults          int NOT NULL DEFAULT 0 CHECK (faults >= 0),
    -- Of the worker that holds the job: a stale worker's writes name another one and change nothing.
    claim           binary(16),
    lease_until     datetime2(6),
    -- How often the job was taken since the last slice that was done.
    attempts        int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    requested_at    datetime2(6) NOT NULL,
    -- Account, or client:…
    requested_by    nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    cancel_asked_at datetime2(6),
    cancel_asked_by nvarchar(max) COLLATE Latin1_General_100_BIN2,
    started_at      datetime2(6),
    ended_at        datetime2(6),
    failure         nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (failure IN ('refused','not_allowed','interrupted','internal_error')),
    failure_detail  nvarchar(max) COLLATE Latin1_General_100_BIN2,
    -- JSON: how it ended, in the words of the kind.
    result          nvarchar(max) COLLATE Latin1_General_100_BIN2,
    -- Until when the result and the report are kept.
    kept_until      datetime2(6),
    revision        int NOT NULL DEFAULT 1,
    CHECK ((state = 'running' AND claim IS NOT NULL) OR (state <> 'running' AND claim IS NULL)),
    CHECK ((claim IS NULL AND lease_until IS NULL) OR (claim IS NOT NULL AND lease_until IS NOT NULL)),
    CHECK ((state IN ('queued','running') AND ended_at IS NULL) OR (state NOT IN ('queued','running') AND ended_at IS NOT NULL)),
    CHECK ((state = 'failed' AND failure IS NOT NULL) OR (state <> 'failed' AND failure IS NULL)),
    CHECK ((failure IS NULL AND failure_detail IS NULL) OR (failure IS NOT NULL AND failure_detail IS NOT NULL)),
    CHECK ((cancel_asked_at IS NULL AND cancel_asked_by IS NULL) OR (cancel_asked_at IS NOT NULL AND cancel_asked_by IS NOT NULL)),
    CHECK (kept_until IS NULL OR ended_at IS NOT NULL)
);
CREATE INDEX jobs_due ON jobs (id) WHERE state IN ('queued','running');
CREATE INDEX jobs_requester ON jobs (requested_by, id);
CREATE INDEX jobs_kept ON jobs (kept_until) WHERE kept_until IS NOT NULL;

-- What a job works through. A part is deleted by the slice that has done with it, and all are when the job ends.
CREATE TABLE job_parts (
    job_id     binary(16) NOT NULL REFERENCES jobs (id),
    number     int NOT NULL CHECK (number >= 1),
    -- JSON list.
    content    nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    PRIMARY KEY (job_id, number)
);

-- The report of a job, a line for each thing it has done or could not do.
CREATE TABLE job_lines (
    job_id     binary(16) NOT NULL REFERENCES jobs (id),
    number     int NOT NULL CHECK (number >= 1),
    -- The number of the row in what was sent; null where the work has no rows.
    source_row int,
    outcome    nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (outcome IN ('done','unchanged','fault')),
    -- What the line is about, e.g. person:…
    subject    nvarchar(max) COLLATE Latin1_General_100_BIN2,
    field      nvarchar(max) COLLATE Latin1_General_100_BIN2,
    code       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    detail     nvarchar(max) COLLATE Latin1_General_100_BIN2,
    PRIMARY KEY (job_id, number),
    CHECK ((outcome = 'fault' AND code IS NOT NULL) OR (outcome <> 'fault' AND code IS NULL)),
    CHECK ((code IS NULL AND detail IS NULL) OR (code IS NOT NULL AND detail IS NOT NULL))
);
CREATE INDEX job_lines_outcome ON job_lines (job_id, outcome, number);
