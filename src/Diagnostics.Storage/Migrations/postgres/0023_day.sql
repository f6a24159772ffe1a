-- Somebody who did not come: the session waits until the person is given another day, or the mark is taken back.
ALTER TABLE sessions ADD COLUMN absent_at timestamptz CHECK (absent_at IS NULL OR started_at IS NULL);
-- When an annulment was taken back: such a session may end after its campaign was published, and is looked for then.
ALTER TABLE sessions ADD COLUMN restored_at timestamptz;
CREATE INDEX sessions_restored ON sessions (restored_at) WHERE restored_at IS NOT NULL;

-- A power cut at a site, of one sitting or of whatever is sat there: who was at work is paused at one moment and resumed at one moment.
CREATE TABLE site_interruptions (
    id          uuid NOT NULL PRIMARY KEY,
    campaign_id uuid NOT NULL,
    site_id     uuid NOT NULL,
    sitting_id  uuid REFERENCES campaign_sittings (id),
    began_at    timestamptz NOT NULL,
    reason      text COLLATE "C" NOT NULL,
    began_by    text COLLATE "C" NOT NULL,
    ended_at    timestamptz,
    ended_by    text COLLATE "C",
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK (ended_at >= began_at)
);
CREATE UNIQUE INDEX site_interruptions_site ON site_interruptions (campaign_id, site_id) WHERE ended_at IS NULL AND sitting_id IS NULL;
CREATE UNIQUE INDEX site_interruptions_sitting ON site_interruptions (sitting_id) WHERE ended_at IS NULL AND sitting_id IS NOT NULL;

-- Whom it paused. Who was resumed alone since, or was paused for a reason of their own, is not resumed with the others: such a session
-- is not paused since the moment at which the interruption began.
CREATE TABLE site_interruption_sessions (
    interruption_id uuid NOT NULL REFERENCES site_interruptions (id),
    session_id      uuid NOT NULL REFERENCES sessions (id),
    PRIMARY KEY (interruption_id, session_id)
);
CREATE TRIGGER site_interruption_sessions_keep_update BEFORE UPDATE ON site_interruption_sessions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER site_interruption_sessions_keep_delete BEFORE DELETE ON site_interruption_sessions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER site_interruption_sessions_keep_truncate BEFORE TRUNCATE ON site_interruption_sessions FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
