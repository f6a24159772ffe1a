-- What was imported from the bank's files, so that a start with the same files does nothing. ------------------------------
CREATE TABLE bank_imports (
    id          binary(16) NOT NULL PRIMARY KEY,
    fingerprint nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    actor       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    at          datetime2(6) NOT NULL
);

-- What the file of a facet or blueprint held at its last import: an unchanged file never undoes what was done through the API.
CREATE TABLE bank_import_files (
    kind        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN ('facet','blueprint')),
    code        nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    PRIMARY KEY (kind, code)
);
