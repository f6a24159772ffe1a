-- Who has seen a person's data is asked by the things that belong to the person and by the people whom the details of an entry
-- name; what somebody has done is asked by the actor. A column without a limit cannot be in an index.
ALTER TABLE audit_entries ALTER COLUMN subject nvarchar(400) COLLATE Latin1_General_100_BIN2 NOT NULL;
ALTER TABLE audit_entries ALTER COLUMN actor nvarchar(400) COLLATE Latin1_General_100_BIN2 NOT NULL;
GO
CREATE INDEX audit_entries_subject ON audit_entries (subject, number);
CREATE INDEX audit_entries_actor ON audit_entries (actor, number);

-- The people whom the details of an entry name. It repeats the entry, so that they are found without reading all of the trail.
CREATE TABLE audit_people (
    person nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    number bigint NOT NULL REFERENCES audit_entries (number),
    PRIMARY KEY (person, number)
);
CREATE INDEX audit_people_number ON audit_people (number);
GO
INSERT INTO audit_people (person, number)
SELECT DISTINCT p.value COLLATE Latin1_General_100_BIN2, e.number
FROM audit_entries AS e
CROSS APPLY OPENJSON(CASE WHEN ISJSON(e.details) = 1 THEN e.details ELSE N'{}' END, N'$.people') AS p
WHERE e.details LIKE N'%"people":[[]%' AND p.type = 1 AND LEN(p.value) = 36;
GO
CREATE TRIGGER audit_people_keep_update ON audit_people AFTER UPDATE AS THROW 51000, N'audit_people is append-only', 1;
GO
CREATE TRIGGER audit_people_keep_delete ON audit_people AFTER DELETE AS THROW 51000, N'audit_people is append-only', 1;
