"""An integration on requests, as an adapter on the Python kit.

It keeps a token for each region, obeys Retry-After, repeats what may be repeated, and sends only
the failed items of a batch again. Exports and reports are not supported.
"""

import random  # noqa: TID251 -- a program of its own
import time

import requests

from adsmock.harness.adapters import Adapter, Result, Unsupported

KINDS = {
    "sp.campaigns": ("campaigns", "spCampaign"),
    "sp.adGroups": ("adGroups", "spAdGroup"),
    "sp.productAds": ("productAds", "spProductAd"),
    "sp.keywords": ("keywords", "spKeyword"),
    "sp.negativeKeywords": ("negativeKeywords", "spNegativeKeyword"),
    "sp.campaignNegativeKeywords": ("campaignNegativeKeywords", "spCampaignNegativeKeyword"),
    "sp.targets": ("targetingClauses", "spTargetingClause"),
}
CHILDREN = ("keywords", "negativeKeywords", "productAds", "targets")
TRANSIENT = {429, 500, 502, 503, 504}
ATTEMPTS = 6


wait = time.sleep  # noqa: TID251 -- a program of its own


class Refused(Exception):
    """The API said no, and asking again would not change it."""


class Sync(Adapter):
    """The API with the credentials of one case."""

    def __init__(self, connection):
        super().__init__(connection)
        self.regions = connection.regions
        self.keys = connection.credentials
        self.tokens = {}
        self.http = requests.Session()

    def token(self, region):
        if region not in self.tokens:
            form = {
                "grant_type": "refresh_token",
                "client_id": self.keys.client_id,
                "client_secret": self.keys.client_secret,
                "refresh_token": self.keys.refresh_token,
            }
            url = self.regions[region].lwa + "/auth/o2/token"
            reply = self.http.post(url, data=form, timeout=60)
            reply.raise_for_status()
            self.tokens[region] = reply.json()["access_token"]
        return self.tokens[region]

    def call(self, method, path, profile=None, *, media=None, body=None, region=None):
        region = region or self.connection.region_of(profile)
        renewed = False
        for attempt in range(1, ATTEMPTS + 1):
            headers = {
                "Authorization": f"Bearer {self.token(region)}",
                "Amazon-Advertising-API-ClientId": self.keys.client_id,
            }
            if profile:
                headers["Amazon-Advertising-API-Scope"] = profile
            if media:
                headers |= {"Content-Type": media, "Accept": media}
            url = self.regions[region].ads + path
            reply = self.http.request(method, url, headers=headers, json=body, timeout=60)
            if reply.status_code == 401 and not renewed:
                renewed = True
                del self.tokens[region]
            elif reply.status_code in TRANSIENT and attempt < ATTEMPTS:
                asked = reply.headers.get("Retry-After", "")
                seconds = int(asked) + 0.1 if asked.isdigit() else 0
                wait(max(seconds, 2 ** (attempt - 1) * (1 + random.random())))
            elif reply.ok:
                return reply.json()
            else:
                raise Refused(f"{method} {path}: {reply.status_code}")
        raise Refused(f"{method} {path}: given up after {ATTEMPTS} attempts")

    def list_profiles(self, args):
        return sum(len(self.call("GET", "/v2/profiles", region=name)) for name in self.regions)

    def list(self, args):
        body = dict(args.get("filter", {}))
        if "pageSize" in args:
            body["maxResults"] = args["pageSize"]
        envelope, path, media = _place(args["resource"])
        found = 0
        while True:
            page = self.call("POST", path + "/list", args["profile"], media=media, body=body)
            found += len(page[envelope])
            if not page.get("nextToken"):
                return found
            body["nextToken"] = page["nextToken"]

    def create(self, args):
        return _result(*self.write("POST", args["resource"], args["profile"], args["items"]))

    def update(self, args):
        return _result(*self.write("PUT", args["resource"], args["profile"], args["items"]))

    def idle(self, args):
        wait(args["seconds"])

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

    def create_tree(self, args):
        """Create parents, then the children of those that exist."""
        profile, campaigns = args["profile"], args["campaigns"]
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
            plain = [_without(one, *CHILDREN) | given for one in groups]
            made, _ = self.write("POST", "sp.adGroups", profile, plain) if plain else ({}, {})
            done, failed = done + len(made), failed + len(plain) - len(made)
            for number, group_id in made.items():
                for child in CHILDREN:
                    wanted = groups[number].get(child, [])
                    leaves = [one | given | {"adGroupId": group_id} for one in wanted]
                    if leaves:
                        grown, _ = self.write("POST", f"sp.{child}", profile, leaves)
                        done, failed = done + len(grown), failed + len(leaves) - len(grown)
        return Result(done, failed)


def _place(resource):
    if resource not in KINDS:
        raise Unsupported(resource)
    envelope, kind = KINDS[resource]
    return envelope, "/sp/" + resource.partition(".")[2], f"application/vnd.{kind}.v3+json"


def _result(ids, errors):
    reasons = "; ".join(f"item {place}: {why[0]['errorType']}" for place, why in errors.items())
    return Result(len(ids), len(errors), reasons or None)


def _without(entity, *members):
    return {name: value for name, value in entity.items() if name not in members}


if __name__ == "__main__":
    Sync.run()
