-- An expert who flags a script names what is dangerous by its own code. The policy says who is told and how soon they must look; what it
-- said is stored with the flag.
-- A node of the previous version does not know the new code: while nodes are replaced one by one, it answers a list of flags that has one
-- with an error, and nothing else.
ALTER TABLE marking_flags DROP CONSTRAINT marking_flags_kind_check;
ALTER TABLE marking_flags ADD CONSTRAINT marking_flags_kind_check CHECK (kind IN ('author_revealed','unreadable','dangerous','other'));
ALTER TABLE marking_flags ADD COLUMN tells_chair boolean NOT NULL DEFAULT TRUE;
ALTER TABLE marking_flags ADD COLUMN tells_operator boolean NOT NULL DEFAULT FALSE;
ALTER TABLE marking_flags ADD COLUMN due_at timestamptz;
ALTER TABLE marking_trial_flags DROP CONSTRAINT marking_trial_flags_kind_check;
ALTER TABLE marking_trial_flags ADD CONSTRAINT marking_trial_flags_kind_check CHECK (kind IN ('author_revealed','unreadable','dangerous','other'));
ALTER TABLE marking_trial_flags ADD COLUMN tells_chair boolean NOT NULL DEFAULT TRUE;
ALTER TABLE marking_trial_flags ADD COLUMN tells_operator boolean NOT NULL DEFAULT FALSE;
ALTER TABLE marking_trial_flags ADD COLUMN due_at timestamptz;
