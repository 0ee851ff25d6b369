"""A partner's HTTP client for one region, shared by the programs of this folder."""

import gzip
import json
import os
import random  # noqa: TID251 -- a program of its own
import re
import sys
import threading
import time

import requests

MEDIA = {
    "campaigns": "spCampaign",
    "adGroups": "spAdGroup",
    "keywords": "spKeyword",
    "productAds": "spProductAd",
}
EXPORT = "application/vnd.campaignsexport.v1+json"
REPORT = "application/vnd.createasyncreportrequest.v3+json"
TRANSIENT = {408, 429, 500, 502, 503, 504}
REPEATABLE = {"throttledError", "internalServerError"}
ATTEMPTS = 6
TIMEOUT = 60
OK, UNAUTHORIZED, DUPLICATE_REPORT = 200, 401, 425

wait = time.sleep  # noqa: TID251 -- a program of its own


class Failed(Exception):
    """A call or an item failed for good."""


def say(line):
    sys.stdout.write(line + "\n")


class Api:
    """Calls of one region, with retries and one token for all threads."""

    def __init__(self, region):
        self.ads, self.lwa = os.environ[f"ADS_{region}"], os.environ[f"LWA_{region}"]
        self.http = requests.Session()
        self.token = None
        self.lock = threading.Lock()

    def pause(self, attempt, reply=None):
        delay = min(60, 2 ** (attempt - 1)) * (1 + random.random())
        asked = reply.headers.get("Retry-After", "") if reply is not None else ""
        wait(max(delay, float(asked) + 0.1 if asked.isdigit() else 0))

    def send(self, method, url, **more):
        for attempt in range(1, ATTEMPTS + 1):
            reply = None
            try:
                reply = self.http.request(method, url, timeout=TIMEOUT, **more)
            except requests.exceptions.SSLError:
                raise Failed(f"{url}: wrong certificate") from None
            except requests.RequestException as error:
                say(f"{url}: {type(error).__name__}")
            if reply is not None and reply.status_code not in TRANSIENT:
                return reply
            if attempt < ATTEMPTS:
                self.pause(attempt, reply)
        raise Failed(f"{method} {url}: given up")

    def valid_token(self, refused=None):
        """Return the token, a new one if it was refused."""
        with self.lock:
            if self.token in {None, refused}:
                self.token = self.renew()
            return self.token

    def renew(self):
        form = {
            "grant_type": "refresh_token",
            "refresh_token": os.environ["REFRESH_TOKEN"],
            "client_id": os.environ["CLIENT_ID"],
            "client_secret": os.environ["CLIENT_SECRET"],
        }
        reply = self.send("POST", f"{self.lwa}/auth/o2/token", data=form)
        if reply.status_code != OK:
            raise Failed(f"no token: {reply.status_code}")
        return reply.json()["access_token"]

    def call(self, method, path, profile=None, media="application/json", body=None):
        token = None
        for _ in range(2):
            token = self.valid_token(refused=token)
            headers = {
                "Authorization": f"Bearer {token}",
                "Amazon-Advertising-API-ClientId": os.environ["CLIENT_ID"],
                "Content-Type": media,
                "Accept": media,
            }
            if profile:
                headers["Amazon-Advertising-API-Scope"] = str(profile)
            raw = None if body is None else json.dumps(body)
            reply = self.send(method, self.ads + path, headers=headers, data=raw)
            if reply.status_code != UNAUTHORIZED:
                break
        if reply.status_code == DUPLICATE_REPORT:
            return {"reportId": re.search(r"[0-9a-f-]{36}", reply.text)[0]}
        if not reply.ok:
            raise Failed(f"{method} {path}: {reply.status_code}")
        try:
            return reply.json()
        except ValueError:
            raise Failed(f"{method} {path}: the answer is not JSON") from None

    def profiles(self):
        return [row["profileId"] for row in self.call("GET", "/v2/profiles")]

    def list(self, kind, profile, size=100, **filters):
        body = {"maxResults": size, **filters}
        while True:
            page = self.call("POST", f"/sp/{kind}/list", profile, _media(kind), body)
            yield from page[kind]
            if not page.get("nextToken"):
                return
            body["nextToken"] = page["nextToken"]

    def write(self, method, kind, profile, items):
        """Return the ids by index; raise when an item cannot be written."""
        ids, left = {}, dict(enumerate(items))
        for attempt in range(1, ATTEMPTS + 1):
            order = list(left)
            body = {kind: [left[place] for place in order]}
            rows = self.call(method, f"/sp/{kind}", profile, _media(kind), body)[kind]
            for row in rows.get("success", []):
                place = order[row["index"]]
                ids[place] = next(value for name, value in row.items() if name.endswith("Id"))
                del left[place]
            kinds = {one["errorType"] for row in rows.get("error", []) for one in row["errors"]}
            if kinds == {"duplicateValueError"}:
                ids |= self.existing(kind, profile, left)
                left = {place: one for place, one in left.items() if place not in ids}
            if not left:
                return ids
            if not kinds <= REPEATABLE:
                raise Failed(f"{method} {kind}: {sorted(kinds)}")
            self.pause(attempt)
        raise Failed(f"{method} {kind}: {len(left)} items given up")

    def existing(self, kind, profile, items):
        """Return the ids of items that exist because the answer to their create was lost."""
        key = "keywordText" if kind == "keywords" else "name"
        known = {(one["campaignId"], one[key]): one for one in self.list(kind, profile)}
        if kind == "campaigns":
            known = {name: one for (_, name), one in known.items()}
            return {
                n: known[one[key]]["campaignId"] for n, one in items.items() if one[key] in known
            }
        return {
            n: known[one["campaignId"], one[key]][f"{kind[:-1]}Id"]
            for n, one in items.items()
            if (one["campaignId"], one[key]) in known
        }

    def file(self, create, poll, profile, media, body):
        """Return the rows of an export or a report."""
        for attempt in range(2):
            made = self.call("POST", create, profile, media, body)
            job = made.get("exportId") or made["reportId"]
            found = self.finished(f"{poll}/{job}", profile, media)
            if found is not None:
                return found
            self.pause(attempt + 3)
        raise Failed(f"{create}: failed twice")

    def finished(self, path, profile, media):
        for number in range(60):
            state = self.call("GET", path, profile, media)
            if state["status"] in {"FAILED", "FAILURE", "CANCELLED"}:
                return None
            if state.get("url") and (rows := self.download(state["url"])) is not None:
                return rows
            self.pause_poll(number)
        raise Failed(f"{path}: not ready in time")

    def pause_poll(self, number):
        wait(min(30, 5 + 2 * number))

    def download(self, url):
        reply = self.send("GET", url)
        try:
            return json.loads(gzip.decompress(reply.content)) if reply.ok else None
        except (OSError, EOFError, ValueError):
            return None


def _media(kind):
    return f"application/vnd.{MEDIA[kind]}.v3+json"


def each(profiles, work):
    """Do some work for each profile; raise at the end if it failed for one."""
    failed = []
    for profile in profiles:
        try:
            work(profile)
        except Failed as error:
            failed.append(f"{profile}: {error}")
    if failed:
        raise Failed("; ".join(failed))


def ended(jobs):
    """Run each job and exit with 1 if one failed; a failure does not end the others."""
    failed = 0
    for job in jobs:
        try:
            job()
        except Failed as error:
            say(str(error))
            failed = 1
    sys.exit(failed)
