-- Results of practice (clause 5): tables of pupils' results, assessments and attestations of heads. A correction is a further
-- version; a withdrawal is the last one and has no content.
CREATE TABLE practice_results (
    result_id         uuid NOT NULL,
    version           integer NOT NULL CHECK (version >= 1),
    participant_id    uuid NOT NULL REFERENCES participants (id),
    basis             text COLLATE "C" NOT NULL CHECK (basis IN ('results','founder','attestation')),
    map_code          text COLLATE "C" NOT NULL,
    map_version       integer NOT NULL,
    title             text COLLATE "C" NOT NULL,
    assessed_on       text COLLATE "C" NOT NULL,
    assessed_by       text COLLATE "C",
    outcome           text COLLATE "C" CHECK (outcome IN ('conforms','does_not_conform')),
    content           text COLLATE "C",
    fingerprint       text COLLATE "C",
    withdrawal_reason text COLLATE "C",
    entered_by        text COLLATE "C" NOT NULL,
    entered_at        timestamptz NOT NULL,
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
CREATE TRIGGER practice_results_keep_update BEFORE UPDATE ON practice_results FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER practice_results_keep_delete BEFORE DELETE ON practice_results FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER practice_results_keep_truncate BEFORE TRUNCATE ON practice_results FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
