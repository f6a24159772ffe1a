-- Sittings («в день проведения»): at which site, from when to when, which shift of the day, how many places. Nobody begins after its
-- end, and the places are free for the next shift. A campaign without sittings has the one window of its own, as before.
CREATE TABLE campaign_sittings (
    id           binary(16) NOT NULL PRIMARY KEY,
    campaign_id  binary(16) NOT NULL,
    site_id      binary(16) NOT NULL,
    starts_at    datetime2(6) NOT NULL,
    ends_at      datetime2(6) NOT NULL,
    shift        int NOT NULL CHECK (shift >= 1),
    seats        int NOT NULL CHECK (seats >= 1),
    -- For those who could not come in their own: nobody is put there unasked.
    reserve      bit NOT NULL,
    cancelled_at datetime2(6),
    created_at   datetime2(6) NOT NULL,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    CHECK (starts_at < ends_at)
);
CREATE INDEX campaign_sittings_campaign ON campaign_sittings (campaign_id, site_id, starts_at);
-- How many places of a site are taken at a time, by whatever campaigns.
CREATE INDEX campaign_sittings_site ON campaign_sittings (site_id, ends_at) WHERE cancelled_at IS NULL;

-- What was decided on a campaign after people had been told its terms: never rewritten.
CREATE TABLE campaign_decisions (
    campaign_id binary(16) NOT NULL REFERENCES campaigns (id),
    number      int NOT NULL CHECK (number >= 1),
    kind        nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (kind IN
        ('extended','site_added','sitting_added','sitting_moved','sitting_cancelled','retitled','postponed','cancelled')),
    -- JSON of the kind's record: what was and what is.
    details     nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    reason      nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    decided_by  nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    decided_at  datetime2(6) NOT NULL,
    PRIMARY KEY (campaign_id, number)
);

-- Cancelled after publication: stands beside the status, and the status does not move any more.
ALTER TABLE campaigns ADD cancelled_at datetime2(6);
-- Whose results a later diagnostic is compared with.
ALTER TABLE campaigns ADD entry_campaign_id binary(16) REFERENCES campaigns (id);
GO
ALTER TABLE campaigns ADD CHECK (cancelled_at IS NULL OR status = 'published'), CHECK (entry_campaign_id IS NULL OR stage <> 'entry');

-- Asked for with the application; after the person was moved, the one they were moved to.
ALTER TABLE applications ADD sitting_id binary(16) REFERENCES campaign_sittings (id);

-- Null: the campaign has no sittings at this site. A seat is one person's in a sitting, and without sittings in the campaign at the site.
ALTER TABLE sessions ADD sitting_id binary(16) REFERENCES campaign_sittings (id);
GO
DROP INDEX sessions_seat ON sessions;
CREATE UNIQUE INDEX sessions_seat ON sessions (campaign_id, site_id, seat) WHERE state <> 'annulled' AND sitting_id IS NULL;
CREATE UNIQUE INDEX sessions_sitting_seat ON sessions (sitting_id, seat) WHERE state <> 'annulled' AND sitting_id IS NOT NULL;
GO
CREATE TRIGGER campaign_decisions_keep_update ON campaign_decisions AFTER UPDATE AS THROW 51000, N'campaign_decisions is append-only', 1;
GO
CREATE TRIGGER campaign_decisions_keep_delete ON campaign_decisions AFTER DELETE AS THROW 51000, N'campaign_decisions is append-only', 1;
