"""Client of the diagnostics service for a portal: token, feed, profiles, frameworks. Standard library only.

    DIAGNOSTICS_URL=http://localhost:5080 DIAGNOSTICS_CLIENT=portal DIAGNOSTICS_SECRET=… python3 diagnostics_client.py

prints what has happened, one line an event, and then waits for more; with an argument it goes on from that place and
with --once it does not wait.
"""
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


class Expired(Exception):
    """The place in the feed is not kept any more: take a new one and the list of profiles."""


class Unknown(Exception):
    """The service does not know the client, or its secret does not fit: asking again would not help."""


class Gone(Exception):
    """It may not be read any more: the consent is withdrawn, or the person belongs to another territory."""


class Client:
    def __init__(self, url, client_id, secret):
        self.url, self.client_id, self.secret = url.rstrip("/"), client_id, secret
        self.token, self.token_until = None, 0.0

    @classmethod
    def from_environment(cls):
        missing = [name for name in ("DIAGNOSTICS_CLIENT", "DIAGNOSTICS_SECRET") if not os.environ.get(name)]
        if missing:
            sys.exit(f"Not set: {', '.join(missing)}.")
        return cls(os.environ.get("DIAGNOSTICS_URL", "http://localhost:5080"),
                   os.environ["DIAGNOSTICS_CLIENT"], os.environ["DIAGNOSTICS_SECRET"])

    def get(self, path, **query):
        query = {name: value for name, value in query.items() if value is not None}
        return self._ask(f"{path}{'?' + urllib.parse.urlencode(query) if query else ''}")

    def post(self, path, body):
        return self._ask(path, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def _ask(self, path, body=None, headers=()):
        """One request with a token; waits when it is told to come again later, and while the service cannot be reached."""
        for attempt in range(1, 8):
            try:
                request = urllib.request.Request(
                    self.url + path, body, {"Authorization": f"Bearer {self._token()}", **dict(headers)})
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as fault:
                if fault.code == 401:
                    self.token = None
                elif fault.code == 410:
                    raise Expired(json.load(fault)["detail"]) from None
                elif fault.code in (403, 404):
                    raise Gone(json.load(fault)["code"]) from None
                elif fault.code in (429, 503):
                    time.sleep(float(fault.headers.get("Retry-After", attempt)))
                else:
                    raise ValueError(f"{path}: {fault.code} {fault.read().decode()}") from None
            except (OSError, http.client.HTTPException):
                time.sleep(attempt)
        raise TimeoutError(path)

    def feed(self, after=None, wait=0, **query):
        """One part of the feed: its events, where to go on, and whether there is more already."""
        page = self.get("/api/v1/profile-feed", after=after, wait=wait, limit=query.pop("limit", 500), **query)
        return page["items"], page["next"], page["more"]

    def place(self):
        """The end of the feed now; take it before the list of profiles."""
        return self.feed(after="latest")[1]

    def profiles(self, **query):
        """Every profile that stands now, page by page; externalId, campaignId, changedSince narrow it."""
        after = None
        while True:
            page = self.get("/api/v1/profiles", after=after, limit=500, **query)
            yield from page["items"]
            after = page.get("next")
            if after is None:
                return

    def profile(self, profile_id):
        return self.get(f"/api/v1/profiles/{profile_id}")

    def framework(self, code, version):
        return self.get(f"/api/v1/frameworks/{code}/{version}")

    def _token(self):
        if self.token is None or time.monotonic() > self.token_until:
            form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": self.client_id,
                                           "client_secret": self.secret}).encode()
            try:
                with urllib.request.urlopen(f"{self.url}/api/v1/auth/token", form, timeout=30) as answer:
                    given = json.load(answer)
            except urllib.error.HTTPError as fault:
                if fault.code == 401:
                    raise Unknown(json.load(fault)["detail"]) from None
                raise
            self.token = given["access_token"]
            self.token_until = time.monotonic() + 0.8 * given["expires_in"]
        return self.token


if __name__ == "__main__":
    client = Client.from_environment()
    places = [argument for argument in sys.argv[1:] if argument != "--once"]
    place = places[0] if places else None
    while True:
        events, place, more = client.feed(after=place, wait=0 if "--once" in sys.argv else 30)
        for event in events:
            print(event["cursor"], event["at"], event["type"], event["subject"], event.get("href", ""))
        if "--once" in sys.argv and not more:
            break
