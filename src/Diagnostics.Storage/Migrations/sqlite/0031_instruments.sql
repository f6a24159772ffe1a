-- Documents with which the forms of diagnostics other than the test work: questionnaires, expert sheets, maps of skills.
CREATE TABLE instruments (
    kind              TEXT NOT NULL CHECK (kind IN ('questionnaire','observation_sheet','skill_map')),
    code              TEXT NOT NULL,
    version           INTEGER NOT NULL CHECK (version >= 1),
    title             TEXT NOT NULL,
    framework_code    TEXT NOT NULL,
    framework_version INTEGER NOT NULL,
    content           TEXT NOT NULL,
    fingerprint       TEXT NOT NULL,
    created_at        TEXT NOT NULL,
    PRIMARY KEY (kind, code, version),
    FOREIGN KEY (framework_code, framework_version) REFERENCES frameworks (code, version)
);
CREATE TRIGGER instruments_keep_update BEFORE UPDATE ON instruments BEGIN SELECT RAISE(ABORT, 'instruments never change'); END;
CREATE TRIGGER instruments_keep_delete BEFORE DELETE ON instruments BEGIN SELECT RAISE(ABORT, 'instruments never change'); END;
