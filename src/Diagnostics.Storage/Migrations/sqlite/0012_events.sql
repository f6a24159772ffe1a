-- What happened, for those who are told of it later: appended in the transaction that makes it, never changed.
-- No references: an event names what it is about and holds none of it, so that the end of a session locks nothing else for its
-- sake. No list of kinds: later stages tell of more, and a history this long is not to be copied for a word; the closed set is
-- EventKind. No index besides the key: ids are UUIDv7 and follow the time.
CREATE TABLE events (
    id             TEXT NOT NULL PRIMARY KEY,
    kind           TEXT NOT NULL,
    at             TEXT NOT NULL,
    campaign_id    TEXT,
    participant_id TEXT,
    application_id TEXT,
    session_id     TEXT,
    appeal_id      TEXT,
    profile_id     TEXT,
    consent_kind   TEXT CHECK (consent_kind IN ('participation','profile_sharing')),
    -- Of the profile, or of the text that was consented to.
    version        INTEGER CHECK (version >= 1),
    CHECK (campaign_id IS NOT NULL OR participant_id IS NOT NULL)
);
CREATE TRIGGER events_keep_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
CREATE TRIGGER events_keep_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
