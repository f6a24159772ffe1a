-- Policies of how a complex profile joins its sources, and the complex profiles of people: every version is kept.
-- A node of the previous version does not know the new kind: while nodes are replaced one by one, it answers a list of policies that has
-- one with an error, and nothing else.
ALTER TABLE policies DROP CONSTRAINT policies_kind_check;
ALTER TABLE policies ADD CONSTRAINT policies_kind_check
    CHECK (kind IN ('level_scale','session','marking','scoring','consent','appeals','calendar','profile','complex_profile'));

CREATE TABLE complex_profiles (
    id                uuid NOT NULL PRIMARY KEY,
    participant_id    uuid NOT NULL REFERENCES participants (id),
    framework_code    text COLLATE "C" NOT NULL,
    framework_version integer NOT NULL,
    version           integer NOT NULL CHECK (version >= 1),
    policy_kind       text COLLATE "C" NOT NULL CHECK (policy_kind = 'complex_profile'),
    policy_code       text COLLATE "C" NOT NULL,
    policy_version    integer NOT NULL,
    cause             text COLLATE "C" NOT NULL CHECK (cause IN ('made','source_changed')),
    content           text COLLATE "C" NOT NULL,
    fingerprint       text COLLATE "C" NOT NULL,
    issued_at         timestamptz NOT NULL,
    issued_by         text COLLATE "C",
    CHECK (cause <> 'made' OR issued_by IS NOT NULL),
    CHECK (cause = 'made' OR issued_by IS NULL),
    UNIQUE (participant_id, framework_code, version),
    FOREIGN KEY (framework_code, framework_version) REFERENCES frameworks (code, version),
    FOREIGN KEY (policy_kind, policy_code, policy_version) REFERENCES policies (kind, code, version)
);
CREATE TRIGGER complex_profiles_keep_update BEFORE UPDATE ON complex_profiles FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER complex_profiles_keep_delete BEFORE DELETE ON complex_profiles FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER complex_profiles_keep_truncate BEFORE TRUNCATE ON complex_profiles FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
