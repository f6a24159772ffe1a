-- Commissions (clause 7.1.3): the marking commission (РК) and the conflict commission of a campaign. -----------------------
CREATE TABLE commissions (
    id          TEXT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('marking','conflict')),
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    title       TEXT NOT NULL,
    revision    INTEGER NOT NULL DEFAULT 1,
    created_at  TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    ended_at    TEXT,
    ended_by    TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX commissions_one_live ON commissions (campaign_id, kind) WHERE ended_at IS NULL;

CREATE TABLE commission_members (
    id            TEXT NOT NULL PRIMARY KEY,
    commission_id TEXT NOT NULL REFERENCES commissions (id),
    account_id    TEXT NOT NULL REFERENCES access_accounts (id),
    role          TEXT NOT NULL CHECK (role IN ('chair','deputy','member')),
    -- Of a marking commission; decides who may be the third.
    standing      TEXT NOT NULL CHECK (standing IN ('main','senior','lead')),
    -- Blocks of the framework that the expert marks, JSON; [] means all.
    blocks        TEXT NOT NULL,
    -- The order in which scripts come to this expert.
    shuffle_seed  INTEGER NOT NULL CHECK (shuffle_seed BETWEEN 1 AND 2147483628),
    appointed_at  TEXT NOT NULL,
    appointed_by  TEXT NOT NULL,
    left_at       TEXT,
    left_reason   TEXT,
    CHECK ((left_at IS NULL) = (left_reason IS NULL))
);
CREATE UNIQUE INDEX commission_members_one_live ON commission_members (commission_id, account_id) WHERE left_at IS NULL;
CREATE UNIQUE INDEX commission_members_one_chair ON commission_members (commission_id) WHERE role = 'chair' AND left_at IS NULL;
CREATE INDEX commission_members_account ON commission_members (account_id) WHERE left_at IS NULL;

-- Relatives and acquaintances declared: their scripts are never given to this account.
CREATE TABLE commission_conflicts (
    commission_id  TEXT NOT NULL REFERENCES commissions (id),
    account_id     TEXT NOT NULL REFERENCES access_accounts (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    reason         TEXT NOT NULL,
    declared_at    TEXT NOT NULL,
    declared_by    TEXT NOT NULL,
    PRIMARY KEY (commission_id, account_id, participant_id)
);
CREATE INDEX commission_conflicts_account ON commission_conflicts (account_id, participant_id);

-- Grants: roles of the conflict commission; a right given with a commission ends with it.
CREATE TABLE access_grants_2 (
    id            TEXT NOT NULL PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES access_accounts (id),
    role          TEXT NOT NULL CHECK (role IN ('administrator','auditor','operator','author','reviewer','site_head','invigilator','expert','chair','conflict_member','conflict_chair','methodist','participant')),
    scope         TEXT NOT NULL CHECK (scope IN ('all','campaign','site','territory')),
    scope_id      TEXT,
    commission_id TEXT REFERENCES commissions (id),
    granted_by    TEXT,
    granted_at    TEXT NOT NULL,
    ended_at      TEXT,
    CHECK ((scope = 'all') = (scope_id IS NULL)),
    CHECK (commission_id IS NULL OR scope = 'campaign')
);
INSERT INTO access_grants_2 (id, account_id, role, scope, scope_id, commission_id, granted_by, granted_at, ended_at)
SELECT id, account_id, role, scope, scope_id, NULL, granted_by, granted_at, ended_at FROM access_grants;
DROP TABLE access_grants;
ALTER TABLE access_grants_2 RENAME TO access_grants;
CREATE UNIQUE INDEX access_grants_live ON access_grants (account_id, role, scope, COALESCE(scope_id, ''), COALESCE(commission_id, '')) WHERE ended_at IS NULL;

-- Policies of appeals and calendars. The child is copied first, so that no reference is ever broken.
CREATE TABLE policies_2 (
    kind        TEXT NOT NULL CHECK (kind IN ('level_scale','session','marking','scoring','consent','appeals','calendar')),
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL CHECK (version >= 1),
    content     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    created_by  TEXT,
    PRIMARY KEY (kind, code, version)
);
INSERT INTO policies_2 (kind, code, version, content, fingerprint, created_at, created_by)
SELECT kind, code, version, content, fingerprint, created_at, created_by FROM policies;
CREATE TABLE campaign_policies_2 (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    kind        TEXT NOT NULL,
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, kind),
    FOREIGN KEY (kind, code, version) REFERENCES policies_2 (kind, code, version)
);
INSERT INTO campaign_policies_2 (campaign_id, kind, code, version) SELECT campaign_id, kind, code, version FROM campaign_policies;
DROP TABLE campaign_policies;
DROP TABLE policies;
ALTER TABLE policies_2 RENAME TO policies;
ALTER TABLE campaign_policies_2 RENAME TO campaign_policies;
CREATE TRIGGER policies_keep_update BEFORE UPDATE ON policies BEGIN SELECT RAISE(ABORT, 'policies never change'); END;
CREATE TRIGGER policies_keep_delete BEFORE DELETE ON policies BEGIN SELECT RAISE(ABORT, 'policies never change'); END;

-- Rounds: a round that joins independent marks by the policy's rule has no author.
CREATE TABLE marking_rounds_2 (
    session_id   TEXT NOT NULL REFERENCES sessions (id),
    slot         INTEGER NOT NULL,
    number       INTEGER NOT NULL CHECK (number >= 1),
    kind         TEXT NOT NULL CHECK (kind IN ('auto','expert','adjudication','appeal','rescore')),
    -- Which saved answer was scored; 0 when there was none. A session taken up again may bring a newer one.
    response_revision INTEGER NOT NULL CHECK (response_revision >= 0),
    outcome      TEXT NOT NULL CHECK (outcome IN ('blank','untouched','wrong','partial','right','unmatched','awaiting_marking')),
    points       INTEGER NOT NULL,
    maximum      INTEGER NOT NULL,
    rule         TEXT NOT NULL,
    item_code    TEXT NOT NULL,
    item_version INTEGER NOT NULL,
    normalised   TEXT,
    criteria     TEXT,
    marked_by    TEXT REFERENCES access_accounts (id),
    reason       TEXT,
    at           TEXT NOT NULL,
    PRIMARY KEY (session_id, slot, number),
    CHECK (points BETWEEN 0 AND maximum),
    CHECK (CASE kind WHEN 'auto' THEN marked_by IS NULL WHEN 'adjudication' THEN (marked_by IS NULL) = (criteria IS NULL) ELSE marked_by IS NOT NULL END),
    CHECK ((kind = 'expert') <= (criteria IS NOT NULL)),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
) WITHOUT ROWID;
INSERT INTO marking_rounds_2 (session_id, slot, number, kind, response_revision, outcome, points, maximum, rule, item_code, item_version, normalised, criteria, marked_by, reason, at)
SELECT session_id, slot, number, kind, response_revision, outcome, points, maximum, rule, item_code, item_version, normalised, criteria, marked_by, reason, at FROM marking_rounds;
DROP TABLE marking_rounds;
ALTER TABLE marking_rounds_2 RENAME TO marking_rounds;
CREATE INDEX marking_rounds_review ON marking_rounds (item_code, item_version, normalised) WHERE normalised IS NOT NULL;
CREATE TRIGGER marking_rounds_keep_update BEFORE UPDATE ON marking_rounds BEGIN SELECT RAISE(ABORT, 'marking_rounds is append-only'); END;
CREATE TRIGGER marking_rounds_keep_delete BEFORE DELETE ON marking_rounds BEGIN SELECT RAISE(ABORT, 'marking_rounds is append-only'); END;

-- How many readings besides the independent ones are due or done, and why the last was called: a discrepancy, a second look.
ALTER TABLE marking_tasks ADD COLUMN thirds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE marking_tasks ADD COLUMN third_reason TEXT;
-- Block of the framework; '' in scripts queued before there were commissions.
ALTER TABLE marking_tasks ADD COLUMN block TEXT NOT NULL DEFAULT '';
-- Equal for answers that differ only in case, blanks and punctuation: one decision may serve them all.
ALTER TABLE marking_tasks ADD COLUMN likeness TEXT NOT NULL DEFAULT '';
CREATE INDEX marking_tasks_campaign ON marking_tasks (campaign_id, session_id);
CREATE INDEX marking_tasks_likeness ON marking_tasks (campaign_id, item_code, item_version, likeness) WHERE state = 'waiting';

-- What experts tell the chair of a script: «автор раскрыл себя» and the like.
CREATE TABLE marking_flags (
    id            TEXT NOT NULL PRIMARY KEY,
    assignment_id TEXT NOT NULL REFERENCES marking_assignments (id),
    kind          TEXT NOT NULL CHECK (kind IN ('author_revealed','unreadable','other')),
    comment       TEXT NOT NULL,
    at            TEXT NOT NULL
);
CREATE INDEX marking_flags_assignment ON marking_flags (assignment_id);

-- The protocol with which the chair approves the results of a campaign. The last one stands.
CREATE TABLE marking_protocols (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    number      INTEGER NOT NULL CHECK (number >= 1),
    content     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    approved_by TEXT NOT NULL REFERENCES access_accounts (id),
    approved_at TEXT NOT NULL,
    PRIMARY KEY (campaign_id, number)
);
CREATE TRIGGER marking_flags_keep_update BEFORE UPDATE ON marking_flags BEGIN SELECT RAISE(ABORT, 'marking_flags is append-only'); END;
CREATE TRIGGER marking_flags_keep_delete BEFORE DELETE ON marking_flags BEGIN SELECT RAISE(ABORT, 'marking_flags is append-only'); END;
CREATE TRIGGER marking_protocols_keep_update BEFORE UPDATE ON marking_protocols BEGIN SELECT RAISE(ABORT, 'marking_protocols is append-only'); END;
CREATE TRIGGER marking_protocols_keep_delete BEFORE DELETE ON marking_protocols BEGIN SELECT RAISE(ABORT, 'marking_protocols is append-only'); END;
