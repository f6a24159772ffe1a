-- Results of practice (clause 5): tables of pupils' results, assessments and attestations of heads. A correction is a further
-- version; a withdrawal is the last one and has no content.
CREATE TABLE practice_results (
    result_id         TEXT NOT NULL,
    version           INTEGER NOT NULL CHECK (version >= 1),
    participant_id    TEXT NOT NULL REFERENCES participants (id),
    basis             TEXT NOT NULL CHECK (basis IN ('results','founder','attestation')),
    map_code          TEXT NOT NULL,
    map_version       INTEGER NOT NULL,
    title             TEXT NOT NULL,
    assessed_on       TEXT NOT NULL,
    assessed_by       TEXT,
    outcome           TEXT CHECK (outcome IN ('conforms','does_not_conform')),
    content           TEXT,
    fingerprint       TEXT,
    withdrawal_reason TEXT,
    entered_by        TEXT NOT NULL,
    entered_at        TEXT NOT NULL,
    PRIMARY KEY (result_id, version),
    CHECK (content IS NOT NULL OR withdrawal_reason IS NOT NULL),
    CHECK (content IS NULL OR withdrawal_reason IS NULL),
    CHECK (content IS NULL OR fingerprint IS NOT NULL),
    CHECK (basis <> 'results' OR assessed_by IS NULL),
    CHECK (basis = 'results' OR assessed_by IS NOT NULL),
    CHECK (basis <> 'attestation' OR outcome IS NOT NULL),
    CHECK (basis = 'attestation' OR outcome IS NULL)
);
CREATE INDEX practice_results_participant ON practice_results (participant_id, result_id, version);
CREATE INDEX practice_results_map ON practice_results (map_code, participant_id);
CREATE TRIGGER practice_results_keep_update BEFORE UPDATE ON practice_results BEGIN SELECT RAISE(ABORT, 'practice_results is append-only'); END;
CREATE TRIGGER practice_results_keep_delete BEFORE DELETE ON practice_results BEGIN SELECT RAISE(ABORT, 'practice_results is append-only'); END;
