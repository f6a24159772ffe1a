-- A sitting together with where it is, so that whatever names both cannot name two places.
CREATE UNIQUE INDEX campaign_sittings_place ON campaign_sittings (id, campaign_id, site_id);
-- Who sits at a site on a day: its roster and its act.
CREATE INDEX sessions_site ON sessions (campaign_id, site_id, sitting_id);

-- Who is there on the day (clause 7.1.3): of a sitting, and without sittings in the campaign at the site, of all its days.
CREATE TABLE site_staff (
    id           TEXT NOT NULL PRIMARY KEY,
    campaign_id  TEXT NOT NULL,
    site_id      TEXT NOT NULL,
    sitting_id   TEXT,
    account_id   TEXT NOT NULL REFERENCES access_accounts (id),
    duty         TEXT NOT NULL CHECK (duty IN ('head','organiser','technician','commission_member')),
    appointed_at TEXT NOT NULL,
    appointed_by TEXT NOT NULL,
    ended_at     TEXT,
    ended_by     TEXT,
    end_reason   TEXT,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    FOREIGN KEY (sitting_id, campaign_id, site_id) REFERENCES campaign_sittings (id, campaign_id, site_id),
    UNIQUE (id, campaign_id, site_id),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE UNIQUE INDEX site_staff_one_of_site ON site_staff (campaign_id, site_id, account_id, duty) WHERE ended_at IS NULL AND sitting_id IS NULL;
CREATE UNIQUE INDEX site_staff_one_of_sitting ON site_staff (sitting_id, account_id, duty) WHERE ended_at IS NULL AND sitting_id IS NOT NULL;
-- Who signs the act is one person.
CREATE UNIQUE INDEX site_staff_head_of_site ON site_staff (campaign_id, site_id) WHERE duty = 'head' AND ended_at IS NULL AND sitting_id IS NULL;
CREATE UNIQUE INDEX site_staff_head_of_sitting ON site_staff (sitting_id) WHERE duty = 'head' AND ended_at IS NULL AND sitting_id IS NOT NULL;
CREATE INDEX site_staff_site ON site_staff (campaign_id, site_id, id);

-- The journal of the day: what was done at the site beside the sessions, whose events have a log of their own.
CREATE TABLE site_journal (
    id          TEXT NOT NULL PRIMARY KEY,
    campaign_id TEXT NOT NULL,
    site_id     TEXT NOT NULL,
    sitting_id  TEXT,
    kind        TEXT NOT NULL CHECK (kind IN
        ('presence','identity_checked','place_checked','materials_received','materials_handed_out','materials_stored','materials_destroyed','incident','corrected')),
    staff_id    TEXT,
    session_id  TEXT REFERENCES sessions (id),
    seat        INTEGER CHECK (seat >= 1),
    passed      INTEGER CHECK (passed IN (0, 1)),
    quantity    INTEGER CHECK (quantity >= 1),
    -- The entry that does not count: nothing is rewritten.
    corrects_id TEXT REFERENCES site_journal (id),
    note        TEXT,
    at          TEXT NOT NULL,
    actor       TEXT NOT NULL,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    FOREIGN KEY (sitting_id, campaign_id, site_id) REFERENCES campaign_sittings (id, campaign_id, site_id),
    FOREIGN KEY (staff_id, campaign_id, site_id) REFERENCES site_staff (id, campaign_id, site_id),
    CHECK ((kind = 'presence') = (staff_id IS NOT NULL)),
    CHECK ((kind = 'identity_checked') = (session_id IS NOT NULL)),
    CHECK ((kind = 'place_checked') = (seat IS NOT NULL)),
    CHECK ((seat IS NULL) = (passed IS NULL)),
    CHECK ((kind IN ('materials_received','materials_handed_out','materials_stored','materials_destroyed')) = (quantity IS NOT NULL)),
    CHECK ((kind = 'corrected') = (corrects_id IS NOT NULL)),
    CHECK (kind NOT IN ('incident','corrected') OR note IS NOT NULL)
);
CREATE UNIQUE INDEX site_journal_corrected ON site_journal (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE INDEX site_journal_day ON site_journal (campaign_id, site_id, sitting_id, id);

-- The act of the day, as its head signed it: once for a sitting, and without sittings once for a day at the site.
CREATE TABLE site_acts (
    id          TEXT NOT NULL PRIMARY KEY,
    campaign_id TEXT NOT NULL,
    site_id     TEXT NOT NULL,
    sitting_id  TEXT,
    -- Date at the site.
    sat_on      TEXT NOT NULL,
    content     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    signed_by   TEXT NOT NULL REFERENCES access_accounts (id),
    signed_at   TEXT NOT NULL,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    FOREIGN KEY (sitting_id, campaign_id, site_id) REFERENCES campaign_sittings (id, campaign_id, site_id)
);
CREATE UNIQUE INDEX site_acts_of_site ON site_acts (campaign_id, site_id, sat_on) WHERE sitting_id IS NULL;
CREATE UNIQUE INDEX site_acts_of_sitting ON site_acts (sitting_id) WHERE sitting_id IS NOT NULL;

-- Documents of a campaign, Markdown: the operator's order, the protocol of the commission that developed the items, instructions.
CREATE TABLE campaign_documents (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    kind        TEXT NOT NULL CHECK (kind IN
        ('order','items_protocol','participant_instruction','organiser_instruction','expert_instruction')),
    version     INTEGER NOT NULL CHECK (version >= 1),
    title       TEXT NOT NULL,
    content     TEXT NOT NULL,
    -- JSON list of those who sat in the commission.
    members     TEXT,
    -- Whom it concerns see it from then on; the newest in force is the one that holds.
    in_force_at TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    PRIMARY KEY (campaign_id, kind, version),
    CHECK ((kind = 'items_protocol') = (members IS NOT NULL))
);

CREATE TRIGGER site_journal_keep_update BEFORE UPDATE ON site_journal BEGIN SELECT RAISE(ABORT, 'site_journal is append-only'); END;
CREATE TRIGGER site_journal_keep_delete BEFORE DELETE ON site_journal BEGIN SELECT RAISE(ABORT, 'site_journal is append-only'); END;
CREATE TRIGGER site_acts_keep_update BEFORE UPDATE ON site_acts BEGIN SELECT RAISE(ABORT, 'site_acts is append-only'); END;
CREATE TRIGGER site_acts_keep_delete BEFORE DELETE ON site_acts BEGIN SELECT RAISE(ABORT, 'site_acts is append-only'); END;
CREATE TRIGGER campaign_documents_keep_update BEFORE UPDATE ON campaign_documents BEGIN SELECT RAISE(ABORT, 'campaign_documents is append-only'); END;
CREATE TRIGGER campaign_documents_keep_delete BEFORE DELETE ON campaign_documents BEGIN SELECT RAISE(ABORT, 'campaign_documents is append-only'); END;
