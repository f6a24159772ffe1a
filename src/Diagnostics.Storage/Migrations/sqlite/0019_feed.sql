-- The order in which events are read. A number given when a row is written says nothing of when it is committed: who reads
-- beyond the last number seen misses whatever commits later under a smaller one. So a row gets its position after its commit,
-- once, from one place and by one at a time; whoever reads goes by positions.
-- number: the order of writing, which keeps what one transaction tells in its order, and what follows from something that was
-- read behind it. There is one writer here, so the INSERT counts it itself.
-- territory: of what is told of a person who may not be there any more to be asked.
ALTER TABLE events ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN position INTEGER CHECK (position >= 1);
ALTER TABLE events ADD COLUMN territory TEXT;

DROP TRIGGER events_keep_update;
UPDATE events SET number = rowid;
-- The position is added once; nothing else ever changes.
CREATE TRIGGER events_keep_update BEFORE UPDATE ON events
WHEN OLD.position IS NOT NULL OR NEW.position IS NULL
  OR (NEW.id, NEW.number, NEW.kind, NEW.at) IS NOT (OLD.id, OLD.number, OLD.kind, OLD.at)
  OR (NEW.campaign_id, NEW.participant_id, NEW.application_id, NEW.session_id, NEW.appeal_id, NEW.profile_id)
     IS NOT (OLD.campaign_id, OLD.participant_id, OLD.application_id, OLD.session_id, OLD.appeal_id, OLD.profile_id)
  OR (NEW.consent_kind, NEW.version, NEW.territory) IS NOT (OLD.consent_kind, OLD.version, OLD.territory)
BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;

CREATE UNIQUE INDEX events_position ON events (position) WHERE position IS NOT NULL;
-- Only what waits for its position.
CREATE INDEX events_unplaced ON events (number) WHERE position IS NULL;

-- One row: the last position given. Whoever gives the next ones holds it.
CREATE TABLE event_positions (
    id            INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    last_position INTEGER NOT NULL CHECK (last_position >= 0)
);
INSERT INTO event_positions (id, last_position) VALUES (1, 0);
