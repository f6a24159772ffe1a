-- What happened, for those who are told of it later: appended in the transaction that makes it, never changed.
-- No references: an event names what it is about and holds none of it, so that the end of a session locks nothing else for its
-- sake. No list of kinds: later stages tell of more, and a history this long is not to be copied for a word; the closed set is
-- EventKind. No index besides the key: ids are UUIDv7 and follow the time.
CREATE TABLE events (
    id             uuid NOT NULL PRIMARY KEY,
    kind           text COLLATE "C" NOT NULL,
    at             timestamptz NOT NULL,
    campaign_id    uuid,
    participant_id uuid,
    application_id uuid,
    session_id     uuid,
    appeal_id      uuid,
    profile_id     uuid,
    consent_kind   text COLLATE "C" CHECK (consent_kind IN ('participation','profile_sharing')),
    -- Of the profile, or of the text that was consented to.
    version        integer CHECK (version >= 1),
    CHECK (campaign_id IS NOT NULL OR participant_id IS NOT NULL)
);
CREATE TRIGGER events_keep_update BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER events_keep_delete BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER events_keep_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
