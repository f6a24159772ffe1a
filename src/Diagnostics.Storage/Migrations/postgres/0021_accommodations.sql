-- Special conditions of an application: what the person asked for, and what the operator granted with the approval. Each is written
-- once, with the decision that it belongs to. Only what is needed, never why. It goes with the person's data when they are erased.
CREATE TABLE application_accommodations (
    application_id uuid NOT NULL REFERENCES applications (id),
    standing       text COLLATE "C" NOT NULL CHECK (standing IN ('asked','granted')),
    extra_amount   integer CHECK (extra_amount BETWEEN 1 AND 600),
    extra_unit     text COLLATE "C" CHECK (extra_unit IN ('percent','minutes')),
    breaks         boolean NOT NULL,
    assistant      boolean NOT NULL,
    paper          boolean NOT NULL,
    PRIMARY KEY (application_id, standing),
    CHECK ((extra_amount IS NULL) = (extra_unit IS NULL)),
    CHECK (extra_unit <> 'percent' OR extra_amount <= 100),
    -- Nothing asked for is no row.
    CHECK (NOT (extra_amount IS NULL AND breaks = FALSE AND assistant = FALSE AND paper = FALSE))
);
