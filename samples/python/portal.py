"""A sample portal: keeps its own copy of the profiles in SQLite and builds a toy route out of blocks 4 and 5.

    python3 portal.py sync            reads what is new in the feed and stops
    python3 portal.py follow          goes on reading the feed as things happen
    python3 portal.py listen <port>   is told of it by a webhook; --once: stops after the test message
    python3 portal.py people          whom the portal has profiles of
    python3 portal.py route <person>  a route for one of them

The settings of diagnostics_client.py, PORTAL_DATABASE (portal.db) and PORTAL_URL, the address of <port> as the service reaches
it (http://127.0.0.1:<port>/). Standard library only.
"""
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from diagnostics_client import Client, Expired, Gone

# A service that was restored from a backup says so in the feed only (410), so a portal of webhooks looks there daily.
RECONCILED_EVERY = 24 * 60 * 60

SCHEMA = """
CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY CHECK (id = 1), after TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS webhook (id INTEGER PRIMARY KEY CHECK (id = 1), webhook TEXT NOT NULL, secret TEXT NOT NULL);
-- Events that were applied, in their order: what comes twice is known by its id.
CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, type TEXT NOT NULL, profile TEXT);
-- The result that stands of each person in each campaign.
CREATE TABLE IF NOT EXISTS profiles (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, campaign TEXT NOT NULL, version INTEGER NOT NULL, session TEXT NOT NULL,
    document TEXT NOT NULL, UNIQUE (person, campaign));
CREATE TABLE IF NOT EXISTS frameworks (code TEXT, version INTEGER, document TEXT NOT NULL, PRIMARY KEY (code, version));
"""


class Portal:
    def __init__(self, client, path):
        self.client = client
        self.db = sqlite3.connect(path, check_same_thread=False)
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
                self.take(event)
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

    def take(self, event):
        """Applies an event once, whether it came by the feed or by a webhook."""
        kind, person, profile = event["type"], event.get("participantId"), event.get("profileId")
        if self.db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (event["id"], kind, profile)).rowcount == 0:
            return
        if kind == "profile.issued":
            self.keep(profile)
        elif kind in ("profile.superseded", "profile.annulled"):
            self.db.execute("DELETE FROM profiles WHERE id = ?", (profile,))
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
        # The list may have brought a later version already: an older one never takes its place.
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

    def subscribe(self, url):
        """Makes the webhook once and keeps its secret, which is shown only now."""
        row = self.db.execute("SELECT webhook, secret FROM webhook").fetchone()
        if row is None:
            made = self.client.post("/api/v1/webhooks", {"url": url})
            row = made["webhook"]["id"], made["secret"]
            with self.db:
                self.db.execute("INSERT INTO webhook VALUES (1, ?, ?)", row)
        return row

    def listen(self, port, url, once=False):
        webhook, secret = self.subscribe(url)
        while self.sync():  # What has happened before it listens is in the feed.
            pass
        turn = threading.Lock()

        class Hook(BaseHTTPRequestHandler):
            def do_POST(hook):
                body = hook.rfile.read(int(hook.headers.get("Content-Length", 0)))
                if not is_signed(secret, hook.headers, body):
                    return hook.answer(401)
                with turn, self.db:  # Without an answer 2xx it comes again.
                    self.take(json.loads(body)["data"])
                hook.answer(204)

            def answer(hook, status):
                hook.send_response(status)
                hook.send_header("Content-Length", "0")
                hook.end_headers()

            def log_message(hook, *_):
                pass

        # The service sends many people's messages at once: they wait here and are not turned away.
        ThreadingHTTPServer.request_queue_size = 128
        with ThreadingHTTPServer(("127.0.0.1", port), Hook) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            print("listening:", url, flush=True)
            if once:
                print("test message:", self.client.post(f"/api/v1/webhooks/{webhook}/test", {}))
                server.shutdown()
            else:
                while True:
                    time.sleep(RECONCILED_EVERY)
                    with turn:
                        while self.sync():
                            pass


def is_signed(secret, headers, body):
    """Standard Webhooks: one of the signatures is ours, and the message is not an old one that somebody has kept."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    ours = base64.b64encode(hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)).decode()
    return any(hmac.compare_digest(f"v1,{ours}", theirs) for theirs in headers.get("webhook-signature", "").split())


def main(command="", *arguments):
    portal = Portal(Client.from_environment(), os.environ.get("PORTAL_DATABASE", "portal.db"))
    if command == "sync":
        while portal.sync():
            pass
        print(f"{sum(count for _, count in portal.people())} profiles")
    elif command == "follow":
        while True:
            try:
                portal.sync(wait=30)
            except TimeoutError as away:
                print("the service is away:", away, file=sys.stderr)
    elif command == "listen" and arguments and arguments[0].isdigit():
        port = int(arguments[0])
        portal.listen(port, os.environ.get("PORTAL_URL", f"http://127.0.0.1:{port}/"), once="--once" in arguments)
    elif command == "people":
        for person, count in portal.people():
            print(person, count)
    elif command == "route" and len(arguments) == 1:
        print(portal.route(arguments[0]) or "This portal has no profile of this person.")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
