-- Policies of how a complex profile joins its sources, and the complex profiles of people: every version is kept.
-- A node of the previous version does not know the new kind: while nodes are replaced one by one, it answers a list of policies that has
-- one with an error, and nothing else.
DECLARE @drop nvarchar(max) = (
    SELECT N'ALTER TABLE policies DROP CONSTRAINT ' + QUOTENAME(name)
    FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(N'policies') AND definition LIKE N'%level_scale%');
EXEC (@drop);
ALTER TABLE policies ADD CONSTRAINT policies_kind
    CHECK (kind IN ('level_scale','session','marking','scoring','consent','appeals','calendar','profile','complex_profile'));

CREATE TABLE complex_profiles (
    id                binary(16) NOT NULL PRIMARY KEY,
    participant_id    binary(16) NOT NULL REFERENCES participants (id),
    framework_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    framework_version int NOT NULL,
    version           int NOT NULL CHECK (version >= 1),
    policy_kind       nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (policy_kind = 'complex_profile'),
    policy_code       nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    policy_version    int NOT NULL,
    cause             nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (cause IN ('made','source_changed')),
    content           nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint       nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    issued_at         datetime2(6) NOT NULL,
    issued_by         nvarchar(100) COLLATE Latin1_General_100_BIN2,
    CHECK (cause <> 'made' OR issued_by IS NOT NULL),
    CHECK (cause = 'made' OR issued_by IS NULL),
    UNIQUE (participant_id, framework_code, version),
    FOREIGN KEY (framework_code, framework_version) REFERENCES frameworks (code, version),
    FOREIGN KEY (policy_kind, policy_code, policy_version) REFERENCES policies (kind, code, version)
);
GO
CREATE TRIGGER complex_profiles_keep_update ON complex_profiles AFTER UPDATE AS THROW 51000, N'complex_profiles is append-only', 1;
GO
CREATE TRIGGER complex_profiles_keep_delete ON complex_profiles AFTER DELETE AS THROW 51000, N'complex_profiles is append-only', 1;
