-- Qualification and control of experts (design §9). Nothing here touches tasks, rounds or results. --------------------------
-- An answer with agreed marks. Its content never changes: a faulty one is retired and another one made.
CREATE TABLE marking_benchmarks (
    id           TEXT NOT NULL PRIMARY KEY,
    campaign_id  TEXT NOT NULL REFERENCES campaigns (id),
    item_code    TEXT NOT NULL,
    item_version INTEGER NOT NULL,
    purpose      TEXT NOT NULL CHECK (purpose IN ('training','qualification','control')),
    answer       TEXT NOT NULL,
    -- Agreed points per criterion before the gate, JSON.
    criteria     TEXT NOT NULL,
    comment      TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    created_by   TEXT NOT NULL REFERENCES access_accounts (id),
    retired_at   TEXT,
    retired_by   TEXT REFERENCES access_accounts (id),
    retired_why  TEXT,
    CHECK ((retired_at IS NULL) = (retired_by IS NULL)),
    CHECK ((retired_at IS NULL) = (retired_why IS NULL)),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX marking_benchmarks_campaign ON marking_benchmarks (campaign_id, id);

-- A benchmark in an expert's hands; to the expert it is an assignment like any other.
CREATE TABLE marking_trials (
    id            TEXT NOT NULL PRIMARY KEY,
    benchmark_id  TEXT NOT NULL REFERENCES marking_benchmarks (id),
    campaign_id   TEXT NOT NULL REFERENCES campaigns (id),
    expert_id     TEXT NOT NULL REFERENCES access_accounts (id),
    item_code     TEXT NOT NULL,
    -- From 1, rising within (campaign, expert, item): of two claims at once only one gives a benchmark.
    number        INTEGER NOT NULL CHECK (number >= 1),
    code          TEXT NOT NULL UNIQUE,
    -- The day that the expert is shown, of a script that this one stands in for.
    sat_on        TEXT NOT NULL,
    -- Scripts of the item given to this expert before.
    after_scripts INTEGER NOT NULL CHECK (after_scripts >= 0),
    state         TEXT NOT NULL CHECK (state IN ('claimed','marked','returned','lapsed')),
    claimed_at    TEXT NOT NULL,
    lease_until   TEXT NOT NULL,
    draft         TEXT,
    closed_at     TEXT,
    reason        TEXT,
    CHECK ((state = 'claimed') = (closed_at IS NULL)),
    CHECK (state <> 'returned' OR reason IS NOT NULL),
    UNIQUE (campaign_id, expert_id, item_code, number)
);
CREATE INDEX marking_trials_expert ON marking_trials (expert_id, state, lease_until);

-- What the expert gave for it.
CREATE TABLE marking_trial_marks (
    trial_id  TEXT NOT NULL PRIMARY KEY REFERENCES marking_trials (id),
    criteria  TEXT NOT NULL,
    no_answer INTEGER NOT NULL CHECK (no_answer IN (0, 1)),
    comment   TEXT,
    -- From the agreed marks, in thousandths of a point.
    distance  INTEGER NOT NULL CHECK (distance >= 0),
    -- Null in training, where nothing depends on it.
    within    INTEGER CHECK (within IN (0, 1)),
    at        TEXT NOT NULL
);

-- What became of an expert's right to mark an item; the last one stands.
CREATE TABLE marking_admissions (
    campaign_id  TEXT NOT NULL REFERENCES campaigns (id),
    expert_id    TEXT NOT NULL REFERENCES access_accounts (id),
    item_code    TEXT NOT NULL,
    number       INTEGER NOT NULL CHECK (number >= 1),
    act          TEXT NOT NULL CHECK (act IN ('admitted','paused','resumed','requalified')),
    -- Trials of this expert on the item before it.
    after_trials INTEGER NOT NULL CHECK (after_trials >= 0),
    -- The trial that brought it about; null when a person decided.
    trial_id     TEXT REFERENCES marking_trials (id),
    decided_by   TEXT REFERENCES access_accounts (id),
    reason       TEXT,
    -- Scripts called back for a second look.
    second_looks INTEGER NOT NULL DEFAULT 0 CHECK (second_looks >= 0),
    at           TEXT NOT NULL,
    PRIMARY KEY (campaign_id, expert_id, item_code, number),
    CHECK ((trial_id IS NULL) = (act IN ('resumed','requalified'))),
    CHECK ((decided_by IS NULL) = (trial_id IS NOT NULL)),
    CHECK ((decided_by IS NULL) = (reason IS NULL))
);

CREATE TRIGGER marking_benchmarks_keep_update BEFORE UPDATE OF id, campaign_id, item_code, item_version, purpose, answer, criteria, comment, created_at, created_by ON marking_benchmarks
    BEGIN SELECT RAISE(ABORT, 'marking_benchmarks is append-only'); END;
CREATE TRIGGER marking_benchmarks_keep_delete BEFORE DELETE ON marking_benchmarks BEGIN SELECT RAISE(ABORT, 'marking_benchmarks is append-only'); END;
CREATE TRIGGER marking_trial_marks_keep_update BEFORE UPDATE ON marking_trial_marks BEGIN SELECT RAISE(ABORT, 'marking_trial_marks is append-only'); END;
CREATE TRIGGER marking_trial_marks_keep_delete BEFORE DELETE ON marking_trial_marks BEGIN SELECT RAISE(ABORT, 'marking_trial_marks is append-only'); END;
CREATE TRIGGER marking_admissions_keep_update BEFORE UPDATE ON marking_admissions BEGIN SELECT RAISE(ABORT, 'marking_admissions is append-only'); END;
CREATE TRIGGER marking_admissions_keep_delete BEFORE DELETE ON marking_admissions BEGIN SELECT RAISE(ABORT, 'marking_admissions is append-only'); END;
