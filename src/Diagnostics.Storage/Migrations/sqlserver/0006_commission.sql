-- Of the readings besides the independent ones, those called because a control put an expert's marks in doubt; the others settle a discrepancy.
ALTER TABLE marking_tasks ADD second_looks int NOT NULL DEFAULT 0, CHECK (second_looks BETWEEN 0 AND thirds);
GO
UPDATE marking_tasks SET second_looks = 1 WHERE third_reason LIKE N'Второй взгляд%';

-- What experts tell the chair of a benchmark that came to them as a script.
CREATE TABLE marking_trial_flags (
    id       binary(16) NOT NULL PRIMARY KEY,
    trial_id binary(16) NOT NULL REFERENCES marking_trials (id),
    kind     nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN ('author_revealed','unreadable','other')),
    comment  nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    at       datetime2(6) NOT NULL
);
CREATE INDEX marking_trial_flags_trial ON marking_trial_flags (trial_id);

-- Sessions given instead of annulled ones: few, and looked at every few seconds.
CREATE INDEX appeals_given ON appeals (new_session_id) WHERE new_session_id IS NOT NULL;
GO
CREATE TRIGGER marking_trial_flags_keep_update ON marking_trial_flags AFTER UPDATE AS THROW 51000, N'marking_trial_flags is append-only', 1;
GO
CREATE TRIGGER marking_trial_flags_keep_delete ON marking_trial_flags AFTER DELETE AS THROW 51000, N'marking_trial_flags is append-only', 1;
