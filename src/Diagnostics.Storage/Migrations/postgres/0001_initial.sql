-- Ids are UUIDv7. Points are whole thousandths. Text is compared byte by byte (COLLATE "C"), whatever the database's own
-- collation: codes, keyset pages and unique names must not depend on the locale of a server.
-- Closed sets carry CHECKs; history tables refuse UPDATE, DELETE and TRUNCATE.

-- The pseudonym of a person. -------------------------------------------------------------------------------------------
CREATE TABLE participants (
    id         uuid NOT NULL PRIMARY KEY,
    created_at timestamptz NOT NULL
);

-- Access -------------------------------------------------------------------------------------------------------------
CREATE TABLE access_accounts (
    id                   uuid NOT NULL PRIMARY KEY,
    user_name            text COLLATE "C" NOT NULL,
    normalized_user_name text COLLATE "C" NOT NULL UNIQUE,
    password_hash        text COLLATE "C",
    security_stamp       text COLLATE "C" NOT NULL,
    participant_id       uuid REFERENCES participants (id),
    organisation         text COLLATE "C",
    disabled             boolean NOT NULL DEFAULT FALSE,
    failed_count         integer NOT NULL DEFAULT 0,
    lockout_end          timestamptz,
    created_at           timestamptz NOT NULL
);
CREATE UNIQUE INDEX access_accounts_participant ON access_accounts (participant_id) WHERE participant_id IS NOT NULL;

CREATE TABLE access_grants (
    id         uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES access_accounts (id),
    role       text COLLATE "C" NOT NULL CHECK (role IN ('administrator','auditor','operator','author','reviewer','site_head','invigilator','expert','chair','conflict_member','conflict_chair','methodist','participant')),
    scope      text COLLATE "C" NOT NULL CHECK (scope IN ('all','campaign','site','territory')),
    scope_id   text COLLATE "C",
    granted_by text COLLATE "C",
    granted_at timestamptz NOT NULL,
    ended_at   timestamptz,
    CHECK ((scope = 'all') = (scope_id IS NULL))
);

CREATE TABLE access_clients (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    name        text COLLATE "C" NOT NULL,
    secret_hash text COLLATE "C" NOT NULL,
    scopes      text COLLATE "C" NOT NULL,
    territory   text COLLATE "C",
    disabled    boolean NOT NULL DEFAULT FALSE,
    created_at  timestamptz NOT NULL
);

-- Keys that sign tokens; in the database so that every node of a cluster shares them.
CREATE TABLE access_protection_keys (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    xml  text COLLATE "C" NOT NULL
);

CREATE TABLE idempotency_keys (
    actor        text COLLATE "C" NOT NULL,
    key          text COLLATE "C" NOT NULL,
    request_hash text COLLATE "C" NOT NULL,
    created_at   timestamptz NOT NULL,
    status       integer,
    location     text COLLATE "C",
    body         text COLLATE "C",
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- People: personal data apart from results, joined by the participant's pseudonym. -------------------------------------
CREATE TABLE people (
    participant_id uuid NOT NULL PRIMARY KEY REFERENCES participants (id),
    surname        text COLLATE "C" NOT NULL,
    given_name     text COLLATE "C" NOT NULL,
    patronymic     text COLLATE "C",
    email          text COLLATE "C",
    position       text COLLATE "C",
    organisation   text COLLATE "C" NOT NULL,
    territory      text COLLATE "C" NOT NULL,
    external_id    text COLLATE "C" UNIQUE,
    revision       integer NOT NULL DEFAULT 1
);
CREATE INDEX people_territory ON people (territory, participant_id);

CREATE TABLE consents (
    id             uuid NOT NULL PRIMARY KEY,
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind           text COLLATE "C" NOT NULL CHECK (kind IN ('participation','profile_sharing')),
    text_code      text COLLATE "C" NOT NULL,
    text_version   integer NOT NULL,
    given_at       timestamptz NOT NULL,
    withdrawn_at   timestamptz
);
CREATE INDEX consents_participant ON consents (participant_id, kind);

-- Competencies, item bank, forms: immutable documents by version. ------------------------------------------------------
CREATE TABLE frameworks (
    code        text COLLATE "C" NOT NULL,
    version     integer NOT NULL CHECK (version >= 1),
    title       text COLLATE "C" NOT NULL,
    content     text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE item_versions (
    code        text COLLATE "C" NOT NULL,
    version     integer NOT NULL CHECK (version >= 1),
    facet       text COLLATE "C" NOT NULL,
    variant     integer NOT NULL CHECK (variant BETWEEN 1 AND 4),
    content     text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE item_facets (
    code        text COLLATE "C" NOT NULL,
    version     integer NOT NULL CHECK (version >= 1),
    diagnostic  text COLLATE "C" NOT NULL,
    title       text COLLATE "C" NOT NULL,
    block       text COLLATE "C" NOT NULL,
    element     text COLLATE "C" NOT NULL,
    type        text COLLATE "C" NOT NULL CHECK (type IN ('single_choice','multiple_choice','matching','ordering','short_answer','extended_response')),
    difficulty  integer NOT NULL CHECK (difficulty BETWEEN 1 AND 3),
    points      bigint NOT NULL CHECK (points > 0),
    status      text COLLATE "C" NOT NULL CHECK (status IN ('draft','review','approved','active','retired')),
    author      text COLLATE "C" NOT NULL,
    reviewer    text COLLATE "C",
    fingerprint text COLLATE "C" NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (code, version),
    CHECK (status NOT IN ('approved','active') OR (reviewer IS NOT NULL AND reviewer <> author))
);

CREATE TABLE item_facet_items (
    facet_code    text COLLATE "C" NOT NULL,
    facet_version integer NOT NULL,
    variant       integer NOT NULL CHECK (variant BETWEEN 1 AND 4),
    item_code     text COLLATE "C" NOT NULL,
    item_version  integer NOT NULL,
    PRIMARY KEY (facet_code, facet_version, variant),
    FOREIGN KEY (facet_code, facet_version) REFERENCES item_facets (code, version),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);

CREATE TABLE item_transitions (
    id            uuid NOT NULL PRIMARY KEY,
    facet_code    text COLLATE "C" NOT NULL,
    facet_version integer NOT NULL,
    from_status   text COLLATE "C" NOT NULL,
    to_status     text COLLATE "C" NOT NULL,
    actor         text COLLATE "C" NOT NULL,
    reason        text COLLATE "C",
    at            timestamptz NOT NULL,
    FOREIGN KEY (facet_code, facet_version) REFERENCES item_facets (code, version)
);

CREATE TABLE blueprints (
    code        text COLLATE "C" NOT NULL,
    version     integer NOT NULL CHECK (version >= 1),
    title       text COLLATE "C" NOT NULL,
    content     text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE forms (
    id                 uuid NOT NULL PRIMARY KEY,
    title              text COLLATE "C" NOT NULL,
    blueprint_code     text COLLATE "C" NOT NULL,
    blueprint_version  integer NOT NULL,
    framework_code     text COLLATE "C" NOT NULL,
    framework_version  integer NOT NULL,
    time_limit_minutes integer NOT NULL CHECK (time_limit_minutes BETWEEN 1 AND 1440),
    created_at         timestamptz NOT NULL,
    frozen_at          timestamptz,
    FOREIGN KEY (blueprint_code, blueprint_version) REFERENCES blueprints (code, version),
    FOREIGN KEY (framework_code, framework_version) REFERENCES frameworks (code, version)
);

CREATE TABLE form_slots (
    form_id       uuid NOT NULL REFERENCES forms (id),
    variant       integer NOT NULL CHECK (variant BETWEEN 1 AND 4),
    slot          integer NOT NULL CHECK (slot >= 1),
    facet_code    text COLLATE "C" NOT NULL,
    facet_version integer NOT NULL,
    item_code     text COLLATE "C" NOT NULL,
    item_version  integer NOT NULL,
    PRIMARY KEY (form_id, variant, slot),
    UNIQUE (form_id, item_code),
    FOREIGN KEY (facet_code, facet_version) REFERENCES item_facets (code, version),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX form_slots_item ON form_slots (item_code, item_version);
CREATE INDEX form_slots_facet ON form_slots (facet_code, facet_version);

-- Campaigns -----------------------------------------------------------------------------------------------------------
CREATE TABLE policies (
    kind        text COLLATE "C" NOT NULL CHECK (kind IN ('level_scale','session','marking','scoring','consent','appeals','calendar')),
    code        text COLLATE "C" NOT NULL,
    version     integer NOT NULL CHECK (version >= 1),
    content     text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    created_at  timestamptz NOT NULL,
    created_by  text COLLATE "C",
    PRIMARY KEY (kind, code, version)
);

CREATE TABLE sites (
    id        uuid NOT NULL PRIMARY KEY,
    code      text COLLATE "C" NOT NULL UNIQUE,
    name      text COLLATE "C" NOT NULL,
    address   text COLLATE "C" NOT NULL,
    territory text COLLATE "C" NOT NULL,
    time_zone text COLLATE "C" NOT NULL,
    seats     integer NOT NULL CHECK (seats >= 1),
    revision  integer NOT NULL DEFAULT 1
);

CREATE TABLE campaigns (
    id                 uuid NOT NULL PRIMARY KEY,
    title              text COLLATE "C" NOT NULL,
    audience           text COLLATE "C" NOT NULL,
    form_id            uuid NOT NULL REFERENCES forms (id),
    stage              text COLLATE "C" NOT NULL CHECK (stage IN ('entry','intermediate','final')),
    programme          text COLLATE "C",
    status             text COLLATE "C" NOT NULL CHECK (status IN ('draft','published','closed')),
    time_limit_minutes integer NOT NULL CHECK (time_limit_minutes BETWEEN 1 AND 1440),
    applications_from  timestamptz NOT NULL,
    applications_to    timestamptz NOT NULL,
    sitting_from       timestamptz NOT NULL,
    sitting_to         timestamptz NOT NULL,
    marking_to         timestamptz NOT NULL,
    revision           integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    published_at       timestamptz,
    closed_at          timestamptz,
    CHECK (applications_from < applications_to AND sitting_from < sitting_to AND applications_from <= sitting_from AND sitting_to <= marking_to),
    CHECK ((status = 'draft') = (published_at IS NULL)),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);

CREATE TABLE campaign_policies (
    campaign_id uuid NOT NULL REFERENCES campaigns (id),
    kind        text COLLATE "C" NOT NULL,
    code        text COLLATE "C" NOT NULL,
    version     integer NOT NULL,
    PRIMARY KEY (campaign_id, kind),
    FOREIGN KEY (kind, code, version) REFERENCES policies (kind, code, version)
);

CREATE TABLE campaign_sites (
    campaign_id uuid NOT NULL REFERENCES campaigns (id),
    site_id     uuid NOT NULL REFERENCES sites (id),
    PRIMARY KEY (campaign_id, site_id)
);

CREATE TABLE applications (
    id             uuid NOT NULL PRIMARY KEY,
    campaign_id    uuid NOT NULL REFERENCES campaigns (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    site_id        uuid NOT NULL,
    status         text COLLATE "C" NOT NULL CHECK (status IN ('submitted','approved','rejected','withdrawn')),
    consent_id     uuid NOT NULL REFERENCES consents (id),
    submitted_at   timestamptz NOT NULL,
    decided_at     timestamptz,
    decided_by     text COLLATE "C",
    reason         text COLLATE "C",
    CHECK (status <> 'rejected' OR reason IS NOT NULL),
    UNIQUE (id, campaign_id, participant_id),
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id)
);
CREATE UNIQUE INDEX applications_one_live ON applications (campaign_id, participant_id) WHERE status IN ('submitted','approved');
CREATE INDEX applications_participant ON applications (participant_id, id);

-- Sessions ------------------------------------------------------------------------------------------------------------
CREATE TABLE sessions (
    id             uuid NOT NULL PRIMARY KEY,
    application_id uuid NOT NULL,
    campaign_id    uuid NOT NULL,
    participant_id uuid NOT NULL,
    form_id        uuid NOT NULL REFERENCES forms (id),
    site_id        uuid NOT NULL REFERENCES sites (id),
    seat           integer NOT NULL CHECK (seat >= 1),
    variant        integer NOT NULL CHECK (variant BETWEEN 1 AND 4),
    draw_seed      bigint NOT NULL,
    shuffle_seed   bigint NOT NULL,
    grace_seconds  integer NOT NULL CHECK (grace_seconds >= 0),
    state          text COLLATE "C" NOT NULL CHECK (state IN ('scheduled','open','in_progress','paused','finished','expired','annulled')),
    revision       integer NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    started_at     timestamptz,
    deadline       timestamptz,
    -- deadline + grace: the save path compares with one column.
    accept_until   timestamptz,
    paused_at      timestamptz,
    ended_at       timestamptz,
    manifest       text COLLATE "C",
    device         text COLLATE "C",
    scored_at      timestamptz,
    scoring_fault  text COLLATE "C",
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
    session_id    uuid NOT NULL REFERENCES sessions (id),
    slot          integer NOT NULL,
    revision      integer NOT NULL CHECK (revision >= 1),
    base_revision integer NOT NULL,
    content       text COLLATE "C",
    saved_at      timestamptz NOT NULL,
    PRIMARY KEY (session_id, slot, revision),
    CHECK (base_revision = revision - 1)
);

-- What could not be taken is kept for the commission: stale, late, paused, finished.
CREATE TABLE session_rejected_responses (
    id            uuid NOT NULL PRIMARY KEY,
    session_id    uuid NOT NULL REFERENCES sessions (id),
    slot          integer NOT NULL,
    base_revision integer NOT NULL,
    reason        text COLLATE "C" NOT NULL,
    content       text COLLATE "C",
    received_at   timestamptz NOT NULL
);
CREATE INDEX session_rejected_responses_session ON session_rejected_responses (session_id, received_at);

CREATE TABLE session_events (
    id         uuid NOT NULL PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id),
    kind       text COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL,
    actor      text COLLATE "C",
    details    text COLLATE "C"
);
CREATE INDEX session_events_session ON session_events (session_id, at, id);

-- Marking -------------------------------------------------------------------------------------------------------------
CREATE TABLE marking_rounds (
    session_id   uuid NOT NULL REFERENCES sessions (id),
    slot         integer NOT NULL,
    number       integer NOT NULL CHECK (number >= 1),
    kind         text COLLATE "C" NOT NULL CHECK (kind IN ('auto','expert','adjudication','appeal','rescore')),
    -- Which saved answer was scored; 0 when there was none. A session taken up again may bring a newer one.
    response_revision integer NOT NULL CHECK (response_revision >= 0),
    outcome      text COLLATE "C" NOT NULL CHECK (outcome IN ('blank','untouched','wrong','partial','right','unmatched','awaiting_marking')),
    points       bigint NOT NULL,
    maximum      bigint NOT NULL,
    rule         text COLLATE "C" NOT NULL,
    item_code    text COLLATE "C" NOT NULL,
    item_version integer NOT NULL,
    normalised   text COLLATE "C",
    criteria     text COLLATE "C",
    marked_by    uuid REFERENCES access_accounts (id),
    reason       text COLLATE "C",
    at           timestamptz NOT NULL,
    PRIMARY KEY (session_id, slot, number),
    CHECK (points BETWEEN 0 AND maximum),
    CHECK (CASE kind WHEN 'auto' THEN marked_by IS NULL WHEN 'adjudication' THEN (marked_by IS NULL) = (criteria IS NULL) ELSE marked_by IS NOT NULL END),
    CHECK ((kind = 'expert') <= (criteria IS NOT NULL)),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX marking_rounds_review ON marking_rounds (item_code, item_version, normalised) WHERE normalised IS NOT NULL;

-- Decisions on short answers that match nothing in the key; the last one of a group stands. Append-only.
CREATE TABLE marking_key_decisions (
    item_code    text COLLATE "C" NOT NULL,
    item_version integer NOT NULL,
    normalised   text COLLATE "C" NOT NULL,
    number       integer NOT NULL CHECK (number >= 1),
    decision     text COLLATE "C" NOT NULL CHECK (decision IN ('accept','reject','revert')),
    reason       text COLLATE "C" NOT NULL,
    decided_by   uuid NOT NULL REFERENCES access_accounts (id),
    decided_at   timestamptz NOT NULL,
    PRIMARY KEY (item_code, item_version, normalised, number),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);

CREATE TABLE marking_tasks (
    id           uuid NOT NULL PRIMARY KEY,
    campaign_id  uuid NOT NULL REFERENCES campaigns (id),
    session_id   uuid NOT NULL REFERENCES sessions (id),
    slot         integer NOT NULL,
    item_code    text COLLATE "C" NOT NULL,
    item_version integer NOT NULL,
    organisation text COLLATE "C" NOT NULL,
    -- Random order of the queue, so that nobody is recognised by the order of arrival.
    shuffle      bigint NOT NULL,
    state        text COLLATE "C" NOT NULL CHECK (state IN ('waiting','marked','withdrawn')),
    created_at   timestamptz NOT NULL,
    UNIQUE (session_id, slot),
    FOREIGN KEY (item_code, item_version) REFERENCES item_versions (code, version)
);
CREATE INDEX marking_tasks_queue ON marking_tasks (campaign_id, item_code, shuffle) WHERE state = 'waiting';

CREATE TABLE marking_assignments (
    id          uuid NOT NULL PRIMARY KEY,
    task_id     uuid NOT NULL REFERENCES marking_tasks (id),
    -- Which of the task's independent expert rounds this is, from 1.
    place       integer NOT NULL CHECK (place >= 1),
    expert_id   uuid NOT NULL REFERENCES access_accounts (id),
    code        text COLLATE "C" NOT NULL UNIQUE,
    state       text COLLATE "C" NOT NULL CHECK (state IN ('claimed','marked','returned','lapsed')),
    claimed_at  timestamptz NOT NULL,
    lease_until timestamptz NOT NULL,
    draft       text COLLATE "C",
    closed_at   timestamptz,
    reason      text COLLATE "C",
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
    id             uuid NOT NULL PRIMARY KEY,
    session_id     uuid NOT NULL REFERENCES sessions (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    campaign_id    uuid NOT NULL REFERENCES campaigns (id),
    version        integer NOT NULL CHECK (version >= 1),
    status         text COLLATE "C" NOT NULL CHECK (status IN ('provisional','final')),
    cause          text COLLATE "C" NOT NULL,
    content        text COLLATE "C" NOT NULL,
    fingerprint    text COLLATE "C" NOT NULL,
    issued_at      timestamptz NOT NULL,
    UNIQUE (session_id, version)
);
CREATE INDEX profiles_participant ON profiles (participant_id, id);
CREATE INDEX profiles_campaign ON profiles (campaign_id, id);

-- Audit: hash-chained, append-only. -------------------------------------------------------------------------------------
CREATE TABLE audit_entries (
    number        bigint NOT NULL PRIMARY KEY,
    at            timestamptz NOT NULL,
    actor         text COLLATE "C" NOT NULL,
    action        text COLLATE "C" NOT NULL,
    subject       text COLLATE "C" NOT NULL,
    details       text COLLATE "C",
    previous_hash text COLLATE "C" NOT NULL,
    hash          text COLLATE "C" NOT NULL UNIQUE
);

-- Whoever appends to the audit trail, whose chain has one order, or gives out scripts of the one queue, locks this empty
-- table before looking. A table, because in a serialisable transaction only LOCK TABLE can wait before the snapshot is taken.
CREATE TABLE turn ();

-- History cannot be rewritten, whoever asks.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER session_responses_keep_update BEFORE UPDATE ON session_responses FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER session_responses_keep_delete BEFORE DELETE ON session_responses FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER session_responses_keep_truncate BEFORE TRUNCATE ON session_responses FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER session_rejected_responses_keep_update BEFORE UPDATE ON session_rejected_responses FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER session_rejected_responses_keep_delete BEFORE DELETE ON session_rejected_responses FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER session_rejected_responses_keep_truncate BEFORE TRUNCATE ON session_rejected_responses FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER session_events_keep_update BEFORE UPDATE ON session_events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER session_events_keep_delete BEFORE DELETE ON session_events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER session_events_keep_truncate BEFORE TRUNCATE ON session_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_rounds_keep_update BEFORE UPDATE ON marking_rounds FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_rounds_keep_delete BEFORE DELETE ON marking_rounds FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_rounds_keep_truncate BEFORE TRUNCATE ON marking_rounds FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_key_decisions_keep_update BEFORE UPDATE ON marking_key_decisions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_key_decisions_keep_delete BEFORE DELETE ON marking_key_decisions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER marking_key_decisions_keep_truncate BEFORE TRUNCATE ON marking_key_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER profiles_keep_update BEFORE UPDATE ON profiles FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER profiles_keep_delete BEFORE DELETE ON profiles FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER profiles_keep_truncate BEFORE TRUNCATE ON profiles FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER audit_entries_keep_update BEFORE UPDATE ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER audit_entries_keep_delete BEFORE DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER audit_entries_keep_truncate BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER item_versions_keep_update BEFORE UPDATE ON item_versions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER item_versions_keep_delete BEFORE DELETE ON item_versions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER item_versions_keep_truncate BEFORE TRUNCATE ON item_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER policies_keep_update BEFORE UPDATE ON policies FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER policies_keep_delete BEFORE DELETE ON policies FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER policies_keep_truncate BEFORE TRUNCATE ON policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('never change');
