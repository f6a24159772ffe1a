-- What a taker types instead of a name and a password: opens one session of one person, at one site, within a window. Only a hash is
-- kept: 54 random bits need no slow one. That the session is over is the session's own affair, and no code outlives it.
CREATE TABLE session_access_codes (
    id         uuid NOT NULL PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id),
    site_id    uuid NOT NULL REFERENCES sites (id),
    account_id uuid NOT NULL REFERENCES access_accounts (id),
    code_hash  text COLLATE "C" NOT NULL UNIQUE,
    valid_from timestamptz NOT NULL,
    valid_to   timestamptz NOT NULL,
    issued_at  timestamptz NOT NULL,
    issued_by  text COLLATE "C" NOT NULL,
    ended_at   timestamptz,
    CHECK (valid_from < valid_to)
);
CREATE UNIQUE INDEX session_access_codes_live ON session_access_codes (session_id) WHERE ended_at IS NULL;
