-- A procedural appeal may be against a decision: the annulment of the session, or that the person was not let in. Previous versions
-- read it as one about the procedure. When what is disputed happened tells one annulment of a session from the next.
ALTER TABLE appeals ADD COLUMN disputed TEXT CHECK (disputed IN ('annulment','non_admission'));
ALTER TABLE appeals ADD COLUMN disputed_at TEXT
    CHECK ((disputed IS NULL) = (disputed_at IS NULL)) CHECK (disputed IS NULL OR (kind = 'procedural' AND ground = 'procedure'));
-- Why it was filed too late, in the person's words; the chair admits or refuses it.
ALTER TABLE appeals ADD COLUMN late_cause TEXT CHECK (late_cause IS NULL OR kind = 'procedural');

-- What happened in the session and what was decided about it are matters of their own.
DROP INDEX appeals_one_of_session;
CREATE UNIQUE INDEX appeals_one_of_session ON appeals (session_id) WHERE kind = 'procedural' AND disputed IS NULL AND state IN ('filed','admitted','in_consideration','decided');
CREATE UNIQUE INDEX appeals_one_of_decision ON appeals (session_id, disputed, disputed_at) WHERE disputed IS NOT NULL AND state IN ('filed','admitted','in_consideration','decided');

-- When and where the commission hears an appeal. The last one stands.
CREATE TABLE appeal_hearings (
    appeal_id  TEXT NOT NULL REFERENCES appeals (id),
    number     INTEGER NOT NULL CHECK (number >= 1),
    held_at    TEXT NOT NULL,
    place      TEXT NOT NULL,
    -- To the person, in the chair's words.
    invitation TEXT,
    -- Why it was moved, or lies beyond the day of the decision.
    reason     TEXT,
    set_by     TEXT NOT NULL REFERENCES access_accounts (id),
    set_at     TEXT NOT NULL,
    PRIMARY KEY (appeal_id, number),
    CHECK (number = 1 OR reason IS NOT NULL)
);
CREATE TRIGGER appeal_hearings_keep_update BEFORE UPDATE ON appeal_hearings BEGIN SELECT RAISE(ABORT, 'appeal_hearings is append-only'); END;
CREATE TRIGGER appeal_hearings_keep_delete BEFORE DELETE ON appeal_hearings BEGIN SELECT RAISE(ABORT, 'appeal_hearings is append-only'); END;

-- What the person adds to an appeal; it goes with the person's data. The bytes lie apart: no list reads them.
CREATE TABLE appeal_attachments (
    appeal_id  TEXT NOT NULL REFERENCES appeals (id),
    number     INTEGER NOT NULL CHECK (number BETWEEN 1 AND 5),
    name       TEXT NOT NULL,
    media_type TEXT NOT NULL CHECK (media_type IN ('application/pdf','image/png','image/jpeg')),
    size       INTEGER NOT NULL CHECK (size BETWEEN 1 AND 5242880),
    added_at   TEXT NOT NULL,
    added_by   TEXT NOT NULL,
    PRIMARY KEY (appeal_id, number)
);
CREATE TABLE appeal_attachment_contents (
    appeal_id TEXT NOT NULL,
    number    INTEGER NOT NULL,
    content   BLOB NOT NULL,
    PRIMARY KEY (appeal_id, number),
    FOREIGN KEY (appeal_id, number) REFERENCES appeal_attachments (appeal_id, number)
);
