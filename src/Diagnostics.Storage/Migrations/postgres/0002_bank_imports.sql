-- What was imported from the bank's files, so that a start with the same files does nothing. ------------------------------
CREATE TABLE bank_imports (
    id          uuid NOT NULL PRIMARY KEY,
    fingerprint text COLLATE "C" NOT NULL,
    actor       text COLLATE "C" NOT NULL,
    at          timestamptz NOT NULL
);

-- What the file of a facet or blueprint held at its last import: an unchanged file never undoes what was done through the API.
CREATE TABLE bank_import_files (
    kind        text COLLATE "C" NOT NULL CHECK (kind IN ('facet','blueprint')),
    code        text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, code)
);
