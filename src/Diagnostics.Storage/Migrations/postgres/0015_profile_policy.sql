-- Policies of what a profile says. A node of the previous version does not know the kind: it goes on with campaigns that pin none.
ALTER TABLE policies DROP CONSTRAINT policies_kind_check;
ALTER TABLE policies ADD CONSTRAINT policies_kind_check CHECK (kind IN ('level_scale','session','marking','scoring','consent','appeals','calendar','profile'));
