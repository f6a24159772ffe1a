-- Scans of the sheets of open answers that were written on paper. A scan that was added by mistake is taken back by a row of
-- its own, and its number is not given again.
CREATE TABLE paper_scans (
    session_id uuid NOT NULL REFERENCES paper_collections (session_id),
    slot       integer NOT NULL CHECK (slot >= 1),
    number     integer NOT NULL CHECK (number BETWEEN 1 AND 20),
    media_type text COLLATE "C" NOT NULL CHECK (media_type IN ('application/pdf','image/png','image/jpeg')),
    size       integer NOT NULL CHECK (size >= 1),
    added_at   timestamptz NOT NULL,
    added_by   uuid NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (session_id, slot, number)
);

-- The bytes, which are erased with the person: handwriting may identify somebody.
CREATE TABLE paper_scan_contents (
    session_id uuid NOT NULL,
    slot       integer NOT NULL,
    number     integer NOT NULL,
    content    bytea NOT NULL,
    PRIMARY KEY (session_id, slot, number),
    FOREIGN KEY (session_id, slot, number) REFERENCES paper_scans (session_id, slot, number)
);

CREATE TABLE paper_scan_withdrawals (
    session_id   uuid NOT NULL,
    slot         integer NOT NULL,
    number       integer NOT NULL,
    withdrawn_at timestamptz NOT NULL,
    withdrawn_by uuid NOT NULL REFERENCES access_accounts (id),
    PRIMARY KEY (session_id, slot, number),
    FOREIGN KEY (session_id, slot, number) REFERENCES paper_scans (session_id, slot, number)
);

CREATE TRIGGER paper_scans_keep_update BEFORE UPDATE ON paper_scans FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER paper_scans_keep_delete BEFORE DELETE ON paper_scans FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER paper_scans_keep_truncate BEFORE TRUNCATE ON paper_scans FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER paper_scan_withdrawals_keep_update BEFORE UPDATE ON paper_scan_withdrawals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER paper_scan_withdrawals_keep_delete BEFORE DELETE ON paper_scan_withdrawals FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER paper_scan_withdrawals_keep_truncate BEFORE TRUNCATE ON paper_scan_withdrawals FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
