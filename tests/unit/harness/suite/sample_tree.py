"""Golden journals of the checks that look at parents and children."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import batch, call, met, outcomes, record

ID = {"campaigns": "campaignId", "adGroups": "adGroupId", "productAds": "adId"}


def created(at: float, resource: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a create that succeeds for all items; the n-th gets the id ``<resource>-n``."""
    success = [{"index": n, ID[resource]: f"{resource}-{n}"} for n in range(len(items))]
    facts = {"request": batch(resource, *items), "reply": {resource: {"success": success}}}
    return call(f"sp.{resource}.create", at, 207, chain=f"{resource}{at}", **(facts | more))


CAMPAIGN = created(1, "campaigns", {"name": "Grown tree 1"})
LATE = created(1, "campaigns", {"name": "Grown tree 1"}, took=1.5)
GROUP = {"campaignId": "campaigns-0", "name": "Grown group 1"}
ADS = [{"campaignId": "campaigns-0", "adGroupId": "adGroups-0", "sku": f"AD-{n}"} for n in range(3)]


def c02() -> dict[str, CaseRecord]:
    return {
        "PASS": record(
            "C02", CAMPAIGN, created(2, "adGroups", GROUP), created(3, "productAds", ADS[0])
        ),
        "FAIL": record("C02", LATE, created(2, "adGroups", GROUP)),
        "UNPROVEN": record("C02", CAMPAIGN, call("sp.campaigns.list", 3)),
    }


def half() -> dict[str, Any]:
    reply = outcomes("adGroups", {}, {1: "throttledError"})["adGroups"]
    reply["success"] = [{"index": 0, "adId": "ad-0"}, {"index": 2, "adId": "ad-2"}]
    fault = met("fourth-ad", "partial")
    return created(3, "productAds", *ADS, reply={"productAds": reply}, fault=fault)


def c03(*breach: dict[str, Any]) -> dict[str, CaseRecord]:
    start = [CAMPAIGN, created(2, "adGroups", GROUP)]
    return {
        "PASS": record("C03", *start, half(), created(5, "productAds", ADS[1])),
        "WARN": record("C03", *start, half(), *breach),
        "UNPROVEN": record("C03", *start, created(3, "productAds", *ADS)),
    }


SAMPLES = {
    "C02.order": c02(),
    "C03.once": c03(created(4, "campaigns", {"name": "Grown tree 1"})),
    "C03.resubmits": c03(),
}
