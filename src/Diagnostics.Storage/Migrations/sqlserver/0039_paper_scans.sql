-- Scans of the sheets of open answers that were written on paper. A scan that was added by mistake is taken back by a row of
-- its own, and its number is not given again.
CREATE TABLE paper_scans (
    session_id binary(16) NOT NULL REFERENCES paper_collections (session_id),
    slot       int NOT NULL CHECK (slot >= 1),
    number     int NOT NULL CHECK (number BETWEEN 1 AND 20),
    media_type nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (media_type IN ('application/pdf','image/png','image/jpeg')),
    size       int NOT NULL CHECK (size >= 1),
    added_at   datetime2(6) NOT NULL,
    added_by   binary(16) NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (session_id, slot, number)
);

-- The bytes, which are erased with the person: handwriting may identify somebody.
CREATE TABLE paper_scan_contents (
    session_id binary(16) NOT NULL,
    slot       int NOT NULL,
    number     int NOT NULL,
    content    varbinary(max) NOT NULL,
    PRIMARY KEY (session_id, slot, number),
    FOREIGN KEY (session_id, slot, number) REFERENCES paper_scans (session_id, slot, number)
);

CREATE TABLE paper_scan_withdrawals (
    session_id   binary(16) NOT NULL,
    slot         int NOT NULL,
    number       int NOT NULL,
    withdrawn_at datetime2(6) NOT NULL,
    withdrawn_by binary(16) NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (session_id, slot, number),
    FOREIGN KEY (session_id, slot, number) REFERENCES paper_scans (session_id, slot, number)
);

GO
CREATE TRIGGER paper_scans_keep_update ON paper_scans AFTER UPDATE AS THROW 51000, N'paper_scans is append-only', 1;
GO
CREATE TRIGGER paper_scans_keep_delete ON paper_scans AFTER DELETE AS THROW 51000, N'paper_scans is append-only', 1;
GO
CREATE TRIGGER paper_scan_withdrawals_keep_update ON paper_scan_withdrawals AFTER UPDATE AS THROW 51000, N'paper_scan_withdrawals is append-only', 1;
GO
CREATE TRIGGER paper_scan_withdrawals_keep_delete ON paper_scan_withdrawals AFTER DELETE AS THROW 51000, N'paper_scan_withdrawals is append-only', 1;
