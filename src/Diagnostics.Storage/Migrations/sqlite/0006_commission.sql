-- Of the readings besides the independent ones, those called because a control put an expert's marks in doubt; the others settle a discrepancy.
ALTER TABLE marking_tasks ADD COLUMN second_looks INTEGER NOT NULL DEFAULT 0 CHECK (second_looks BETWEEN 0 AND thirds);
UPDATE marking_tasks SET second_looks = 1 WHERE third_reason LIKE 'Второй взгляд%';

-- What experts tell the chair of a benchmark that came to them as a script.
CREATE TABLE marking_trial_flags (
    id       TEXT NOT NULL PRIMARY KEY,
    trial_id TEXT NOT NULL REFERENCES marking_trials (id),
    kind     TEXT NOT NULL CHECK (kind IN ('author_revealed','unreadable','other')),
    comment  TEXT NOT NULL,
    at       TEXT NOT NULL
);
CREATE INDEX marking_trial_flags_trial ON marking_trial_flags (trial_id);
CREATE TRIGGER marking_trial_flags_keep_update BEFORE UPDATE ON marking_trial_flags BEGIN SELECT RAISE(ABORT, 'marking_trial_flags is append-only'); END;
CREATE TRIGGER marking_trial_flags_keep_delete BEFORE DELETE ON marking_trial_flags BEGIN SELECT RAISE(ABORT, 'marking_trial_flags is append-only'); END;

-- Sessions given instead of annulled ones: few, and looked at every few seconds.
CREATE INDEX appeals_given ON appeals (new_session_id) WHERE new_session_id IS NOT NULL;
