-- An account either belongs to a person who takes diagnostics, or to a member of staff. Roles of staff that a person's account
-- was given before this rule end; they count as never given.
UPDATE access_grants SET ended_at = granted_at
WHERE ended_at IS NULL
  AND (role = 'participant') <> EXISTS (SELECT 1 FROM access_accounts AS a WHERE a.id = account_id AND a.participant_id IS NOT NULL);
CREATE TRIGGER access_grants_fit_account BEFORE INSERT ON access_grants
WHEN (NEW.role = 'participant') <> EXISTS (SELECT 1 FROM access_accounts AS a WHERE a.id = NEW.account_id AND a.participant_id IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'access_grants: a person''s account has the role of a participant alone'); END;
CREATE TRIGGER access_accounts_person_stays AFTER UPDATE OF participant_id ON access_accounts
WHEN NEW.participant_id IS NOT OLD.participant_id
BEGIN SELECT RAISE(ABORT, 'access_accounts: an account never changes its person'); END;

-- The words in the details of audit entries. The entry itself holds their salted digests, so erasing words leaves the chain intact.
CREATE TABLE audit_texts (
    number  INTEGER NOT NULL REFERENCES audit_entries (number),
    path    TEXT NOT NULL,
    subject TEXT NOT NULL,
    salt    TEXT NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (number, path)
);
CREATE INDEX audit_texts_subject ON audit_texts (subject);

-- What people have asked to have corrected in their personal data; an operator accepts or refuses.
CREATE TABLE person_corrections (
    participant_id TEXT NOT NULL REFERENCES participants (id),
    number         INTEGER NOT NULL CHECK (number >= 1),
    field          TEXT NOT NULL CHECK (field IN ('surname','given_name','patronymic','email','position','organisation')),
    value          TEXT NOT NULL,
    asked_at       TEXT NOT NULL,
    decision       TEXT CHECK (decision IN ('accepted','refused')),
    reason         TEXT,
    decided_by     TEXT,
    decided_at     TEXT,
    PRIMARY KEY (participant_id, number),
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK ((decision IS NULL) = (decided_by IS NULL)),
    CHECK (decision <> 'refused' OR reason IS NOT NULL)
);
