-- The next version of a framework while it is written. The row stays when it is published: revisions go on from where they were.
CREATE TABLE framework_drafts (
    code       text COLLATE "C" NOT NULL PRIMARY KEY,
    content    text COLLATE "C" NOT NULL,
    revision   integer NOT NULL CHECK (revision >= 1),
    is_open    boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text COLLATE "C" NOT NULL
);
