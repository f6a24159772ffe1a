-- Webhooks: where clients are told of events (Standard Webhooks). Nothing here is personal data: deliveries name events and people
-- by id, what is sent is read from the events at the time of sending.
CREATE TABLE webhooks (
    id               binary(16) NOT NULL PRIMARY KEY,
    client_id        nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL REFERENCES access_clients (id),
    url              nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- Kinds of events, separated by blanks; all where there are none.
    kinds            nvarchar(max) COLLATE Latin1_General_100_BIN2,
    state            nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (state IN ('enabled','disabled')),
    disabled_because nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (disabled_because IN ('client','gone','failing')),
    created_at       datetime2(6) NOT NULL,
    revision         int NOT NULL DEFAULT 1 CHECK (revision >= 1),
    -- Of the last event that deliveries were made for, or that was passed over.
    position         bigint NOT NULL CHECK (position >= 0),
    -- Attempts in a row that have failed, and since when; nothing is sent before the circuit closes.
    failures         int NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since    datetime2(6),
    open_until       datetime2(6),
    CHECK ((state = 'disabled' AND disabled_because IS NOT NULL) OR (state <> 'disabled' AND disabled_because IS NULL)),
    CHECK ((failures = 0 AND failing_since IS NULL) OR (failures <> 0 AND failing_since IS NOT NULL))
);
CREATE INDEX webhooks_client ON webhooks (client_id);
CREATE INDEX webhooks_state ON webhooks (state);

-- What a webhook signs with, protected by the keys that protect tokens. One is present; those before it sign beside it until
-- their time is over.
CREATE TABLE webhook_secrets (
    webhook_id binary(16) NOT NULL REFERENCES webhooks (id),
    number     int NOT NULL CHECK (number >= 1),
    scheme     nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (scheme IN ('v1','v1a')),
    secret     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- Of v1a, as the receiver checks with.
    public_key nvarchar(max) COLLATE Latin1_General_100_BIN2,
    created_at datetime2(6) NOT NULL,
    -- Null for the present one.
    until      datetime2(6),
    PRIMARY KEY (webhook_id, number),
    CHECK ((scheme = 'v1a' AND public_key IS NOT NULL) OR (scheme <> 'v1a' AND public_key IS NULL))
);
CREATE UNIQUE INDEX webhook_secrets_present ON webhook_secrets (webhook_id) WHERE until IS NULL;

-- One event for one webhook, made once. A node that sends it holds a lease; who lets it run out has lost it.
CREATE TABLE webhook_deliveries (
    webhook_id     binary(16) NOT NULL REFERENCES webhooks (id),
    -- The event's position.
    place          bigint NOT NULL CHECK (place >= 1),
    event_id       binary(16) NOT NULL,
    -- Whose deliveries follow each other; none for what is of nobody.
    participant_id binary(16),
    state          nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (state IN ('waiting','delivered','withheld','failed')),
    attempts       int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- The first attempt since it began to wait.
    began_at       datetime2(6),
    next_at        datetime2(6) NOT NULL,
    lease          binary(16),
    leased_until   datetime2(6),
    ended_at       datetime2(6),
    PRIMARY KEY (webhook_id, place),
    UNIQUE (webhook_id, event_id),
    CHECK ((lease IS NULL AND leased_until IS NULL) OR (lease IS NOT NULL AND leased_until IS NOT NULL)),
    CHECK ((state = 'waiting' AND ended_at IS NULL) OR (state <> 'waiting' AND ended_at IS NOT NULL))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at, place) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_person ON webhook_deliveries (webhook_id, participant_id, place) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

-- The delivery log.
CREATE TABLE webhook_attempts (
    webhook_id   binary(16) NOT NULL,
    place        bigint NOT NULL,
    number       int NOT NULL CHECK (number >= 1),
    at           datetime2(6) NOT NULL,
    milliseconds int NOT NULL CHECK (milliseconds >= 0),
    -- Of the answer; none where there was none.
    status       int CHECK (status BETWEEN 100 AND 999),
    -- Why it failed.
    fault        nvarchar(30) COLLATE Latin1_General_100_BIN2,
    PRIMARY KEY (webhook_id, place, number),
    FOREIGN KEY (webhook_id, place) REFERENCES webhook_deliveries (webhook_id, place)
);
