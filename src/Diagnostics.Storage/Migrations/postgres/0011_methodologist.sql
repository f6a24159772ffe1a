-- The role of a methodologist gets its proper name: a Methodist is a member of a church. A grant keeps its id, its holder, its
-- place and its dates; the audit trail keeps the word that was used at the time.
-- Both codes are allowed: while nodes are replaced one by one, one of the previous version still gives the role by its old
-- code, which this version reads as the new one; a later script may take the old code away. Such a node does not know the
-- new code: it answers a methodologist's requests with an error until it is replaced, and nobody else's.
ALTER TABLE access_grants DROP CONSTRAINT access_grants_role_check;
ALTER TABLE access_grants ADD CONSTRAINT access_grants_role_check CHECK (role IN ('administrator','auditor','operator','author','reviewer','site_head','invigilator','expert','chair','conflict_member','conflict_chair','methodist','methodologist','participant'));
UPDATE access_grants SET role = 'methodologist' WHERE role = 'methodist';
