-- The next version of a framework while it is written. The row stays when it is published: revisions go on from where they were.
CREATE TABLE framework_drafts (
    code       nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
    content    nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    revision   int NOT NULL CHECK (revision >= 1),
    is_open    bit NOT NULL,
    changed_at datetime2(6) NOT NULL,
    changed_by nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL
);
