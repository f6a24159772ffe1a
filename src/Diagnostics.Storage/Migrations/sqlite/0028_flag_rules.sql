-- An expert who flags a script names what is dangerous by its own code. The policy says who is told and how soon they must look; what it
-- said is stored with the flag.
CREATE TABLE marking_flags_2 (
    id             TEXT NOT NULL PRIMARY KEY,
    assignment_id  TEXT NOT NULL REFERENCES marking_assignments (id),
    kind           TEXT NOT NULL CHECK (kind IN ('author_revealed','unreadable','dangerous','other')),
    comment        TEXT NOT NULL,
    at             TEXT NOT NULL,
    tells_chair    INTEGER NOT NULL DEFAULT 1,
    tells_operator INTEGER NOT NULL DEFAULT 0,
    due_at         TEXT
);
INSERT INTO marking_flags_2 (id, assignment_id, kind, comment, at) SELECT id, assignment_id, kind, comment, at FROM marking_flags;
DROP TABLE marking_flags;
ALTER TABLE marking_flags_2 RENAME TO marking_flags;
CREATE INDEX marking_flags_assignment ON marking_flags (assignment_id);
CREATE TRIGGER marking_flags_keep_update BEFORE UPDATE ON marking_flags BEGIN SELECT RAISE(ABORT, 'marking_flags is append-only'); END;
CREATE TRIGGER marking_flags_keep_delete BEFORE DELETE ON marking_flags BEGIN SELECT RAISE(ABORT, 'marking_flags is append-only'); END;
CREATE TABLE marking_trial_flags_2 (
    id             TEXT NOT NULL PRIMARY KEY,
    trial_id       TEXT NOT NULL REFERENCES marking_trials (id),
    kind           TEXT NOT NULL CHECK (kind IN ('author_revealed','unreadable','dangerous','other')),
    comment        TEXT NOT NULL,
    at             TEXT NOT NULL,
    tells_chair    INTEGER NOT NULL DEFAULT 1,
    tells_operator INTEGER NOT NULL DEFAULT 0,
    due_at         TEXT
);
INSERT INTO marking_trial_flags_2 (id, trial_id, kind, comment, at) SELECT id, trial_id, kind, comment, at FROM marking_trial_flags;
DROP TABLE marking_trial_flags;
ALTER TABLE marking_trial_flags_2 RENAME TO marking_trial_flags;
CREATE INDEX marking_trial_flags_trial ON marking_trial_flags (trial_id);
CREATE TRIGGER marking_trial_flags_keep_update BEFORE UPDATE ON marking_trial_flags BEGIN SELECT RAISE(ABORT, 'marking_trial_flags is append-only'); END;
CREATE TRIGGER marking_trial_flags_keep_delete BEFORE DELETE ON marking_trial_flags BEGIN SELECT RAISE(ABORT, 'marking_trial_flags is append-only'); END;
