-- Appeals (clause 7.1.3): the order of the procedure, or the points of one open answer. -----------------------------------
CREATE TABLE appeals (
    id             TEXT NOT NULL PRIMARY KEY,
    kind           TEXT NOT NULL CHECK (kind IN ('procedural','score')),
    campaign_id    TEXT NOT NULL REFERENCES campaigns (id),
    session_id     TEXT NOT NULL REFERENCES sessions (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    slot           INTEGER,
    ground         TEXT NOT NULL CHECK (ground IN ('procedure','marks','technical','item_content','closed_item','own_violation','answer_form')),
    statement      TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('filed','admitted','refused','withdrawn','in_consideration','decided')),
    revision       INTEGER NOT NULL DEFAULT 1,
    filed_at       TEXT NOT NULL,
    filed_by       TEXT NOT NULL,
    -- Counted once, when it is filed: a later calendar does not move what people were told.
    remind_at      TEXT NOT NULL,
    due_at         TEXT NOT NULL,
    -- The proposal that is voted on; 0 while there is none.
    proposal       INTEGER NOT NULL DEFAULT 0 CHECK (proposal >= 0),
    marks_opened_at TEXT,
    outcome        TEXT CHECK (outcome IN ('rejected','satisfied_up','satisfied_down','technical_correction','upheld')),
    -- Of the refusal or the decision: the clause it rests on, and why.
    clause         TEXT,
    reason         TEXT,
    closed_at      TEXT,
    closed_by      TEXT,
    -- The session given instead of the annulled one.
    new_session_id TEXT REFERENCES sessions (id),
    CHECK ((kind = 'score') = (slot IS NOT NULL)),
    CHECK ((state = 'decided') = (outcome IS NOT NULL)),
    CHECK ((state IN ('refused','withdrawn','decided')) = (closed_at IS NOT NULL)),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CHECK (state NOT IN ('refused','decided') OR (clause IS NOT NULL AND reason IS NOT NULL)),
    CHECK ((outcome = 'upheld') >= (new_session_id IS NOT NULL))
);
-- One matter, one appeal at a time, and none after it was decided.
CREATE UNIQUE INDEX appeals_one_of_slot ON appeals (session_id, slot) WHERE kind = 'score' AND state IN ('filed','admitted','in_consideration','decided');
CREATE UNIQUE INDEX appeals_one_of_session ON appeals (session_id) WHERE kind = 'procedural' AND state IN ('filed','admitted','in_consideration','decided');
CREATE INDEX appeals_session ON appeals (session_id, id);
CREATE INDEX appeals_campaign ON appeals (campaign_id, id);
CREATE INDEX appeals_participant ON appeals (participant_id, id);

-- What the presiding member puts to the vote. The last one stands; a voted-down one stays on record.
CREATE TABLE appeal_proposals (
    appeal_id   TEXT NOT NULL REFERENCES appeals (id),
    number      INTEGER NOT NULL CHECK (number >= 1),
    outcome     TEXT NOT NULL CHECK (outcome IN ('rejected','satisfied_up','satisfied_down','technical_correction','upheld')),
    -- Points by criteria, JSON, where the decision changes points.
    criteria    TEXT,
    clause      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES access_accounts (id),
    proposed_at TEXT NOT NULL,
    PRIMARY KEY (appeal_id, number),
    CHECK ((criteria IS NOT NULL) = (outcome IN ('satisfied_up','satisfied_down','technical_correction')))
);

CREATE TABLE appeal_votes (
    appeal_id TEXT NOT NULL,
    proposal  INTEGER NOT NULL,
    member_id TEXT NOT NULL REFERENCES access_accounts (id),
    in_favour INTEGER NOT NULL CHECK (in_favour IN (0, 1)),
    -- Особое мнение.
    dissent   TEXT,
    voted_at  TEXT NOT NULL,
    PRIMARY KEY (appeal_id, proposal, member_id),
    FOREIGN KEY (appeal_id, proposal) REFERENCES appeal_proposals (appeal_id, number),
    CHECK (dissent IS NULL OR in_favour = 0)
);

-- Recusals that a member has declared; others follow from what the member has done and are found when needed.
CREATE TABLE appeal_recusals (
    appeal_id   TEXT NOT NULL REFERENCES appeals (id),
    member_id   TEXT NOT NULL REFERENCES access_accounts (id),
    reason      TEXT NOT NULL,
    declared_at TEXT NOT NULL,
    PRIMARY KEY (appeal_id, member_id)
);

-- Whoever has had a script in hand, lapsed claims too.
CREATE INDEX marking_assignments_task ON marking_assignments (task_id, expert_id);
-- Who knows the author is asked for every member at once.
CREATE INDEX commission_conflicts_participant ON commission_conflicts (participant_id, account_id);

CREATE TABLE appeal_events (
    id        TEXT NOT NULL PRIMARY KEY,
    appeal_id TEXT NOT NULL REFERENCES appeals (id),
    kind      TEXT NOT NULL,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL,
    details   TEXT
);
CREATE INDEX appeal_events_appeal ON appeal_events (appeal_id, at, id);

CREATE TRIGGER appeal_proposals_keep_update BEFORE UPDATE ON appeal_proposals BEGIN SELECT RAISE(ABORT, 'appeal_proposals is append-only'); END;
CREATE TRIGGER appeal_proposals_keep_delete BEFORE DELETE ON appeal_proposals BEGIN SELECT RAISE(ABORT, 'appeal_proposals is append-only'); END;
CREATE TRIGGER appeal_votes_keep_update BEFORE UPDATE ON appeal_votes BEGIN SELECT RAISE(ABORT, 'appeal_votes is append-only'); END;
CREATE TRIGGER appeal_votes_keep_delete BEFORE DELETE ON appeal_votes BEGIN SELECT RAISE(ABORT, 'appeal_votes is append-only'); END;
CREATE TRIGGER appeal_recusals_keep_update BEFORE UPDATE ON appeal_recusals BEGIN SELECT RAISE(ABORT, 'appeal_recusals is append-only'); END;
CREATE TRIGGER appeal_recusals_keep_delete BEFORE DELETE ON appeal_recusals BEGIN SELECT RAISE(ABORT, 'appeal_recusals is append-only'); END;
CREATE TRIGGER appeal_events_keep_update BEFORE UPDATE ON appeal_events BEGIN SELECT RAISE(ABORT, 'appeal_events is append-only'); END;
CREATE TRIGGER appeal_events_keep_delete BEFORE DELETE ON appeal_events BEGIN SELECT RAISE(ABORT, 'appeal_events is append-only'); END;

-- A session given after an upheld appeal may be begun until then, when the campaign's own window is over.
ALTER TABLE sessions ADD COLUMN sit_until TEXT;
