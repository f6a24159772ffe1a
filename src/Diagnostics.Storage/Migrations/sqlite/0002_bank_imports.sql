-- What was imported from the bank's files, so that a start with the same files does nothing. ------------------------------
CREATE TABLE bank_imports (
    id          TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    actor       TEXT NOT NULL,
    at          TEXT NOT NULL
);

-- What the file of a facet or blueprint held at its last import: an unchanged file never undoes what was done through the API.
CREATE TABLE bank_import_files (
    kind        TEXT NOT NULL CHECK (kind IN ('facet','blueprint')),
    code        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (kind, code)
);
