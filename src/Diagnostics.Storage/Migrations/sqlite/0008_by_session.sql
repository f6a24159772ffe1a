-- What is written for a session is found by its session first: the key that a database on several servers is divided by
-- (README, "Больше одного сервера базы").
CREATE TABLE session_rejected_responses_2 (
    id            TEXT NOT NULL,
    session_id    TEXT NOT NULL REFERENCES sessions (id),
    slot          INTEGER NOT NULL,
    base_revision INTEGER NOT NULL,
    reason        TEXT NOT NULL,
    content       TEXT,
    received_at   TEXT NOT NULL,
    PRIMARY KEY (session_id, id)
) WITHOUT ROWID;
INSERT INTO session_rejected_responses_2 (id, session_id, slot, base_revision, reason, content, received_at)
SELECT id, session_id, slot, base_revision, reason, content, received_at FROM session_rejected_responses;
DROP TABLE session_rejected_responses;
ALTER TABLE session_rejected_responses_2 RENAME TO session_rejected_responses;
CREATE INDEX session_rejected_responses_session ON session_rejected_responses (session_id, received_at);
CREATE TRIGGER session_rejected_responses_keep_update BEFORE UPDATE ON session_rejected_responses BEGIN SELECT RAISE(ABORT, 'session_rejected_responses is append-only'); END;
CREATE TRIGGER session_rejected_responses_keep_delete BEFORE DELETE ON session_rejected_responses BEGIN SELECT RAISE(ABORT, 'session_rejected_responses is append-only'); END;

CREATE TABLE session_events_2 (
    id         TEXT NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    kind       TEXT NOT NULL,
    at         TEXT NOT NULL,
    actor      TEXT,
    details    TEXT,
    PRIMARY KEY (session_id, id)
) WITHOUT ROWID;
INSERT INTO session_events_2 (id, session_id, kind, at, actor, details) SELECT id, session_id, kind, at, actor, details FROM session_events;
DROP TABLE session_events;
ALTER TABLE session_events_2 RENAME TO session_events;
CREATE INDEX session_events_session ON session_events (session_id, at, id);
CREATE TRIGGER session_events_keep_update BEFORE UPDATE ON session_events BEGIN SELECT RAISE(ABORT, 'session_events is append-only'); END;
CREATE TRIGGER session_events_keep_delete BEFORE DELETE ON session_events BEGIN SELECT RAISE(ABORT, 'session_events is append-only'); END;
