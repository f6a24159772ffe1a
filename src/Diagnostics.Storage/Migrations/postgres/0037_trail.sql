-- Who has seen a person's data is asked by the things that belong to the person and by the people whom the details of an entry
-- name; what somebody has done is asked by the actor.
CREATE INDEX audit_entries_subject ON audit_entries (subject, number);
CREATE INDEX audit_entries_actor ON audit_entries (actor, number);

-- The people whom the details of an entry name. It repeats the entry, so that they are found without reading all of the trail.
CREATE TABLE audit_people (
    person text COLLATE "C" NOT NULL,
    number bigint NOT NULL REFERENCES audit_entries (number),
    PRIMARY KEY (person, number)
);
CREATE INDEX audit_people_number ON audit_people (number);
-- A pattern instead of a cast to JSON: a damaged entry must not stop the update.
INSERT INTO audit_people (person, number)
SELECT DISTINCT found.id[1], e.number
FROM audit_entries AS e,
    regexp_matches(
        substring(e.details from '"people":\[([^]]*)\]'),
        '"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"',
        'g'
    ) AS found (id)
WHERE e.details LIKE '%"people":[%';
CREATE TRIGGER audit_people_keep_update BEFORE UPDATE ON audit_people FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER audit_people_keep_delete BEFORE DELETE ON audit_people FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER audit_people_keep_truncate BEFORE TRUNCATE ON audit_people FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
