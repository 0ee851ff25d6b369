"""A random account, written by native families: unified API, exports and reports agree on it."""

import gzip
from urllib.parse import urlsplit

import jsonschema_rs
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.contracts.schema import record
from tests.unit.mockserver.fixtures import campaign as sp_campaign
from tests.unit.mockserver.fixtures import contract_set, value
from tests.unit.mockserver.services.reporting.report_requests import finished, wish
from tests.unit.mockserver.services.unified.fixtures import (
    SB,
    SD,
    SP,
    ad_group,
    amount_of,
    campaign,
    keyword,
    money,
    product,
    query_records,
    send_batch,
    unified_server,
)

STATES = st.sampled_from(("ENABLED", "PAUSED"))
MONEY = st.integers(1_000, 100_000).map(lambda cents: cents / 100)
NAMES = st.text("abcdefghij äéß", min_size=1, max_size=12).map(str.strip).filter(bool)
DRAWN = st.lists(
    st.tuples(st.sampled_from((SP, SB, SD)), NAMES, STATES, MONEY, st.booleans()),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row[:2],
)
KINDS = ("campaigns", "adGroups", "ads", "targets")
OWN = {"campaigns": "campaignId", "adGroups": "adGroupId", "ads": "adId", "targets": "targetId"}
REPORTS = {SP: "spCampaigns", SB: "sbCampaigns", SD: "sdCampaigns"}
COLUMNS = ["campaignId", "campaignName", "campaignStatus", "campaignBudgetAmount", "clicks"]
SB_MEDIA = "application/vnd.sb{}resource.v4+json"
JSON = {"media": "application/json"}


class Writer:
    """Writes campaigns with an ad group, an ad and a target by each native family."""

    def __init__(self, server):
        self.server = server

    def sent(self, path, body, media, pick):
        reply = self.server.call(path, body, media=media, Accept="*/*")
        assert reply.status in (200, 207), reply.body
        return str(pick(value(reply)))

    def sp(self, name, state, budget):
        item = sp_campaign(name, state=state, budget={"budget": budget, "budgetType": "DAILY"})
        root = self._sp("campaigns", "spCampaign", item, "campaignId")
        group = {"campaignId": root, "name": "g", "defaultBid": 1.0, "state": "ENABLED"}
        below = {
            "campaignId": root,
            "adGroupId": self._sp("adGroups", "spAdGroup", group, "adGroupId"),
            "state": "ENABLED",
        }
        self._sp("productAds", "spProductAd", {**below, "sku": "S1"}, "adId")
        word = {**below, "keywordText": "shoe", "matchType": "EXACT", "bid": 1.0}
        self._sp("keywords", "spKeyword", word, "keywordId")
        return root

    def _sp(self, name, media, item, own):
        media = f"application/vnd.{media}.v3+json"
        return self.sent(
            f"/sp/{name}", {name: [item]}, media, lambda found: found[name]["success"][0][own]
        )

    def sb(self, name, state, budget):
        item = {"name": name, "state": state, "budget": budget, "budgetType": "DAILY"}
        root = self._sb("campaigns", item, "campaignId")
        group = {"campaignId": root, "name": "g", "state": "ENABLED"}
        below = self._sb("adGroups", group, "adGroupId")
        ad = {
            "adGroupId": below,
            "name": "a",
            "state": "ENABLED",
            "creative": {"asins": ["B000000001"], "videoAssetIds": ["v1"]},
        }
        self._sb("ads", ad, "adId", "/video")
        word = {"adGroupId": int(below), "campaignId": int(root), "keywordText": "shoe"}
        words = [{**word, "matchType": "broad", "bid": 1.0}]
        self.sent("/sb/keywords", words, "application/json", lambda rows: rows[0]["keywordId"])
        return root

    def _sb(self, name, item, own, way=""):
        media = SB_MEDIA.format(name[:-1].lower())
        return self.sent(
            f"/sb/v4/{name}{way}",
            {name: [item]},
            media,
            lambda found: found[name]["success"][0][own],
        )

    def sd(self, name, state, budget):
        item = {
            "name": name,
            "state": state.lower(),
            "budget": budget,
            "budgetType": "daily",
            "startDate": "20260701",
            "tactic": "T00020",
            "costType": "cpc",
        }
        root = self._sd("campaigns", item, "campaignId")
        group = {"campaignId": int(root), "name": "g", "defaultBid": 1.0, "state": "enabled"}
        below = int(self._sd("adGroups", group, "adGroupId"))
        ad = {"adGroupId": below, "sku": "S1", "state": "enabled"}
        self._sd("productAds", ad, "adId")
        target = {
            "adGroupId": below,
            "state": "enabled",
            "expressionType": "manual",
            "expression": [{"type": "asinSameAs", "value": "B000000001"}],
            "bid": 1.0,
        }
        self._sd("targets", target, "targetId")
        return root

    def _sd(self, name, item, own):
        return self.sent(f"/sd/{name}", [item], "application/json", lambda rows: rows[0][own])


def exported(server, kind):
    """Return the rows of a finished export of everything, by id; each fits its contract."""
    media = f"application/vnd.{kind.lower()}export.v1+json"
    body = {"stateFilter": ["ENABLED", "PAUSED", "ARCHIVED"]}
    export = value(server.call(f"/{kind}/export", body, media=media))["exportId"]
    server.sandbox.clock.advance(30)
    done = value(server.call(f"/exports/{export}", b"", "GET", media=media))
    target = urlsplit(done["url"])
    file = server.send("GET", f"/_storage{target.path}?{target.query}")
    rows = orjson.loads(gzip.decompress(file.body))
    validator = jsonschema_rs.validator_for(record(contract_set().by_name["exports"], kind))
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []
    return {row[OWN[kind]]: row for row in rows}


def unified(server, kind):
    """Return the records of the unified API of all three products, by id."""
    rows = [row for each in (SP, SB, SD) for row in query_records(server, kind, each)]
    return {row[OWN[kind]]: row for row in rows}


def alike(row):
    """Return what both generations of the model say in the same members."""
    names = ("adProduct", "state", "adGroupId", "name", "bid", "negative", "targetType")
    return {name: row[name] for name in names if name in row}


def delivery(row):
    """Return why a record is not delivered."""
    return row["deliveryStatus"], row.get("deliveryReasons")


@settings(max_examples=40, deadline=None)
@given(drawn=DRAWN)
def test_an_account_of_native_families_is_one_everywhere(drawn):
    server = unified_server()
    server.sandbox.choices["review"] = "passes"
    writer, wanted = Writer(server), {}
    for kind, name, state, budget, is_archived in drawn:
        write = {SP: writer.sp, SB: writer.sb, SD: writer.sd}[kind]
        own = write(name, state, budget)
        if is_archived:
            send_batch(server, "delete/campaigns", {"campaignIds": [own]})
        wanted[own] = (kind, name, "ARCHIVED" if is_archived else state, budget)

    found = {kind: unified(server, kind) for kind in KINDS}
    files = {kind: exported(server, kind) for kind in KINDS}

    assert {
        own: (row["adProduct"], row["name"], row["state"], amount_of(row)["value"])
        for own, row in found["campaigns"].items()
    } == wanted
    assert {
        own: row["budgetCaps"]["budgetValue"]["monetaryBudget"]
        for own, row in files["campaigns"].items()
    } == {own: {"amount": row[3], "currencyCode": "USD"} for own, row in wanted.items()}
    for kind in KINDS:
        assert {own: alike(row) for own, row in files[kind].items()} == {
            own: {
                name: each for name, each in alike(row).items() if name in alike(files[kind][own])
            }
            for own, row in found[kind].items()
        }
        assert {own: delivery(row) for own, row in files[kind].items()} == {
            own: delivery(row["status"]) for own, row in found[kind].items()
        }
    _reports_agree(server, wanted)


def _reports_agree(server, wanted):
    """Compare reports with the campaigns; every campaign that runs is in them."""
    server.sandbox.clock.advance(8 * 86_400)
    found = {}
    for kind, report in REPORTS.items():
        body = wish(reportTypeId=report, adProduct=kind, columns=COLUMNS)
        for row in finished(server, body):
            said = (row["campaignName"], row["campaignStatus"], row["campaignBudgetAmount"])
            found[str(row["campaignId"])] = (kind, *said)
    assert found.items() <= wanted.items()
    assert {own for own, row in wanted.items() if row[2] == "ENABLED"} <= set(found)


def unified_tree(server, kind, name, state, budget):
    """Make a campaign with an ad group and a target by the unified API; return its id."""
    item = campaign(name, adProduct=kind, state=state, budgets=money(budget))
    if kind != SP:
        del item["autoCreationSettings"]
        item["costType"] = "CPC"
    if kind == SB:
        item["optimizations"] = {"goalSettings": {"kpi": "CLICKS"}}
        item["autoCreationSettings"] = {"autoCreateTargets": False}
    own = made_one(server, "campaigns", item)["campaignId"]
    group = ad_group(own, adProduct=kind)
    if kind == SB:
        del group["bid"]
    if kind == SD:
        group["optimization"] = {"goalSettings": {"kpi": "CLICKS"}}
        group |= {"marketplaceScope": "SINGLE_MARKETPLACE", "marketplaces": ["US"]}
    below = made_one(server, "adGroups", group)["adGroupId"]
    target = keyword if kind == SP else product
    made_one(server, "targets", target(adProduct=kind, adGroupId=below, bid={"bid": 1.0}))
    return own


def made_one(server, kind, item):
    ((made,), refused) = send_batch(server, f"create/{kind}", {kind: [item]})
    assert refused == {}
    return made


@settings(max_examples=40, deadline=None)
@given(drawn=DRAWN)
def test_an_account_of_the_unified_api_is_read_natively(drawn):
    server, wanted = unified_server(), {SP: {}, SB: {}, SD: {}}
    for kind, name, state, budget, _ in drawn:
        made = unified_tree(server, kind, name, state, budget)
        wanted[kind][made] = (name, state, budget)

    lists = {
        SP: value(server.call("/sp/campaigns/list", {}))["campaigns"],
        SB: value(server.call("/sb/v4/campaigns/list", {}, media=SB_MEDIA.format("campaign")))[
            "campaigns"
        ],
        SD: value(server.call("/sd/campaigns", b"", "GET", **JSON)),
    }

    assert wanted == {
        kind: {
            str(row["campaignId"]): (row["name"], row["state"].upper(), _budget(row))
            for row in rows
        }
        for kind, rows in lists.items()
    }


def _budget(row):
    return row["budget"]["budget"] if isinstance(row["budget"], dict) else row["budget"]
