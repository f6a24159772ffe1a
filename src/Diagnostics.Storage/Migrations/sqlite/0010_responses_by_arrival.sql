-- Responses lie in the order in which they come, and only their short keys are sorted. Kept in the order of the key, every
-- save wrote to a page of its own among old answers and soon split it: 1.8 pages a save, and the log and its copying are
-- what saves cost. On the servers a table with a key is kept so anyway, or has no such log.
CREATE TABLE session_responses_2 (
    session_id    TEXT NOT NULL REFERENCES sessions (id),
    slot          INTEGER NOT NULL,
    revision      INTEGER NOT NULL CHECK (revision >= 1),
    base_revision INTEGER NOT NULL,
    content       TEXT,
    saved_at      TEXT NOT NULL,
    PRIMARY KEY (session_id, slot, revision),
    CHECK (base_revision = revision - 1)
);
INSERT INTO session_responses_2 (session_id, slot, revision, base_revision, content, saved_at)
SELECT session_id, slot, revision, base_revision, content, saved_at FROM session_responses;
DROP TABLE session_responses;
ALTER TABLE session_responses_2 RENAME TO session_responses;
CREATE TRIGGER session_responses_keep_update BEFORE UPDATE ON session_responses BEGIN SELECT RAISE(ABORT, 'session_responses is append-only'); END;
CREATE TRIGGER session_responses_keep_delete BEFORE DELETE ON session_responses BEGIN SELECT RAISE(ABORT, 'session_responses is append-only'); END;
