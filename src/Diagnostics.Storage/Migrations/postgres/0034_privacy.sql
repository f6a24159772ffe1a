-- An account either belongs to a person who takes diagnostics, or to a member of staff. Roles of staff that a person's account
-- was given before this rule end; they count as never given.
UPDATE access_grants SET ended_at = granted_at
WHERE ended_at IS NULL
  AND (role = 'participant') <> EXISTS (SELECT 1 FROM access_accounts AS a WHERE a.id = account_id AND a.participant_id IS NOT NULL);
CREATE FUNCTION refuse_unfit_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.role = 'participant')
       <> EXISTS (SELECT 1 FROM access_accounts AS a WHERE a.id = NEW.account_id AND a.participant_id IS NOT NULL) THEN
        RAISE EXCEPTION 'access_grants: a person''s account has the role of a participant alone' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_grants_fit_account BEFORE INSERT ON access_grants FOR EACH ROW EXECUTE FUNCTION refuse_unfit_grant();
CREATE TRIGGER access_accounts_person_stays AFTER UPDATE OF participant_id ON access_accounts FOR EACH ROW
WHEN (NEW.participant_id IS DISTINCT FROM OLD.participant_id)
EXECUTE FUNCTION refuse_rewriting('never change their person');

-- The words in the details of audit entries. The entry itself holds their salted digests, so erasing words leaves the chain intact.
CREATE TABLE audit_texts (
    number  bigint NOT NULL REFERENCES audit_entries (number),
    path    text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    salt    text COLLATE "C" NOT NULL,
    text    text COLLATE "C" NOT NULL,
    PRIMARY KEY (number, path)
);
CREATE INDEX audit_texts_subject ON audit_texts (subject);

-- What people have asked to have corrected in their personal data; an operator accepts or refuses.
CREATE TABLE person_corrections (
    participant_id uuid NOT NULL REFERENCES participants (id),
    number         integer NOT NULL CHECK (number >= 1),
    field          text COLLATE "C" NOT NULL CHECK (field IN ('surname','given_name','patronymic','email','position','organisation')),
    value          text COLLATE "C" NOT NULL,
    asked_at       timestamptz NOT NULL,
    decision       text COLLATE "C" CHECK (decision IN ('accepted','refused')),
    reason         text COLLATE "C",
    decided_by     text COLLATE "C",
    decided_at     timestamptz,
    PRIMARY KEY (participant_id, number),
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK ((decision IS NULL) = (decided_by IS NULL)),
    CHECK (decision <> 'refused' OR reason IS NOT NULL)
);
