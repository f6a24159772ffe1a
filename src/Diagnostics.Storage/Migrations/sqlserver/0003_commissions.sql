-- Commissions (clause 7.1.3): the marking commission (РК) and the conflict commission of a campaign. -----------------------
CREATE TABLE commissions (
    id          binary(16) NOT NULL PRIMARY KEY,
    kind        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN ('marking','conflict')),
    campaign_id binary(16) NOT NULL REFERENCES campaigns (id),
    title       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    revision    int NOT NULL DEFAULT 1,
    created_at  datetime2(6) NOT NULL,
    created_by  nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    ended_at    datetime2(6),
    ended_by    nvarchar(max) COLLATE Latin1_General_100_BIN2,
    CHECK ((ended_at IS NULL AND ended_by IS NULL) OR (ended_at IS NOT NULL AND ended_by IS NOT NULL))
);
CREATE UNIQUE INDEX commissions_one_live ON commissions (campaign_id, kind) WHERE ended_at IS NULL;

CREATE TABLE commission_members (
    id            binary(16) NOT NULL PRIMARY KEY,
    commission_id binary(16) NOT NULL REFERENCES commissions (id),
    account_id    binary(16) NOT NULL REFERENCES access_accounts (id),
    role          nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (role IN ('chair','deputy','member')),
    -- Of a marking commission; decides who may be the third.
    standing      nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (standing IN ('main','senior','lead')),
    -- Blocks of the framework that the expert marks, JSON; [] means all.
    blocks        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- The order in which scripts come to this expert.
    shuffle_seed  int NOT NULL CHECK (shuffle_seed BETWEEN 1 AND 2147483628),
    appointed_at  datetime2(6) NOT NULL,
    appointed_by  nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    left_at       datetime2(6),
    left_reason   nvarchar(max) COLLATE Latin1_General_100_BIN2,
    CHECK ((left_at IS NULL AND left_reason IS NULL) OR (left_at IS NOT NULL AND left_reason IS NOT NULL))
);
CREATE UNIQUE INDEX commission_members_one_live ON commission_members (commission_id, account_id) WHERE left_at IS NULL;
CREATE UNIQUE INDEX commission_members_one_chair ON commission_members (commission_id) WHERE role = 'chair' AND left_at IS NULL;
CREATE INDEX commission_members_account ON commission_members (account_id) WHERE left_at IS NULL;

-- Relatives and acquaintances declared: their scripts are never given to this account.
CREATE TABLE commission_conflicts (
    commission_id  binary(16) NOT NULL REFERENCES commissions (id),
    account_id     binary(16) NOT NULL REFERENCES access_accounts (id),
    participant_id binary(16) NOT NULL REFERENCES participants (id),
    reason         nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    declared_at    datetime2(6) NOT NULL,
    declared_by    nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    PRIMARY KEY (commission_id, account_id, participant_id)
);
CREATE INDEX commission_conflicts_account ON commission_conflicts (account_id, participant_id);

-- A right given with a commission ends with it.
ALTER TABLE access_grants ADD commission_id binary(16) REFERENCES commissions (id);
GO
ALTER TABLE access_grants ADD CHECK (commission_id IS NULL OR scope = 'campaign');
-- Two nulls are one value to a unique index here.
CREATE UNIQUE INDEX access_grants_live ON access_grants (account_id, role, scope, scope_id, commission_id) WHERE ended_at IS NULL;

-- How many readings besides the independent ones are due or done, and why the last was called: a discrepancy, a second look.
ALTER TABLE marking_tasks ADD thirds int NOT NULL DEFAULT 0;
ALTER TABLE marking_tasks ADD third_reason nvarchar(max) COLLATE Latin1_General_100_BIN2;
-- Block of the framework; '' in scripts queued before there were commissions.
ALTER TABLE marking_tasks ADD block nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT '';
-- Equal for answers that differ only in case, blanks and punctuation: one decision may serve them all.
ALTER TABLE marking_tasks ADD likeness nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT '';
GO
CREATE INDEX marking_tasks_campaign ON marking_tasks (campaign_id, session_id);
CREATE INDEX marking_tasks_likeness ON marking_tasks (campaign_id, item_code, item_version, likeness) WHERE state = 'waiting';

-- What experts tell the chair of a script: «автор раскрыл себя» and the like.
CREATE TABLE marking_flags (
    id            binary(16) NOT NULL PRIMARY KEY,
    assignment_id binary(16) NOT NULL REFERENCES marking_assignments (id),
    kind          nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN ('author_revealed','unreadable','other')),
    comment       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    at            datetime2(6) NOT NULL
);
CREATE INDEX marking_flags_assignment ON marking_flags (assignment_id);

-- The protocol with which the chair approves the results of a campaign. The last one stands.
CREATE TABLE marking_protocols (
    campaign_id binary(16) NOT NULL REFERENCES campaigns (id),
    number      int NOT NULL CHECK (number >= 1),
    content     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    approved_by binary(16) NOT NULL REFERENCES access_accounts (id),
    approved_at datetime2(6) NOT NULL,
    PRIMARY KEY (campaign_id, number)
);
GO
CREATE TRIGGER marking_flags_keep_update ON marking_flags AFTER UPDATE AS THROW 51000, N'marking_flags is append-only', 1;
GO
CREATE TRIGGER marking_flags_keep_delete ON marking_flags AFTER DELETE AS THROW 51000, N'marking_flags is append-only', 1;
GO
CREATE TRIGGER marking_protocols_keep_update ON marking_protocols AFTER UPDATE AS THROW 51000, N'marking_protocols is append-only', 1;
GO
CREATE TRIGGER marking_protocols_keep_delete ON marking_protocols AFTER DELETE AS THROW 51000, N'marking_protocols is append-only', 1;
