-- The next version of a framework while it is written. The row stays when it is published: revisions go on from where they were.
CREATE TABLE framework_drafts (
    code       TEXT NOT NULL PRIMARY KEY,
    content    TEXT NOT NULL,
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    is_open    INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    changed_at TEXT NOT NULL,
    changed_by TEXT NOT NULL
);
