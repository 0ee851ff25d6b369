"""Report requests and an account with traffic, for tests without sockets."""

import gzip
from typing import Any
from urllib.parse import urlsplit

import orjson

from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.entity import Entity
from tests.unit.mockserver.fixtures import ENDPOINTS, ServerFixture, campaign, create_server, value

CREATE = "application/vnd.createasyncreportrequest.v3+json"
METRICS = ("impressions", "clicks", "cost", "purchases7d", "sales14d", "unitsSoldClicks30d")
WEEK = 7 * 86_400


def wish(**changes: Any) -> dict[str, Any]:
    """Return a create body; ``changes`` may name members of the configuration too."""
    body: dict[str, Any] = {"startDate": "2026-06-01", "endDate": "2026-06-30"}
    asked: dict[str, Any] = {
        "adProduct": "SPONSORED_PRODUCTS",
        "groupBy": ["campaign"],
        "columns": list(METRICS),
        "reportTypeId": "spCampaigns",
        "timeUnit": "SUMMARY",
        "format": "GZIP_JSON",
    }
    for name, held in changes.items():
        (body if name in {"startDate", "endDate", "name"} else asked)[name] = held
    return {**body, "configuration": asked}


def ask(server: ServerFixture, body: Any, endpoint: str = "NA", **headers: str) -> Reply:
    own = server.headers(CREATE, Accept="*/*") | headers
    return server.send("POST", "/reporting/reports", body, own, ENDPOINTS[endpoint])


def start(server: ServerFixture, body: Any) -> str:
    return str(value(ask(server, body))["reportId"])


def look(server: ServerFixture, report: str, method: str = "GET", **headers: str) -> Reply:
    own = server.headers(CREATE, Accept="*/*") | headers
    return server.send(method, f"/reporting/reports/{report}", b"", own)


def fetch(server: ServerFixture, url: str) -> Reply:
    target = urlsplit(url)
    return server.send("GET", f"/_storage{target.path}?{target.query}")


def finished(server: ServerFixture, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a report over the account's whole days, unless the body names others."""
    if body["startDate"] == "2026-06-01":
        body = body | {"startDate": "2026-07-01", "endDate": "2026-07-07"}
    report = start(server, body)
    server.sandbox.clock.advance(10)
    rows: list[dict[str, Any]] = orjson.loads(
        gzip.decompress(fetch(server, value(look(server, report))["url"]).body)
    )
    return rows


def account(budget: float = 40.0, state: str = "ENABLED", **request: Any) -> ServerFixture:
    """Return a client whose three campaigns have run for a week; the last is automatic."""
    server = create_server(**request)
    for number in range(3):
        kind = "AUTO" if number == 2 else "MANUAL"
        plain = campaign(f"Shoes {number}", targetingType=kind, state=state)
        plain["budget"]["budget"] = budget
        owner = _made(server, "campaigns", "spCampaign", [plain])[0]["campaignId"]
        groups = [
            {"campaignId": owner, "name": f"g{n}", "defaultBid": 1.0, "state": "ENABLED"}
            for n in range(2)
        ]
        for row in _made(server, "adGroups", "spAdGroup", groups):
            under = {"campaignId": owner, "adGroupId": row["adGroupId"], "state": "ENABLED"}
            ads = [under | {"sku": f"S{number}-{n}"} for n in range(2)]
            _made(server, "productAds", "spProductAd", ads)
            if kind == "MANUAL":
                words = [
                    under | {"keywordText": "shoe", "matchType": match, "bid": 1.0}
                    for match in ("EXACT", "BROAD")
                ]
                _made(server, "keywords", "spKeyword", words)
    server.sandbox.clock.advance(WEEK)
    return server


def _made(
    server: ServerFixture, name: str, media: str, items: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    reply = server.call(f"/sp/{name}", {name: items}, media=f"application/vnd.{media}.v3+json")
    rows: list[dict[str, Any]] = value(reply)[name]["success"]
    assert len(rows) == len(items), reply.body
    return rows


TELEVISION: dict[str, Any] = {
    "budgetType": "MONETARY",
    "budgetValue": {"monetaryBudgetValue": {"monetaryBudget": {"value": 90.0}}},
}
STATES: dict[str, dict[str, list[dict[str, Any]]]] = {
    "SPONSORED_BRANDS": {
        "sb.campaigns": [
            {
                "campaignId": "31", "name": "Brand", "startDate": "2026-05-01", "budget": 40.0,
                "budgetType": "DAILY", "costType": "CPC",
            }
        ],
        "sb.adGroups": [{"adGroupId": "32", "campaignId": "31", "name": "g"}],
        "sb.ads": [{"adId": "33", "campaignId": "31", "adGroupId": "32", "name": "a"}],
        "sb.keywords": [
            {
                "keywordId": 34, "campaignId": 31, "adGroupId": 32, "keywordText": "shoe",
                "matchType": "broad", "bid": 1.1, "state": "enabled",
            }
        ],
    },
    "SPONSORED_DISPLAY": {
        "sd.campaigns": [
            {
                "campaignId": 11, "name": "Show", "tactic": "T00020", "state": "enabled",
                "startDate": "20260501", "budget": 40.0, "budgetType": "daily", "costType": "cpc",
            }
        ],
        "sd.adGroups": [
            {
                "adGroupId": 12, "campaignId": 11, "name": "g", "defaultBid": 0.8,
                "state": "enabled", "bidOptimization": "clicks",
            }
        ],
        "sd.productAds": [
            {"adId": number, "campaignId": 11, "adGroupId": 12, "sku": f"S{number}"}
            for number in (13, 14)
        ],
        "sd.targets": [
            {
                "targetId": 15, "campaignId": 11, "adGroupId": 12, "state": "enabled", "bid": 0.7,
                "expressionType": "manual",
                "expression": [{"type": "asinSameAs", "value": "B000000001"}],
            }
        ],
    },
    "SPONSORED_TELEVISION": {
        "v1.st.campaigns": [
            {
                "campaignId": "21", "name": "Screen", "adProduct": "SPONSORED_TELEVISION",
                "startDateTime": "2026-05-01T00:00:00Z", "budgets": [TELEVISION],
            }
        ],
        "v1.st.adGroups": [
            {"adGroupId": "22", "campaignId": "21", "name": "g", "bid": {"defaultBid": 1.5}}
        ],
        "v1.st.ads": [{"adId": "23", "campaignId": "21", "adGroupId": "22"}],
        "v1.st.targets": [
            {
                "targetId": "24", "campaignId": "21", "adGroupId": "22", "targetType": "AUDIENCE",
                "negative": False,
                "targetDetails": {"audienceTarget": {"audienceId": {"defaultValue": "A-1"}}},
            }
        ],
    },
}  # fmt: skip
IDS = ("keywordId", "targetId", "adId", "adGroupId", "campaignId")


def grow(server: ServerFixture, product: str) -> None:
    """Put one live campaign of a product into the store, as far as its resources are served."""
    store, born = server.sandbox.store, server.sandbox.clock.now() - 60 * 86_400
    chain: tuple[str, ...] = ()
    for resource, rows in STATES[product].items():
        if resource not in CATALOG:
            return
        own = ""
        for row in rows:
            own = str(next(row[name] for name in IDS if name in row))
            body = orjson.dumps({"state": "ENABLED", **row})
            parents = chain[: len(CATALOG[resource].parents)]
            entity = Entity(own, store.next_seq(), "ENABLED", body, parents, None, born, born, "")
            store.table(server.profile().id, resource).put(entity)
        chain = (*chain, own)
