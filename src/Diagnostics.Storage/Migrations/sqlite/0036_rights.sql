-- A methodologist may also be one of a single organisation; nobody else may. The organisation is named as people type it.
DROP TRIGGER access_grants_fit_account;
CREATE TABLE access_grants_2 (
    id            TEXT NOT NULL PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES access_accounts (id),
    role          TEXT NOT NULL CHECK (role IN ('administrator','auditor','operator','author','reviewer','site_head','invigilator','expert','chair','conflict_member','conflict_chair','methodist','methodologist','participant')),
    scope         TEXT NOT NULL,
    scope_id      TEXT,
    commission_id TEXT REFERENCES commissions (id),
    granted_by    TEXT,
    granted_at    TEXT NOT NULL,
    ended_at      TEXT,
    CHECK ((scope = 'all') = (scope_id IS NULL)),
    CHECK (commission_id IS NULL OR scope = 'campaign'),
    CHECK (scope IN ('all','campaign','site','territory') OR (scope = 'organisation' AND role = 'methodologist'))
);
INSERT INTO access_grants_2 (id, account_id, role, scope, scope_id, commission_id, granted_by, granted_at, ended_at)
SELECT id, account_id, role, scope, scope_id, commission_id, granted_by, granted_at, ended_at FROM access_grants;
DROP TABLE access_grants;
ALTER TABLE access_grants_2 RENAME TO access_grants;
CREATE UNIQUE INDEX access_grants_live ON access_grants (account_id, role, scope, COALESCE(scope_id, ''), COALESCE(commission_id, '')) WHERE ended_at IS NULL;
CREATE TRIGGER access_grants_fit_account BEFORE INSERT ON access_grants
WHEN (NEW.role = 'participant') <> EXISTS (SELECT 1 FROM access_accounts AS a WHERE a.id = NEW.account_id AND a.participant_id IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'access_grants: a person''s account has the role of a participant alone'); END;

-- The person who takes diagnostics and is the same human being as this member of staff: never judges their own work.
ALTER TABLE access_accounts ADD COLUMN same_person_id TEXT REFERENCES participants (id) CHECK (same_person_id IS NULL OR participant_id IS NULL);
CREATE INDEX access_accounts_same_person ON access_accounts (same_person_id) WHERE same_person_id IS NOT NULL;

-- Where there are two administrators, one proposes a new administrator or auditor, and another confirms.
CREATE TABLE access_grant_proposals (
    id          TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES access_accounts (id),
    role        TEXT NOT NULL CHECK (role IN ('administrator','auditor')),
    proposed_by TEXT NOT NULL REFERENCES access_accounts (id),
    proposed_at TEXT NOT NULL,
    decision    TEXT CHECK (decision IN ('confirmed','refused')),
    decided_by  TEXT REFERENCES access_accounts (id),
    decided_at  TEXT,
    CHECK (proposed_by <> account_id),
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK ((decision IS NULL) = (decided_by IS NULL)),
    CHECK (decision <> 'confirmed' OR (decided_by <> proposed_by AND decided_by <> account_id))
);
CREATE UNIQUE INDEX access_grant_proposals_waiting ON access_grant_proposals (account_id, role) WHERE decision IS NULL;

-- Consent to the processing of personal data is a document of its own; each consent keeps the name of the operator to whom it
-- was given. The rows are copied back into a table of the same name, so that in the end no reference is broken.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE consents_2 AS SELECT id, participant_id, kind, text_code, text_version, given_at, withdrawn_at FROM consents;
DROP TABLE consents;
CREATE TABLE consents (
    id             TEXT NOT NULL PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id),
    kind           TEXT NOT NULL CHECK (kind IN ('participation','data_processing','profile_sharing')),
    text_code      TEXT NOT NULL,
    text_version   INTEGER NOT NULL,
    given_at       TEXT NOT NULL,
    withdrawn_at   TEXT,
    operator       TEXT
);
INSERT INTO consents (id, participant_id, kind, text_code, text_version, given_at, withdrawn_at)
SELECT id, participant_id, kind, text_code, text_version, given_at, withdrawn_at FROM consents_2;
DROP TABLE consents_2;
CREATE INDEX consents_participant ON consents (participant_id, kind);
-- Finds the people who are to be erased, because they have withdrawn the consent to the processing of their data.
CREATE INDEX consents_processing_withdrawn ON consents (withdrawn_at) WHERE kind = 'data_processing' AND withdrawn_at IS NOT NULL;

-- Events say of which consent they are; the rule on the old kinds goes with its column.
DROP TRIGGER events_keep_update;
ALTER TABLE events ADD COLUMN consent_kind_2 TEXT CHECK (consent_kind_2 IN ('participation','data_processing','profile_sharing'));
UPDATE events SET consent_kind_2 = consent_kind WHERE consent_kind IS NOT NULL;
ALTER TABLE events DROP COLUMN consent_kind;
ALTER TABLE events RENAME COLUMN consent_kind_2 TO consent_kind;
CREATE TRIGGER events_keep_update BEFORE UPDATE ON events
WHEN OLD.position IS NOT NULL OR NEW.position IS NULL
  OR (NEW.id, NEW.number, NEW.kind, NEW.at) IS NOT (OLD.id, OLD.number, OLD.kind, OLD.at)
  OR (NEW.campaign_id, NEW.participant_id, NEW.application_id, NEW.session_id, NEW.appeal_id, NEW.profile_id)
     IS NOT (OLD.campaign_id, OLD.participant_id, OLD.application_id, OLD.session_id, OLD.appeal_id, OLD.profile_id)
  OR (NEW.consent_kind, NEW.version, NEW.territory) IS NOT (OLD.consent_kind, OLD.version, OLD.territory)
BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
