-- A methodologist may also be one of a single organisation; nobody else may. The organisation is named as people type it.
-- A node of the previous version does not know this scope: it answers such a methodologist with an error until it is replaced.
-- The rule on the old scopes has a name that the server gave it, another one in every database.
DECLARE @scope nvarchar(max) = (
    SELECT N'ALTER TABLE access_grants DROP CONSTRAINT ' + QUOTENAME(name)
    FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(N'access_grants') AND definition LIKE N'%territory%');
EXEC (@scope);
ALTER TABLE access_grants ADD CONSTRAINT access_grants_scope
    CHECK (scope IN ('all','campaign','site','territory') OR (scope = 'organisation' AND role = 'methodologist'));
GO
-- The name of an organisation may be longer than the identifiers before it.
ALTER TABLE access_grants ALTER COLUMN scope_id nvarchar(300) COLLATE Latin1_General_100_BIN2;
GO

-- The person who takes diagnostics and is the same human being as this member of staff: never judges their own work.
ALTER TABLE access_accounts ADD same_person_id binary(16) REFERENCES participants (id);
GO
ALTER TABLE access_accounts ADD CHECK (same_person_id IS NULL OR participant_id IS NULL);
CREATE INDEX access_accounts_same_person ON access_accounts (same_person_id) WHERE same_person_id IS NOT NULL;

-- Where there are two administrators, one proposes a new administrator or auditor, and another confirms.
CREATE TABLE access_grant_proposals (
    id          binary(16) NOT NULL PRIMARY KEY,
    account_id  binary(16) NOT NULL REFERENCES access_accounts (id),
    role        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (role IN ('administrator','auditor')),
    proposed_by binary(16) NOT NULL REFERENCES access_accounts (id),
    proposed_at datetime2(6) NOT NULL,
    decision    nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (decision IN ('confirmed','refused')),
    decided_by  binary(16) REFERENCES access_accounts (id),
    decided_at  datetime2(6),
    CHECK (proposed_by <> account_id),
    CHECK ((decision IS NULL AND decided_at IS NULL) OR (decision IS NOT NULL AND decided_at IS NOT NULL)),
    CHECK ((decision IS NULL AND decided_by IS NULL) OR (decision IS NOT NULL AND decided_by IS NOT NULL)),
    CHECK (decision <> 'confirmed' OR (decided_by <> proposed_by AND decided_by <> account_id))
);
CREATE UNIQUE INDEX access_grant_proposals_waiting ON access_grant_proposals (account_id, role) WHERE decision IS NULL;
GO

-- Consent to the processing of personal data is a document of its own; each consent keeps the name of the operator to whom it
-- was given. The rule on the old kinds has a name that the server gave it.
DECLARE @kind nvarchar(max) = (
    SELECT N'ALTER TABLE consents DROP CONSTRAINT ' + QUOTENAME(name)
    FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(N'consents') AND definition LIKE N'%profile_sharing%');
EXEC (@kind);
ALTER TABLE consents ADD CONSTRAINT consents_kind CHECK (kind IN ('participation','data_processing','profile_sharing'));
ALTER TABLE consents ADD operator nvarchar(max) COLLATE Latin1_General_100_BIN2;
GO
-- Finds the people who are to be erased, because they have withdrawn the consent to the processing of their data.
CREATE INDEX consents_processing_withdrawn ON consents (withdrawn_at) WHERE kind = 'data_processing' AND withdrawn_at IS NOT NULL;
GO
DECLARE @event nvarchar(max) = (
    SELECT N'ALTER TABLE events DROP CONSTRAINT ' + QUOTENAME(name)
    FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(N'events') AND definition LIKE N'%profile_sharing%');
EXEC (@event);
ALTER TABLE events ADD CONSTRAINT events_consent_kind CHECK (consent_kind IN ('participation','data_processing','profile_sharing'));
