-- Appeals (clause 7.1.3): the order of the procedure, or the points of one open answer. -----------------------------------
CREATE TABLE appeals (
    id             uuid NOT NULL PRIMARY KEY,
    kind           text COLLATE "C" NOT NULL CHECK (kind IN ('procedural','score')),
    campaign_id    uuid NOT NULL REFERENCES campaigns (id),
    session_id     uuid NOT NULL REFERENCES sessions (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    slot           integer,
    ground         text COLLATE "C" NOT NULL CHECK (ground IN ('procedure','marks','technical','item_content','closed_item','own_violation','answer_form')),
    statement      text COLLATE "C" NOT NULL,
    state          text COLLATE "C" NOT NULL CHECK (state IN ('filed','admitted','refused','withdrawn','in_consideration','decided')),
    revision       integer NOT NULL DEFAULT 1,
    filed_at       timestamptz NOT NULL,
    filed_by       text COLLATE "C" NOT NULL,
    -- Counted once, when it is filed: a later calendar does not move what people were told.
    remind_at      timestamptz NOT NULL,
    due_at         timestamptz NOT NULL,
    -- The proposal that is voted on; 0 while there is none.
    proposal       integer NOT NULL DEFAULT 0 CHECK (proposal >= 0),
    marks_opened_at timestamptz,
    outcome        text COLLATE "C" CHECK (outcome IN ('rejected','satisfied_up','satisfied_down','technical_correction','upheld')),
    -- Of the refusal or the decision: the clause it rests on, and why.
    clause         text COLLATE "C",
    reason         text COLLATE "C",
    closed_at      timestamptz,
    closed_by      text COLLATE "C",
    -- The session given instead of the annulled one.
    new_session_id uuid REFERENCES sessions (id),
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
    appeal_id   uuid NOT NULL REFERENCES appeals (id),
    number      integer NOT NULL CHECK (number >= 1),
    outcome     text COLLATE "C" NOT NULL CHECK (outcome IN ('rejected','satisfied_up','satisfied_down','technical_correction','upheld')),
    -- Points by criteria, JSON, where the decision changes points.
    criteria    text COLLATE "C",
    clause      text COLLATE "C" NOT NULL,
    reason      text COLLATE "C" NOT NULL,
    proposed_by uuid NOT NULL REFERENCES access_accounts (id),
    proposed_at timestamptz NOT NULL,
    PRIMARY KEY (appeal_id, number),
    CHECK ((criteria IS NOT NULL) = (outcome IN ('satisfied_up','satisfied_down','technical_correction')))
);

CREATE TABLE appeal_votes (
    appeal_id uuid NOT NULL,
    proposal  integer NOT NULL,
    member_id uuid NOT NULL REFERENCES access_accounts (id),
    in_favour boolean NOT NULL,
    -- Особое мнение.
    dissent   text COLLATE "C",
    voted_at  timestamptz NOT NULL,
    PRIMARY KEY (appeal_id, proposal, member_id),
    FOREIGN KEY (appeal_id, proposal) REFERENCES appeal_proposals (appeal_id, number),
    CHECK (dissent IS NULL OR in_favour = FALSE)
);

-- Recusals that a member has declared; others follow from what the member has done and are found when needed.
CREATE TABLE appeal_recusals (
    appeal_id   uuid NOT NULL REFERENCES appeals (id),
    member_id   uuid NOT NULL REFERENCES access_accounts (id),
    reason      text COLLATE "C" NOT NULL,
    declared_at timestamptz NOT NULL,
    PRIMARY KEY (appeal_id, member_id)
);

-- Whoever has had a script in hand, lapsed claims too.
CREATE INDEX marking_assignments_task ON marking_assignments (task_id, expert_id);
-- Who knows the author is asked for every member at once.
CREATE INDEX commission_conflicts_participant ON commission_conflicts (participant_id, account_id);

CREATE TABLE appeal_events (
    id        uuid NOT NULL PRIMARY KEY,
    appeal_id uuid NOT NULL REFERENCES appeals (id),
    kind      text COLLATE "C" NOT NULL,
    at        timestamptz NOT NULL,
    actor     text COLLATE "C" NOT NULL,
    details   text COLLATE "C"
);
CREATE INDEX appeal_events_appeal ON appeal_events (appeal_id, at, id);

CREATE TRIGGER appeal_proposals_keep_update BEFORE UPDATE ON appeal_proposals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_proposals_keep_delete BEFORE DELETE ON appeal_proposals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_proposals_keep_truncate BEFORE TRUNCATE ON appeal_proposals FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_votes_keep_update BEFORE UPDATE ON appeal_votes FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_votes_keep_delete BEFORE DELETE ON appeal_votes FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_votes_keep_truncate BEFORE TRUNCATE ON appeal_votes FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_recusals_keep_update BEFORE UPDATE ON appeal_recusals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_recusals_keep_delete BEFORE DELETE ON appeal_recusals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_recusals_keep_truncate BEFORE TRUNCATE ON appeal_recusals FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_events_keep_update BEFORE UPDATE ON appeal_events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_events_keep_delete BEFORE DELETE ON appeal_events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER appeal_events_keep_truncate BEFORE TRUNCATE ON appeal_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');

-- A session given after an upheld appeal may be begun until then, when the campaign's own window is over.
ALTER TABLE sessions ADD COLUMN sit_until timestamptz;
