-- Special conditions of an application: what the person asked for, and what the operator granted with the approval. Each is written
-- once, with the decision that it belongs to. Only what is needed, never why. It goes with the person's data when they are erased.
CREATE TABLE application_accommodations (
    application_id TEXT NOT NULL REFERENCES applications (id),
    standing       TEXT NOT NULL CHECK (standing IN ('asked','granted')),
    extra_amount   INTEGER CHECK (extra_amount BETWEEN 1 AND 600),
    extra_unit     TEXT CHECK (extra_unit IN ('percent','minutes')),
    breaks         INTEGER NOT NULL CHECK (breaks IN (0, 1)),
    assistant      INTEGER NOT NULL CHECK (assistant IN (0, 1)),
    paper          INTEGER NOT NULL CHECK (paper IN (0, 1)),
    PRIMARY KEY (application_id, standing),
    CHECK ((extra_amount IS NULL) = (extra_unit IS NULL)),
    CHECK (extra_unit <> 'percent' OR extra_amount <= 100),
    -- Nothing asked for is no row.
    CHECK (NOT (extra_amount IS NULL AND breaks = 0 AND assistant = 0 AND paper = 0))
);
