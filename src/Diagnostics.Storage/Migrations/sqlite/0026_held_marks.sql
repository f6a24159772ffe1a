-- A draft of marks has a revision, so that two windows of one expert never overwrite each other. Marks that the expert has given may still
-- be held: they are a draft until the expert gives the next ones or the lease is about to end, and only then become a round.
ALTER TABLE marking_assignments ADD COLUMN draft_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE marking_assignments ADD COLUMN draft_no_answer INTEGER NOT NULL DEFAULT 0;
ALTER TABLE marking_assignments ADD COLUMN held_at TEXT;
ALTER TABLE marking_assignments ADD COLUMN held_alike INTEGER NOT NULL DEFAULT 0;
ALTER TABLE marking_trials ADD COLUMN draft_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE marking_trials ADD COLUMN draft_no_answer INTEGER NOT NULL DEFAULT 0;
ALTER TABLE marking_trials ADD COLUMN held_at TEXT;
ALTER TABLE marking_trials ADD COLUMN held_alike INTEGER NOT NULL DEFAULT 0;
CREATE INDEX marking_assignments_held ON marking_assignments (lease_until) WHERE held_at IS NOT NULL AND state = 'claimed';
CREATE INDEX marking_trials_held ON marking_trials (lease_until) WHERE held_at IS NOT NULL AND state = 'claimed';
