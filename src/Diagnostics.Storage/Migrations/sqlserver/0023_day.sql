-- Somebody who did not come: the session waits until the person is given another day, or the mark is taken back.
ALTER TABLE sessions ADD absent_at datetime2(6);
-- When an annulment was taken back: such a session may end after its campaign was published, and is looked for then.
ALTER TABLE sessions ADD restored_at datetime2(6);
GO
ALTER TABLE sessions ADD CHECK (absent_at IS NULL OR started_at IS NULL);
CREATE INDEX sessions_restored ON sessions (restored_at) WHERE restored_at IS NOT NULL;

-- A power cut at a site, of one sitting or of whatever is sat there: who was at work is paused at one moment and resumed at one moment.
CREATE TABLE site_interruptions (
    id          binary(16) NOT NULL PRIMARY KEY,
    campaign_id binary(16) NOT NULL,
    site_id     binary(16) NOT NULL,
    sitting_id  binary(16) REFERENCES campaign_sittings (id),
    began_at    datetime2(6) NOT NULL,
    reason      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    began_by    nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    ended_at    datetime2(6),
    ended_by    nvarchar(max) COLLATE Latin1_General_100_BIN2,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    CHECK ((ended_at IS NULL AND ended_by IS NULL) OR (ended_at IS NOT NULL AND ended_by IS NOT NULL)),
    CHECK (ended_at >= began_at)
);
CREATE UNIQUE INDEX site_interruptions_site ON site_interruptions (campaign_id, site_id) WHERE ended_at IS NULL AND sitting_id IS NULL;
CREATE UNIQUE INDEX site_interruptions_sitting ON site_interruptions (sitting_id) WHERE ended_at IS NULL AND sitting_id IS NOT NULL;

-- Whom it paused. Who was resumed alone since, or was paused for a reason of their own, is not resumed with the others: such a session
-- is not paused since the moment at which the interruption began.
CREATE TABLE site_interruption_sessions (
    interruption_id binary(16) NOT NULL REFERENCES site_interruptions (id),
    session_id      binary(16) NOT NULL REFERENCES sessions (id),
    PRIMARY KEY (interruption_id, session_id)
);
GO
CREATE TRIGGER site_interruption_sessions_keep_update ON site_interruption_sessions AFTER UPDATE AS THROW 51000, N'site_interruption_sessions is append-only', 1;
GO
CREATE TRIGGER site_interruption_sessions_keep_delete ON site_interruption_sessions AFTER DELETE AS THROW 51000, N'site_interruption_sessions is append-only', 1;
