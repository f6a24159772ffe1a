-- A methodologist may also be one of a single organisation; nobody else may. The organisation is named as people type it.
-- A node of the previous version does not know this scope: it answers such a methodologist with an error until it is replaced.
ALTER TABLE access_grants DROP CONSTRAINT access_grants_scope_check;
ALTER TABLE access_grants ADD CONSTRAINT access_grants_scope_check
    CHECK (scope IN ('all','campaign','site','territory') OR (scope = 'organisation' AND role = 'methodologist'));

-- The person who takes diagnostics and is the same human being as this member of staff: never judges their own work.
ALTER TABLE access_accounts ADD COLUMN same_person_id uuid;
ALTER TABLE access_accounts ADD CONSTRAINT access_accounts_same_person_id_fkey FOREIGN KEY (same_person_id) REFERENCES participants (id);
ALTER TABLE access_accounts ADD CHECK (same_person_id IS NULL OR participant_id IS NULL);
CREATE INDEX access_accounts_same_person ON access_accounts (same_person_id) WHERE same_person_id IS NOT NULL;

-- Where there are two administrators, one proposes a new administrator or auditor, and another confirms.
CREATE TABLE access_grant_proposals (
    id          uuid NOT NULL PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES access_accounts (id),
    role        text COLLATE "C" NOT NULL CHECK (role IN ('administrator','auditor')),
    proposed_by uuid NOT NULL REFERENCES access_accounts (id),
    proposed_at timestamptz NOT NULL,
    decision    text COLLATE "C" CHECK (decision IN ('confirmed','refused')),
    decided_by  uuid REFERENCES access_accounts (id),
    decided_at  timestamptz,
    CHECK (proposed_by <> account_id),
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK ((decision IS NULL) = (decided_by IS NULL)),
    CHECK (decision <> 'confirmed' OR (decided_by <> proposed_by AND decided_by <> account_id))
);
CREATE UNIQUE INDEX access_grant_proposals_waiting ON access_grant_proposals (account_id, role) WHERE decision IS NULL;

-- Consent to the processing of personal data is a document of its own; each consent keeps the name of the operator to whom it
-- was given.
ALTER TABLE consents DROP CONSTRAINT consents_kind_check;
ALTER TABLE consents ADD CONSTRAINT consents_kind_check CHECK (kind IN ('participation','data_processing','profile_sharing'));
ALTER TABLE consents ADD COLUMN operator text COLLATE "C";
-- Finds the people who are to be erased, because they have withdrawn the consent to the processing of their data.
CREATE INDEX consents_processing_withdrawn ON consents (withdrawn_at) WHERE kind = 'data_processing' AND withdrawn_at IS NOT NULL;
ALTER TABLE events DROP CONSTRAINT events_consent_kind_check;
ALTER TABLE events ADD CONSTRAINT events_consent_kind_check CHECK (consent_kind IN ('participation','data_processing','profile_sharing'));
