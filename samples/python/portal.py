"""A sample portal: keeps its own copy of the profiles in SQLite and builds a toy route out of blocks 4 and 5.

    python3 portal.py sync            reads what is new and stops
    python3 portal.py follow          goes on reading as things happen
    python3 portal.py people          whom the portal has profiles of
    python3 portal.py route <person>  a route for one of them

The settings of diagnostics_client.py, and PORTAL_DATABASE (portal.db). Standard library only.
"""
import json
import os
import sqlite3
import sys

from diagnostics_client import Client, Expired, Gone

SCHEMA = """
CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY CHECK (id = 1), after TEXT NOT NULL);
-- The result that stands of each person in each campaign.
CREATE TABLE IF NOT EXISTS profiles (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, campaign TEXT NOT NULL, version INTEGER NOT NULL, session TEXT NOT NULL,
    document TEXT NOT NULL, UNIQUE (person, campaign));
CREATE TABLE IF NOT EXISTS frameworks (code TEXT, version INTEGER, document TEXT NOT NULL, PRIMARY KEY (code, version));
"""


class Portal:
    def __init__(self, client, path):
        self.client = client
        self.db = sqlite3.connect(path)
        self.db.executescript(SCHEMA)

    def sync(self, wait=0):
        """Reads one part of the feed. Its effect and the place behind it are committed together: a crash repeats at most."""
        row = self.db.execute("SELECT after FROM place").fetchone()
        if row is None:
            return self.copy_anew()
        try:
            events, after, more = self.client.feed(after=row[0], wait=wait)
        except Expired:
            return self.copy_anew()
        with self.db:
            for event in events:
                self.apply(event)
            self.db.execute("UPDATE place SET after = ?", (after,))
        return more

    def copy_anew(self):
        """A place first, the list after it: whatever happens meanwhile is in the feed behind the place."""
        after = self.client.place()
        with self.db:
            self.db.execute("DELETE FROM profiles")
            for summary in self.client.profiles():
                self.keep(summary["id"])
            self.db.execute("INSERT OR REPLACE INTO place VALUES (1, ?)", (after,))
        return True

    def apply(self, event):
        kind, person = event["type"], event.get("participantId")
        if kind == "profile.issued":
            self.keep(event["profileId"])
        elif kind in ("profile.superseded", "profile.annulled"):
            self.db.execute("DELETE FROM profiles WHERE id = ?", (event["profileId"],))
        elif kind == "consent.withdrawn":
            self.db.execute("DELETE FROM profiles WHERE person = ?", (person,))
        elif kind in ("consent.given", "person.moved"):
            # What was issued before may be seen only now, or not any more.
            self.db.execute("DELETE FROM profiles WHERE person = ?", (person,))
            try:
                for summary in self.client.get(f"/api/v1/people/{person}/profiles", limit=500)["items"]:
                    if summary["isLatest"]:
                        self.keep(summary["id"])
            except Gone:
                pass
        # Everything else (application.approved, session.finished, …) changes no profile.

    def keep(self, profile_id):
        try:
            document = self.client.profile(profile_id)
        except Gone:
            return  # Withdrawn meanwhile: the event says so further on.
        subject = document["subject"]
        code, version = subject["frameworkCode"], subject["frameworkVersion"]
        if not self.db.execute("SELECT 1 FROM frameworks WHERE code = ? AND version = ?", (code, version)).fetchone():
            framework = self.client.framework(code, version)
            self.db.execute("INSERT INTO frameworks VALUES (?, ?, ?)", (code, version, json.dumps(framework)))
        if "annulled" in document:
            return
        # An event may come twice and late: an older version never takes the place of a newer one.
        self.db.execute(
            "INSERT INTO profiles VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (person, campaign) DO UPDATE SET id = excluded.id, "
            "version = excluded.version, session = excluded.session, document = excluded.document "
            "WHERE excluded.session <> session OR excluded.version >= version",
            (profile_id, subject["participantId"], subject["campaignId"], document["version"], subject["sessionId"],
             json.dumps(document)))

    def people(self):
        return self.db.execute("SELECT person, COUNT(*) FROM profiles GROUP BY person ORDER BY person").fetchall()

    def route(self, person):
        """Blocks 4 and 5 of the form of a route, and a first activity for each deficit."""
        lines = []
        for (text,) in self.db.execute("SELECT document FROM profiles WHERE person = ? ORDER BY id", (person,)):
            document = json.loads(text)
            form = document["routeForm"]
            lines += ["Блок 4. Выявленные дефициты"]
            lines += [f"  {result['adjective']}: {result['text']}" for result in form["results"]]
            lines += ["Блок 5. Перечень дефицитов, на устранение которых направлена программа"]
            lines += [f"  {number}. {deficit['sentence']}" for number, deficit in enumerate(form["deficits"], 1)]
            titles = {block["code"]: block["title"] for block in document["blocks"]}
            lines += ["Мероприятия (для примера)"]
            lines += [f"  {titles[block['code']]}: {block['result']['recommendation']}" for block in document["blocks"]]
            lines += [document["notice"]]
        return "\n".join(lines)


def main(command="sync", *arguments):
    portal = Portal(Client.from_environment(), os.environ.get("PORTAL_DATABASE", "portal.db"))
    if command == "sync":
        while portal.sync():
            pass
        print(f"людей с профилями: {len(portal.people())}")
    elif command == "follow":
        while True:
            portal.sync(wait=30)
    elif command == "people":
        for person, count in portal.people():
            print(person, count)
    elif command == "route":
        print(portal.route(*arguments))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
