-- A person without a number is recognised by name when a file is sent again. A column without a limit cannot be in an index.
ALTER TABLE people ALTER COLUMN surname nvarchar(400) COLLATE Latin1_General_100_BIN2 NOT NULL;
ALTER TABLE people ALTER COLUMN given_name nvarchar(400) COLLATE Latin1_General_100_BIN2 NOT NULL;
GO
CREATE INDEX people_name ON people (surname, given_name);
