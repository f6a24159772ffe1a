-- Policies of how a complex profile joins its sources, and the complex profiles of people: every version is kept.
-- The child is copied first, so that no reference is ever broken.
CREATE TABLE policies_2 (
    kind        TEXT NOT NULL
                CHECK (kind IN ('level_scale','session','marking','scoring','consent','appeals','calendar','profile','complex_profile')),
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL CHECK (version >= 1),
    content     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    created_by  TEXT,
    PRIMARY KEY (kind, code, version)
);
INSERT INTO policies_2 (kind, code, version, content, fingerprint, created_at, created_by)
SELECT kind, code, version, content, fingerprint, created_at, created_by FROM policies;
CREATE TABLE campaign_policies_2 (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    kind        TEXT NOT NULL,
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, kind),
    FOREIGN KEY (kind, code, version) REFERENCES policies_2 (kind, code, version)
);
INSERT INTO campaign_policies_2 (campaign_id, kind, code, version) SELECT campaign_id, kind, code, version FROM campaign_policies;
DROP TABLE campaign_policies;
DROP TABLE policies;
ALTER TABLE policies_2 RENAME TO policies;
ALTER TABLE campaign_policies_2 RENAME TO campaign_policies;
CREATE TRIGGER policies_keep_update BEFORE UPDATE ON policies BEGIN SELECT RAISE(ABORT, 'policies never change'); END;
CREATE TRIGGER policies_keep_delete BEFORE DELETE ON policies BEGIN SELECT RAISE(ABORT, 'policies never change'); END;

CREATE TABLE complex_profiles (
    id                TEXT NOT NULL PRIMARY KEY,
    participant_id    TEXT NOT NULL REFERENCES participants (id),
    framework_code    TEXT NOT NULL,
    framework_version INTEGER NOT NULL,
    version           INTEGER NOT NULL CHECK (version >= 1),
    policy_kind       TEXT NOT NULL CHECK (policy_kind = 'complex_profile'),
    policy_code       TEXT NOT NULL,
    policy_version    INTEGER NOT NULL,
    cause             TEXT NOT NULL CHECK (cause IN ('made','source_changed')),
    content           TEXT NOT NULL,
    fingerprint       TEXT NOT NULL,
    issued_at         TEXT NOT NULL,
    issued_by         TEXT,
    CHECK (cause <> 'made' OR issued_by IS NOT NULL),
    CHECK (cause = 'made' OR issued_by IS NULL),
    UNIQUE (participant_id, framework_code, version),
    FOREIGN KEY (framework_code, framework_version) REFERENCES frameworks (code, version),
    FOREIGN KEY (policy_kind, policy_code, policy_version) REFERENCES policies (kind, code, version)
);
CREATE TRIGGER complex_profiles_keep_update BEFORE UPDATE ON complex_profiles BEGIN SELECT RAISE(ABORT, 'complex_profiles is append-only'); END;
CREATE TRIGGER complex_profiles_keep_delete BEFORE DELETE ON complex_profiles BEGIN SELECT RAISE(ABORT, 'complex_profiles is append-only'); END;
