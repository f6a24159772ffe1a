-- Qualification and control of experts (design §9). Nothing here touches tasks, rounds or results. --------------------------
-- An answer with agreed marks. Its content never changes: a faulty one is retired and another one made.
CREATE TABLE marking_benchmarks (
    id           binary(16) NOT NULL PRIMARY KEY,
    campaign_id  binary(16) NOT NULL REFERENCES campaigns (id),
    item_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    item_version int NOT NULL,
    purpose      nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (purpose IN ('training','qualification','control')),
    answer       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- Agreed points per criterion before the gate, JSON.
    criteria     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    comment      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at   datetime2(6) NOT NULL,
    created_by   binary(16) NOT NULL REFERENCES access_accounts (id),
    retired_at   datetime2(6),
    retired_by   binary(16) REFERENCES access_accounts (id),
    retired_why  nvarchar(max) COLLATE Latin1_General_100_BIN2,
    CHECK ((retired_at IS NULL AND retired_by IS NULL) OR (retired_at IS NOT NULL AND retired_by IS NOT NULL)),
    CHECK ((retired_at IS NULL AND retired_why IS NULL) OR (retired_at IS NOT NULL AND retired_why IS NOT NULL)),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX marking_benchmarks_campaign ON marking_benchmarks (campaign_id, id);

-- A benchmark in an expert's hands; to the expert it is an assignment like any other.
CREATE TABLE marking_trials (
    id            binary(16) NOT NULL PRIMARY KEY,
    benchmark_id  binary(16) NOT NULL REFERENCES marking_benchmarks (id),
    campaign_id   binary(16) NOT NULL REFERENCES campaigns (id),
    expert_id     binary(16) NOT NULL REFERENCES access_accounts (id),
    item_code     nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- From 1, rising within (campaign, expert, item): of two claims at once only one gives a benchmark.
    number        int NOT NULL CHECK (number >= 1),
    code          nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL UNIQUE,
    -- The day that the expert is shown, of a script that this one stands in for.
    sat_on        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- Scripts of the item given to this expert before.
    after_scripts int NOT NULL CHECK (after_scripts >= 0),
    state         nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (state IN ('claimed','marked','returned','lapsed')),
    claimed_at    datetime2(6) NOT NULL,
    lease_until   datetime2(6) NOT NULL,
    draft         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    closed_at     datetime2(6),
    reason        nvarchar(max) COLLATE Latin1_General_100_BIN2,
    CHECK ((state = 'claimed' AND closed_at IS NULL) OR (state <> 'claimed' AND closed_at IS NOT NULL)),
    CHECK (state <> 'returned' OR reason IS NOT NULL),
    UNIQUE (campaign_id, expert_id, item_code, number)
);
CREATE INDEX marking_trials_expert ON marking_trials (expert_id, state, lease_until);

-- What the expert gave for it.
CREATE TABLE marking_trial_marks (
    trial_id  binary(16) NOT NULL PRIMARY KEY REFERENCES marking_trials (id),
    criteria  nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    no_answer bit NOT NULL,
    comment   nvarchar(max) COLLATE Latin1_General_100_BIN2,
    -- From the agreed marks, in thousandths of a point.
    distance  bigint NOT NULL CHECK (distance >= 0),
    -- Null in training, where nothing depends on it.
    "within"  bit,
    at        datetime2(6) NOT NULL
);

-- What became of an expert's right to mark an item; the last one stands.
CREATE TABLE marking_admissions (
    campaign_id  binary(16) NOT NULL REFERENCES campaigns (id),
    expert_id    binary(16) NOT NULL REFERENCES access_accounts (id),
    item_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    number       int NOT NULL CHECK (number >= 1),
    act          nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (act IN ('admitted','paused','resumed','requalified')),
    -- Trials of this expert on the item before it.
    after_trials int NOT NULL CHECK (after_trials >= 0),
    -- The trial that brought it about; null when a person decided.
    trial_id     binary(16) REFERENCES marking_trials (id),
    decided_by   binary(16) REFERENCES access_accounts (id),
    reason       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    -- Scripts called back for a second look.
    second_looks int NOT NULL DEFAULT 0 CHECK (second_looks >= 0),
    at           datetime2(6) NOT NULL,
    PRIMARY KEY (campaign_id, expert_id, item_code, number),
    CHECK ((trial_id IS NULL AND act IN ('resumed','requalified')) OR (trial_id IS NOT NULL AND act NOT IN ('resumed','requalified'))),
    CHECK ((decided_by IS NULL AND trial_id IS NOT NULL) OR (decided_by IS NOT NULL AND trial_id IS NULL)),
    CHECK ((decided_by IS NULL AND reason IS NULL) OR (decided_by IS NOT NULL AND reason IS NOT NULL))
);
GO
CREATE TRIGGER marking_benchmarks_keep_update ON marking_benchmarks AFTER UPDATE AS
    IF UPDATE(id) OR UPDATE(campaign_id) OR UPDATE(item_code) OR UPDATE(item_version) OR UPDATE(purpose) OR UPDATE(answer) OR UPDATE(criteria) OR UPDATE(comment) OR UPDATE(created_at) OR UPDATE(created_by)
        THROW 51000, N'marking_benchmarks is append-only', 1;
GO
CREATE TRIGGER marking_benchmarks_keep_delete ON marking_benchmarks AFTER DELETE AS THROW 51000, N'marking_benchmarks is append-only', 1;
GO
CREATE TRIGGER marking_trial_marks_keep_update ON marking_trial_marks AFTER UPDATE AS THROW 51000, N'marking_trial_marks is append-only', 1;
GO
CREATE TRIGGER marking_trial_marks_keep_delete ON marking_trial_marks AFTER DELETE AS THROW 51000, N'marking_trial_marks is append-only', 1;
GO
CREATE TRIGGER marking_admissions_keep_update ON marking_admissions AFTER UPDATE AS THROW 51000, N'marking_admissions is append-only', 1;
GO
CREATE TRIGGER marking_admissions_keep_delete ON marking_admissions AFTER DELETE AS THROW 51000, N'marking_admissions is append-only', 1;
