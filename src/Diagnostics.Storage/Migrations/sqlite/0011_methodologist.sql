-- The role of a methodologist gets its proper name: a Methodist is a member of a church. A grant keeps its id, its holder, its
-- place and its dates; the audit trail keeps the word that was used at the time.
-- Both codes are allowed as on the servers, where a node of the previous version may still be running: one rule for all.
CREATE TABLE access_grants_2 (
    id            TEXT NOT NULL PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES access_accounts (id),
    role          TEXT NOT NULL CHECK (role IN ('administrator','auditor','operator','author','reviewer','site_head','invigilator','expert','chair','conflict_member','conflict_chair','methodist','methodologist','participant')),
    scope         TEXT NOT NULL CHECK (scope IN ('all','campaign','site','territory')),
    scope_id      TEXT,
    commission_id TEXT REFERENCES commissions (id),
    granted_by    TEXT,
    granted_at    TEXT NOT NULL,
    ended_at      TEXT,
    CHECK ((scope = 'all') = (scope_id IS NULL)),
    CHECK (commission_id IS NULL OR scope = 'campaign')
);
INSERT INTO access_grants_2 (id, account_id, role, scope, scope_id, commission_id, granted_by, granted_at, ended_at)
SELECT id, account_id, CASE role WHEN 'methodist' THEN 'methodologist' ELSE role END, scope, scope_id, commission_id, granted_by, granted_at, ended_at
FROM access_grants;
DROP TABLE access_grants;
ALTER TABLE access_grants_2 RENAME TO access_grants;
CREATE UNIQUE INDEX access_grants_live ON access_grants (account_id, role, scope, COALESCE(scope_id, ''), COALESCE(commission_id, '')) WHERE ended_at IS NULL;
