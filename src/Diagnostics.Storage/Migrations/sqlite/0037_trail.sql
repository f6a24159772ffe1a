-- Who has seen a person's data is asked by the things that belong to the person and by the people whom the details of an entry
-- name; what somebody has done is asked by the actor.
CREATE INDEX audit_entries_subject ON audit_entries (subject, number);
CREATE INDEX audit_entries_actor ON audit_entries (actor, number);

-- The people whom the details of an entry name. It repeats the entry, so that they are found without reading all of the trail.
CREATE TABLE audit_people (
    person TEXT NOT NULL,
    number INTEGER NOT NULL REFERENCES audit_entries (number),
    PRIMARY KEY (person, number)
);
CREATE INDEX audit_people_number ON audit_people (number);
INSERT INTO audit_people (person, number)
SELECT DISTINCT p.value, e.number
FROM audit_entries AS e, json_each(CASE WHEN json_valid(e.details) THEN e.details ELSE '{}' END, '$.people') AS p
WHERE e.details LIKE '%"people":[%' AND p.type = 'text' AND length(p.value) = 36;
CREATE TRIGGER audit_people_keep_update BEFORE UPDATE ON audit_people BEGIN SELECT RAISE(ABORT, 'audit_people is append-only'); END;
CREATE TRIGGER audit_people_keep_delete BEFORE DELETE ON audit_people BEGIN SELECT RAISE(ABORT, 'audit_people is append-only'); END;
