-- Scans of the sheets of open answers that were written on paper. A scan that was added by mistake is taken back by a row of
-- its own, and its number is not given again.
CREATE TABLE paper_scans (
    session_id TEXT NOT NULL REFERENCES paper_collections (session_id),
    slot       INTEGER NOT NULL CHECK (slot >= 1),
    number     INTEGER NOT NULL CHECK (number BETWEEN 1 AND 20),
    media_type TEXT NOT NULL CHECK (media_type IN ('application/pdf','image/png','image/jpeg')),
    size       INTEGER NOT NULL CHECK (size >= 1),
    added_at   TEXT NOT NULL,
    added_by   TEXT NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (session_id, slot, number)
);

-- The bytes, which are erased with the person: handwriting may identify somebody.
CREATE TABLE paper_scan_contents (
    session_id TEXT NOT NULL,
    slot       INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    content    BLOB NOT NULL,
    PRIMARY KEY (session_id, slot, number),
    FOREIGN KEY (session_id, slot, number) REFERENCES paper_scans (session_id, slot, number)
);

CREATE TABLE paper_scan_withdrawals (
    session_id   TEXT NOT NULL,
    slot         INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    withdrawn_at TEXT NOT NULL,
    withdrawn_by TEXT NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (session_id, slot, number),
    FOREIGN KEY (session_id, slot, number) REFERENCES paper_scans (session_id, slot, number)
);

CREATE TRIGGER paper_scans_keep_update BEFORE UPDATE ON paper_scans BEGIN SELECT RAISE(ABORT, 'paper_scans is append-only'); END;
CREATE TRIGGER paper_scans_keep_delete BEFORE DELETE ON paper_scans BEGIN SELECT RAISE(ABORT, 'paper_scans is append-only'); END;
CREATE TRIGGER paper_scan_withdrawals_keep_update BEFORE UPDATE ON paper_scan_withdrawals BEGIN SELECT RAISE(ABORT, 'paper_scan_withdrawals is append-only'); END;
CREATE TRIGGER paper_scan_withdrawals_keep_delete BEFORE DELETE ON paper_scan_withdrawals BEGIN SELECT RAISE(ABORT, 'paper_scan_withdrawals is append-only'); END;
