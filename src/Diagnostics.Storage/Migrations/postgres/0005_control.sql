-- Qualification and control of experts (design §9). Nothing here touches tasks, rounds or results. --------------------------
-- An answer with agreed marks. Its content never changes: a faulty one is retired and another one made.
CREATE TABLE marking_benchmarks (
    id           uuid NOT NULL PRIMARY KEY,
    campaign_id  uuid NOT NULL REFERENCES campaigns (id),
    item_code    text COLLATE "C" NOT NULL,
    item_version integer NOT NULL,
    purpose      text COLLATE "C" NOT NULL CHECK (purpose IN ('training','qualification','control')),
    answer       text COLLATE "C" NOT NULL,
    -- Agreed points per criterion before the gate, JSON.
    criteria     text COLLATE "C" NOT NULL,
    comment      text COLLATE "C" NOT NULL,
    created_at   timestamptz NOT NULL,
    created_by   uuid NOT NULL REFERENCES access_accounts (id),
    retired_at   timestamptz,
    retired_by   uuid REFERENCES access_accounts (id),
    retired_why  text COLLATE "C",
    CHECK ((retired_at IS NULL) = (retired_by IS NULL)),
    CHECK ((retired_at IS NULL) = (retired_why IS NULL)),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX marking_benchmarks_campaign ON marking_benchmarks (campaign_id, id);

-- A benchmark in an expert's hands; to the expert it is an assignment like any other.
CREATE TABLE marking_trials (
    id            uuid NOT NULL PRIMARY KEY,
    benchmark_id  uuid NOT NULL REFERENCES marking_benchmarks (id),
    campaign_id   uuid NOT NULL REFERENCES campaigns (id),
    expert_id     uuid NOT NULL REFERENCES access_accounts (id),
    item_code     text COLLATE "C" NOT NULL,
    -- From 1, rising within (campaign, expert, item): of two claims at once only one gives a benchmark.
    number        integer NOT NULL CHECK (number >= 1),
    code          text COLLATE "C" NOT NULL UNIQUE,
    -- The day that the expert is shown, of a script that this one stands in for.
    sat_on        text COLLATE "C" NOT NULL,
    -- Scripts of the item given to this expert before.
    after_scripts integer NOT NULL CHECK (after_scripts >= 0),
    state         text COLLATE "C" NOT NULL CHECK (state IN ('claimed','marked','returned','lapsed')),
    claimed_at    timestamptz NOT NULL,
    lease_until   timestamptz NOT NULL,
    draft         text COLLATE "C",
    closed_at     timestamptz,
    reason        text COLLATE "C",
    CHECK ((state = 'claimed') = (closed_at IS NULL)),
    CHECK (state <> 'returned' OR reason IS NOT NULL),
    UNIQUE (campaign_id, expert_id, item_code, number)
);
CREATE INDEX marking_trials_expert ON marking_trials (expert_id, state, lease_until);

-- What the expert gave for it.
CREATE TABLE marking_trial_marks (
    trial_id  uuid NOT NULL PRIMARY KEY REFERENCES marking_trials (id),
    criteria  text COLLATE "C" NOT NULL,
    no_answer boolean NOT NULL,
    comment   text COLLATE "C",
    -- From the agreed marks, in thousandths of a point.
    distance  bigint NOT NULL CHECK (distance >= 0),
    -- Null in training, where nothing depends on it.
    within    boolean,
    at        timestamptz NOT NULL
);

-- What became of an expert's right to mark an item; the last one stands.
CREATE TABLE marking_admissions (
    campaign_id  uuid NOT NULL REFERENCES campaigns (id),
    expert_id    uuid NOT NULL REFERENCES access_accounts (id),
    item_code    text COLLATE "C" NOT NULL,
    number       integer NOT NULL CHECK (number >= 1),
    act          text COLLATE "C" NOT NULL CHECK (act IN ('admitted','paused','resumed','requalified')),
    -- Trials of this expert on the item before it.
    after_trials integer NOT NULL CHECK (after_trials >= 0),
    -- The trial that brought it about; null when a person decided.
    trial_id     uuid REFERENCES marking_trials (id),
    decided_by   uuid REFERENCES access_accounts (id),
    reason       text COLLATE "C",
    -- Scripts called back for a second look.
    second_looks integer NOT NULL DEFAULT 0 CHECK (second_looks >= 0),
    at           timestamptz NOT NULL,
    PRIMARY KEY (campaign_id, expert_id, item_code, number),
    CHECK ((trial_id IS NULL) = (act IN ('resumed','requalified'))),
    CHECK ((decided_by IS NULL) = (trial_id IS NOT NULL)),
    CHECK ((decided_by IS NULL) = (reason IS NULL))
);

CREATE TRIGGER marking_benchmarks_keep_update BEFORE UPDATE OF id, campaign_id, item_code, item_version, purpose, answer, criteria, comment, created_at, created_by ON marking_benchmarks FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_benchmarks_keep_delete BEFORE DELETE ON marking_benchmarks FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_benchmarks_keep_truncate BEFORE TRUNCATE ON marking_benchmarks FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_trial_marks_keep_update BEFORE UPDATE ON marking_trial_marks FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_trial_marks_keep_delete BEFORE DELETE ON marking_trial_marks FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_trial_marks_keep_truncate BEFORE TRUNCATE ON marking_trial_marks FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_admissions_keep_update BEFORE UPDATE ON marking_admissions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_admissions_keep_delete BEFORE DELETE ON marking_admissions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_admissions_keep_truncate BEFORE TRUNCATE ON marking_admissions FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
