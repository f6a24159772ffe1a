-- Appeals (clause 7.1.3): the order of the procedure, or the points of one open answer. -----------------------------------
CREATE TABLE appeals (
    id             binary(16) NOT NULL PRIMARY KEY,
    kind           nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN ('procedural','score')),
    campaign_id    binary(16) NOT NULL REFERENCES campaigns (id),
    session_id     binary(16) NOT NULL REFERENCES sessions (id),
    participant_id binary(16) NOT NULL REFERENCES participants (id),
    slot           int,
    ground         nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (ground IN ('procedure','marks','technical','item_content','closed_item','own_violation','answer_form')),
    statement      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    state          nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (state IN ('filed','admitted','refused','withdrawn','in_consideration','decided')),
    revision       int NOT NULL DEFAULT 1,
    filed_at       datetime2(6) NOT NULL,
    filed_by       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- Counted once, when it is filed: a later calendar does not move what people were told.
    remind_at      datetime2(6) NOT NULL,
    due_at         datetime2(6) NOT NULL,
    -- The proposal that is voted on; 0 while there is none.
    proposal       int NOT NULL DEFAULT 0 CHECK (proposal >= 0),
    marks_opened_at datetime2(6),
    outcome        nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (outcome IN ('rejected','satisfied_up','satisfied_down','technical_correction','upheld')),
    -- Of the refusal or the decision: the clause it rests on, and why.
    clause         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    reason         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    closed_at      datetime2(6),
    closed_by      nvarchar(max) COLLATE Latin1_General_100_BIN2,
    -- The session given instead of the annulled one.
    new_session_id binary(16) REFERENCES sessions (id),
    CHECK ((kind = 'score' AND slot IS NOT NULL) OR (kind <> 'score' AND slot IS NULL)),
    CHECK ((state = 'decided' AND outcome IS NOT NULL) OR (state <> 'decided' AND outcome IS NULL)),
    CHECK ((state IN ('refused','withdrawn','decided') AND closed_at IS NOT NULL) OR (state NOT IN ('refused','withdrawn','decided') AND closed_at IS NULL)),
    CHECK ((closed_at IS NULL AND closed_by IS NULL) OR (closed_at IS NOT NULL AND closed_by IS NOT NULL)),
    CHECK (state NOT IN ('refused','decided') OR (clause IS NOT NULL AND reason IS NOT NULL)),
    CHECK (new_session_id IS NULL OR outcome = 'upheld')
);
-- One matter, one appeal at a time, and none after it was decided.
CREATE UNIQUE INDEX appeals_one_of_slot ON appeals (session_id, slot) WHERE kind = 'score' AND state IN ('filed','admitted','in_consideration','decided');
CREATE UNIQUE INDEX appeals_one_of_session ON appeals (session_id) WHERE kind = 'procedural' AND state IN ('filed','admitted','in_consideration','decided');
CREATE INDEX appeals_session ON appeals (session_id, id);
CREATE INDEX appeals_campaign ON appeals (campaign_id, id);
CREATE INDEX appeals_participant ON appeals (participant_id, id);

-- What the presiding member puts to the vote. The last one stands; a voted-down one stays on record.
CREATE TABLE appeal_proposals (
    appeal_id   binary(16) NOT NULL REFERENCES appeals (id),
    number      int NOT NULL CHECK (number >= 1),
    outcome     nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (outcome IN ('rejected','satisfied_up','satisfied_down','technical_correction','upheld')),
    -- Points by criteria, JSON, where the decision changes points.
    criteria    nvarchar(max) COLLATE Latin1_General_100_BIN2,
    clause      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    reason      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    proposed_by binary(16) NOT NULL REFERENCES access_accounts (id),
    proposed_at datetime2(6) NOT NULL,
    PRIMARY KEY (appeal_id, number),
    CHECK ((criteria IS NOT NULL AND outcome IN ('satisfied_up','satisfied_down','technical_correction')) OR (criteria IS NULL AND outcome NOT IN ('satisfied_up','satisfied_down','technical_correction')))
);

CREATE TABLE appeal_votes (
    appeal_id binary(16) NOT NULL,
    proposal  int NOT NULL,
    member_id binary(16) NOT NULL REFERENCES access_accounts (id),
    in_favour bit NOT NULL,
    -- Особое мнение.
    dissent   nvarchar(max) COLLATE Latin1_General_100_BIN2,
    voted_at  datetime2(6) NOT NULL,
    PRIMARY KEY (appeal_id, proposal, member_id),
    FOREIGN KEY (appeal_id, proposal) REFERENCES appeal_proposals (appeal_id, number),
    CHECK (dissent IS NULL OR in_favour = 0)
);

-- Recusals that a member has declared; others follow from what the member has done and are found when needed.
CREATE TABLE appeal_recusals (
    appeal_id   binary(16) NOT NULL REFERENCES appeals (id),
    member_id   binary(16) NOT NULL REFERENCES access_accounts (id),
    reason      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    declared_at datetime2(6) NOT NULL,
    PRIMARY KEY (appeal_id, member_id)
);

-- Whoever has had a script in hand, lapsed claims too.
CREATE INDEX marking_assignments_task ON marking_assignments (task_id, expert_id);
-- Who knows the author is asked for every member at once.
CREATE INDEX commission_conflicts_participant ON commission_conflicts (participant_id, account_id);

CREATE TABLE appeal_events (
    id        binary(16) NOT NULL PRIMARY KEY,
    appeal_id binary(16) NOT NULL REFERENCES appeals (id),
    kind      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    at        datetime2(6) NOT NULL,
    actor     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    details   nvarchar(max) COLLATE Latin1_General_100_BIN2
);
CREATE INDEX appeal_events_appeal ON appeal_events (appeal_id, at, id);

-- A session given after an upheld appeal may be begun until then, when the campaign's own window is over.
ALTER TABLE sessions ADD sit_until datetime2(6);
GO
CREATE TRIGGER appeal_proposals_keep_update ON appeal_proposals AFTER UPDATE AS THROW 51000, N'appeal_proposals is append-only', 1;
GO
CREATE TRIGGER appeal_proposals_keep_delete ON appeal_proposals AFTER DELETE AS THROW 51000, N'appeal_proposals is append-only', 1;
GO
CREATE TRIGGER appeal_votes_keep_update ON appeal_votes AFTER UPDATE AS THROW 51000, N'appeal_votes is append-only', 1;
GO
CREATE TRIGGER appeal_votes_keep_delete ON appeal_votes AFTER DELETE AS THROW 51000, N'appeal_votes is append-only', 1;
GO
CREATE TRIGGER appeal_recusals_keep_update ON appeal_recusals AFTER UPDATE AS THROW 51000, N'appeal_recusals is append-only', 1;
GO
CREATE TRIGGER appeal_recusals_keep_delete ON appeal_recusals AFTER DELETE AS THROW 51000, N'appeal_recusals is append-only', 1;
GO
CREATE TRIGGER appeal_events_keep_update ON appeal_events AFTER UPDATE AS THROW 51000, N'appeal_events is append-only', 1;
GO
CREATE TRIGGER appeal_events_keep_delete ON appeal_events AFTER DELETE AS THROW 51000, N'appeal_events is append-only', 1;
