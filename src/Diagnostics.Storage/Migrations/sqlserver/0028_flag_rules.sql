-- An expert who flags a script names what is dangerous by its own code. The policy says who is told and how soon they must look; what it
-- said is stored with the flag.
-- A node of the previous version does not know the new code: while nodes are replaced one by one, it answers a list of flags that has one
-- with an error, and nothing else.
-- The rules on the kinds have names that the server gave them, other ones in every database.
DECLARE @drop nvarchar(max) = (
    SELECT N'ALTER TABLE marking_flags DROP CONSTRAINT ' + QUOTENAME(name)
    FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(N'marking_flags') AND definition LIKE N'%author_revealed%');
EXEC (@drop);
DECLARE @drop_of_trials nvarchar(max) = (
    SELECT N'ALTER TABLE marking_trial_flags DROP CONSTRAINT ' + QUOTENAME(name)
    FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(N'marking_trial_flags') AND definition LIKE N'%author_revealed%');
EXEC (@drop_of_trials);
ALTER TABLE marking_flags ADD CONSTRAINT marking_flags_kind CHECK (kind IN ('author_revealed','unreadable','dangerous','other'));
ALTER TABLE marking_flags ADD tells_chair bit NOT NULL DEFAULT 1;
ALTER TABLE marking_flags ADD tells_operator bit NOT NULL DEFAULT 0;
ALTER TABLE marking_flags ADD due_at datetime2(6);
ALTER TABLE marking_trial_flags ADD CONSTRAINT marking_trial_flags_kind CHECK (kind IN ('author_revealed','unreadable','dangerous','other'));
ALTER TABLE marking_trial_flags ADD tells_chair bit NOT NULL DEFAULT 1;
ALTER TABLE marking_trial_flags ADD tells_operator bit NOT NULL DEFAULT 0;
ALTER TABLE marking_trial_flags ADD due_at datetime2(6);
