-- Webhooks: where clients are told of events (Standard Webhooks). Nothing here is personal data: deliveries name events and people
-- by id, what is sent is read from the events at the time of sending.
CREATE TABLE webhooks (
    id               TEXT NOT NULL PRIMARY KEY,
    client_id        TEXT NOT NULL REFERENCES access_clients (id),
    url              TEXT NOT NULL,
    -- Kinds of events, separated by blanks; all where there are none.
    kinds            TEXT,
    state            TEXT NOT NULL CHECK (state IN ('enabled','disabled')),
    disabled_because TEXT CHECK (disabled_because IN ('client','gone','failing')),
    created_at       TEXT NOT NULL,
    revision         INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 1),
    -- Of the last event that deliveries were made for, or that was passed over.
    position         INTEGER NOT NULL CHECK (position >= 0),
    -- Attempts in a row that have failed, and since when; nothing is sent before the circuit closes.
    failures         INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since    TEXT,
    open_until       TEXT,
    CHECK ((state = 'disabled') = (disabled_because IS NOT NULL)),
    CHECK ((failures = 0) = (failing_since IS NULL))
);
CREATE INDEX webhooks_client ON webhooks (client_id);
CREATE INDEX webhooks_state ON webhooks (state);

-- What a webhook signs with, protected by the keys that protect tokens. One is present; those before it sign beside it until
-- their time is over.
CREATE TABLE webhook_secrets (
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    number     INTEGER NOT NULL CHECK (number >= 1),
    scheme     TEXT NOT NULL CHECK (scheme IN ('v1','v1a')),
    secret     TEXT NOT NULL,
    -- Of v1a, as the receiver checks with.
    public_key TEXT,
    created_at TEXT NOT NULL,
    -- Null for the present one.
    until      TEXT,
    PRIMARY KEY (webhook_id, number),
    CHECK ((scheme = 'v1a') = (public_key IS NOT NULL))
);
CREATE UNIQUE INDEX webhook_secrets_present ON webhook_secrets (webhook_id) WHERE until IS NULL;

-- One event for one webhook, made once. A node that sends it holds a lease; who lets it run out has lost it.
CREATE TABLE webhook_deliveries (
    webhook_id     TEXT NOT NULL REFERENCES webhooks (id),
    -- The event's position.
    place          INTEGER NOT NULL CHECK (place >= 1),
    event_id       TEXT NOT NULL,
    -- Whose deliveries follow each other; none for what is of nobody.
    participant_id TEXT,
    state          TEXT NOT NULL CHECK (state IN ('waiting','delivered','withheld','failed')),
    attempts       INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- The first attempt since it began to wait.
    began_at       TEXT,
    next_at        TEXT NOT NULL,
    lease          TEXT,
    leased_until   TEXT,
    ended_at       TEXT,
    PRIMARY KEY (webhook_id, place),
    UNIQUE (webhook_id, event_id),
    CHECK ((lease IS NULL) = (leased_until IS NULL)),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at, place) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_person ON webhook_deliveries (webhook_id, participant_id, place) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

-- The delivery log.
CREATE TABLE webhook_attempts (
    webhook_id   TEXT NOT NULL,
    place        INTEGER NOT NULL,
    number       INTEGER NOT NULL CHECK (number >= 1),
    at           TEXT NOT NULL,
    milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
    -- Of the answer; none where there was none.
    status       INTEGER CHECK (status BETWEEN 100 AND 999),
    -- Why it failed.
    fault        TEXT,
    PRIMARY KEY (webhook_id, place, number),
    FOREIGN KEY (webhook_id, place) REFERENCES webhook_deliveries (webhook_id, place)
);
