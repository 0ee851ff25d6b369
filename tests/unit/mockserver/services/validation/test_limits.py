"""Names, keywords, bids and budgets of every family: the limits hold, in each marketplace."""

from functools import cache

import pytest

from adsmock.mockserver.services.sandboxes.create import ProfileRequest
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import ENDPOINTS, campaign, contract_set, value

MARKETS = contract_set().marketplaces
KINDS = ("seller", "vendor")
MEDIA = {
    "/sp/campaigns": "application/vnd.spCampaign.v3+json",
    "/sp/adGroups": "application/vnd.spAdGroup.v3+json",
    "/sp/keywords": "application/vnd.spKeyword.v3+json",
    "/sp/targets": "application/vnd.spTargetingClause.v3+json",
    "/sp/negativeKeywords": "application/vnd.spNegativeKeyword.v3+json",
    "/sb/v4/campaigns": "application/vnd.sbcampaignresource.v4+json",
    "/sb/v4/adGroups": "application/vnd.sbadgroupresource.v4+json",
    "/portfolios": "application/vnd.spPortfolio.v3+json",
}
KEYS = {"/sp/targets": "targetingClauses"}
ARRAYS = {"/sb/keywords", "/sb/negativeKeywords", "/sd/campaigns", "/sd/adGroups", "/sd/targets"}


class Shops:
    """One sandbox with a seller and a vendor in every marketplace, and a tree for each."""

    def __init__(self):
        wanted = [(row, kind) for row in MARKETS.values() for kind in KINDS]
        profiles = tuple(ProfileRequest(row.region, row.country, kind) for row, kind in wanted)
        self.own = fixtures.create_server(profiles=profiles)
        made = self.own.sandbox.profiles.values()
        self.profiles = {(each.country, each.kind): each for each in made}
        self.trees = {}
        self.number = 0

    def send(self, shop, path, item):
        """Return the id of what was made, or the reason against it."""
        profile = self.profiles[shop]
        media = MEDIA.get(path, "application/json")
        headers = self.own.headers(media, Accept="*/*")
        headers |= {"Amazon-Advertising-API-Scope": profile.id}
        key = KEYS.get(path, path.rpartition("/")[2])
        body = [item] if path in ARRAYS else {key: [item]}
        reply = self.own.send("POST", path, body, headers, ENDPOINTS[profile.region])
        assert reply.status == 207, reply.body
        answer = value(reply)
        if path in ARRAYS:
            (row,) = answer
            made = [str(row[name]) for name in row if name.endswith("Id")]
            return (made[0], "") if row["code"] == "SUCCESS" else ("", row["description"])
        rows = answer[key]
        if rows["success"]:
            (row,) = rows["success"]
            return next(row[name] for name in row if name.endswith("Id")), ""
        ((found,),) = [error["errorValue"].values() for error in rows["error"][0]["errors"]]
        return "", found["reason"]

    def name(self):
        self.number += 1
        return f"N{self.number}"

    def budget(self, shop, name):
        limits = MARKETS[shop[0]].limits
        low = max(limits[each].minimum for each in (name, f"{name}.vendor") if each in limits)
        return low * 2

    def campaign(self, shop, family, **changes):
        name = {"name": self.name()}
        if family == "sp":
            money = {"budget": self.budget(shop, "sp.budget"), "budgetType": "DAILY"}
            return self.send(shop, "/sp/campaigns", campaign(**name, budget=money) | changes)
        if family == "sb":
            item = {"budget": self.budget(shop, "sb.budget"), "budgetType": "DAILY"}
            return self.send(shop, "/sb/v4/campaigns", name | item | {"state": "ENABLED"} | changes)
        item = {"tactic": "T00020", "state": "enabled", "startDate": "20270101"}
        return self.send(shop, "/sd/campaigns", name | item | changes)

    def tree(self, shop, family):
        """Return campaign and ad group to put targets under, made once."""
        key, family = (shop, family), family[:2]
        if key not in self.trees:
            root, refused = self.campaign(shop, family, **self.rich(shop, family))
            assert root, refused
            group, refused = self.group(shop, family, root)
            assert group, refused
            self.trees[key] = root, group
        return self.trees[key]

    def rich(self, shop, family):
        """Return a budget that no bid is above."""
        most = MARKETS[shop[0]].limits["sp.budget"].maximum
        if family == "sp":
            return {"budget": {"budget": most, "budgetType": "DAILY"}}
        return {}

    def group(self, shop, family, root, **changes):
        limits = MARKETS[shop[0]].limits
        item = {"campaignId": root, "name": self.name(), "state": "ENABLED"}
        if family == "sp":
            item |= {"defaultBid": limits["sp.bid"].minimum} | changes
            return self.send(shop, "/sp/adGroups", item)
        if family == "sb":
            return self.send(shop, "/sb/v4/adGroups", item | changes)
        bid = limits["sd.bid.cpc"].minimum if "sd.bid.cpc" in limits else 1.0
        item |= {"campaignId": int(root), "state": "enabled", "defaultBid": bid} | changes
        return self.send(shop, "/sd/adGroups", item)


@cache
def shops():
    return Shops()


def keyword(shop, path, **changes):
    family = path[1:3]
    root, group = shops().tree(shop, family)
    if family == "sp":
        item = {"campaignId": root, "adGroupId": group, "state": "ENABLED"}
        matched = "NEGATIVE_EXACT" if "negative" in path else "EXACT"
    else:
        item = {"campaignId": int(root), "adGroupId": int(group)}
        matched = "negativeExact" if "negative" in path else "exact"
    item |= {"keywordText": shops().name(), "matchType": matched} | changes
    return shops().send(shop, path, item)


def target(shop, bid):
    root, group = shops().tree(shop, "sp of products")
    asin = f"B{shops().number:09d}"
    shops().name()
    clause = {"expression": [{"type": "ASIN_SAME_AS", "value": asin}], "expressionType": "MANUAL"}
    item = {"campaignId": root, "adGroupId": group, "state": "ENABLED", "bid": bid, **clause}
    return shops().send(shop, "/sp/targets", item)


def sold(shop, amount):
    return shops().campaign(shop, "sp", budget={"budget": amount, "budgetType": "DAILY"})


def grouped(shop, family, **changes):
    root, _ = shops().tree(shop, family)
    return shops().group(shop, family, root, **changes)


def lifelong(shop, amount):
    days = {"startDate": "2026-07-02", "endDate": "2026-12-31"}
    return shops().campaign(shop, "sb", budget=amount, budgetType="LIFETIME", **days)


AMOUNTS = {
    "sp.budget": sold,
    "sp.bid": lambda shop, bid: grouped(shop, "sp", defaultBid=bid),
    "sp.bid keyword": lambda shop, bid: keyword(shop, "/sp/keywords", bid=bid),
    "sp.bid target": target,
    "sb.budget": lambda shop, amount: shops().campaign(shop, "sb", budget=amount),
    "sb.budget.lifetime": lifelong,
    "sb.bid.image": lambda shop, bid: keyword(shop, "/sb/keywords", bid=bid),
    "sd.budget": lambda shop, amount: shops().campaign(shop, "sd", budget=amount),
    "sd.bid.cpc": lambda shop, bid: grouped(shop, "sd", defaultBid=bid),
}


def bounds(shop, name):
    """Return the bounds that the table has for a shop: a vendor's own, where there are some."""
    country, kind = shop
    limits = MARKETS[country].limits
    if kind == "vendor" and f"{name}.vendor" in limits:
        return limits[f"{name}.vendor"]
    return limits.get(name)


@pytest.mark.parametrize("what", AMOUNTS)
@pytest.mark.parametrize("kind", KINDS)
def test_amounts_are_held_to_the_bounds_of_every_marketplace(what, kind):
    name, put = what.partition(" ")[0], AMOUNTS[what]
    judged = 0
    for country in MARKETS:
        shop = country, kind
        found = bounds(shop, name)
        if found is None:
            continue
        judged += 1
        for amount in (found.minimum, found.maximum):
            made, refused = put(shop, amount)
            assert made, (country, amount, refused)
        for amount in (found.minimum * 0.99, found.maximum * 1.01):
            assert put(shop, amount)[0] == "", (country, amount)
    assert judged >= 15


LONG = {"seller": 128, "vendor": 116}
NAMED = {
    "sp campaign": lambda shop, name: shops().campaign(shop, "sp", name=name),
    "sb campaign": lambda shop, name: shops().campaign(shop, "sb", name=name),
    "sd campaign": lambda shop, name: shops().campaign(shop, "sd", name=name),
    "sp group": lambda shop, name: grouped(shop, "sp", name=name),
    "sb group": lambda shop, name: grouped(shop, "sb", name=name),
    "sd group": lambda shop, name: grouped(shop, "sd", name=name),
    "portfolio": lambda shop, name: shops().send(
        shop, "/portfolios", {"name": name, "state": "ENABLED"}
    ),
}


@pytest.mark.parametrize("what", NAMED)
@pytest.mark.parametrize("kind", KINDS)
def test_names_are_held_to_their_length_and_characters(what, kind):
    shop, put = ("US", kind), NAMED[what]
    most = 255 if what.endswith("group") else 128 if what == "portfolio" else LONG[kind]
    for valid in (f"{kind} Füße 春の靴 [a]_{{b}} 50 % off".replace(" %", ""), "x" * most):
        made, refused = put(shop, valid)
        assert made, refused
    for wrong in (" x", "x ", "   ", "x<y", "x\ty", "x" * (most + 1)):
        if what.startswith("sb") and len(wrong) > 128 and kind == "seller":
            continue  # the document's own limit: the call is refused
        if what == "sb group" and len(wrong) > most:
            continue
        assert put(shop, wrong)[0] == "", wrong


TEXTS = ("/sp/keywords", "/sp/negativeKeywords", "/sb/keywords", "/sb/negativeKeywords")


@pytest.mark.parametrize("path", TEXTS)
def test_keywords_are_held_to_their_length_words_and_characters(path):
    shop = "US", "seller"
    ten = " ".join("abcdefghij")
    for valid in ("running-shoes", 'size "10" [m]', "靴 a.b & c", "x" * 80, ten):
        made, refused = keyword(shop, path, keywordText=valid)
        assert made, (valid, refused)
    for wrong in ("", " x", "x ", ".x", "a - b", 'a "b', "a<b", "a@b", "x" * 81, f"{ten} k"):
        assert keyword(shop, path, keywordText=wrong)[0] == "", wrong
    phrase = {"/sp/negativeKeywords": "NEGATIVE_PHRASE", "/sb/negativeKeywords": "negativePhrase"}
    if path in phrase:
        four = {"keywordText": "a b c d", "matchType": phrase[path]}
        assert keyword(shop, path, **four)[0]
        assert keyword(shop, path, **four | {"keywordText": "a b c d e"})[0] == ""
