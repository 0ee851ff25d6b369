"""Items of the unified model, and calls of the unified API in memory."""

from functools import cache
from itertools import count
from typing import Any

from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.runtime import Runtime
from tests.unit.mockserver.fixtures import ServerFixture, create_server, runtime, value

JSON = "application/json"
SP, SB, SD = "SPONSORED_PRODUCTS", "SPONSORED_BRANDS", "SPONSORED_DISPLAY"
ST = "SPONSORED_TELEVISION"


_NUMBERS = count()


@cache
def shared_runtime() -> Runtime:
    """Return the runtime of all these tests: compiling one takes longer than a test."""
    return runtime()


def unified_server(**request: Any) -> ServerFixture:
    """Return a client of a sandbox of its own."""
    return create_server(shared_runtime(), f"unified{next(_NUMBERS)}", **request)


def post(server: ServerFixture, path: str, body: Any, **headers: Any) -> Reply:
    """Send one call of the unified API."""
    return server.call(f"/adsApi/v1/{path}", body, media=JSON, **headers)


def send_batch(
    server: ServerFixture, path: str, body: Any
) -> tuple[list[Any], dict[int, tuple[str, str]]]:
    """Return the records of a batch and, by index, code and place of what was refused."""
    reply = post(server, path, body)
    assert reply.status == 207, reply.body
    answer = value(reply)
    name = next((key for row in answer["success"] for key in row if key != "index"), "")
    refused = {
        row["index"]: (row["errors"][0]["code"], row["errors"][0].get("fieldLocation", ""))
        for row in answer["error"]
    }
    return [row[name] for row in answer["success"]], refused


def query_records(
    server: ServerFixture, resource: str, product: str = SP, **filters: Any
) -> list[Any]:
    """Return the records of a query, all pages."""
    body = {"adProductFilter": {"include": [product]}, **filters}
    found: list[Any] = []
    while True:
        page = value(post(server, f"query/{resource}", body))
        found += page[resource]
        if "nextToken" not in page:
            return found
        body["nextToken"] = page["nextToken"]


def money(amount: float) -> list[Any]:
    return [
        {
            "budgetType": "MONETARY",
            "recurrenceTimePeriod": "DAILY",
            "budgetValue": {"monetaryBudgetValue": {"monetaryBudget": {"value": amount}}},
        }
    ]


def amount_of(record: Any) -> Any:
    return record["budgets"][0]["budgetValue"]["monetaryBudgetValue"]["monetaryBudget"]


def campaign(name: str = "Shoes", **changes: Any) -> dict[str, Any]:
    plain = {
        "adProduct": SP,
        "name": name,
        "state": "ENABLED",
        "startDateTime": "2026-07-02T00:00:00-07:00",
        "marketplaceScope": "SINGLE_MARKETPLACE",
        "budgets": money(10.0),
        "autoCreationSettings": {"autoCreateTargets": False},
    }
    return plain | changes


def ad_group(campaign_id: str, name: str = "Group", **changes: Any) -> dict[str, Any]:
    plain = {
        "adProduct": SP,
        "campaignId": campaign_id,
        "name": name,
        "state": "ENABLED",
        "bid": {"defaultBid": 1.0},
    }
    return plain | changes


def keyword(
    text: str = "shoe", match: str = "EXACT", *, negative: bool = False, **more: Any
) -> Any:
    plain = {
        "adProduct": SP,
        "state": "ENABLED",
        "negative": negative,
        "targetType": "KEYWORD",
        "targetDetails": {"keywordTarget": {"keyword": text, "matchType": match}},
    }
    return plain | more


def product(asin: str = "B000000001", *, negative: bool = False, **more: Any) -> Any:
    target = {
        "matchType": "PRODUCT_EXACT",
        "productIdType": "ASIN",
        "product": {"productId": asin},
    }
    plain = {
        "adProduct": SP,
        "state": "ENABLED",
        "negative": negative,
        "targetType": "PRODUCT",
        "targetDetails": {"productTarget": target},
    }
    return plain | more


def make_tree(server: ServerFixture) -> tuple[str, str, str]:
    """Return a campaign and two ad groups in it: one for keywords, one for products."""
    made, _ = send_batch(server, "create/campaigns", {"campaigns": [campaign()]})
    root = made[0]["campaignId"]
    groups = [ad_group(root, name) for name in ("words", "wares")]
    found, _ = send_batch(server, "create/adGroups", {"adGroups": groups})
    return root, found[0]["adGroupId"], found[1]["adGroupId"]
