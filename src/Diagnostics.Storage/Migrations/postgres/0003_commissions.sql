-- Commissions (clause 7.1.3): the marking commission (РК) and the conflict commission of a campaign. -----------------------
CREATE TABLE commissions (
    id          uuid NOT NULL PRIMARY KEY,
    kind        text COLLATE "C" NOT NULL CHECK (kind IN ('marking','conflict')),
    campaign_id uuid NOT NULL REFERENCES campaigns (id),
    title       text COLLATE "C" NOT NULL,
    revision    integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    created_by  text COLLATE "C" NOT NULL,
    ended_at    timestamptz,
    ended_by    text COLLATE "C",
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX commissions_one_live ON commissions (campaign_id, kind) WHERE ended_at IS NULL;

CREATE TABLE commission_members (
    id            uuid NOT NULL PRIMARY KEY,
    commission_id uuid NOT NULL REFERENCES commissions (id),
    account_id    uuid NOT NULL REFERENCES access_accounts (id),
    role          text COLLATE "C" NOT NULL CHECK (role IN ('chair','deputy','member')),
    -- Of a marking commission; decides who may be the third.
    standing      text COLLATE "C" NOT NULL CHECK (standing IN ('main','senior','lead')),
    -- Blocks of the framework that the expert marks, JSON; [] means all.
    blocks        text COLLATE "C" NOT NULL,
    -- The order in which scripts come to this expert.
    shuffle_seed  integer NOT NULL CHECK (shuffle_seed BETWEEN 1 AND 2147483628),
    appointed_at  timestamptz NOT NULL,
    appointed_by  text COLLATE "C" NOT NULL,
    left_at       timestamptz,
    left_reason   text COLLATE "C",
    CHECK ((left_at IS NULL) = (left_reason IS NULL))
);
CREATE UNIQUE INDEX commission_members_one_live ON commission_members (commission_id, account_id) WHERE left_at IS NULL;
CREATE UNIQUE INDEX commission_members_one_chair ON commission_members (commission_id) WHERE role = 'chair' AND left_at IS NULL;
CREATE INDEX commission_members_account ON commission_members (account_id) WHERE left_at IS NULL;

-- Relatives and acquaintances declared: their scripts are never given to this account.
CREATE TABLE commission_conflicts (
    commission_id  uuid NOT NULL REFERENCES commissions (id),
    account_id     uuid NOT NULL REFERENCES access_accounts (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    reason         text COLLATE "C" NOT NULL,
    declared_at    timestamptz NOT NULL,
    declared_by    text COLLATE "C" NOT NULL,
    PRIMARY KEY (commission_id, account_id, participant_id)
);
CREATE INDEX commission_conflicts_account ON commission_conflicts (account_id, participant_id);

-- A right given with a commission ends with it.
ALTER TABLE access_grants ADD COLUMN commission_id uuid REFERENCES commissions (id);
ALTER TABLE access_grants ADD CHECK (commission_id IS NULL OR scope = 'campaign');
CREATE UNIQUE INDEX access_grants_live ON access_grants
    (account_id, role, scope, COALESCE(scope_id, ''), COALESCE(commission_id, '00000000-0000-0000-0000-000000000000')) WHERE ended_at IS NULL;

-- How many readings besides the independent ones are due or done, and why the last was called: a discrepancy, a second look.
ALTER TABLE marking_tasks ADD COLUMN thirds integer NOT NULL DEFAULT 0;
ALTER TABLE marking_tasks ADD COLUMN third_reason text COLLATE "C";
-- Block of the framework; '' in scripts queued before there were commissions.
ALTER TABLE marking_tasks ADD COLUMN block text COLLATE "C" NOT NULL DEFAULT '';
-- Equal for answers that differ only in case, blanks and punctuation: one decision may serve them all.
ALTER TABLE marking_tasks ADD COLUMN likeness text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX marking_tasks_campaign ON marking_tasks (campaign_id, session_id);
CREATE INDEX marking_tasks_likeness ON marking_tasks (campaign_id, item_code, item_version, likeness) WHERE state = 'waiting';

-- What experts tell the chair of a script: «автор раскрыл себя» and the like.
CREATE TABLE marking_flags (
    id            uuid NOT NULL PRIMARY KEY,
    assignment_id uuid NOT NULL REFERENCES marking_assignments (id),
    kind          text COLLATE "C" NOT NULL CHECK (kind IN ('author_revealed','unreadable','other')),
    comment       text COLLATE "C" NOT NULL,
    at            timestamptz NOT NULL
);
CREATE INDEX marking_flags_assignment ON marking_flags (assignment_id);

-- The protocol with which the chair approves the results of a campaign. The last one stands.
CREATE TABLE marking_protocols (
    campaign_id uuid NOT NULL REFERENCES campaigns (id),
    number      integer NOT NULL CHECK (number >= 1),
    content     text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    approved_by uuid NOT NULL REFERENCES access_accounts (id),
    approved_at timestamptz NOT NULL,
    PRIMARY KEY (campaign_id, number)
);
CREATE TRIGGER marking_flags_keep_update BEFORE UPDATE ON marking_flags FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_flags_keep_delete BEFORE DELETE ON marking_flags FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_flags_keep_truncate BEFORE TRUNCATE ON marking_flags FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_protocols_keep_update BEFORE UPDATE ON marking_protocols FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_protocols_keep_delete BEFORE DELETE ON marking_protocols FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_protocols_keep_truncate BEFORE TRUNCATE ON marking_protocols FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
