-- What those who lead marking have decided on an expert's flag, on a script or on a benchmark. One decision settles a flag.
CREATE TABLE marking_flag_decisions (
    flag_id    binary(16) NOT NULL PRIMARY KEY,
    decision   nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (decision IN ('confirmed','dismissed')),
    reason     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    decided_by binary(16) NOT NULL REFERENCES access_accounts (id),
    decided_at datetime2(6) NOT NULL
);
GO
CREATE TRIGGER marking_flag_decisions_keep_update ON marking_flag_decisions AFTER UPDATE AS THROW 51000, N'marking_flag_decisions is append-only', 1;
GO
CREATE TRIGGER marking_flag_decisions_keep_delete ON marking_flag_decisions AFTER DELETE AS THROW 51000, N'marking_flag_decisions is append-only', 1;
