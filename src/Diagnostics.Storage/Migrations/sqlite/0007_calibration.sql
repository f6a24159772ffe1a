-- Calibration of forms (design §11): runs of the item response models as background work, their results, and the approval
-- without which no profile rests on them.
CREATE TABLE calibration_runs (
    id              TEXT NOT NULL PRIMARY KEY,
    form_id         TEXT NOT NULL REFERENCES forms (id),
    model           TEXT NOT NULL CHECK (model IN ('rasch','pcm','two_pl','gpcm')),
    -- Canonical JSON.
    options         TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('queued','running','completed','failed','cancelled','approved','rejected','superseded')),
    step            TEXT CHECK (step IN ('reading','classical','fitting','item_fit','equating','differential','saving')),
    -- Thousandths of the work that are done.
    progress        INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1000),
    -- Of the worker that holds the run: a stale worker's writes name another one and change nothing.
    claim           TEXT,
    lease_until     TEXT,
    attempts        INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    cancel_asked_at TEXT,
    cancel_asked_by TEXT,
    requested_at    TEXT NOT NULL,
    requested_by    TEXT NOT NULL REFERENCES access_accounts (id),
    started_at      TEXT,
    ended_at        TEXT,
    -- Of what went in.
    fingerprint     TEXT,
    -- An earlier run on the same inputs.
    repeats         TEXT REFERENCES calibration_runs (id),
    persons         INTEGER,
    failure         TEXT,
    failure_detail  TEXT,
    parameters      INTEGER,
    log_likelihood  REAL,
    aic             REAL,
    bic             REAL,
    decided_at      TEXT,
    decided_by      TEXT REFERENCES access_accounts (id),
    remarks         TEXT,
    superseded_at   TEXT,
    superseded_by   TEXT REFERENCES calibration_runs (id),
    CHECK ((state = 'running') = (claim IS NOT NULL)),
    CHECK ((claim IS NULL) = (lease_until IS NULL)),
    CHECK ((state IN ('queued','running')) = (ended_at IS NULL)),
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK ((failure IS NULL) = (failure_detail IS NULL)),
    CHECK (state NOT IN ('completed','approved','rejected','superseded') OR (fingerprint IS NOT NULL AND log_likelihood IS NOT NULL)),
    CHECK ((state IN ('approved','rejected','superseded')) = (decided_at IS NOT NULL)),
    CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
    CHECK ((state = 'superseded') = (superseded_by IS NOT NULL)),
    CHECK ((superseded_at IS NULL) = (superseded_by IS NULL))
);
-- One approved calibration of a form stands at a time.
CREATE UNIQUE INDEX calibration_runs_one_approved ON calibration_runs (form_id) WHERE state = 'approved';
CREATE INDEX calibration_runs_due ON calibration_runs (id) WHERE state IN ('queued','running');
CREATE INDEX calibration_runs_form ON calibration_runs (form_id, id);
CREATE INDEX calibration_runs_inputs ON calibration_runs (fingerprint) WHERE fingerprint IS NOT NULL;

-- Whose sessions go in.
CREATE TABLE calibration_campaigns (
    run_id      TEXT NOT NULL REFERENCES calibration_runs (id),
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    PRIMARY KEY (run_id, campaign_id)
) WITHOUT ROWID;

-- The reports, canonical JSON, as they are shown.
CREATE TABLE calibration_results (
    run_id      TEXT NOT NULL PRIMARY KEY REFERENCES calibration_runs (id),
    items       TEXT NOT NULL,
    form        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at  TEXT NOT NULL
);

-- What profiles are computed with, item by item.
CREATE TABLE calibration_items (
    run_id       TEXT NOT NULL REFERENCES calibration_runs (id),
    variant      INTEGER NOT NULL CHECK (variant BETWEEN 1 AND 4),
    slot         INTEGER NOT NULL CHECK (slot >= 1),
    item_code    TEXT NOT NULL,
    item_version INTEGER NOT NULL,
    -- What the categories stand for, JSON array.
    points       TEXT NOT NULL,
    -- P(X = k | θ) ∝ exp(k·slope·θ + intercepts[k]), JSON array.
    slope        REAL NOT NULL,
    intercepts   TEXT NOT NULL,
    location     REAL NOT NULL,
    infit        REAL,
    outfit       REAL,
    PRIMARY KEY (run_id, variant, slot),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
) WITHOUT ROWID;
CREATE INDEX calibration_items_item ON calibration_items (item_code, item_version);

-- Points of a block on a variant → points on the first variant.
CREATE TABLE calibration_equatings (
    run_id      TEXT NOT NULL REFERENCES calibration_runs (id),
    variant     INTEGER NOT NULL CHECK (variant BETWEEN 2 AND 4),
    block       TEXT NOT NULL,
    method      TEXT NOT NULL CHECK (method IN ('mean','linear','equipercentile')),
    verdict     TEXT NOT NULL CHECK (verdict IN ('parallel','keep_scores','equate')),
    -- JSON array, one a score from 0.
    equivalents TEXT NOT NULL,
    PRIMARY KEY (run_id, variant, block, method)
) WITHOUT ROWID;

CREATE TABLE calibration_events (
    id      TEXT NOT NULL PRIMARY KEY,
    run_id  TEXT NOT NULL REFERENCES calibration_runs (id),
    kind    TEXT NOT NULL CHECK (kind IN ('requested','claimed','released','completed','failed','cancel_asked','cancelled','approved','rejected','superseded')),
    at      TEXT NOT NULL,
    -- Account; null when the service did it.
    actor   TEXT,
    details TEXT
);
CREATE INDEX calibration_events_run ON calibration_events (run_id, id);

CREATE TRIGGER calibration_campaigns_keep_update BEFORE UPDATE ON calibration_campaigns BEGIN SELECT RAISE(ABORT, 'calibration_campaigns is append-only'); END;
CREATE TRIGGER calibration_campaigns_keep_delete BEFORE DELETE ON calibration_campaigns BEGIN SELECT RAISE(ABORT, 'calibration_campaigns is append-only'); END;
CREATE TRIGGER calibration_results_keep_update BEFORE UPDATE ON calibration_results BEGIN SELECT RAISE(ABORT, 'calibration_results is append-only'); END;
CREATE TRIGGER calibration_results_keep_delete BEFORE DELETE ON calibration_results BEGIN SELECT RAISE(ABORT, 'calibration_results is append-only'); END;
CREATE TRIGGER calibration_items_keep_update BEFORE UPDATE ON calibration_items BEGIN SELECT RAISE(ABORT, 'calibration_items is append-only'); END;
CREATE TRIGGER calibration_items_keep_delete BEFORE DELETE ON calibration_items BEGIN SELECT RAISE(ABORT, 'calibration_items is append-only'); END;
CREATE TRIGGER calibration_equatings_keep_update BEFORE UPDATE ON calibration_equatings BEGIN SELECT RAISE(ABORT, 'calibration_equatings is append-only'); END;
CREATE TRIGGER calibration_equatings_keep_delete BEFORE DELETE ON calibration_equatings BEGIN SELECT RAISE(ABORT, 'calibration_equatings is append-only'); END;
CREATE TRIGGER calibration_events_keep_update BEFORE UPDATE ON calibration_events BEGIN SELECT RAISE(ABORT, 'calibration_events is append-only'); END;
CREATE TRIGGER calibration_events_keep_delete BEFORE DELETE ON calibration_events BEGIN SELECT RAISE(ABORT, 'calibration_events is append-only'); END;
