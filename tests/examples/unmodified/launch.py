"""Launch the campaigns of a season in two regions. Ends with 1 if one is missing."""

import os
import random  # noqa: TID251 -- a program of its own
import sys
import time

import requests

REGIONS = {
    "NA": ("https://advertising-api.amazon.com", "https://api.amazon.com"),
    "EU": ("https://advertising-api-eu.amazon.com", "https://api.amazon.co.uk"),
}
MEDIA = "application/vnd.spCampaign.v3+json"
DONE = {200, 207}
TRANSIENT = {429, 500, 502, 503, 504}
REPEATABLE = {"throttledError", "internalServerError"}
ATTEMPTS = 6
SEASON = [
    {
        "name": f"Season {number}",
        "targetingType": "AUTO",
        "state": "PAUSED",
        "budget": {"budget": 2000.0, "budgetType": "DAILY"},
    }
    for number in range(1, 13)
]

wait = time.sleep  # noqa: TID251 -- a program of its own


class GaveUp(Exception):
    """A call failed too often, or for good."""


class Region:
    def __init__(self, ads, lwa):
        self.ads, self.lwa = ads, lwa
        self.http = requests.Session()
        self.token = None

    def send(self, method, url, **more):
        for attempt in range(1, ATTEMPTS + 1):
            asked = 0
            try:
                reply = self.http.request(method, url, timeout=60, allow_redirects=False, **more)
                if reply.status_code not in TRANSIENT:
                    return reply
                asked = int(reply.headers.get("Retry-After") or 0)
            except requests.exceptions.SSLError as error:
                raise GaveUp(f"{url}: {error}") from None
            except (requests.RequestException, ValueError):
                pass  # a lost answer, or a date in Retry-After
            back_off(attempt, asked)
        raise GaveUp(f"{method} {url}: {ATTEMPTS} attempts failed")

    def grant(self):
        names = ("REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET")
        form = {name.lower(): os.environ[name] for name in names}
        form["grant_type"] = "refresh_token"
        reply = self.send("POST", f"{self.lwa}/auth/o2/token", data=form)
        if not reply.ok:
            raise GaveUp(f"no token: {reply.status_code}")
        return reply.json()["access_token"]

    def call(self, method, path, profile=None, body=None):
        for is_last in (False, True):
            self.token = self.token or self.grant()
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Amazon-Advertising-API-ClientId": os.environ["CLIENT_ID"],
            }
            if profile:
                headers["Amazon-Advertising-API-Scope"] = str(profile)
                headers |= {"Content-Type": MEDIA, "Accept": MEDIA}
            reply = self.send(method, self.ads + path, headers=headers, json=body)
            if reply.status_code == 401 and not is_last:
                self.token = None
                continue
            if reply.status_code not in DONE:
                raise GaveUp(f"{method} {path}: {reply.status_code} {reply.text[:200]}")
            try:
                return reply.json()
            except ValueError:
                raise GaveUp(f"{method} {path}: the answer is not JSON") from None
        raise GaveUp(f"{method} {path}: 401")

    def names(self, profile):
        body, found = {"maxResults": 100}, set()
        while True:
            page = self.call("POST", "/sp/campaigns/list", profile, body)
            found |= {one["name"] for one in page["campaigns"]}
            if not page.get("nextToken"):
                return found
            body["nextToken"] = page["nextToken"]

    def launch(self, profile):
        """Create what is missing; send again only items that failed for a moment."""
        for attempt in range(1, ATTEMPTS + 1):
            known = self.names(profile)
            missing = [one for one in SEASON if one["name"] not in known]
            if not missing:
                return
            made = self.call("POST", "/sp/campaigns", profile, {"campaigns": missing})["campaigns"]
            errors = [one["errorType"] for row in made.get("error", []) for one in row["errors"]]
            if not errors:
                return
            if not set(errors) <= REPEATABLE:
                raise GaveUp(f"{profile}: {len(made['error'])} campaigns failed: {set(errors)}")
            back_off(attempt)
        raise GaveUp(f"{profile}: campaigns kept failing")


def back_off(attempt, asked=0):
    wait(max(asked + 0.1, min(60, 2 ** (attempt - 1)) * (1 + random.random())))


def main():
    failed = 0
    for region, hosts in REGIONS.items():
        ads = Region(*hosts)
        try:
            for row in ads.call("GET", "/v2/profiles"):
                ads.launch(row["profileId"])
        except GaveUp as error:
            sys.stdout.write(f"{region}: {error}\n")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
