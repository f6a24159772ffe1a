-- A sign-in: what one password, one access code or one outside provider opened, until it ends. Its number is in every token that
-- rests on it, so that ending the row ends them all; nodes read the ends in the background. A refresh token names the sign-in
-- and its generation: one that was used already is a copy, and ends the sign-in.
CREATE TABLE access_sign_ins (
    id               binary(16) NOT NULL PRIMARY KEY,
    account_id       binary(16) NOT NULL REFERENCES access_accounts (id),
    method           nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (method IN ('password','code','outside')),
    -- The only session that a sign-in with an access code opens.
    session_id       binary(16) REFERENCES sessions (id),
    -- What the device says of itself, for the person who looks at the list.
    device           nvarchar(max) COLLATE Latin1_General_100_BIN2,
    started_at       datetime2(6) NOT NULL,
    used_at          datetime2(6) NOT NULL,
    expires_at       datetime2(6) NOT NULL,
    generation       int NOT NULL DEFAULT 1 CHECK (generation >= 1),
    second_factor_at datetime2(6),
    ended_at         datetime2(6),
    ended_because    nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (ended_because IN ('sign_out','password','deactivated','erased','role','second_factor','code','outside','reuse')),
    CHECK ((ended_at IS NULL AND ended_because IS NULL) OR (ended_at IS NOT NULL AND ended_because IS NOT NULL)),
    CHECK ((method = 'code' AND session_id IS NOT NULL) OR (method <> 'code' AND session_id IS NULL))
);
CREATE INDEX access_sign_ins_account ON access_sign_ins (account_id) WHERE ended_at IS NULL;
CREATE INDEX access_sign_ins_ended ON access_sign_ins (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX access_sign_ins_over ON access_sign_ins (expires_at);

-- A second factor by RFC 6238. The secret is protected by the keys that protect tokens; the step that was used last is not taken again.
CREATE TABLE access_second_factors (
    account_id   binary(16) NOT NULL PRIMARY KEY REFERENCES access_accounts (id),
    secret       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at   datetime2(6) NOT NULL,
    confirmed_at datetime2(6),
    last_step    bigint NOT NULL DEFAULT 0
);

-- For whoever has lost the second factor; each is good once.
CREATE TABLE access_recovery_codes (
    account_id binary(16) NOT NULL REFERENCES access_second_factors (account_id),
    code_hash  nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    used_at    datetime2(6),
    PRIMARY KEY (account_id, code_hash)
);

-- Whom an outside provider calls by this name: one person of the provider, one account.
CREATE TABLE access_outside_identities (
    issuer     nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    subject    nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    account_id binary(16) NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (issuer, subject),
    UNIQUE (account_id, issuer)
);

ALTER TABLE access_accounts ADD must_change_password bit NOT NULL DEFAULT 0;
-- Wrong passwords before it are forgotten.
ALTER TABLE access_accounts ADD unlocked_at datetime2(6);
-- The secret before the present one, while it still opens.
ALTER TABLE access_clients ADD previous_secret_hash nvarchar(max) COLLATE Latin1_General_100_BIN2;
ALTER TABLE access_clients ADD previous_secret_until datetime2(6);
GO
ALTER TABLE access_clients ADD CHECK ((previous_secret_hash IS NULL AND previous_secret_until IS NULL) OR (previous_secret_hash IS NOT NULL AND previous_secret_until IS NOT NULL));
