-- The paper package of a session: what is printed for one person. The draw that it was made for is kept, because a person who
-- is moved gets another variant, and the sheets printed before are then nobody's.
CREATE TABLE paper_packages (
    code         nvarchar(7) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY CHECK (code LIKE '_______'),
    session_id   binary(16) NOT NULL REFERENCES sessions (id),
    variant      int NOT NULL CHECK (variant BETWEEN 1 AND 4),
    shuffle_seed bigint NOT NULL,
    sheets       int NOT NULL CHECK (sheets BETWEEN 2 AND 31),
    made_at      datetime2(6) NOT NULL,
    made_by      binary(16) NOT NULL REFERENCES access_accounts (id),
    UNIQUE (session_id, variant, shuffle_seed),
    UNIQUE (code, session_id)
);

-- A session begun on paper. It stands paused until its answers are entered, so nobody answers it on a screen meanwhile.
CREATE TABLE paper_works (
    session_id binary(16) NOT NULL PRIMARY KEY,
    code       nvarchar(7) COLLATE Latin1_General_100_BIN2 NOT NULL,
    started_at datetime2(6) NOT NULL,
    started_by binary(16) NOT NULL REFERENCES access_accounts (id),
    FOREIGN KEY (code, session_id) REFERENCES paper_packages (code, session_id)
);

-- What the site took back, and when the person stopped writing.
CREATE TABLE paper_collections (
    session_id   binary(16) NOT NULL PRIMARY KEY REFERENCES paper_works (session_id),
    ended_at     datetime2(6) NOT NULL,
    -- JSON list of the numbers of the sheets.
    sheets       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    note         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    collected_at datetime2(6) NOT NULL,
    collected_by binary(16) NOT NULL REFERENCES access_accounts (id)
);

-- The answers as people typed them: two independently, and a third where the two differ.
CREATE TABLE paper_entries (
    session_id binary(16) NOT NULL REFERENCES paper_collections (session_id),
    number     int NOT NULL CHECK (number BETWEEN 1 AND 3),
    -- JSON: slot to answer in the author's ids; null is an empty answer.
    content    nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    entered_at datetime2(6) NOT NULL,
    entered_by binary(16) NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (session_id, number),
    UNIQUE (session_id, entered_by)
);

GO
CREATE TRIGGER paper_packages_keep_update ON paper_packages AFTER UPDATE AS THROW 51000, N'paper_packages is append-only', 1;
GO
CREATE TRIGGER paper_packages_keep_delete ON paper_packages AFTER DELETE AS THROW 51000, N'paper_packages is append-only', 1;
GO
CREATE TRIGGER paper_works_keep_update ON paper_works AFTER UPDATE AS THROW 51000, N'paper_works is append-only', 1;
GO
CREATE TRIGGER paper_works_keep_delete ON paper_works AFTER DELETE AS THROW 51000, N'paper_works is append-only', 1;
GO
CREATE TRIGGER paper_collections_keep_update ON paper_collections AFTER UPDATE AS THROW 51000, N'paper_collections is append-only', 1;
GO
CREATE TRIGGER paper_collections_keep_delete ON paper_collections AFTER DELETE AS THROW 51000, N'paper_collections is append-only', 1;
GO
CREATE TRIGGER paper_entries_keep_update ON paper_entries AFTER UPDATE AS THROW 51000, N'paper_entries is append-only', 1;
GO
CREATE TRIGGER paper_entries_keep_delete ON paper_entries AFTER DELETE AS THROW 51000, N'paper_entries is append-only', 1;
