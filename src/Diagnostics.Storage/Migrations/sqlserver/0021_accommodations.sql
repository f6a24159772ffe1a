-- Special conditions of an application: what the person asked for, and what the operator granted with the approval. Each is written
-- once, with the decision that it belongs to. Only what is needed, never why. It goes with the person's data when they are erased.
CREATE TABLE application_accommodations (
    application_id binary(16) NOT NULL REFERENCES applications (id),
    standing       nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (standing IN ('asked','granted')),
    extra_amount   int CHECK (extra_amount BETWEEN 1 AND 600),
    extra_unit     nvarchar(30) COLLATE Latin1_General_100_BIN2 CHECK (extra_unit IN ('percent','minutes')),
    breaks         bit NOT NULL,
    assistant      bit NOT NULL,
    paper          bit NOT NULL,
    PRIMARY KEY (application_id, standing),
    CHECK ((extra_amount IS NULL AND extra_unit IS NULL) OR (extra_amount IS NOT NULL AND extra_unit IS NOT NULL)),
    CHECK (extra_unit <> 'percent' OR extra_amount <= 100),
    -- Nothing asked for is no row.
    CHECK (NOT (extra_amount IS NULL AND breaks = 0 AND assistant = 0 AND paper = 0))
);
