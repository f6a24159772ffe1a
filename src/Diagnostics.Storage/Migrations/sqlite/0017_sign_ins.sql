-- A sign-in: what one password, one access code or one outside provider opened, until it ends. Its number is in every token that
-- rests on it, so that ending the row ends them all; nodes read the ends in the background. A refresh token names the sign-in
-- and its generation: one that was used already is a copy, and ends the sign-in.
CREATE TABLE access_sign_ins (
    id               TEXT NOT NULL PRIMARY KEY,
    account_id       TEXT NOT NULL REFERENCES access_accounts (id),
    method           TEXT NOT NULL CHECK (method IN ('password','code','outside')),
    -- The only session that a sign-in with an access code opens.
    session_id       TEXT REFERENCES sessions (id),
    -- What the device says of itself, for the person who looks at the list.
    device           TEXT,
    started_at       TEXT NOT NULL,
    used_at          TEXT NOT NULL,
    expires_at       TEXT NOT NULL,
    generation       INTEGER NOT NULL DEFAULT 1 CHECK (generation >= 1),
    second_factor_at TEXT,
    ended_at         TEXT,
    ended_because    TEXT CHECK (ended_because IN ('sign_out','password','deactivated','erased','role','second_factor','code','outside','reuse')),
    CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
    CHECK ((method = 'code') = (session_id IS NOT NULL))
);
CREATE INDEX access_sign_ins_account ON access_sign_ins (account_id) WHERE ended_at IS NULL;
CREATE INDEX access_sign_ins_ended ON access_sign_ins (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX access_sign_ins_over ON access_sign_ins (expires_at);

-- A second factor by RFC 6238. The secret is protected by the keys that protect tokens; the step that was used last is not taken again.
CREATE TABLE access_second_factors (
    account_id   TEXT NOT NULL PRIMARY KEY REFERENCES access_accounts (id),
    secret       TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    confirmed_at TEXT,
    last_step    INTEGER NOT NULL DEFAULT 0
);

-- For whoever has lost the second factor; each is good once.
CREATE TABLE access_recovery_codes (
    account_id TEXT NOT NULL REFERENCES access_second_factors (account_id),
    code_hash  TEXT NOT NULL,
    used_at    TEXT,
    PRIMARY KEY (account_id, code_hash)
);

-- Whom an outside provider calls by this name: one person of the provider, one account.
CREATE TABLE access_outside_identities (
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (issuer, subject),
    UNIQUE (account_id, issuer)
);

ALTER TABLE access_accounts ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1));
-- Wrong passwords before it are forgotten.
ALTER TABLE access_accounts ADD COLUMN unlocked_at TEXT;
-- The secret before the present one, while it still opens.
ALTER TABLE access_clients ADD COLUMN previous_secret_hash TEXT;
ALTER TABLE access_clients ADD COLUMN previous_secret_until TEXT CHECK ((previous_secret_hash IS NULL) = (previous_secret_until IS NULL));
