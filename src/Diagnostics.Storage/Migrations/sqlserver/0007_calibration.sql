-- Calibration of forms (design §11): runs of the item response models as background work, their results, and the approval
-- without which no profile rests on them.
CREATE TABLE calibration_runs (
    id              binary(16) NOT NULL PRIMARY KEY,
    form_id         binary(16) NOT NULL REFERENCES forms (id),
    model           nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (model IN ('rasch','pcm','two_pl','gpcm')),
    -- Canonical JSON.
    options         nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    state           nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (state IN ('queued','running','completed','failed','cancelled','approved','rejected','superseded')),
    step            nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (step IN ('reading','classical','fitting','item_fit','equating','differential','saving')),
    -- Thousandths of the work that are done.
    progress        int NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1000),
    -- Of the worker that holds the run: a stale worker's writes name another one and change nothing.
    claim           binary(16),
    lease_until     datetime2(6),
    attempts        int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    cancel_asked_at datetime2(6),
    cancel_asked_by nvarchar(max) COLLATE Latin1_General_100_BIN2,
    requested_at    datetime2(6) NOT NULL,
    requested_by    binary(16) NOT NULL REFERENCES access_accounts (id),
    started_at      datetime2(6),
    ended_at        datetime2(6),
    -- Of what went in.
    fingerprint     nvarchar(100) COLLATE Latin1_General_100_BIN2,
    -- An earlier run on the same inputs.
    repeats         binary(16) REFERENCES calibration_runs (id),
    persons         int,
    failure         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    failure_detail  nvarchar(max) COLLATE Latin1_General_100_BIN2,
    parameters      int,
    log_likelihood  float,
    aic             float,
    bic             float,
    decided_at      datetime2(6),
    decided_by      binary(16) REFERENCES access_accounts (id),
    remarks         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    superseded_at   datetime2(6),
    superseded_by   binary(16) REFERENCES calibration_runs (id),
    CHECK ((state = 'running' AND claim IS NOT NULL) OR (state <> 'running' AND claim IS NULL)),
    CHECK ((claim IS NULL AND lease_until IS NULL) OR (claim IS NOT NULL AND lease_until IS NOT NULL)),
    CHECK ((state IN ('queued','running') AND ended_at IS NULL) OR (state NOT IN ('queued','running') AND ended_at IS NOT NULL)),
    CHECK ((state = 'failed' AND failure IS NOT NULL) OR (state <> 'failed' AND failure IS NULL)),
    CHECK ((failure IS NULL AND failure_detail IS NULL) OR (failure IS NOT NULL AND failure_detail IS NOT NULL)),
    CHECK (state NOT IN ('completed','approved','rejected','superseded') OR (fingerprint IS NOT NULL AND log_likelihood IS NOT NULL)),
    CHECK ((state IN ('approved','rejected','superseded') AND decided_at IS NOT NULL) OR (state NOT IN ('approved','rejected','superseded') AND decided_at IS NULL)),
    CHECK ((decided_at IS NULL AND decided_by IS NULL) OR (decided_at IS NOT NULL AND decided_by IS NOT NULL)),
    CHECK ((state = 'superseded' AND superseded_by IS NOT NULL) OR (state <> 'superseded' AND superseded_by IS NULL)),
    CHECK ((superseded_at IS NULL AND superseded_by IS NULL) OR (superseded_at IS NOT NULL AND superseded_by IS NOT NULL))
);
-- One approved calibration of a form stands at a time.
CREATE UNIQUE INDEX calibration_runs_one_approved ON calibration_runs (form_id) WHERE state = 'approved';
CREATE INDEX calibration_runs_due ON calibration_runs (id) WHERE state IN ('queued','running');
CREATE INDEX calibration_runs_form ON calibration_runs (form_id, id);
CREATE INDEX calibration_runs_inputs ON calibration_runs (fingerprint) WHERE fingerprint IS NOT NULL;

-- Whose sessions go in.
CREATE TABLE calibration_campaigns (
    run_id      binary(16) NOT NULL REFERENCES calibration_runs (id),
    campaign_id binary(16) NOT NULL REFERENCES campaigns (id),
    PRIMARY KEY (run_id, campaign_id)
);

-- The reports, canonical JSON, as they are shown.
CREATE TABLE calibration_results (
    run_id      binary(16) NOT NULL PRIMARY KEY REFERENCES calibration_runs (id),
    items       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    form        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at  datetime2(6) NOT NULL
);

-- What profiles are computed with, item by item.
CREATE TABLE calibration_items (
    run_id       binary(16) NOT NULL REFERENCES calibration_runs (id),
    variant      int NOT NULL CHECK (variant BETWEEN 1 AND 4),
    slot         int NOT NULL CHECK (slot >= 1),
    item_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    item_version int NOT NULL,
    -- What the categories stand for, JSON array.
    points       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- P(X = k | θ) ∝ exp(k·slope·θ + intercepts[k]), JSON array.
    slope        float NOT NULL,
    intercepts   nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    location     float NOT NULL,
    infit        float,
    outfit       float,
    PRIMARY KEY (run_id, variant, slot),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX calibration_items_item ON calibration_items (item_code, item_version);

-- Points of a block on a variant → points on the first variant.
CREATE TABLE calibration_equatings (
    run_id      binary(16) NOT NULL REFERENCES calibration_runs (id),
    variant     int NOT NULL CHECK (variant BETWEEN 2 AND 4),
    block       nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    method      nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (method IN ('mean','linear','equipercentile')),
    verdict     nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (verdict IN ('parallel','keep_scores','equate')),
    -- JSON array, one a score from 0.
    equivalents nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    PRIMARY KEY (run_id, variant, block, method)
);

CREATE TABLE calibration_events (
    id      binary(16) NOT NULL PRIMARY KEY,
    run_id  binary(16) NOT NULL REFERENCES calibration_runs (id),
    kind    nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN ('requested','claimed','released','completed','failed','cancel_asked','cancelled','approved','rejected','superseded')),
    at      datetime2(6) NOT NULL,
    -- Account; null when the service did it.
    actor   nvarchar(max) COLLATE Latin1_General_100_BIN2,
    details nvarchar(max) COLLATE Latin1_General_100_BIN2
);
CREATE INDEX calibration_events_run ON calibration_events (run_id, id);
GO
CREATE TRIGGER calibration_campaigns_keep_update ON calibration_campaigns AFTER UPDATE AS THROW 51000, N'calibration_campaigns is append-only', 1;
GO
CREATE TRIGGER calibration_campaigns_keep_delete ON calibration_campaigns AFTER DELETE AS THROW 51000, N'calibration_campaigns is append-only', 1;
GO
CREATE TRIGGER calibration_results_keep_update ON calibration_results AFTER UPDATE AS THROW 51000, N'calibration_results is append-only', 1;
GO
CREATE TRIGGER calibration_results_keep_delete ON calibration_results AFTER DELETE AS THROW 51000, N'calibration_results is append-only', 1;
GO
CREATE TRIGGER calibration_items_keep_update ON calibration_items AFTER UPDATE AS THROW 51000, N'calibration_items is append-only', 1;
GO
CREATE TRIGGER calibration_items_keep_delete ON calibration_items AFTER DELETE AS THROW 51000, N'calibration_items is append-only', 1;
GO
CREATE TRIGGER calibration_equatings_keep_update ON calibration_equatings AFTER UPDATE AS THROW 51000, N'calibration_equatings is append-only', 1;
GO
CREATE TRIGGER calibration_equatings_keep_delete ON calibration_equatings AFTER DELETE AS THROW 51000, N'calibration_equatings is append-only', 1;
GO
CREATE TRIGGER calibration_events_keep_update ON calibration_events AFTER UPDATE AS THROW 51000, N'calibration_events is append-only', 1;
GO
CREATE TRIGGER calibration_events_keep_delete ON calibration_events AFTER DELETE AS THROW 51000, N'calibration_events is append-only', 1;
