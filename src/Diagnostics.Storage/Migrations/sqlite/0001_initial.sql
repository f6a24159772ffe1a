-- Instants are UTC text of fixed width (uuuu-MM-ddTHH:mm:ss.ffffffZ), so text order is time order. Ids are UUIDv7 text.
-- Points are whole thousandths. Closed sets carry CHECKs; history tables refuse UPDATE and DELETE.

-- Access -------------------------------------------------------------------------------------------------------------
CREATE TABLE access_accounts (
    id                   TEXT NOT NULL PRIMARY KEY,
    user_name            TEXT NOT NULL,
    normalized_user_name TEXT NOT NULL UNIQUE,
    password_hash        TEXT,
    security_stamp       TEXT NOT NULL,
    participant_id       TEXT REFERENCES participants (id),
    organisation         TEXT,
    disabled             INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    failed_count         INTEGER NOT NULL DEFAULT 0,
    lockout_end          TEXT,
    created_at           TEXT NOT NULL
);
CREATE UNIQUE INDEX access_accounts_participant ON access_accounts (participant_id) WHERE participant_id IS NOT NULL;

CREATE TABLE access_grants (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES access_accounts (id),
    role       TEXT NOT NULL CHECK (role IN ('administrator','auditor','operator','author','reviewer','site_head','invigilator','expert','chair','methodist','participant')),
    scope      TEXT NOT NULL CHECK (scope IN ('all','campaign','site','territory')),
    scope_id   TEXT,
    granted_by TEXT,
    granted_at TEXT NOT NULL,
    ended_at   TEXT,
    CHECK ((scope = 'all') = (scope_id IS NULL))
);
CREATE UNIQUE INDEX access_grants_live ON access_grants (account_id, role, scope, COALESCE(scope_id, '')) WHERE ended_at IS NULL;

CREATE TABLE access_clients (
    id          TEXT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scopes      TEXT NOT NULL,
    territory   TEXT,
    disabled    INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_at  TEXT NOT NULL
);

-- Keys that sign tokens; in the database so that every node of a cluster shares them.
CREATE TABLE access_protection_keys (
    name TEXT NOT NULL PRIMARY KEY,
    xml  TEXT NOT NULL
);

CREATE TABLE idempotency_keys (
    actor        TEXT NOT NULL,
    key          TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    status       INTEGER,
    location     TEXT,
    body         TEXT,
    PRIMARY KEY (actor, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- People: personal data apart from results, joined by the participant's pseudonym. -------------------------------------
CREATE TABLE participants (
    id         TEXT NOT NULL PRIMARY KEY,
    created_at TEXT NOT NULL
);

CREATE TABLE people (
    participant_id TEXT NOT NULL PRIMARY KEY REFERENCES participants (id),
    surname        TEXT NOT NULL,
    given_name     TEXT NOT NULL,
    patronymic     TEXT,
    email          TEXT,
    position       TEXT,
    organisation   TEXT NOT NULL,
    territory      TEXT NOT NULL,
    external_id    TEXT UNIQUE,
    revision       INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX people_territory ON people (territory, participant_id);

CREATE TABLE consents (
    id             TEXT NOT NULL PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id),
    kind           TEXT NOT NULL CHECK (kind IN ('participation','profile_sharing')),
    text_code      TEXT NOT NULL,
    text_version   INTEGER NOT NULL,
    given_at       TEXT NOT NULL,
    withdrawn_at   TEXT
);
CREATE INDEX consents_participant ON consents (participant_id, kind);

-- Competencies, item bank, forms: immutable documents by version. ------------------------------------------------------
CREATE TABLE frameworks (
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL CHECK (version >= 1),
    title       TEXT NOT NULL,
    content     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE item_versions (
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL CHECK (version >= 1),
    facet       TEXT NOT NULL,
    variant     INTEGER NOT NULL CHECK (variant BETWEEN 1 AND 4),
    content     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE item_facets (
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL CHECK (version >= 1),
    diagnostic  TEXT NOT NULL,
    title       TEXT NOT NULL,
    block       TEXT NOT NULL,
    element     TEXT NOT NULL,
    type        TEXT NOT NULL CHECK (type IN ('single_choice','multiple_choice','matching','ordering','short_answer','extended_response')),
    difficulty  INTEGER NOT NULL CHECK (difficulty BETWEEN 1 AND 3),
    points      INTEGER NOT NULL CHECK (points > 0),
    status      TEXT NOT NULL CHECK (status IN ('draft','review','approved','active','retired')),
    author      TEXT NOT NULL,
    reviewer    TEXT,
    fingerprint TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    PRIMARY KEY (code, version),
    CHECK (status NOT IN ('approved','active') OR (reviewer IS NOT NULL AND reviewer <> author))
);

CREATE TABLE item_facet_items (
    facet_code    TEXT NOT NULL,
    facet_version INTEGER NOT NULL,
    variant       INTEGER NOT NULL CHECK (variant BETWEEN 1 AND 4),
    item_code     TEXT NOT NULL,
    item_version  INTEGER NOT NULL,
    PRIMARY KEY (facet_code, facet_version, variant),
    FOREIGN KEY (facet_code, facet_version) REFERENCES item_facets (code, version),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);

CREATE TABLE item_transitions (
    id            TEXT NOT NULL PRIMARY KEY,
    facet_code    TEXT NOT NULL,
    facet_version INTEGER NOT NULL,
    from_status   TEXT NOT NULL,
    to_status     TEXT NOT NULL,
    actor         TEXT NOT NULL,
    reason        TEXT,
    at            TEXT NOT NULL,
    FOREIGN KEY (facet_code, facet_version) REFERENCES item_facets (code, version)
);

CREATE TABLE blueprints (
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL CHECK (version >= 1),
    title       TEXT NOT NULL,
    content     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE forms (
    id                 TEXT NOT NULL PRIMARY KEY,
    title              TEXT NOT NULL,
    blueprint_code     TEXT NOT NULL,
    blueprint_version  INTEGER NOT NULL,
    framework_code     TEXT NOT NULL,
    framework_version  INTEGER NOT NULL,
    time_limit_minutes INTEGER NOT NULL CHECK (time_limit_minutes BETWEEN 1 AND 1440),
    created_at         TEXT NOT NULL,
    frozen_at          TEXT,
    FOREIGN KEY (blueprint_code, blueprint_version) REFERENCES blueprints (code, version),
    FOREIGN KEY (framework_code, framework_version) REFERENCES frameworks (code, version)
);

CREATE TABLE form_slots (
    form_id       TEXT NOT NULL REFERENCES forms (id),
    variant       INTEGER NOT NULL CHECK (variant BETWEEN 1 AND 4),
    slot          INTEGER NOT NULL CHECK (slot >= 1),
    facet_code    TEXT NOT NULL,
    facet_version INTEGER NOT NULL,
    item_code     TEXT NOT NULL,
    item_version  INTEGER NOT NULL,
    PRIMARY KEY (form_id, variant, slot),
    UNIQUE (form_id, item_code),
    FOREIGN KEY (facet_code, facet_version) REFERENCES item_facets (code, version),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX form_slots_item ON form_slots (item_code, item_version);
CREATE INDEX form_slots_facet ON form_slots (facet_code, facet_version);

-- Campaigns -----------------------------------------------------------------------------------------------------------
CREATE TABLE policies (
    kind        TEXT NOT NULL CHECK (kind IN ('level_scale','session','marking','scoring','consent')),
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL CHECK (version >= 1),
    content     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    created_by  TEXT,
    PRIMARY KEY (kind, code, version)
);

CREATE TABLE sites (
    id        TEXT NOT NULL PRIMARY KEY,
    code      TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    address   TEXT NOT NULL,
    territory TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    seats     INTEGER NOT NULL CHECK (seats >= 1),
    revision  INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE campaigns (
    id                 TEXT NOT NULL PRIMARY KEY,
    title              TEXT NOT NULL,
    audience           TEXT NOT NULL,
    form_id            TEXT NOT NULL REFERENCES forms (id),
    stage              TEXT NOT NULL CHECK (stage IN ('entry','intermediate','final')),
    programme          TEXT,
    status             TEXT NOT NULL CHECK (status IN ('draft','published','closed')),
    time_limit_minutes INTEGER NOT NULL CHECK (time_limit_minutes BETWEEN 1 AND 1440),
    applications_from  TEXT NOT NULL,
    applications_to    TEXT NOT NULL,
    sitting_from       TEXT NOT NULL,
    sitting_to         TEXT NOT NULL,
    marking_to         TEXT NOT NULL,
    revision           INTEGER NOT NULL DEFAULT 1,
    created_at         TEXT NOT NULL,
    published_at       TEXT,
    closed_at          TEXT,
    CHECK (applications_from < applications_to AND sitting_from < sitting_to AND applications_from <= sitting_from AND sitting_to <= marking_to),
    CHECK ((status = 'draft') = (published_at IS NULL)),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);

CREATE TABLE campaign_policies (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    kind        TEXT NOT NULL,
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, kind),
    FOREIGN KEY (kind, code, version) REFERENCES policies (kind, code, version)
);

CREATE TABLE campaign_sites (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    site_id     TEXT NOT NULL REFERENCES sites (id),
    PRIMARY KEY (campaign_id, site_id)
);

CREATE TABLE applications (
    id             TEXT NOT NULL PRIMARY KEY,
    campaign_id    TEXT NOT NULL REFERENCES campaigns (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    site_id        TEXT NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('submitted','approved','rejected','withdrawn')),
    consent_id     TEXT NOT NULL REFERENCES consents (id),
    submitted_at   TEXT NOT NULL,
    decided_at     TEXT,
    decided_by     TEXT,
    reason         TEXT,
    CHECK (status <> 'rejected' OR reason IS NOT NULL),
    UNIQUE (id, campaign_id, participant_id),
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id)
);
CREATE UNIQUE INDEX applications_one_live ON applications (campaign_id, participant_id) WHERE status IN ('submitted','approved');
CREATE INDEX applications_participant ON applications (participant_id, id);

-- Sessions ------------------------------------------------------------------------------------------------------------
CREATE TABLE sessions (
    id             TEXT NOT NULL PRIMARY KEY,
    application_id TEXT NOT NULL,
    campaign_id    TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    form_id        TEXT NOT NULL REFERENCES forms (id),
    site_id        TEXT NOT NULL REFERENCES sites (id),
    seat           INTEGER NOT NULL CHECK (seat >= 1),
    variant        INTEGER NOT NULL CHECK (variant BETWEEN 1 AND 4),
    draw_seed      INTEGER NOT NULL,
    shuffle_seed   INTEGER NOT NULL,
    grace_seconds  INTEGER NOT NULL CHECK (grace_seconds >= 0),
    state          TEXT NOT NULL CHECK (state IN ('scheduled','open','in_progress','paused','finished','expired','annulled')),
    revision       INTEGER NOT NULL DEFAULT 1,
    created_at     TEXT NOT NULL,
    started_at     TEXT,
    deadline       TEXT,
    -- deadline + grace: the save path compares with one column.
    accept_until   TEXT,
    paused_at      TEXT,
    ended_at       TEXT,
    manifest       TEXT,
    device         TEXT,
    scored_at      TEXT,
    scoring_fault  TEXT,
    -- A session exists only for the person and campaign of its application.
    FOREIGN KEY (application_id, campaign_id, participant_id) REFERENCES applications (id, campaign_id, participant_id),
    CHECK ((started_at IS NULL) = (deadline IS NULL) AND (deadline IS NULL) = (accept_until IS NULL)),
    CHECK (state NOT IN ('in_progress','paused','finished','expired') OR started_at IS NOT NULL),
    CHECK ((state = 'paused') = (paused_at IS NOT NULL)),
    CHECK ((state IN ('finished','expired','annulled')) = (ended_at IS NOT NULL)),
    CHECK ((state = 'finished') <= (manifest IS NOT NULL))
);
CREATE UNIQUE INDEX sessions_one_live ON sessions (application_id) WHERE state <> 'annulled';
CREATE UNIQUE INDEX sessions_seat ON sessions (campaign_id, site_id, seat) WHERE state <> 'annulled';
CREATE INDEX sessions_participant ON sessions (participant_id, form_id);
CREATE INDEX sessions_campaign ON sessions (campaign_id, id);
CREATE INDEX sessions_due ON sessions (accept_until) WHERE state = 'in_progress';
CREATE INDEX sessions_unscored ON sessions (ended_at) WHERE scored_at IS NULL AND state IN ('finished','expired');

-- Every saved response, append-only. Content is in the author's ids; null is an answer cleared or left blank.
CREATE TABLE session_responses (
    session_id    TEXT NOT NULL REFERENCES sessions (id),
    slot          INTEGER NOT NULL,
    revision      INTEGER NOT NULL CHECK (revision >= 1),
    base_revision INTEGER NOT NULL,
    content       TEXT,
    saved_at      TEXT NOT NULL,
    PRIMARY KEY (session_id, slot, revision),
    CHECK (base_revision = revision - 1)
) WITHOUT ROWID;

-- What could not be taken is kept for the commission: stale, late, paused, finished.
CREATE TABLE session_rejected_responses (
    id            TEXT NOT NULL PRIMARY KEY,
    session_id    TEXT NOT NULL REFERENCES sessions (id),
    slot          INTEGER NOT NULL,
    base_revision INTEGER NOT NULL,
    reason        TEXT NOT NULL,
    content       TEXT,
    received_at   TEXT NOT NULL
);
CREATE INDEX session_rejected_responses_session ON session_rejected_responses (session_id, received_at);

CREATE TABLE session_events (
    id         TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    kind       TEXT NOT NULL,
    at         TEXT NOT NULL,
    actor      TEXT,
    details    TEXT
);
CREATE INDEX session_events_session ON session_events (session_id, at, id);

-- Marking -------------------------------------------------------------------------------------------------------------
CREATE TABLE marking_rounds (
    session_id   TEXT NOT NULL REFERENCES sessions (id),
    slot         INTEGER NOT NULL,
    number       INTEGER NOT NULL CHECK (number >= 1),
    kind         TEXT NOT NULL CHECK (kind IN ('auto','expert','adjudication','appeal','rescore')),
    -- Which saved answer was scored; 0 when there was none. A session taken up again may bring a newer one.
    response_revision INTEGER NOT NULL CHECK (response_revision >= 0),
    outcome      TEXT NOT NULL CHECK (outcome IN ('blank','untouched','wrong','partial','right','unmatched','awaiting_marking')),
    points       INTEGER NOT NULL,
    maximum      INTEGER NOT NULL,
    rule         TEXT NOT NULL,
    item_code    TEXT NOT NULL,
    item_version INTEGER NOT NULL,
    normalised   TEXT,
    criteria     TEXT,
    marked_by    TEXT REFERENCES access_accounts (id),
    reason       TEXT,
    at           TEXT NOT NULL,
    PRIMARY KEY (session_id, slot, number),
    CHECK (points BETWEEN 0 AND maximum),
    CHECK ((kind = 'auto') = (marked_by IS NULL)),
    CHECK ((kind = 'expert') <= (criteria IS NOT NULL)),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
) WITHOUT ROWID;
CREATE INDEX marking_rounds_review ON marking_rounds (item_code, item_version, normalised) WHERE normalised IS NOT NULL;

-- Decisions on short answers that match nothing in the key; the last one of a group stands. Append-only.
CREATE TABLE marking_key_decisions (
    item_code    TEXT NOT NULL,
    item_version INTEGER NOT NULL,
    normalised   TEXT NOT NULL,
    number       INTEGER NOT NULL CHECK (number >= 1),
    decision     TEXT NOT NULL CHECK (decision IN ('accept','reject','revert')),
    reason       TEXT NOT NULL,
    decided_by   TEXT NOT NULL REFERENCES access_accounts (id),
    decided_at   TEXT NOT NULL,
    PRIMARY KEY (item_code, item_version, normalised, number),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
) WITHOUT ROWID;

CREATE TABLE marking_tasks (
    id           TEXT NOT NULL PRIMARY KEY,
    campaign_id  TEXT NOT NULL REFERENCES campaigns (id),
    session_id   TEXT NOT NULL REFERENCES sessions (id),
    slot         INTEGER NOT NULL,
    item_code    TEXT NOT NULL,
    item_version INTEGER NOT NULL,
    organisation TEXT NOT NULL,
    -- Random order of the queue, so that nobody is recognised by the order of arrival.
    shuffle      INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('waiting','marked','withdrawn')),
    created_at   TEXT NOT NULL,
    UNIQUE (session_id, slot),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX marking_tasks_queue ON marking_tasks (campaign_id, item_code, shuffle) WHERE state = 'waiting';

CREATE TABLE marking_assignments (
    id          TEXT NOT NULL PRIMARY KEY,
    task_id     TEXT NOT NULL REFERENCES marking_tasks (id),
    -- Which of the task's independent expert rounds this is, from 1.
    place       INTEGER NOT NULL CHECK (place >= 1),
    expert_id   TEXT NOT NULL REFERENCES access_accounts (id),
    code        TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL CHECK (state IN ('claimed','marked','returned','lapsed')),
    claimed_at  TEXT NOT NULL,
    lease_until TEXT NOT NULL,
    draft       TEXT,
    closed_at   TEXT,
    reason      TEXT,
    CHECK ((state = 'claimed') = (closed_at IS NULL)),
    CHECK (state <> 'returned' OR reason IS NOT NULL)
);
-- Two claims never hold the same round of a script, and an expert never gets the same script twice.
CREATE UNIQUE INDEX marking_assignments_one_holder ON marking_assignments (task_id, place) WHERE state IN ('claimed','marked');
CREATE UNIQUE INDEX marking_assignments_once_each ON marking_assignments (task_id, expert_id) WHERE state <> 'lapsed';
CREATE INDEX marking_assignments_expert ON marking_assignments (expert_id, state, lease_until);
CREATE INDEX marking_assignments_due ON marking_assignments (lease_until) WHERE state = 'claimed';

-- Profiles ------------------------------------------------------------------------------------------------------------
CREATE TABLE profiles (
    id             TEXT NOT NULL PRIMARY KEY,
    session_id     TEXT NOT NULL REFERENCES sessions (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    campaign_id    TEXT NOT NULL REFERENCES campaigns (id),
    version        INTEGER NOT NULL CHECK (version >= 1),
    status         TEXT NOT NULL CHECK (status IN ('provisional','final')),
    cause          TEXT NOT NULL,
    content        TEXT NOT NULL,
    fingerprint    TEXT NOT NULL,
    issued_at      TEXT NOT NULL,
    UNIQUE (session_id, version)
);
CREATE INDEX profiles_participant ON profiles (participant_id, id);
CREATE INDEX profiles_campaign ON profiles (campaign_id, id);

-- Audit: hash-chained, append-only. -------------------------------------------------------------------------------------
CREATE TABLE audit_entries (
    number        INTEGER NOT NULL PRIMARY KEY,
    at            TEXT NOT NULL,
    actor         TEXT NOT NULL,
    action        TEXT NOT NULL,
    subject       TEXT NOT NULL,
    details       TEXT,
    previous_hash TEXT NOT NULL,
    hash          TEXT NOT NULL UNIQUE
);

-- History cannot be rewritten, whoever asks.
CREATE TRIGGER session_responses_keep_update BEFORE UPDATE ON session_responses BEGIN SELECT RAISE(ABORT, 'session_responses is append-only'); END;
CREATE TRIGGER session_responses_keep_delete BEFORE DELETE ON session_responses BEGIN SELECT RAISE(ABORT, 'session_responses is append-only'); END;
CREATE TRIGGER session_rejected_responses_keep_update BEFORE UPDATE ON session_rejected_responses BEGIN SELECT RAISE(ABORT, 'session_rejected_responses is append-only'); END;
CREATE TRIGGER session_rejected_responses_keep_delete BEFORE DELETE ON session_rejected_responses BEGIN SELECT RAISE(ABORT, 'session_rejected_responses is append-only'); END;
CREATE TRIGGER session_events_keep_update BEFORE UPDATE ON session_events BEGIN SELECT RAISE(ABORT, 'session_events is append-only'); END;
CREATE TRIGGER session_events_keep_delete BEFORE DELETE ON session_events BEGIN SELECT RAISE(ABORT, 'session_events is append-only'); END;
CREATE TRIGGER marking_rounds_keep_update BEFORE UPDATE ON marking_rounds BEGIN SELECT RAISE(ABORT, 'marking_rounds is append-only'); END;
CREATE TRIGGER marking_rounds_keep_delete BEFORE DELETE ON marking_rounds BEGIN SELECT RAISE(ABORT, 'marking_rounds is append-only'); END;
CREATE TRIGGER marking_key_decisions_keep_update BEFORE UPDATE ON marking_key_decisions BEGIN SELECT RAISE(ABORT, 'marking_key_decisions is append-only'); END;
CREATE TRIGGER marking_key_decisions_keep_delete BEFORE DELETE ON marking_key_decisions BEGIN SELECT RAISE(ABORT, 'marking_key_decisions is append-only'); END;
CREATE TRIGGER profiles_keep_update BEFORE UPDATE ON profiles BEGIN SELECT RAISE(ABORT, 'profiles is append-only'); END;
CREATE TRIGGER profiles_keep_delete BEFORE DELETE ON profiles BEGIN SELECT RAISE(ABORT, 'profiles is append-only'); END;
CREATE TRIGGER audit_entries_keep_update BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
CREATE TRIGGER audit_entries_keep_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
CREATE TRIGGER item_versions_keep_update BEFORE UPDATE ON item_versions BEGIN SELECT RAISE(ABORT, 'item_versions never change'); END;
CREATE TRIGGER item_versions_keep_delete BEFORE DELETE ON item_versions BEGIN SELECT RAISE(ABORT, 'item_versions never change'); END;
CREATE TRIGGER policies_keep_update BEFORE UPDATE ON policies BEGIN SELECT RAISE(ABORT, 'policies never change'); END;
CREATE TRIGGER policies_keep_delete BEFORE DELETE ON policies BEGIN SELECT RAISE(ABORT, 'policies never change'); END;
