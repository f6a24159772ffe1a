-- Documents with which the forms of diagnostics other than the test work: questionnaires, expert sheets, maps of skills.
CREATE TABLE instruments (
    kind              text COLLATE "C" NOT NULL CHECK (kind IN ('questionnaire','observation_sheet','skill_map')),
    code              text COLLATE "C" NOT NULL,
    version           integer NOT NULL CHECK (version >= 1),
    title             text COLLATE "C" NOT NULL,
    framework_code    text COLLATE "C" NOT NULL,
    framework_version integer NOT NULL,
    content           text COLLATE "C" NOT NULL,
    fingerprint       text COLLATE "C" NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (kind, code, version),
    FOREIGN KEY (framework_code, framework_version) REFERENCES frameworks (code, version)
);
CREATE TRIGGER instruments_keep_update BEFORE UPDATE ON instruments FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER instruments_keep_delete BEFORE DELETE ON instruments FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER instruments_keep_truncate BEFORE TRUNCATE ON instruments FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('never change');
