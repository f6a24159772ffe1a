-- Documents with which the forms of diagnostics other than the test work: questionnaires, expert sheets, maps of skills.
CREATE TABLE instruments (
    kind              nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN ('questionnaire','observation_sheet','skill_map')),
    code              nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    version           int NOT NULL CHECK (version >= 1),
    title             nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    framework_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    framework_version int NOT NULL,
    content           nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint       nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at        datetime2(6) NOT NULL,
    PRIMARY KEY (kind, code, version),
    FOREIGN KEY (framework_code, framework_version) REFERENCES frameworks (code, version)
);
GO
CREATE TRIGGER instruments_keep_update ON instruments AFTER UPDATE AS THROW 51000, N'instruments never change', 1;
GO
CREATE TRIGGER instruments_keep_delete ON instruments AFTER DELETE AS THROW 51000, N'instruments never change', 1;
GO
