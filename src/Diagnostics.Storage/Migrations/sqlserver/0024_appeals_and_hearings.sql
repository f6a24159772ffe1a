-- A procedural appeal may be against a decision: the annulment of the session, or that the person was not let in. Previous versions
-- read it as one about the procedure. When what is disputed happened tells one annulment of a session from the next.
ALTER TABLE appeals ADD disputed nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (disputed IN ('annulment','non_admission'));
ALTER TABLE appeals ADD disputed_at datetime2(6);
-- Why it was filed too late, in the person's words; the chair admits or refuses it.
ALTER TABLE appeals ADD late_cause nvarchar(max) COLLATE Latin1_General_100_BIN2;
GO
ALTER TABLE appeals ADD CHECK ((disputed IS NULL AND disputed_at IS NULL) OR (disputed IS NOT NULL AND disputed_at IS NOT NULL)),
    CHECK (disputed IS NULL OR (kind = 'procedural' AND ground = 'procedure')),
    CHECK (late_cause IS NULL OR kind = 'procedural');

-- What happened in the session and what was decided about it are matters of their own.
DROP INDEX appeals_one_of_session ON appeals;
CREATE UNIQUE INDEX appeals_one_of_session ON appeals (session_id) WHERE kind = 'procedural' AND disputed IS NULL AND state IN ('filed','admitted','in_consideration','decided');
CREATE UNIQUE INDEX appeals_one_of_decision ON appeals (session_id, disputed, disputed_at) WHERE disputed IS NOT NULL AND state IN ('filed','admitted','in_consideration','decided');

-- When and where the commission hears an appeal. The last one stands.
CREATE TABLE appeal_hearings (
    appeal_id  binary(16) NOT NULL REFERENCES appeals (id),
    number     int NOT NULL CHECK (number >= 1),
    held_at    datetime2(6) NOT NULL,
    place      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- To the person, in the chair's words.
    invitation nvarchar(max) COLLATE Latin1_General_100_BIN2,
    -- Why it was moved, or lies beyond the day of the decision.
    reason     nvarchar(max) COLLATE Latin1_General_100_BIN2,
    set_by     binary(16) NOT NULL REFERENCES access_accounts (id),
    set_at     datetime2(6) NOT NULL,
    PRIMARY KEY (appeal_id, number),
    CHECK (number = 1 OR reason IS NOT NULL)
);

-- What the person adds to an appeal; it goes with the person's data. The bytes lie apart: no list reads them.
CREATE TABLE appeal_attachments (
    appeal_id  binary(16) NOT NULL REFERENCES appeals (id),
    number     int NOT NULL CHECK (number BETWEEN 1 AND 5),
    name       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    media_type nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (media_type IN ('application/pdf','image/png','image/jpeg')),
    size       int NOT NULL CHECK (size BETWEEN 1 AND 5242880),
    added_at   datetime2(6) NOT NULL,
    added_by   nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    PRIMARY KEY (appeal_id, number)
);
CREATE TABLE appeal_attachment_contents (
    appeal_id binary(16) NOT NULL,
    number    int NOT NULL,
    content   varbinary(max) NOT NULL,
    PRIMARY KEY (appeal_id, number),
    FOREIGN KEY (appeal_id, number) REFERENCES appeal_attachments (appeal_id, number)
);
GO
CREATE TRIGGER appeal_hearings_keep_update ON appeal_hearings AFTER UPDATE AS THROW 51000, N'appeal_hearings is append-only', 1;
GO
CREATE TRIGGER appeal_hearings_keep_delete ON appeal_hearings AFTER DELETE AS THROW 51000, N'appeal_hearings is append-only', 1;
