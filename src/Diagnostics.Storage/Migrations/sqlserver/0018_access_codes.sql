-- What a taker types instead of a name and a password: opens one session of one person, at one site, within a window. Only a hash is
-- kept: 54 random bits need no slow one. That the session is over is the session's own affair, and no code outlives it.
CREATE TABLE session_access_codes (
    id         binary(16) NOT NULL PRIMARY KEY,
    session_id binary(16) NOT NULL REFERENCES sessions (id),
    site_id    binary(16) NOT NULL REFERENCES sites (id),
    account_id binary(16) NOT NULL REFERENCES access_accounts (id),
    code_hash  nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL UNIQUE,
    valid_from datetime2(6) NOT NULL,
    valid_to   datetime2(6) NOT NULL,
    issued_at  datetime2(6) NOT NULL,
    issued_by  nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    ended_at   datetime2(6),
    CHECK (valid_from < valid_to)
);
CREATE UNIQUE INDEX session_access_codes_live ON session_access_codes (session_id) WHERE ended_at IS NULL;
