"""A sample reader of a country: a copy of every region's profiles, one stream of events, aggregates, and people who move.

    python3 country.py sync                             reads what is new in every region and prints it as one stream
    python3 country.py deficits                         how many results of the country have which level, by block
    python3 country.py export <region> <person> <file>  every version of a person's profiles, as the region issued them
    python3 country.py import <region> <person> <file>  keeps them as results of the same person in another region
    python3 country.py results <region> <person>        the results of a person, and those brought from other regions

DIAGNOSTICS_REGIONS names a file with a line for each region: name, address, client, secret, between blanks. The copies are
kept in COUNTRY_FOLDER (country). Standard library only.
"""
import hashlib
import heapq
import json
import os
import sqlite3
import sys
from collections import Counter

from diagnostics_client import Client, Gone
from portal import Portal

BROUGHT = """
CREATE TABLE IF NOT EXISTS brought (
    person TEXT NOT NULL, id TEXT NOT NULL, region TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (person, id));
CREATE TABLE IF NOT EXISTS stream (id INTEGER PRIMARY KEY CHECK (id = 1), after TEXT NOT NULL);
"""


class Region:
    """One region: its service, and the portal's copy of its profiles."""

    def __init__(self, name, client, folder):
        self.name, self.client = name, client
        self.portal = Portal(client, os.path.join(folder, f"{name}.db"))
        self.db = self.portal.db
        self.db.executescript(BROUGHT)

    def events(self):
        """What is new, in the order of the region's own feed. Times may go back a little there, the order stands."""
        latest = ""
        while True:
            row = self.db.execute("SELECT after FROM stream").fetchone()
            events, after, more = self.client.feed(after=row and row[0])
            for event in events:
                latest = max(latest, event["at"])
                yield (latest, self.name), event
            # Kept when all of it has been taken: after a crash some of it may come again, and nothing is missed.
            with self.db:
                self.db.execute("INSERT OR REPLACE INTO stream VALUES (1, ?)", (after,))
            if not more:
                return

    def sync(self):
        while self.portal.sync():
            pass

    def documents(self):
        return [json.loads(text) for (text,) in self.db.execute("SELECT document FROM profiles ORDER BY id")]

    def results(self, person):
        """The person's profiles in the order of the sessions; those of other regions with the region's name."""
        rows = self.db.execute("SELECT document, NULL FROM profiles WHERE person = ?", (person,)).fetchall()
        rows += self.db.execute("SELECT document, region FROM brought WHERE person = ? AND version = (SELECT MAX(version) FROM "
                                "brought AS b WHERE b.person = brought.person AND json_extract(b.document, '$.subject.sessionId') "
                                "= json_extract(brought.document, '$.subject.sessionId'))", (person,)).fetchall()
        return sorted(((json.loads(text), region or self.name) for text, region in rows), key=lambda row: row[0]["subject"]["takenAt"])


def regions(folder):
    """The regions of the file; one whose service is away is left out until next time."""
    os.makedirs(folder, exist_ok=True)
    with open(os.environ["DIAGNOSTICS_REGIONS"], encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return {name: Region(name, Client(url, client, secret), folder) for name, url, client, secret in lines}


def reachable(region, read, away):
    """Reads a region to the end, or to where its service went away, which puts the region's name into `away`."""
    try:
        yield from read()
    except TimeoutError:
        away.add(region.name)
        print(f"region {region.name} is away", file=sys.stderr)


def sync(known):
    away = set()
    for (at, name), event in heapq.merge(*(reachable(region, region.events, away) for region in known), key=lambda row: row[0]):
        print(at, name, event["type"], event["subject"])
    # Each region that does not answer is waited for once: half a minute.
    for region in known:
        if region.name not in away:
            for _ in reachable(region, lambda: [region.sync()], away):
                pass


def deficits(known):
    levels = Counter((document["subject"]["frameworkCode"], block["code"], block["result"]["level"])
                     for region in known for document in region.documents() for block in document["blocks"])
    for (framework, block, level), count in sorted(levels.items()):
        print(framework, block, level, count)


def export(region, person, path):
    summaries = region.client.get(f"/api/v1/people/{person}/profiles", limit=500)["items"]
    profiles = [region.client.profile(summary["id"]) for summary in summaries]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(sealed({"region": region.name, "person": person, "profiles": profiles}), file, ensure_ascii=False, indent=1)
    print(f"{len(profiles)} versions")


def bring(region, person, path):
    with open(path, encoding="utf-8") as file:
        brought = json.load(file)
    if sealed(brought) != brought:
        sys.exit("The file is not as it was exported.")
    if any(profile["subject"]["participantId"] != brought["person"] for profile in brought["profiles"]):
        sys.exit("The file holds profiles of several people.")
    try:
        region.client.get(f"/api/v1/people/{person}/profiles", limit=1)
    except Gone:
        sys.exit("The region does not show this person: enrol them there first, and ask for their consent.")
    with region.db:
        region.db.executemany(
            "INSERT OR IGNORE INTO brought VALUES (?, ?, ?, ?, ?)",
            [(person, profile["id"], brought["region"], profile["version"], json.dumps(profile)) for profile in brought["profiles"]])
    print(f"{len(brought['profiles'])} versions")


def sealed(content):
    """Adds the digest of everything else, so that a file that was damaged on its way is noticed."""
    rest = {name: value for name, value in content.items() if name != "sha256"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {**rest, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def results(region, person):
    for document, origin in region.results(person):
        levels = " ".join(f"{block['code']}={block['result']['level']}" for block in document["blocks"])
        print(origin, document["subject"]["takenAt"], document["subject"]["stage"], levels)


def main(command="", *arguments):
    known = regions(os.environ.get("COUNTRY_FOLDER", "country"))
    of_person = {"export": export, "import": bring, "results": results}
    if command == "sync" and not arguments:
        sync(known.values())
    elif command == "deficits" and not arguments:
        deficits(known.values())
    elif command in of_person and len(arguments) == (2 if command == "results" else 3) and arguments[0] in known:
        of_person[command](known[arguments[0]], *arguments[1:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
