-- What happened, for those who are told of it later: appended in the transaction that makes it, never changed.
-- No references: an event names what it is about and holds none of it, so that the end of a session locks nothing else for its
-- sake. No list of kinds: later stages tell of more, and a history this long is not to be copied for a word; the closed set is
-- EventKind. No index besides the key: ids are UUIDv7 and follow the time.
CREATE TABLE events (
    id             binary(16) NOT NULL PRIMARY KEY,
    kind           nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL,
    at             datetime2(6) NOT NULL,
    campaign_id    binary(16),
    participant_id binary(16),
    application_id binary(16),
    session_id     binary(16),
    appeal_id      binary(16),
    profile_id     binary(16),
    consent_kind   nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (consent_kind IN ('participation','profile_sharing')),
    -- Of the profile, or of the text that was consented to.
    version        int CHECK (version >= 1),
    CHECK (campaign_id IS NOT NULL OR participant_id IS NOT NULL)
);
GO
CREATE TRIGGER events_keep_update ON events AFTER UPDATE AS THROW 51000, N'events is append-only', 1;
GO
CREATE TRIGGER events_keep_delete ON events AFTER DELETE AS THROW 51000, N'events is append-only', 1;
