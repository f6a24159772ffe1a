-- Ids are UUIDv7 as 16 bytes, the first one first: uniqueidentifier is sorted by its last bytes, and ids made one after another
-- would lie all over the table. Points are whole thousandths. Instants are UTC, to the microsecond; datetime knows 3 ms.
-- Text is compared by its code points (BIN2), whatever the database's own collation: codes, keyset pages and unique names must
-- not depend on the locale of a server. What is part of a key or an index has a length, so that no key can outgrow the 900 and
-- 1700 bytes that the server allows; everything else is as long as it is.
-- Two texts that differ only in blanks at their end are one to SQL Server, in any collation: no name, code or answer rests on them.
-- A unique key takes a null for a value like any other: where many may be null the index is filtered.
-- Closed sets carry CHECKs; history tables refuse UPDATE and DELETE. No trigger sees TRUNCATE, which takes the right to ALTER the
-- table, as does switching a trigger off: the service's own login has neither (README). GO ends what is sent at once.

-- The pseudonym of a person. -------------------------------------------------------------------------------------------
CREATE TABLE participants (
    id         binary(16) NOT NULL PRIMARY KEY,
    created_at datetime2(6) NOT NULL
);

-- Access -------------------------------------------------------------------------------------------------------------
CREATE TABLE access_accounts (
    id                   binary(16) NOT NULL PRIMARY KEY,
    user_name            nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    normalized_user_name nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL UNIQUE,
    password_hash        nvarchar(max) COLLATE Latin1_General_100_BIN2,
    security_stamp       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    participant_id       binary(16) REFERENCES participants (id),
    organisation         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    disabled             bit NOT NULL DEFAULT 0,
    failed_count         int NOT NULL DEFAULT 0,
    lockout_end          datetime2(6),
    created_at           datetime2(6) NOT NULL
);
CREATE UNIQUE INDEX access_accounts_participant ON access_accounts (participant_id) WHERE participant_id IS NOT NULL;

CREATE TABLE access_grants (
    id         binary(16) NOT NULL PRIMARY KEY,
    account_id binary(16) NOT NULL REFERENCES access_accounts (id),
    role       nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (role IN ('administrator','auditor','operator','author','reviewer','site_head','invigilator','expert','chair','conflict_member','conflict_chair','methodist','participant')),
    scope      nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (scope IN ('all','campaign','site','territory')),
    scope_id   nvarchar(100) COLLATE Latin1_General_100_BIN2,
    granted_by nvarchar(max) COLLATE Latin1_General_100_BIN2,
    granted_at datetime2(6) NOT NULL,
    ended_at   datetime2(6),
    CHECK ((scope = 'all' AND scope_id IS NULL) OR (scope <> 'all' AND scope_id IS NOT NULL))
);

CREATE TABLE access_clients (
    id          nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
    name        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    secret_hash nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    scopes      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    territory   nvarchar(100) COLLATE Latin1_General_100_BIN2,
    disabled    bit NOT NULL DEFAULT 0,
    created_at  datetime2(6) NOT NULL
);

-- Keys that sign tokens; in the database so that every node of a cluster shares them.
CREATE TABLE access_protection_keys (
    name nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
    xml  nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE idempotency_keys (
    actor        nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    "key"        nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    request_hash nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at   datetime2(6) NOT NULL,
    status       int,
    location     nvarchar(max) COLLATE Latin1_General_100_BIN2,
    body         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    PRIMARY KEY (actor, "key")
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- People: personal data apart from results, joined by the participant's pseudonym. -------------------------------------
CREATE TABLE people (
    participant_id binary(16) NOT NULL PRIMARY KEY REFERENCES participants (id),
    surname        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    given_name     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    patronymic     nvarchar(max) COLLATE Latin1_General_100_BIN2,
    email          nvarchar(max) COLLATE Latin1_General_100_BIN2,
    position       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    organisation   nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    territory      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    external_id    nvarchar(100) COLLATE Latin1_General_100_BIN2,
    revision       int NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX people_external_id ON people (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX people_territory ON people (territory, participant_id);

CREATE TABLE consents (
    id             binary(16) NOT NULL PRIMARY KEY,
    participant_id binary(16) NOT NULL REFERENCES participants (id),
    kind           nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN ('participation','profile_sharing')),
    text_code      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    text_version   int NOT NULL,
    given_at       datetime2(6) NOT NULL,
    withdrawn_at   datetime2(6)
);
CREATE INDEX consents_participant ON consents (participant_id, kind);

-- Competencies, item bank, forms: immutable documents by version. ------------------------------------------------------
CREATE TABLE frameworks (
    code        nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    version     int NOT NULL CHECK (version >= 1),
    title       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    content     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at  datetime2(6) NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE item_versions (
    code        nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    version     int NOT NULL CHECK (version >= 1),
    facet       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    variant     int NOT NULL CHECK (variant BETWEEN 1 AND 4),
    content     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at  datetime2(6) NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE item_facets (
    code        nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    version     int NOT NULL CHECK (version >= 1),
    diagnostic  nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    title       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    block       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    element     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    type        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (type IN ('single_choice','multiple_choice','matching','ordering','short_answer','extended_response')),
    difficulty  int NOT NULL CHECK (difficulty BETWEEN 1 AND 3),
    points      bigint NOT NULL CHECK (points > 0),
    status      nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (status IN ('draft','review','approved','active','retired')),
    author      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    reviewer    nvarchar(max) COLLATE Latin1_General_100_BIN2,
    fingerprint nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at  datetime2(6) NOT NULL,
    PRIMARY KEY (code, version),
    CHECK (status NOT IN ('approved','active') OR (reviewer IS NOT NULL AND reviewer <> author))
);

CREATE TABLE item_facet_items (
    facet_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    facet_version int NOT NULL,
    variant       int NOT NULL CHECK (variant BETWEEN 1 AND 4),
    item_code     nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    item_version  int NOT NULL,
    PRIMARY KEY (facet_code, facet_version, variant),
    FOREIGN KEY (facet_code, facet_version) REFERENCES item_facets (code, version),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);

CREATE TABLE item_transitions (
    id            binary(16) NOT NULL PRIMARY KEY,
    facet_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    facet_version int NOT NULL,
    from_status   nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    to_status     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    actor         nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    reason        nvarchar(max) COLLATE Latin1_General_100_BIN2,
    at            datetime2(6) NOT NULL,
    FOREIGN KEY (facet_code, facet_version) REFERENCES item_facets (code, version)
);

CREATE TABLE blueprints (
    code        nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    version     int NOT NULL CHECK (version >= 1),
    title       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    content     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at  datetime2(6) NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE forms (
    id                 binary(16) NOT NULL PRIMARY KEY,
    title              nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    blueprint_code     nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    blueprint_version  int NOT NULL,
    framework_code     nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    framework_version  int NOT NULL,
    time_limit_minutes int NOT NULL CHECK (time_limit_minutes BETWEEN 1 AND 1440),
    created_at         datetime2(6) NOT NULL,
    frozen_at          datetime2(6),
    FOREIGN KEY (blueprint_code, blueprint_version) REFERENCES blueprints (code, version),
    FOREIGN KEY (framework_code, framework_version) REFERENCES frameworks (code, version)
);

CREATE TABLE form_slots (
    form_id       binary(16) NOT NULL REFERENCES forms (id),
    variant       int NOT NULL CHECK (variant BETWEEN 1 AND 4),
    slot          int NOT NULL CHECK (slot >= 1),
    facet_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    facet_version int NOT NULL,
    item_code     nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    item_version  int NOT NULL,
    PRIMARY KEY (form_id, variant, slot),
    UNIQUE (form_id, item_code),
    FOREIGN KEY (facet_code, facet_version) REFERENCES item_facets (code, version),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX form_slots_item ON form_slots (item_code, item_version);
CREATE INDEX form_slots_facet ON form_slots (facet_code, facet_version);

-- Campaigns -----------------------------------------------------------------------------------------------------------
CREATE TABLE policies (
    kind        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN ('level_scale','session','marking','scoring','consent','appeals','calendar')),
    code        nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    version     int NOT NULL CHECK (version >= 1),
    content     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at  datetime2(6) NOT NULL,
    created_by  nvarchar(max) COLLATE Latin1_General_100_BIN2,
    PRIMARY KEY (kind, code, version)
);

CREATE TABLE sites (
    id        binary(16) NOT NULL PRIMARY KEY,
    code      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL UNIQUE,
    name      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    address   nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    territory nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    time_zone nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    seats     int NOT NULL CHECK (seats >= 1),
    revision  int NOT NULL DEFAULT 1
);

CREATE TABLE campaigns (
    id                 binary(16) NOT NULL PRIMARY KEY,
    title              nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    audience           nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    form_id            binary(16) NOT NULL REFERENCES forms (id),
    stage              nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (stage IN ('entry','intermediate','final')),
    programme          nvarchar(max) COLLATE Latin1_General_100_BIN2,
    status             nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (status IN ('draft','published','closed')),
    time_limit_minutes int NOT NULL CHECK (time_limit_minutes BETWEEN 1 AND 1440),
    applications_from  datetime2(6) NOT NULL,
    applications_to    datetime2(6) NOT NULL,
    sitting_from       datetime2(6) NOT NULL,
    sitting_to         datetime2(6) NOT NULL,
    marking_to         datetime2(6) NOT NULL,
    revision           int NOT NULL DEFAULT 1,
    created_at         datetime2(6) NOT NULL,
    published_at       datetime2(6),
    closed_at          datetime2(6),
    CHECK (applications_from < applications_to AND sitting_from < sitting_to AND applications_from <= sitting_from AND sitting_to <= marking_to),
    CHECK ((status = 'draft' AND published_at IS NULL) OR (status <> 'draft' AND published_at IS NOT NULL)),
    CHECK ((status = 'closed' AND closed_at IS NOT NULL) OR (status <> 'closed' AND closed_at IS NULL))
);

CREATE TABLE campaign_policies (
    campaign_id binary(16) NOT NULL REFERENCES campaigns (id),
    kind        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL,
    code        nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    version     int NOT NULL,
    PRIMARY KEY (campaign_id, kind),
    FOREIGN KEY (kind, code, version) REFERENCES policies (kind, code, version)
);

CREATE TABLE campaign_sites (
    campaign_id binary(16) NOT NULL REFERENCES campaigns (id),
    site_id     binary(16) NOT NULL REFERENCES sites (id),
    PRIMARY KEY (campaign_id, site_id)
);

CREATE TABLE applications (
    id             binary(16) NOT NULL PRIMARY KEY,
    campaign_id    binary(16) NOT NULL REFERENCES campaigns (id),
    participant_id binary(16) NOT NULL REFERENCES participants (id),
    site_id        binary(16) NOT NULL,
    status         nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (status IN ('submitted','approved','rejected','withdrawn')),
    consent_id     binary(16) NOT NULL REFERENCES consents (id),
    submitted_at   datetime2(6) NOT NULL,
    decided_at     datetime2(6),
    decided_by     nvarchar(max) COLLATE Latin1_General_100_BIN2,
    reason         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    CHECK (status <> 'rejected' OR reason IS NOT NULL),
    UNIQUE (id, campaign_id, participant_id),
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id)
);
CREATE UNIQUE INDEX applications_one_live ON applications (campaign_id, participant_id) WHERE status IN ('submitted','approved');
CREATE INDEX applications_participant ON applications (participant_id, id);

-- Sessions ------------------------------------------------------------------------------------------------------------
CREATE TABLE sessions (
    id             binary(16) NOT NULL PRIMARY KEY,
    application_id binary(16) NOT NULL,
    campaign_id    binary(16) NOT NULL,
    participant_id binary(16) NOT NULL,
    form_id        binary(16) NOT NULL REFERENCES forms (id),
    site_id        binary(16) NOT NULL REFERENCES sites (id),
    seat           int NOT NULL CHECK (seat >= 1),
    variant        int NOT NULL CHECK (variant BETWEEN 1 AND 4),
    draw_seed      bigint NOT NULL,
    shuffle_seed   bigint NOT NULL,
    grace_seconds  int NOT NULL CHECK (grace_seconds >= 0),
    state          nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (state IN ('scheduled','open','in_progress','paused','finished','expired','annulled')),
    revision       int NOT NULL DEFAULT 1,
    created_at     datetime2(6) NOT NULL,
    started_at     datetime2(6),
    deadline       datetime2(6),
    -- deadline + grace: the save path compares with one column.
    accept_until   datetime2(6),
    paused_at      datetime2(6),
    ended_at       datetime2(6),
    manifest       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    device         nvarchar(max) COLLATE Latin1_General_100_BIN2,
    scored_at      datetime2(6),
    scoring_fault  nvarchar(max) COLLATE Latin1_General_100_BIN2,
    -- A session exists only for the person and campaign of its application.
    FOREIGN KEY (application_id, campaign_id, participant_id) REFERENCES applications (id, campaign_id, participant_id),
    CHECK ((started_at IS NULL AND deadline IS NULL AND accept_until IS NULL) OR (started_at IS NOT NULL AND deadline IS NOT NULL AND accept_until IS NOT NULL)),
    CHECK (state NOT IN ('in_progress','paused','finished','expired') OR started_at IS NOT NULL),
    CHECK ((state = 'paused' AND paused_at IS NOT NULL) OR (state <> 'paused' AND paused_at IS NULL)),
    CHECK ((state IN ('finished','expired','annulled') AND ended_at IS NOT NULL) OR (state NOT IN ('finished','expired','annulled') AND ended_at IS NULL)),
    CHECK (state <> 'finished' OR manifest IS NOT NULL)
);
CREATE UNIQUE INDEX sessions_one_live ON sessions (application_id) WHERE state <> 'annulled';
CREATE UNIQUE INDEX sessions_seat ON sessions (campaign_id, site_id, seat) WHERE state <> 'annulled';
CREATE INDEX sessions_participant ON sessions (participant_id, form_id);
CREATE INDEX sessions_campaign ON sessions (campaign_id, id);
CREATE INDEX sessions_due ON sessions (accept_until) WHERE state = 'in_progress';
CREATE INDEX sessions_unscored ON sessions (ended_at) WHERE scored_at IS NULL AND state IN ('finished','expired');

-- Every saved response, append-only. Content is in the author's ids; null is an answer cleared or left blank.
CREATE TABLE session_responses (
    session_id    binary(16) NOT NULL REFERENCES sessions (id),
    slot          int NOT NULL,
    revision      int NOT NULL CHECK (revision >= 1),
    base_revision int NOT NULL,
    content       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    saved_at      datetime2(6) NOT NULL,
    PRIMARY KEY (session_id, slot, revision),
    CHECK (base_revision = revision - 1)
);

-- A unit that reads thousands of rows would lock the whole table instead of them, and every save with it.
ALTER TABLE sessions SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE session_responses SET (LOCK_ESCALATION = DISABLE);

-- What could not be taken is kept for the commission: stale, late, paused, finished.
CREATE TABLE session_rejected_responses (
    id            binary(16) NOT NULL CONSTRAINT session_rejected_responses_pkey PRIMARY KEY,
    session_id    binary(16) NOT NULL REFERENCES sessions (id),
    slot          int NOT NULL,
    base_revision int NOT NULL,
    reason        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    content       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    received_at   datetime2(6) NOT NULL
);
CREATE INDEX session_rejected_responses_session ON session_rejected_responses (session_id, received_at);

CREATE TABLE session_events (
    id         binary(16) NOT NULL CONSTRAINT session_events_pkey PRIMARY KEY,
    session_id binary(16) NOT NULL REFERENCES sessions (id),
    kind       nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    at         datetime2(6) NOT NULL,
    actor      nvarchar(max) COLLATE Latin1_General_100_BIN2,
    details    nvarchar(max) COLLATE Latin1_General_100_BIN2
);
CREATE INDEX session_events_session ON session_events (session_id, at, id);

-- Marking -------------------------------------------------------------------------------------------------------------
CREATE TABLE marking_rounds (
    session_id   binary(16) NOT NULL REFERENCES sessions (id),
    slot         int NOT NULL,
    number       int NOT NULL CHECK (number >= 1),
    kind         nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN ('auto','expert','adjudication','appeal','rescore')),
    -- Which saved answer was scored; 0 when there was none. A session taken up again may bring a newer one.
    response_revision int NOT NULL CHECK (response_revision >= 0),
    outcome      nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (outcome IN ('blank','untouched','wrong','partial','right','unmatched','awaiting_marking')),
    points       bigint NOT NULL,
    maximum      bigint NOT NULL,
    "rule"       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    item_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    item_version int NOT NULL,
    normalised   nvarchar(600) COLLATE Latin1_General_100_BIN2,
    criteria     nvarchar(max) COLLATE Latin1_General_100_BIN2,
    marked_by    binary(16) REFERENCES access_accounts (id),
    reason       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    at           datetime2(6) NOT NULL,
    PRIMARY KEY (session_id, slot, number),
    CHECK (points BETWEEN 0 AND maximum),
    CHECK ((kind = 'auto' AND marked_by IS NULL)
           OR (kind = 'adjudication' AND ((marked_by IS NULL AND criteria IS NULL) OR (marked_by IS NOT NULL AND criteria IS NOT NULL)))
           OR (kind NOT IN ('auto','adjudication') AND marked_by IS NOT NULL)),
    CHECK (kind <> 'expert' OR criteria IS NOT NULL),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX marking_rounds_review ON marking_rounds (item_code, item_version, normalised) WHERE normalised IS NOT NULL;

-- Decisions on short answers that match nothing in the key; the last one of a group stands. Append-only.
CREATE TABLE marking_key_decisions (
    item_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    item_version int NOT NULL,
    normalised   nvarchar(600) COLLATE Latin1_General_100_BIN2 NOT NULL,
    number       int NOT NULL CHECK (number >= 1),
    decision     nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (decision IN ('accept','reject','revert')),
    reason       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    decided_by   binary(16) NOT NULL REFERENCES access_accounts (id),
    decided_at   datetime2(6) NOT NULL,
    -- 1408 bytes, more than the key of the table itself may have.
    PRIMARY KEY NONCLUSTERED (item_code, item_version, normalised, number),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);

CREATE TABLE marking_tasks (
    id           binary(16) NOT NULL PRIMARY KEY,
    campaign_id  binary(16) NOT NULL REFERENCES campaigns (id),
    session_id   binary(16) NOT NULL REFERENCES sessions (id),
    slot         int NOT NULL,
    item_code    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    item_version int NOT NULL,
    organisation nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- Random order of the queue, so that nobody is recognised by the order of arrival.
    shuffle      bigint NOT NULL,
    state        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (state IN ('waiting','marked','withdrawn')),
    created_at   datetime2(6) NOT NULL,
    UNIQUE (session_id, slot),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX marking_tasks_queue ON marking_tasks (campaign_id, item_code, shuffle) WHERE state = 'waiting';

CREATE TABLE marking_assignments (
    id          binary(16) NOT NULL PRIMARY KEY,
    task_id     binary(16) NOT NULL REFERENCES marking_tasks (id),
    -- Which of the task's independent expert rounds this is, from 1.
    place       int NOT NULL CHECK (place >= 1),
    expert_id   binary(16) NOT NULL REFERENCES access_accounts (id),
    code        nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL UNIQUE,
    state       nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (state IN ('claimed','marked','returned','lapsed')),
    claimed_at  datetime2(6) NOT NULL,
    lease_until datetime2(6) NOT NULL,
    draft       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    closed_at   datetime2(6),
    reason      nvarchar(max) COLLATE Latin1_General_100_BIN2,
    CHECK ((state = 'claimed' AND closed_at IS NULL) OR (state <> 'claimed' AND closed_at IS NOT NULL)),
    CHECK (state <> 'returned' OR reason IS NOT NULL)
);
-- Two claims never hold the same round of a script, and an expert never gets the same script twice.
CREATE UNIQUE INDEX marking_assignments_one_holder ON marking_assignments (task_id, place) WHERE state IN ('claimed','marked');
CREATE UNIQUE INDEX marking_assignments_once_each ON marking_assignments (task_id, expert_id) WHERE state <> 'lapsed';
CREATE INDEX marking_assignments_expert ON marking_assignments (expert_id, state, lease_until);
CREATE INDEX marking_assignments_due ON marking_assignments (lease_until) WHERE state = 'claimed';

-- Profiles ------------------------------------------------------------------------------------------------------------
CREATE TABLE profiles (
    id             binary(16) NOT NULL PRIMARY KEY,
    session_id     binary(16) NOT NULL REFERENCES sessions (id),
    participant_id binary(16) NOT NULL REFERENCES participants (id),
    campaign_id    binary(16) NOT NULL REFERENCES campaigns (id),
    version        int NOT NULL CHECK (version >= 1),
    status         nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (status IN ('provisional','final')),
    cause          nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    content        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    issued_at      datetime2(6) NOT NULL,
    UNIQUE (session_id, version)
);
CREATE INDEX profiles_participant ON profiles (participant_id, id);
CREATE INDEX profiles_campaign ON profiles (campaign_id, id);

-- Audit: hash-chained, append-only. -------------------------------------------------------------------------------------
CREATE TABLE audit_entries (
    number        bigint NOT NULL PRIMARY KEY,
    at            datetime2(6) NOT NULL,
    actor         nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    action        nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    subject       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    details       nvarchar(max) COLLATE Latin1_General_100_BIN2,
    previous_hash nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    hash          nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL UNIQUE
);

-- History cannot be rewritten, whoever asks.
GO
CREATE TRIGGER session_responses_keep_update ON session_responses AFTER UPDATE AS THROW 51000, N'session_responses is append-only', 1;
GO
CREATE TRIGGER session_responses_keep_delete ON session_responses AFTER DELETE AS THROW 51000, N'session_responses is append-only', 1;
GO
CREATE TRIGGER session_rejected_responses_keep_update ON session_rejected_responses AFTER UPDATE AS THROW 51000, N'session_rejected_responses is append-only', 1;
GO
CREATE TRIGGER session_rejected_responses_keep_delete ON session_rejected_responses AFTER DELETE AS THROW 51000, N'session_rejected_responses is append-only', 1;
GO
CREATE TRIGGER session_events_keep_update ON session_events AFTER UPDATE AS THROW 51000, N'session_events is append-only', 1;
GO
CREATE TRIGGER session_events_keep_delete ON session_events AFTER DELETE AS THROW 51000, N'session_events is append-only', 1;
GO
CREATE TRIGGER marking_rounds_keep_update ON marking_rounds AFTER UPDATE AS THROW 51000, N'marking_rounds is append-only', 1;
GO
CREATE TRIGGER marking_rounds_keep_delete ON marking_rounds AFTER DELETE AS THROW 51000, N'marking_rounds is append-only', 1;
GO
CREATE TRIGGER marking_key_decisions_keep_update ON marking_key_decisions AFTER UPDATE AS THROW 51000, N'marking_key_decisions is append-only', 1;
GO
CREATE TRIGGER marking_key_decisions_keep_delete ON marking_key_decisions AFTER DELETE AS THROW 51000, N'marking_key_decisions is append-only', 1;
GO
CREATE TRIGGER profiles_keep_update ON profiles AFTER UPDATE AS THROW 51000, N'profiles is append-only', 1;
GO
CREATE TRIGGER profiles_keep_delete ON profiles AFTER DELETE AS THROW 51000, N'profiles is append-only', 1;
GO
CREATE TRIGGER audit_entries_keep_update ON audit_entries AFTER UPDATE AS THROW 51000, N'audit_entries is append-only', 1;
GO
CREATE TRIGGER audit_entries_keep_delete ON audit_entries AFTER DELETE AS THROW 51000, N'audit_entries is append-only', 1;
GO
CREATE TRIGGER item_versions_keep_update ON item_versions AFTER UPDATE AS THROW 51000, N'item_versions never change', 1;
GO
CREATE TRIGGER item_versions_keep_delete ON item_versions AFTER DELETE AS THROW 51000, N'item_versions never change', 1;
GO
CREATE TRIGGER policies_keep_update ON policies AFTER UPDATE AS THROW 51000, N'policies never change', 1;
GO
CREATE TRIGGER policies_keep_delete ON policies AFTER DELETE AS THROW 51000, N'policies never change', 1;
