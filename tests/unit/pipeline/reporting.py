"""Report requests and an account with traffic, for tests without sockets."""

import gzip
from typing import Any
from urllib.parse import urlsplit

import orjson

from mockserver.core.call import Reply
from tests.unit.pipeline.stand import DOORS, Desk, campaign, desk, value

CREATE = "application/vnd.createasyncreportrequest.v3+json"
METRICS = ("impressions", "clicks", "cost", "purchases7d", "sales14d", "unitsSoldClicks30d")
WEEK = 7 * 86_400


def wish(**changes: Any) -> dict[str, Any]:
    """Return a create body; members of the configuration may be given beside the others."""
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


def ask(stand: Desk, body: Any, door: str = "NA", **headers: str) -> Reply:
    own = stand.headers(CREATE, Accept="*/*") | headers
    return stand.send("POST", "/reporting/reports", body, own, DOORS[door])


def start(stand: Desk, body: Any) -> str:
    return str(value(ask(stand, body))["reportId"])


def look(stand: Desk, report: str, method: str = "GET", **headers: str) -> Reply:
    own = stand.headers(CREATE, Accept="*/*") | headers
    return stand.send(method, f"/reporting/reports/{report}", b"", own)


def fetch(stand: Desk, url: str) -> Reply:
    target = urlsplit(url)
    return stand.send("GET", f"/_storage{target.path}?{target.query}")


def finished(stand: Desk, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a report over the account's whole days, unless the body names others."""
    if body["startDate"] == "2026-06-01":
        body = body | {"startDate": "2026-07-01", "endDate": "2026-07-07"}
    report = start(stand, body)
    stand.sandbox.clock.advance(10)
    rows: list[dict[str, Any]] = orjson.loads(
        gzip.decompress(fetch(stand, value(look(stand, report))["url"]).body)
    )
    return rows


def account(budget: float = 40.0, state: str = "ENABLED", **request: Any) -> Desk:
    """Return a client whose three campaigns have run for a week; the last is automatic."""
    stand = desk(**request)
    for number in range(3):
        kind = "AUTO" if number == 2 else "MANUAL"
        plain = campaign(f"Shoes {number}", targetingType=kind, state=state)
        plain["budget"]["budget"] = budget
        owner = _made(stand, "campaigns", "spCampaign", [plain])[0]["campaignId"]
        groups = [
            {"campaignId": owner, "name": f"g{n}", "defaultBid": 1.0, "state": "ENABLED"}
            for n in range(2)
        ]
        for row in _made(stand, "adGroups", "spAdGroup", groups):
            under = {"campaignId": owner, "adGroupId": row["adGroupId"], "state": "ENABLED"}
            ads = [under | {"sku": f"S{number}-{n}"} for n in range(2)]
            _made(stand, "productAds", "spProductAd", ads)
            if kind == "MANUAL":
                words = [
                    under | {"keywordText": "shoe", "matchType": match, "bid": 1.0}
                    for match in ("EXACT", "BROAD")
                ]
                _made(stand, "keywords", "spKeyword", words)
    stand.sandbox.clock.advance(WEEK)
    return stand


def _made(stand: Desk, name: str, media: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    reply = stand.call(f"/sp/{name}", {name: items}, media=f"application/vnd.{media}.v3+json")
    rows: list[dict[str, Any]] = value(reply)[name]["success"]
    assert len(rows) == len(items), reply.body
    return rows
