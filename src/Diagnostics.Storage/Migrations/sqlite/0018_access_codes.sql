-- What a taker types instead of a name and a password: opens one session of one person, at one site, within a window. Only a hash is
-- kept: 54 random bits need no slow one. That the session is over is the session's own affair, and no code outlives it.
CREATE TABLE session_access_codes (
    id         TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    site_id    TEXT NOT NULL REFERENCES sites (id),
    account_id TEXT NOT NULL REFERENCES access_accounts (id),
    code_hash  TEXT NOT NULL UNIQUE,
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL,
    issued_at  TEXT NOT NULL,
    issued_by  TEXT NOT NULL,
    ended_at   TEXT,
    CHECK (valid_from < valid_to)
);
CREATE UNIQUE INDEX session_access_codes_live ON session_access_codes (session_id) WHERE ended_at IS NULL;
