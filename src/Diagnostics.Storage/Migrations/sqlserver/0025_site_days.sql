-- A sitting together with where it is, so that whatever names both cannot name two places.
CREATE UNIQUE INDEX campaign_sittings_place ON campaign_sittings (id, campaign_id, site_id);
-- Who sits at a site on a day: its roster and its act.
CREATE INDEX sessions_site ON sessions (campaign_id, site_id, sitting_id);

-- Who is there on the day (clause 7.1.3): of a sitting, and without sittings in the campaign at the site, of all its days.
CREATE TABLE site_staff (
    id           binary(16) NOT NULL PRIMARY KEY,
    campaign_id  binary(16) NOT NULL,
    site_id      binary(16) NOT NULL,
    sitting_id   binary(16),
    account_id   binary(16) NOT NULL REFERENCES access_accounts (id),
    duty         nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (duty IN ('head','organiser','technician','commission_member')),
    appointed_at datetime2(6) NOT NULL,
    appointed_by nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    ended_at     datetime2(6),
    ended_by     nvarchar(max) COLLATE Latin1_General_100_BIN2,
    end_reason   nvarchar(max) COLLATE Latin1_General_100_BIN2,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    FOREIGN KEY (sitting_id, campaign_id, site_id) REFERENCES campaign_sittings (id, campaign_id, site_id),
    UNIQUE (id, campaign_id, site_id),
    CHECK ((ended_at IS NULL AND ended_by IS NULL) OR (ended_at IS NOT NULL AND ended_by IS NOT NULL)),
    CHECK ((ended_at IS NULL AND end_reason IS NULL) OR (ended_at IS NOT NULL AND end_reason IS NOT NULL))
);
CREATE UNIQUE INDEX site_staff_one_of_site ON site_staff (campaign_id, site_id, account_id, duty) WHERE ended_at IS NULL AND sitting_id IS NULL;
CREATE UNIQUE INDEX site_staff_one_of_sitting ON site_staff (sitting_id, account_id, duty) WHERE ended_at IS NULL AND sitting_id IS NOT NULL;
-- Who signs the act is one person.
CREATE UNIQUE INDEX site_staff_head_of_site ON site_staff (campaign_id, site_id) WHERE duty = 'head' AND ended_at IS NULL AND sitting_id IS NULL;
CREATE UNIQUE INDEX site_staff_head_of_sitting ON site_staff (sitting_id) WHERE duty = 'head' AND ended_at IS NULL AND sitting_id IS NOT NULL;
CREATE INDEX site_staff_site ON site_staff (campaign_id, site_id, id);

-- The journal of the day: what was done at the site beside the sessions, whose events have a log of their own.
CREATE TABLE site_journal (
    id          binary(16) NOT NULL PRIMARY KEY,
    campaign_id binary(16) NOT NULL,
    site_id     binary(16) NOT NULL,
    sitting_id  binary(16),
    kind        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN
        ('presence','identity_checked','place_checked','materials_received','materials_handed_out','materials_stored','materials_destroyed','incident','corrected')),
    staff_id    binary(16),
    session_id  binary(16) REFERENCES sessions (id),
    seat        int CHECK (seat >= 1),
    passed      bit,
    quantity    int CHECK (quantity >= 1),
    -- The entry that does not count: nothing is rewritten.
    corrects_id binary(16) REFERENCES site_journal (id),
    note        nvarchar(max) COLLATE Latin1_General_100_BIN2,
    at          datetime2(6) NOT NULL,
    actor       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    FOREIGN KEY (sitting_id, campaign_id, site_id) REFERENCES campaign_sittings (id, campaign_id, site_id),
    FOREIGN KEY (staff_id, campaign_id, site_id) REFERENCES site_staff (id, campaign_id, site_id),
    CHECK ((kind = 'presence' AND staff_id IS NOT NULL) OR (kind <> 'presence' AND staff_id IS NULL)),
    CHECK ((kind = 'identity_checked' AND session_id IS NOT NULL) OR (kind <> 'identity_checked' AND session_id IS NULL)),
    CHECK ((kind = 'place_checked' AND seat IS NOT NULL) OR (kind <> 'place_checked' AND seat IS NULL)),
    CHECK ((seat IS NULL AND passed IS NULL) OR (seat IS NOT NULL AND passed IS NOT NULL)),
    CHECK ((kind IN ('materials_received','materials_handed_out','materials_stored','materials_destroyed') AND quantity IS NOT NULL) OR (kind NOT IN ('materials_received','materials_handed_out','materials_stored','materials_destroyed') AND quantity IS NULL)),
    CHECK ((kind = 'corrected' AND corrects_id IS NOT NULL) OR (kind <> 'corrected' AND corrects_id IS NULL)),
    CHECK (kind NOT IN ('incident','corrected') OR note IS NOT NULL)
);
CREATE UNIQUE INDEX site_journal_corrected ON site_journal (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE INDEX site_journal_day ON site_journal (campaign_id, site_id, sitting_id, id);

-- The act of the day, as its head signed it: once for a sitting, and without sittings once for a day at the site.
CREATE TABLE site_acts (
    id          binary(16) NOT NULL PRIMARY KEY,
    campaign_id binary(16) NOT NULL,
    site_id     binary(16) NOT NULL,
    sitting_id  binary(16),
    -- Date at the site.
    sat_on      nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL,
    content     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    fingerprint nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    signed_by   binary(16) NOT NULL REFERENCES access_accounts (id),
    signed_at   datetime2(6) NOT NULL,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    FOREIGN KEY (sitting_id, campaign_id, site_id) REFERENCES campaign_sittings (id, campaign_id, site_id)
);
CREATE UNIQUE INDEX site_acts_of_site ON site_acts (campaign_id, site_id, sat_on) WHERE sitting_id IS NULL;
CREATE UNIQUE INDEX site_acts_of_sitting ON site_acts (sitting_id) WHERE sitting_id IS NOT NULL;

-- Documents of a campaign, Markdown: the operator's order, the protocol of the commission that developed the items, instructions.
CREATE TABLE campaign_documents (
    campaign_id binary(16) NOT NULL REFERENCES campaigns (id),
    kind        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN
        ('order','items_protocol','participant_instruction','organiser_instruction','expert_instruction')),
    version     int NOT NULL CHECK (version >= 1),
    title       nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    content     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    -- JSON list of those who sat in the commission.
    members     nvarchar(max) COLLATE Latin1_General_100_BIN2,
    -- Whom it concerns see it from then on; the newest in force is the one that holds.
    in_force_at datetime2(6) NOT NULL,
    created_at  datetime2(6) NOT NULL,
    created_by  nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    PRIMARY KEY (campaign_id, kind, version),
    CHECK ((kind = 'items_protocol' AND members IS NOT NULL) OR (kind <> 'items_protocol' AND members IS NULL))
);

GO
CREATE TRIGGER site_journal_keep_update ON site_journal AFTER UPDATE AS THROW 51000, N'site_journal is append-only', 1;
GO
CREATE TRIGGER site_journal_keep_delete ON site_journal AFTER DELETE AS THROW 51000, N'site_journal is append-only', 1;
GO
CREATE TRIGGER site_acts_keep_update ON site_acts AFTER UPDATE AS THROW 51000, N'site_acts is append-only', 1;
GO
CREATE TRIGGER site_acts_keep_delete ON site_acts AFTER DELETE AS THROW 51000, N'site_acts is append-only', 1;
GO
CREATE TRIGGER campaign_documents_keep_update ON campaign_documents AFTER UPDATE AS THROW 51000, N'campaign_documents is append-only', 1;
GO
CREATE TRIGGER campaign_documents_keep_delete ON campaign_documents AFTER DELETE AS THROW 51000, N'campaign_documents is append-only', 1;
