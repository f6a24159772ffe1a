-- An account either belongs to a person who takes diagnostics, or to a member of staff. Roles of staff that a person's account
-- was given before this rule end; they count as never given.
UPDATE g SET ended_at = g.granted_at
FROM access_grants AS g JOIN access_accounts AS a ON a.id = g.account_id
WHERE g.ended_at IS NULL
  AND ((g.role = 'participant' AND a.participant_id IS NULL) OR (g.role <> 'participant' AND a.participant_id IS NOT NULL));
GO
CREATE TRIGGER access_grants_fit_account ON access_grants AFTER INSERT AS
IF EXISTS (SELECT 1 FROM inserted AS g JOIN access_accounts AS a ON a.id = g.account_id
           WHERE (g.role = 'participant' AND a.participant_id IS NULL) OR (g.role <> 'participant' AND a.participant_id IS NOT NULL))
    THROW 51000, N'access_grants: a person''s account has the role of a participant alone', 1;
GO
CREATE TRIGGER access_accounts_person_stays ON access_accounts AFTER UPDATE AS
IF UPDATE(participant_id) AND EXISTS (SELECT id, participant_id FROM inserted EXCEPT SELECT id, participant_id FROM deleted)
    THROW 51000, N'access_accounts: an account never changes its person', 1;
GO

-- The words in the details of audit entries. The entry itself holds their salted digests, so erasing words leaves the chain intact.
CREATE TABLE audit_texts (
    number  bigint NOT NULL REFERENCES audit_entries (number),
    path    nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    subject nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    salt    nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    text    nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    PRIMARY KEY (number, path)
);
CREATE INDEX audit_texts_subject ON audit_texts (subject);
GO

-- What people have asked to have corrected in their personal data; an operator accepts or refuses.
CREATE TABLE person_corrections (
    participant_id binary(16) NOT NULL REFERENCES participants (id),
    number         int NOT NULL CHECK (number >= 1),
    field          nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (field IN ('surname','given_name','patronymic','email','position','organisation')),
    value          nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    asked_at       datetime2(6) NOT NULL,
    decision       nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (decision IN ('accepted','refused')),
    reason         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    decided_by     nvarchar(100) COLLATE Latin1_General_100_BIN2,
    decided_at     datetime2(6),
    PRIMARY KEY (participant_id, number),
    CHECK ((decision IS NULL AND decided_at IS NULL) OR (decision IS NOT NULL AND decided_at IS NOT NULL)),
    CHECK ((decision IS NULL AND decided_by IS NULL) OR (decision IS NOT NULL AND decided_by IS NOT NULL)),
    CHECK (decision <> 'refused' OR reason IS NOT NULL)
);
