"""A serial sync on the standard library: one call after the other, each on a new connection."""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TRANSIENT = {429, 500, 502, 503, 504}
ATTEMPTS = 5
UNAUTHORIZED = 401
KINDS = {"campaigns": "spCampaign", "keywords": "spKeyword"}

wait = time.sleep  # noqa: TID251 -- a program of its own


def fetch(url, body, headers):
    """Return the answer; wait and repeat after a failure that may pass."""
    delay = 2
    for attempt in range(1, ATTEMPTS + 1):
        request = urllib.request.Request(url, body, headers)
        asked = 0
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            if error.code not in TRANSIENT or attempt == ATTEMPTS:
                raise
            asked = float(error.headers.get("Retry-After") or 0)
        except (OSError, http.client.HTTPException):
            if attempt == ATTEMPTS:
                raise
        wait(max(delay, asked) + 0.2)
        delay *= 2
    raise AssertionError


class Sync:
    def __init__(self):
        self.token = ""

    def grant(self):
        names = ("REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET")
        form = {name.lower(): os.environ[name] for name in names}
        raw = urllib.parse.urlencode({"grant_type": "refresh_token", **form}).encode()
        self.token = fetch(os.environ["LWA_NA"] + "/auth/o2/token", raw, {})["access_token"]

    def page(self, kind, body):
        for again in (True, False):
            media = f"application/vnd.{KINDS[kind]}.v3+json"
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Amazon-Advertising-API-ClientId": os.environ["CLIENT_ID"],
                "Amazon-Advertising-API-Scope": os.environ["PROFILE_ID_NA"],
                "Content-Type": media,
                "Accept": media,
            }
            url = f"{os.environ['ADS_NA']}/sp/{kind}/list"
            try:
                return fetch(url, json.dumps(body).encode(), headers)
            except urllib.error.HTTPError as error:
                if error.code != UNAUTHORIZED or not again:
                    raise
            self.grant()
        raise AssertionError


def main():
    sync = Sync()
    sync.grant()
    for kind in KINDS:
        body, found = {"maxResults": 200}, 0
        while True:
            page = sync.page(kind, body)
            found += len(page[kind])
            if not page.get("nextToken"):
                break
            body["nextToken"] = page["nextToken"]
        sys.stdout.write(f"{found} {kind}\n")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, http.client.HTTPException) as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(1)
