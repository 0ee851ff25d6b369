"""An integration on requests, as an adapter: one request a line comes in, one reply goes out.

It keeps a token per region, waits as it is told, repeats what may be repeated, and sends only the
failed items of a batch again. It cannot do exports and says so.
"""

import json
import random  # noqa: TID251 -- a program of its own
import sys
import time

import requests

KINDS = {
    "sp.campaigns": ("campaigns", "spCampaign"),
    "sp.adGroups": ("adGroups", "spAdGroup"),
    "sp.productAds": ("productAds", "spProductAd"),
    "sp.keywords": ("keywords", "spKeyword"),
    "sp.negativeKeywords": ("negativeKeywords", "spNegativeKeyword"),
    "sp.campaignNegativeKeywords": ("campaignNegativeKeywords", "spCampaignNegativeKeyword"),
    "sp.targets": ("targetingClauses", "spTargetingClause"),
}
TRANSIENT = {429, 500, 502, 503, 504}
ATTEMPTS = 6


wait = time.sleep  # noqa: TID251 -- a program of its own


class Refused(Exception):
    """The API said no, and asking again would not change it."""


class Ads:
    """The API as one set of credentials sees it."""

    def __init__(self, request):
        self.regions = request["regions"]
        self.home = {row["profileId"]: row["region"] for row in request["profiles"]}
        self.keys = request["credentials"]
        self.tokens = {}
        self.http = requests.Session()

    def token(self, region):
        if region not in self.tokens:
            form = {
                "grant_type": "refresh_token",
                "client_id": self.keys["clientId"],
                "client_secret": self.keys["clientSecret"],
                "refresh_token": self.keys["refreshToken"],
            }
            url = self.regions[region]["lwa"] + "/auth/o2/token"
            reply = self.http.post(url, data=form, timeout=60)
            reply.raise_for_status()
            self.tokens[region] = reply.json()["access_token"]
        return self.tokens[region]

    def call(self, method, path, profile=None, *, media=None, body=None, region=None):
        region = region or self.home[profile]
        renewed = False
        for attempt in range(1, ATTEMPTS + 1):
            headers = {
                "Authorization": f"Bearer {self.token(region)}",
                "Amazon-Advertising-API-ClientId": self.keys["clientId"],
            }
            if profile:
                headers["Amazon-Advertising-API-Scope"] = profile
            if media:
                headers |= {"Content-Type": media, "Accept": media}
            url = self.regions[region]["ads"] + path
            reply = self.http.request(method, url, headers=headers, json=body, timeout=60)
            if reply.status_code == 401 and not renewed:
                renewed = True
                del self.tokens[region]
            elif reply.status_code in TRANSIENT and attempt < ATTEMPTS:
                asked = float(reply.headers.get("Retry-After") or 0)
                wait(max(asked + 0.1, 2 ** (attempt - 1) * (1 + random.random())))
            elif reply.ok:
                return reply.json()
            else:
                raise Refused(f"{method} {path}: {reply.status_code}")
        raise Refused(f"{method} {path}: given up after {ATTEMPTS} attempts")

    def list_profiles(self):
        return [row for region in self.regions for row in self.profiles_of(region)]

    def profiles_of(self, region):
        return self.call("GET", "/v2/profiles", region=region)

    def list(self, resource, profile, **more):
        body = dict(more.get("filter", {}))
        if "pageSize" in more:
            body["maxResults"] = more["pageSize"]
        envelope, path, media = _place(resource)
        found = []
        while True:
            page = self.call("POST", path + "/list", profile, media=media, body=body)
            found += page[envelope]
            if not page.get("nextToken"):
                return found
            body["nextToken"] = page["nextToken"]

    def write(self, method, resource, profile, items):
        """Return the ids by index and the errors by index; throttled items are sent again."""
        envelope, path, media = _place(resource)
        ids, errors = {}, {}
        open_items = dict(enumerate(items))
        for attempt in range(1, ATTEMPTS + 1):
            order = list(open_items)
            body = {envelope: [open_items[place] for place in order]}
            rows = self.call(method, path, profile, media=media, body=body)[envelope]
            for row in rows.get("success", []):
                ids[order[row["index"]]] = next(v for k, v in row.items() if k.endswith("Id"))
            errors = {order[row["index"]]: row["errors"] for row in rows.get("error", [])}
            open_items = {
                place: items[place]
                for place, why in errors.items()
                if all(one["errorType"] == "throttledError" for one in why)
            }
            if not open_items:
                break
            wait(2 ** (attempt - 1) * (1 + random.random()))
        return ids, errors

    def create_tree(self, profile, campaigns):
        """Create parents, then the children of those that exist."""
        done = failed = 0
        plain = [_without(one, "adGroups") for one in campaigns]
        parents, _ = self.write("POST", "sp.campaigns", profile, plain)
        for place, campaign in enumerate(campaigns):
            if place not in parents:
                failed += 1
                continue
            done += 1
            groups = campaign.get("adGroups", [])
            given = {"campaignId": parents[place]}
            plain = [_without(one, "keywords", "productAds") | given for one in groups]
            made, _ = self.write("POST", "sp.adGroups", profile, plain) if plain else ({}, {})
            done, failed = done + len(made), failed + len(plain) - len(made)
            for number, group_id in made.items():
                for child in ("keywords", "productAds"):
                    wanted = groups[number].get(child, [])
                    leaves = [one | given | {"adGroupId": group_id} for one in wanted]
                    if leaves:
                        grown, _ = self.write("POST", f"sp.{child}", profile, leaves)
                        done, failed = done + len(grown), failed + len(leaves) - len(grown)
        return done, failed


def _place(resource):
    envelope, kind = KINDS[resource]
    return envelope, "/sp/" + resource.partition(".")[2], f"application/vnd.{kind}.v3+json"


def _without(entity, *members):
    return {name: value for name, value in entity.items() if name not in members}


def perform(ads, verb, args):
    """Return how many things were done and how many failed; None for a verb that is not known."""
    if verb == "list_profiles":
        return len(ads.list_profiles()), 0
    if verb == "list":
        return len(ads.list(**args)), 0
    if verb in {"create", "update"}:
        method = "POST" if verb == "create" else "PUT"
        ids, errors = ads.write(method, **args)
        return len(ids), len(errors)
    if verb == "create_tree":
        return ads.create_tree(**args)
    if verb == "idle":
        wait(args["seconds"])
        return 1, 0
    return None


def answer(request, known):
    """Return the reply to one request."""
    ads = known.setdefault(request["credentials"]["clientId"], Ads(request))
    try:
        counts = perform(ads, request["verb"], request["args"])
    except (Refused, requests.RequestException) as error:
        return {"status": "failed", "error": str(error)}
    if counts is None:
        return {"status": "unsupported"}
    done, failed = counts
    status = "done" if not failed else "partial" if done else "failed"
    return {"status": status, "done": done, "failed": failed}


def main():
    known = {}
    for line in sys.stdin:
        request = json.loads(line)
        if request["verb"] == "shutdown":
            break
        reply = {"id": request["id"]} | answer(request, known)
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
