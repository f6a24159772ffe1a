-- The paper package of a session: what is printed for one person. The draw that it was made for is kept, because a person who
-- is moved gets another variant, and the sheets printed before are then nobody's.
CREATE TABLE paper_packages (
    code         TEXT NOT NULL PRIMARY KEY CHECK (code LIKE '_______'),
    session_id   TEXT NOT NULL REFERENCES sessions (id),
    variant      INTEGER NOT NULL CHECK (variant BETWEEN 1 AND 4),
    shuffle_seed INTEGER NOT NULL,
    sheets       INTEGER NOT NULL CHECK (sheets BETWEEN 2 AND 31),
    made_at      TEXT NOT NULL,
    made_by      TEXT NOT NULL REFERENCES access_accounts (id),
    UNIQUE (session_id, variant, shuffle_seed),
    UNIQUE (code, session_id)
);

-- A session begun on paper. It stands paused until its answers are entered, so nobody answers it on a screen meanwhile.
CREATE TABLE paper_works (
    session_id TEXT NOT NULL PRIMARY KEY,
    code       TEXT NOT NULL,
    started_at TEXT NOT NULL,
    started_by TEXT NOT NULL REFERENCES access_accounts (id),
    FOREIGN KEY (code, session_id) REFERENCES paper_packages (code, session_id)
);

-- What the site took back, and when the person stopped writing.
CREATE TABLE paper_collections (
    session_id   TEXT NOT NULL PRIMARY KEY REFERENCES paper_works (session_id),
    ended_at     TEXT NOT NULL,
    -- JSON list of the numbers of the sheets.
    sheets       TEXT NOT NULL,
    note         TEXT,
    collected_at TEXT NOT NULL,
    collected_by TEXT NOT NULL REFERENCES access_accounts (id)
);

-- The answers as people typed them: two independently, and a third where the two differ.
CREATE TABLE paper_entries (
    session_id TEXT NOT NULL REFERENCES paper_collections (session_id),
    number     INTEGER NOT NULL CHECK (number BETWEEN 1 AND 3),
    -- JSON: slot to answer in the author's ids; null is an empty answer.
    content    TEXT NOT NULL,
    entered_at TEXT NOT NULL,
    entered_by TEXT NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (session_id, number),
    UNIQUE (session_id, entered_by)
);

CREATE TRIGGER paper_packages_keep_update BEFORE UPDATE ON paper_packages BEGIN SELECT RAISE(ABORT, 'paper_packages is append-only'); END;
CREATE TRIGGER paper_packages_keep_delete BEFORE DELETE ON paper_packages BEGIN SELECT RAISE(ABORT, 'paper_packages is append-only'); END;
CREATE TRIGGER paper_works_keep_update BEFORE UPDATE ON paper_works BEGIN SELECT RAISE(ABORT, 'paper_works is append-only'); END;
CREATE TRIGGER paper_works_keep_delete BEFORE DELETE ON paper_works BEGIN SELECT RAISE(ABORT, 'paper_works is append-only'); END;
CREATE TRIGGER paper_collections_keep_update BEFORE UPDATE ON paper_collections BEGIN SELECT RAISE(ABORT, 'paper_collections is append-only'); END;
CREATE TRIGGER paper_collections_keep_delete BEFORE DELETE ON paper_collections BEGIN SELECT RAISE(ABORT, 'paper_collections is append-only'); END;
CREATE TRIGGER paper_entries_keep_update BEFORE UPDATE ON paper_entries BEGIN SELECT RAISE(ABORT, 'paper_entries is append-only'); END;
CREATE TRIGGER paper_entries_keep_delete BEFORE DELETE ON paper_entries BEGIN SELECT RAISE(ABORT, 'paper_entries is append-only'); END;
