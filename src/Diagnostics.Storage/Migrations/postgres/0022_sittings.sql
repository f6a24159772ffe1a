-- Sittings («в день проведения»): at which site, from when to when, which shift of the day, how many places. Nobody begins after its
-- end, and the places are free for the next shift. A campaign without sittings has the one window of its own, as before.
CREATE TABLE campaign_sittings (
    id           uuid NOT NULL PRIMARY KEY,
    campaign_id  uuid NOT NULL,
    site_id      uuid NOT NULL,
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    shift        integer NOT NULL CHECK (shift >= 1),
    seats        integer NOT NULL CHECK (seats >= 1),
    -- For those who could not come in their own: nobody is put there unasked.
    reserve      boolean NOT NULL,
    cancelled_at timestamptz,
    created_at   timestamptz NOT NULL,
    FOREIGN KEY (campaign_id, site_id) REFERENCES campaign_sites (campaign_id, site_id),
    CHECK (starts_at < ends_at)
);
CREATE INDEX campaign_sittings_campaign ON campaign_sittings (campaign_id, site_id, starts_at);
-- How many places of a site are taken at a time, by whatever campaigns.
CREATE INDEX campaign_sittings_site ON campaign_sittings (site_id, ends_at) WHERE cancelled_at IS NULL;

-- What was decided on a campaign after people had been told its terms: never rewritten.
CREATE TABLE campaign_decisions (
    campaign_id uuid NOT NULL REFERENCES campaigns (id),
    number      integer NOT NULL CHECK (number >= 1),
    kind        text COLLATE "C" NOT NULL CHECK (kind IN
        ('extended','site_added','sitting_added','sitting_moved','sitting_cancelled','retitled','postponed','cancelled')),
    -- JSON of the kind's record: what was and what is.
    details     text COLLATE "C" NOT NULL,
    reason      text COLLATE "C" NOT NULL,
    decided_by  text COLLATE "C" NOT NULL,
    decided_at  timestamptz NOT NULL,
    PRIMARY KEY (campaign_id, number)
);

-- Cancelled after publication: stands beside the status, and the status does not move any more.
ALTER TABLE campaigns ADD COLUMN cancelled_at timestamptz CHECK (cancelled_at IS NULL OR status = 'published');
-- Whose results a later diagnostic is compared with.
ALTER TABLE campaigns ADD COLUMN entry_campaign_id uuid REFERENCES campaigns (id) CHECK (entry_campaign_id IS NULL OR stage <> 'entry');

-- Asked for with the application; after the person was moved, the one they were moved to.
ALTER TABLE applications ADD COLUMN sitting_id uuid REFERENCES campaign_sittings (id);

-- Null: the campaign has no sittings at this site. A seat is one person's in a sitting, and without sittings in the campaign at the site.
ALTER TABLE sessions ADD COLUMN sitting_id uuid REFERENCES campaign_sittings (id);
DROP INDEX sessions_seat;
CREATE UNIQUE INDEX sessions_seat ON sessions (campaign_id, site_id, seat) WHERE state <> 'annulled' AND sitting_id IS NULL;
CREATE UNIQUE INDEX sessions_sitting_seat ON sessions (sitting_id, seat) WHERE state <> 'annulled' AND sitting_id IS NOT NULL;

CREATE TRIGGER campaign_decisions_keep_update BEFORE UPDATE ON campaign_decisions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER campaign_decisions_keep_delete BEFORE DELETE ON campaign_decisions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER campaign_decisions_keep_truncate BEFORE TRUNCATE ON campaign_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
