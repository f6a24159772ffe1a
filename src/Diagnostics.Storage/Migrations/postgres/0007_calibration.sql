-- Calibration of forms (design §11): runs of the item response models as background work, their results, and the approval
-- without which no profile rests on them.
CREATE TABLE calibration_runs (
    id              uuid NOT NULL PRIMARY KEY,
    form_id         uuid NOT NULL REFERENCES forms (id),
    model           text COLLATE "C" NOT NULL CHECK (model IN ('rasch','pcm','two_pl','gpcm')),
    -- Canonical JSON.
    options         text COLLATE "C" NOT NULL,
    state           text COLLATE "C" NOT NULL CHECK (state IN ('queued','running','completed','failed','cancelled','approved','rejected','superseded')),
    step            text COLLATE "C" CHECK (step IN ('reading','classical','fitting','item_fit','equating','differential','saving')),
    -- Thousandths of the work that are done.
    progress        integer NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1000),
    -- Of the worker that holds the run: a stale worker's writes name another one and change nothing.
    claim           uuid,
    lease_until     timestamptz,
    attempts        integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    cancel_asked_at timestamptz,
    cancel_asked_by text COLLATE "C",
    requested_at    timestamptz NOT NULL,
    requested_by    uuid NOT NULL REFERENCES access_accounts (id),
    started_at      timestamptz,
    ended_at        timestamptz,
    -- Of what went in.
    fingerprint     text COLLATE "C",
    -- An earlier run on the same inputs.
    repeats         uuid REFERENCES calibration_runs (id),
    persons         integer,
    failure         text COLLATE "C",
    failure_detail  text COLLATE "C",
    parameters      integer,
    log_likelihood  double precision,
    aic             double precision,
    bic             double precision,
    decided_at      timestamptz,
    decided_by      uuid REFERENCES access_accounts (id),
    remarks         text COLLATE "C",
    superseded_at   timestamptz,
    superseded_by   uuid REFERENCES calibration_runs (id),
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
    run_id      uuid NOT NULL REFERENCES calibration_runs (id),
    campaign_id uuid NOT NULL REFERENCES campaigns (id),
    PRIMARY KEY (run_id, campaign_id)
);

-- The reports, canonical JSON, as they are shown.
CREATE TABLE calibration_results (
    run_id      uuid NOT NULL PRIMARY KEY REFERENCES calibration_runs (id),
    items       text COLLATE "C" NOT NULL,
    form        text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    created_at  timestamptz NOT NULL
);

-- What profiles are computed with, item by item.
CREATE TABLE calibration_items (
    run_id       uuid NOT NULL REFERENCES calibration_runs (id),
    variant      integer NOT NULL CHECK (variant BETWEEN 1 AND 4),
    slot         integer NOT NULL CHECK (slot >= 1),
    item_code    text COLLATE "C" NOT NULL,
    item_version integer NOT NULL,
    -- What the categories stand for, JSON array.
    points       text COLLATE "C" NOT NULL,
    -- P(X = k | θ) ∝ exp(k·slope·θ + intercepts[k]), JSON array.
    slope        double precision NOT NULL,
    intercepts   text COLLATE "C" NOT NULL,
    location     double precision NOT NULL,
    infit        double precision,
    outfit       double precision,
    PRIMARY KEY (run_id, variant, slot),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX calibration_items_item ON calibration_items (item_code, item_version);

-- Points of a block on a variant → points on the first variant.
CREATE TABLE calibration_equatings (
    run_id      uuid NOT NULL REFERENCES calibration_runs (id),
    variant     integer NOT NULL CHECK (variant BETWEEN 2 AND 4),
    block       text COLLATE "C" NOT NULL,
    method      text COLLATE "C" NOT NULL CHECK (method IN ('mean','linear','equipercentile')),
    verdict     text COLLATE "C" NOT NULL CHECK (verdict IN ('parallel','keep_scores','equate')),
    -- JSON array, one a score from 0.
    equivalents text COLLATE "C" NOT NULL,
    PRIMARY KEY (run_id, variant, block, method)
);

CREATE TABLE calibration_events (
    id      uuid NOT NULL PRIMARY KEY,
    run_id  uuid NOT NULL REFERENCES calibration_runs (id),
    kind    text COLLATE "C" NOT NULL CHECK (kind IN ('requested','claimed','released','completed','failed','cancel_asked','cancelled','approved','rejected','superseded')),
    at      timestamptz NOT NULL,
    -- Account; null when the service did it.
    actor   text COLLATE "C",
    details text COLLATE "C"
);
CREATE INDEX calibration_events_run ON calibration_events (run_id, id);

CREATE TRIGGER calibration_campaigns_keep_update BEFORE UPDATE ON calibration_campaigns FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_campaigns_keep_delete BEFORE DELETE ON calibration_campaigns FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_campaigns_keep_truncate BEFORE TRUNCATE ON calibration_campaigns FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_results_keep_update BEFORE UPDATE ON calibration_results FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_results_keep_delete BEFORE DELETE ON calibration_results FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_results_keep_truncate BEFORE TRUNCATE ON calibration_results FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_items_keep_update BEFORE UPDATE ON calibration_items FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_items_keep_delete BEFORE DELETE ON calibration_items FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_items_keep_truncate BEFORE TRUNCATE ON calibration_items FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_equatings_keep_update BEFORE UPDATE ON calibration_equatings FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_equatings_keep_delete BEFORE DELETE ON calibration_equatings FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_equatings_keep_truncate BEFORE TRUNCATE ON calibration_equatings FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_events_keep_update BEFORE UPDATE ON calibration_events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_events_keep_delete BEFORE DELETE ON calibration_events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER calibration_events_keep_truncate BEFORE TRUNCATE ON calibration_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
