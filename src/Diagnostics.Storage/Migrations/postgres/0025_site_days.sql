-- A sitting together with where it is, so that whatever names both cannot name two places.
CREATE UNIQUE INDEX campaign_sittings_place ON campaign_sittings (id, campaign_id, site_id);
-- Who sits at a site on a day: its roster and its act.
CREATE INDEX sessions_site ON sessions (campaign_id, site_id, sitting_id);

-- Who is there on the day (clause 7.1.3): of a sitting, and without sittings in the campaign at the site, of all its days.
CREATE TABLE site_staff (
    id           uuid NOT NULL PRIMARY KEY,
    campaign_id  uuid NOT NULL,
    site_id      uuid NOT NULL,
    sitting_id   uuid,
    account_id   uuid NOT NULL REFERENCES access_accounts (id),
    duty         text COLLATE "C" NOT NULL CHECK (duty IN ('head','organiser','technician','commission_member')),
    appointed_at timestamptz NOT NULL,
    appointed_by text COLLATE "C" NOT NULL,
    ended_at     timestamptz,
    ended_by     text COLLATE "C",
    end_reason   text COLLATE "C",
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
    id          uuid NOT NULL PRIMARY KEY,
    campaign_id uuid NOT NULL,
    site_id     uuid NOT NULL,
    sitting_id  uuid,
    kind        text COLLATE "C" NOT NULL CHECK (kind IN
        ('presence','identity_checked','place_checked','materials_received','materials_handed_out','materials_stored','materials_destroyed','incident','corrected')),
    staff_id    uuid,
    session_id  uuid REFERENCES sessions (id),
    seat        integer CHECK (seat >= 1),
    passed      boolean,
    quantity    integer CHECK (quantity >= 1),
    -- The entry that does not count: nothing is rewritten.
    corrects_id uuid REFERENCES site_journal (id),
    note        text COLLATE "C",
    at          timestamptz NOT NULL,
    actor       text COLLATE "C" NOT NULL,
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
    id          uuid NOT NULL PRIMARY KEY,
    campaign_id uuid NOT NULL,
    site_id     uuid NOT NULL,
    sitting_id  uuid,
    -- Date at the site.
    sat_on      text COLLATE "C" NOT NULL,
    content     text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    signed_by   uuid NOT NULL REFERENCES access_accounts (id),
    signed_at   timestamptz NOT NULL,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    FOREIGN KEY (sitting_id, campaign_id, site_id) REFERENCES campaign_sittings (id, campaign_id, site_id)
);
CREATE UNIQUE INDEX site_acts_of_site ON site_acts (campaign_id, site_id, sat_on) WHERE sitting_id IS NULL;
CREATE UNIQUE INDEX site_acts_of_sitting ON site_acts (sitting_id) WHERE sitting_id IS NOT NULL;

-- Documents of a campaign, Markdown: the operator's order, the protocol of the commission that developed the items, instructions.
CREATE TABLE campaign_documents (
    campaign_id uuid NOT NULL REFERENCES campaigns (id),
    kind        text COLLATE "C" NOT NULL CHECK (kind IN
        ('order','items_protocol','participant_instruction','organiser_instruction','expert_instruction')),
    version     integer NOT NULL CHECK (version >= 1),
    title       text COLLATE "C" NOT NULL,
    content     text COLLATE "C" NOT NULL,
    -- JSON list of those who sat in the commission.
    members     text COLLATE "C",
    -- Whom it concerns see it from then on; the newest in force is the one that holds.
    in_force_at timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    created_by  text COLLATE "C" NOT NULL,
    PRIMARY KEY (campaign_id, kind, version),
    CHECK ((kind = 'items_protocol') = (members IS NOT NULL))
);

CREATE TRIGGER site_journal_keep_update BEFORE UPDATE ON site_journal FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER site_journal_keep_delete BEFORE DELETE ON site_journal FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER site_journal_keep_truncate BEFORE TRUNCATE ON site_journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER site_acts_keep_update BEFORE UPDATE ON site_acts FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER site_acts_keep_delete BEFORE DELETE ON site_acts FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER site_acts_keep_truncate BEFORE TRUNCATE ON site_acts FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER campaign_documents_keep_update BEFORE UPDATE ON campaign_documents FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER campaign_documents_keep_delete BEFORE DELETE ON campaign_documents FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER campaign_documents_keep_truncate BEFORE TRUNCATE ON campaign_documents FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
