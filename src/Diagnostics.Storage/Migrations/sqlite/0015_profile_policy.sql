-- Policies of what a profile says. The child is copied first, so that no reference is ever broken.
CREATE TABLE policies_2 (
    kind        TEXT NOT NULL CHECK (kind IN ('level_scale','session','marking','scoring','consent','appeals','calendar','profile')),
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
