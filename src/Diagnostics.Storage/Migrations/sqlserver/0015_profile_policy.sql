-- Policies of what a profile says. A node of the previous version does not know the kind: it goes on with campaigns that pin none.
-- The rule on the old kinds has a name that the server gave it, another one in every database.
DECLARE @drop nvarchar(max) = (
    SELECT N'ALTER TABLE policies DROP CONSTRAINT ' + QUOTENAME(name)
    FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(N'policies') AND definition LIKE N'%level_scale%');
EXEC (@drop);
ALTER TABLE policies ADD CONSTRAINT policies_kind CHECK (kind IN ('level_scale','session','marking','scoring','consent','appeals','calendar','profile'));
