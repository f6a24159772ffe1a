-- The order in which events are read. A number given when a row is written says nothing of when it is committed: who reads
-- beyond the last number seen misses whatever commits later under a smaller one. So a row gets its position after its commit,
-- once, from one place and by one at a time; whoever reads goes by positions.
-- number: the order of writing, which keeps what one transaction tells in its order, and what follows from something that was
-- read behind it.
-- territory: of what is told of a person who may not be there any more to be asked.
CREATE SEQUENCE events_numbers AS bigint START WITH 1;
GO
ALTER TABLE events ADD number bigint NOT NULL CONSTRAINT events_number_next DEFAULT (NEXT VALUE FOR events_numbers);
GO
ALTER TABLE events ADD position bigint CHECK (position >= 1);
GO
ALTER TABLE events ADD territory nvarchar(100) COLLATE Latin1_General_100_BIN2;
GO
-- The position is added once; nothing else ever changes.
ALTER TRIGGER events_keep_update ON events AFTER UPDATE AS
IF EXISTS (SELECT 1 FROM deleted WHERE position IS NOT NULL)
   OR EXISTS (SELECT 1 FROM inserted WHERE position IS NULL)
   OR EXISTS (SELECT id, number, kind, at, campaign_id, participant_id, application_id, session_id, appeal_id, profile_id,
                     consent_kind, version, territory FROM deleted
              EXCEPT
              SELECT id, number, kind, at, campaign_id, participant_id, application_id, session_id, appeal_id, profile_id,
                     consent_kind, version, territory FROM inserted)
    THROW 51000, N'events is append-only', 1;
GO
CREATE UNIQUE INDEX events_position ON events (position) WHERE position IS NOT NULL;
GO
-- Only what waits for its position.
CREATE INDEX events_unplaced ON events (number) WHERE position IS NULL;
GO
-- One row: the last position given. Whoever gives the next ones holds it.
CREATE TABLE event_positions (
    id            int NOT NULL PRIMARY KEY CHECK (id = 1),
    last_position bigint NOT NULL CHECK (last_position >= 0)
);
GO
INSERT INTO event_positions (id, last_position) VALUES (1, 0);
