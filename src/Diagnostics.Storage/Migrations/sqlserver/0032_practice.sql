-- Results of practice (clause 5): tables of pupils' results, assessments and attestations of heads. A correction is a further
-- version; a withdrawal is the last one and has no content.
CREATE TABLE practice_results (
    result_id         binary(16) NOT NULL,
    version           int NOT NULL CHECK (version >= 1),
    participant_id    binary(16) NOT NULL REFERENCES participants (id),
    basis             nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (basis IN ('results','founder','attestation')),
    map_code          nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    map_version       int NOT NULL,
    title             nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    assessed_on       nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL,
    assessed_by       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    outcome           nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (outcome IN ('conforms','does_not_conform')),
    content           nvarchar(max) COLLATE Latin1_General_100_BIN2,
    fingerprint       nvarchar(100) COLLATE Latin1_General_100_BIN2,
    withdrawal_reason nvarchar(max) COLLATE Latin1_General_100_BIN2,
    entered_by        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    entered_at        datetime2(6) NOT NULL,
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
GO
CREATE TRIGGER practice_results_keep_update ON practice_results AFTER UPDATE AS THROW 51000, N'practice_results is append-only', 1;
GO
CREATE TRIGGER practice_results_keep_delete ON practice_results AFTER DELETE AS THROW 51000, N'practice_results is append-only', 1;
GO
