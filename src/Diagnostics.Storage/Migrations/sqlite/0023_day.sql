-- Somebody who did not come: the session waits until the person is given another day, or the mark is taken back.
ALTER TABLE sessions ADD COLUMN absent_at TEXT CHECK (absent_at IS NULL OR started_at IS NULL);
-- When an annulment was taken back: such a session may end after its campaign was published, and is looked for then.
ALTER TABLE sessions ADD COLUMN restored_at TEXT;
CREATE INDEX sessions_restored ON sessions (restored_at) WHERE restored_at IS NOT NULL;

-- A power cut at a site, of one sitting or of whatever is sat there: who was at work is paused at one moment and resumed at one moment.
CREATE TABLE site_interruptions (
    id          TEXT NOT NULL PRIMARY KEY,
    campaign_id TEXT NOT NULL,
    site_id     TEXT NOT NULL,
    sitting_id  TEXT REFERENCES campaign_sittings (id),
    began_at    TEXT NOT NULL,
    reason      TEXT NOT NULL,
    began_by    TEXT NOT NULL,
    ended_at    TEXT,
    ended_by    TEXT,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK (ended_at >= began_at)
);
CREATE UNIQUE INDEX site_interruptions_site ON site_interruptions (campaign_id, site_id) WHERE ended_at IS NULL AND sitting_id IS NULL;
CREATE UNIQUE INDEX site_interruptions_sitting ON site_interruptions (sitting_id) WHERE ended_at IS NULL AND sitting_id IS NOT NULL;

-- Whom it paused. Who was resumed alone since, or was paused for a reason of their own, is not resumed with the others: such a session
-- is not paused since the moment at which the interruption began.
CREATE TABLE site_interruption_sessions (
    interruption_id TEXT NOT NULL REFERENCES site_interruptions (id),
    session_id      TEXT NOT NULL REFERENCES sessions (id),
    PRIMARY KEY (interruption_id, session_id)
);
CREATE TRIGGER site_interruption_sessions_keep_update BEFORE UPDATE ON site_interruption_sessions BEGIN SELECT RAISE(ABORT, 'site_interruption_sessions is append-only'); END;
CREATE TRIGGER site_interruption_sessions_keep_delete BEFORE DELETE ON site_interruption_sessions BEGIN SELECT RAISE(ABORT, 'site_interruption_sessions is append-only'); END;
