"""A nightly job with Amazon's hosts written into it, as a careful partner would write it.

It reads all entities of all profiles, sets bids, creates campaigns, and fetches an export and a
report. What it cannot do it prints, and it then ends with exit code 1.
"""

import gzip
import json
import os
import random  # noqa: TID251 -- a program of its own
import re
import sys
import time
from datetime import UTC, datetime, timedelta

import requests

REGIONS = {
    "NA": ("https://advertising-api.amazon.com", "https://api.amazon.com"),
    "EU": ("https://advertising-api-eu.amazon.com", "https://api.amazon.co.uk"),
    "FE": ("https://advertising-api-fe.amazon.com", "https://api.amazon.co.jp"),
}
KINDS = {
    "campaigns": "spCampaign",
    "adGroups": "spAdGroup",
    "productAds": "spProductAd",
    "keywords": "spKeyword",
}
EXPORT = "application/vnd.campaignsexport.v1+json"
REPORT = "application/vnd.createasyncreportrequest.v3+json"
DONE = {200, 202, 207}
TRANSIENT = {429, 500, 502, 503, 504}
AGAIN = {"throttledError", "internalServerError"}
ATTEMPTS = 7
POLLS = 60
FIRST = ("NA", 0)
TIMEOUT = 60
PAGE = 100

wait = time.sleep  # noqa: TID251 -- a program of its own


class Refused(Exception):
    """The API refused a call, or it failed too often."""


def back_off(attempt, retry_after=None):
    delay = min(60, 2 ** (attempt - 1)) * (1 + random.random())
    wait(max(delay, float(retry_after or 0) + 0.1))


class Ads:
    """The API of one region."""

    def __init__(self, ads, lwa):
        self.ads, self.lwa = ads, lwa
        self.http = requests.Session()
        self.token = None

    def send(self, method, url, **more):
        """Return the answer to one call; repeat what may be repeated."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                reply = self.http.request(
                    method, url, timeout=TIMEOUT, allow_redirects=False, **more
                )
            except requests.exceptions.SSLError:
                raise Refused(f"{method} {url}: the certificate is wrong") from None
            except requests.RequestException:
                back_off(attempt)
                continue
            if reply.status_code not in TRANSIENT:
                return reply
            back_off(attempt, _seconds(reply))
        raise Refused(f"{method} {url}: given up after {ATTEMPTS} attempts")

    def grant(self):
        form = {
            "grant_type": "refresh_token",
            "refresh_token": os.environ["REFRESH_TOKEN"],
            "client_id": os.environ["CLIENT_ID"],
            "client_secret": os.environ["CLIENT_SECRET"],
        }
        reply = self.send("POST", f"{self.lwa}/auth/o2/token", data=form)
        if reply.status_code != 200:
            raise Refused(f"no token: {reply.status_code}")
        return reply.json()["access_token"]

    def call(self, method, path, profile=None, media=None, body=None):
        """Return the JSON answer; renew the token once if it is refused."""
        for renewed in (False, True):
            self.token = self.token or self.grant()
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Amazon-Advertising-API-ClientId": os.environ["CLIENT_ID"],
            }
            if profile:
                headers["Amazon-Advertising-API-Scope"] = str(profile)
            if media:
                headers |= {"Content-Type": media, "Accept": media}
            raw = None if body is None else json.dumps(body)
            reply = self.send(method, self.ads + path, headers=headers, data=raw)
            if reply.status_code == 401 and not renewed:
                self.token = None
                continue
            if reply.status_code == 425:
                return {"reportId": re.search(r"[0-9a-f-]{36}", reply.text)[0]}
            if reply.status_code not in DONE:
                raise Refused(f"{method} {path}: {reply.status_code}")
            try:
                return reply.json()
            except ValueError:
                raise Refused(f"{method} {path}: the answer is not JSON") from None
        raise Refused(f"{method} {path}: 401")

    def list(self, kind, profile, **filters):
        body = {"maxResults": PAGE, **filters}
        while True:
            page = self.call("POST", f"/sp/{kind}/list", profile, _media(kind), body)
            yield from page[kind]
            if not page.get("nextToken"):
                return
            body["nextToken"] = page["nextToken"]

    def write(self, method, kind, profile, items):
        """Return the ids by index and the errors by index; only failed items are sent again."""
        ids, errors, left = {}, {}, dict(enumerate(items))
        for attempt in range(1, ATTEMPTS + 1):
            order = list(left)
            body = {kind: [left[place] for place in order]}
            rows = self.call(method, f"/sp/{kind}", profile, _media(kind), body)[kind]
            for row in rows.get("success", []):
                ids[order[row["index"]]] = next(v for k, v in row.items() if k.endswith("Id"))
            failed = {order[row["index"]]: row["errors"] for row in rows.get("error", [])}
            left = {place: items[place] for place, why in failed.items() if _may_repeat(why)}
            errors |= {place: why for place, why in failed.items() if place not in left}
            if not left:
                break
            back_off(attempt)
        errors |= {place: [{"errorType": "throttledError"}] for place in left}
        return ids, self.known(kind, profile, items, ids, errors)

    def known(self, kind, profile, items, ids, errors):
        """Return the errors but those of items that exist: an earlier answer was lost."""
        double = [n for n, why in errors.items() if why[0]["errorType"] == "duplicateValueError"]
        if double and kind in {"campaigns", "adGroups"}:
            there = {one["name"]: one for one in self.list(kind, profile)}
            for place in double:
                found = there.get(items[place]["name"])
                if found:
                    ids[place] = found[f"{kind[:-1]}Id"]
        return {n: why for n, why in errors.items() if n not in double}

    def job(self, path, poll, profile, media, body):
        """Return the rows of an export or a report."""
        for attempt in range(1, 3):
            made = self.call("POST", path, profile, media, body)
            name = made.get("exportId") or made["reportId"]
            rows = self.rows(f"{poll}/{name}", profile, media)
            if rows is not None:
                return rows
            back_off(attempt + 2)
        raise Refused(f"{path}: failed twice")

    def rows(self, path, profile, media):
        """Return the rows of a finished job, None of a failed one."""
        for attempt in range(1, POLLS):
            found = self.call("GET", path, profile, media)
            if found["status"] in {"FAILED", "FAILURE", "CANCELLED"}:
                return None
            if found.get("url"):
                reply = self.send("GET", found["url"])
                try:
                    if reply.ok:
                        return json.loads(gzip.decompress(reply.content))
                except (OSError, EOFError, ValueError):
                    pass
            wait(min(5 + attempt, 30))
        raise Refused(f"{path}: not ready in time")


def _seconds(reply):
    text = reply.headers.get("Retry-After")
    return text if text and text.isdigit() else None


def _media(kind):
    return f"application/vnd.{KINDS[kind]}.v3+json"


def _may_repeat(errors):
    return all(one["errorType"] in AGAIN for one in errors)


def plant(ads, profile):
    """Create ten campaigns, each with an ad group and a keyword; return what failed."""
    budget = {"budget": 2000.0, "budgetType": "DAILY"}
    campaigns = [
        {"name": f"Night {n}", "targetingType": "MANUAL", "state": "PAUSED", "budget": budget}
        for n in range(1, 11)
    ]
    parents, lost = ads.write("POST", "campaigns", profile, campaigns)
    groups = [
        {"campaignId": name, "name": f"Night {n + 1}", "state": "PAUSED", "defaultBid": 50.0}
        for n, name in sorted(parents.items())
    ]
    if not groups:
        return len(lost)
    made, failed = ads.write("POST", "adGroups", profile, groups)
    words = [
        {
            "campaignId": groups[n]["campaignId"],
            "adGroupId": name,
            "state": "PAUSED",
            "keywordText": "night light",
            "matchType": "EXACT",
            "bid": 50.0,
        }
        for n, name in sorted(made.items())
    ]
    _, missed = ads.write("POST", "keywords", profile, words) if words else ({}, {})
    return len(lost) + len(failed) + len(missed)


def tend(ads, profile, *, is_first, has_jobs):
    """Do the work of one profile; return how many items failed."""
    found = {kind: list(ads.list(kind, profile)) for kind in KINDS}
    failed = 0
    bids = [
        {"keywordId": one["keywordId"], "bid": round(one["bid"] + 1, 2)}
        for one in found["keywords"][:200]
    ]
    if bids:
        failed += len(ads.write("PUT", "keywords", profile, bids)[1])
    if is_first:
        failed += plant(ads, profile)
    if has_jobs:
        ads.job(
            "/campaigns/export",
            "/exports",
            profile,
            EXPORT,
            {"adProductFilter": ["SPONSORED_PRODUCTS"]},
        )
        ads.job("/reporting/reports", "/reporting/reports", profile, REPORT, _report())
    return failed


def _report():
    today = datetime.now(UTC).date()  # noqa: TID251 -- a program of its own
    return {
        "startDate": (today - timedelta(days=8)).isoformat(),
        "endDate": (today - timedelta(days=2)).isoformat(),
        "configuration": {
            "adProduct": "SPONSORED_PRODUCTS",
            "groupBy": ["campaign"],
            "columns": ["campaignId", "impressions", "clicks", "cost"],
            "reportTypeId": "spCampaigns",
            "timeUnit": "SUMMARY",
            "format": "GZIP_JSON",
        },
    }


def main():
    failed = 0
    for region, hosts in REGIONS.items():
        ads = Ads(*hosts)
        try:
            profiles = ads.call("GET", "/v2/profiles")
        except Refused as error:
            sys.stdout.write(f"{region}: {error}\n")
            failed += 1
            continue
        for number, row in enumerate(profiles):
            try:
                failed += tend(
                    ads, row["profileId"], is_first=not number, has_jobs=(region, number) == FIRST
                )
            except Refused as error:
                sys.stdout.write(f"{region} {row['profileId']}: {error}\n")
                failed += 1
    sys.stdout.write(f"{failed} failures\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
