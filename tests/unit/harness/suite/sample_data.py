"""Golden journals of the checks that look at values between task and wire."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import batch, call, met, record

LARGE = "9007199254740993"
ROUNDED = "9007199254740992"
UPDATE, LIST, CREATE = "sp.campaigns.update", "sp.campaigns.list", "sp.campaigns.create"


def listed(at: float, *entities: dict[str, Any], **more: Any) -> dict[str, Any]:
    return call(LIST, at, reply={"campaigns": list(entities)}, **more)


def update(at: float, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return call(UPDATE, at, 207, request=batch("campaigns", *items), chain=f"u{at}", **more)


def create(at: float, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return call(CREATE, at, 207, request=batch("campaigns", *items), chain=f"c{at}", **more)


def d01() -> dict[str, CaseRecord]:
    shown = listed(1, {"campaignId": LARGE, "state": "ENABLED"})
    small = listed(1, {"campaignId": "7", "state": "ENABLED"})
    return {
        "PASS": record("D01", shown, update(2, {"campaignId": LARGE, "state": "PAUSED"})),
        "FAIL": record("D01", shown, update(2, {"campaignId": ROUNDED, "state": "PAUSED"})),
        "UNPROVEN": record("D01", small, update(2, {"campaignId": "7", "state": "PAUSED"})),
    }


def _profile(at: float, profile: Any) -> dict[str, Any]:
    items = [{"profileId": profile, "dailyBudget": 500}]
    return call("profiles.update", at, 207, request=items, profileId=None)


def d02() -> dict[str, CaseRecord]:
    campaign = update(2, {"campaignId": "7", "name": "Typed again"})
    return {
        "PASS": record("D02", _profile(1, 11), campaign),
        "FAIL": record("D02", _profile(1, "11"), campaign),
        "UNPROVEN": record("D02", campaign, campaign | {"cArrive": 1782907203}),
    }


def d03_rounded() -> dict[str, CaseRecord]:
    found = d03()
    reads = listed(1), listed(2), listed(3), listed(4, region="FE"), listed(5, region="FE")
    return {"PASS": found["PASS"], "FAIL": found["FAIL"], "UNPROVEN": _money(*reads)}


def _money(*rows: dict[str, Any]) -> CaseRecord:
    """Return a record of D03 whose tasks raise keyword bids in NA and budgets in FE."""
    item = {"name": "Ten ten", "budget": {"budget": 10.1, "budgetType": "DAILY"}}
    home, far = {"profile": "11"}, {"profile": "33"}
    tasks = (
        {"verb": "create", "args": {"resource": "sp.campaigns", "items": [item], **home}},
        {"verb": "modify", "args": {"resource": "sp.keywords", "raise": {"bid": 0.1}, **home}},
        {
            "verb": "modify",
            "args": {"resource": "sp.campaigns", "raise": {"budget.budget": 50}, **far},
        },
    )
    return record("D03", *rows, tasks=tasks)


def d03() -> dict[str, CaseRecord]:
    made = create(1, {"name": "Ten ten", "budget": {"budget": 10.1, "budgetType": "DAILY"}})
    bids = call("sp.keywords.list", 2, reply={"keywords": [{"keywordId": "5", "bid": 0.2}]})
    yen = {"campaignId": "9", "budget": {"budget": 1000, "budgetType": "DAILY"}}
    raised = {"campaignId": "9", "budget": {"budget": 1050, "budgetType": "DAILY"}}
    far = [listed(4, yen, region="FE"), update(5, raised, region="FE")]

    def bid(value: float) -> dict[str, Any]:
        items = batch("keywords", {"keywordId": "5", "bid": value})
        return call("sp.keywords.update", 3, 207, request=items)

    return {
        "PASS": _money(made, bids, bid(0.3), *far),
        "FAIL": _money(made, bids, bid(0.1 + 0.2), *far),
        "UNPROVEN": _money(made, bids, bid(0.3)),
    }


def d04() -> dict[str, CaseRecord]:
    given = [item for task in record("D04").tasks for item in task["args"]["items"]]
    made, renamed = create(1, *given[:3]), update(2, given[3] | {"campaignId": "7"})
    escaped = {**given[3], "campaignId": "7", "name": "Plain &amp; more"}
    return {
        "PASS": record("D04", made, renamed),
        "FAIL": record("D04", made, update(2, escaped)),
        "UNPROVEN": record("D04", listed(1), listed(2)),
    }


def d04_members() -> dict[str, CaseRecord]:
    given = [item for task in record("D04").tasks for item in task["args"]["items"]][:3]
    more = {"startDate": "2026-07-02"}
    return {
        "PASS": record("D04", create(1, *(item | more for item in given)), listed(2)),
        "FAIL": record("D04", create(1, *given[:2], given[2] | {"state": "PAUSED"}), listed(2)),
        "UNPROVEN": record("D04", listed(1), listed(2)),
    }


def d05() -> dict[str, CaseRecord]:
    shown = listed(1, {"campaignId": "8", "state": "ENABLED", "name": "Second"})
    renamed = update(2, {"campaignId": "7", "name": "First renamed"})
    paused = {"campaignId": "8", "state": "PAUSED", "name": "Second"}
    where = {"resource": "sp.campaigns", "profile": "11"}
    items = [{"campaignId": "7", "name": "First renamed"}]
    tasks = (
        {"verb": "update", "args": {**where, "items": items}},
        {"verb": "modify", "args": {**where, "set": {"state": "PAUSED"}}},
    )
    emptied = update(3, paused | {"budget": None})
    return {
        "PASS": record("D05", shown, renamed, update(3, paused), tasks=tasks),
        "FAIL": record("D05", shown, renamed, emptied, tasks=tasks),
        "UNPROVEN": record("D05", shown, listed(2), tasks=tasks),
    }


def d06() -> dict[str, CaseRecord]:
    kept = {"name": "Far dates", "startDate": "2026-07-03", "endDate": "2026-09-30"}
    shifted = asked(1, {"startDate": "2026-06-19", "endDate": "2026-06-20"})
    return {
        "PASS": record("D06", create(1, kept), shifted),
        "WARN": record("D06", create(1, kept | {"startDate": "2026-07-02"})),
        "UNPROVEN": record("D06", listed(1), shifted),
    }


def d06_reports() -> dict[str, CaseRecord]:
    days = {"startDate": "2026-06-20", "endDate": "2026-06-21"}
    single = [asked(at, dict.fromkeys(days, day)) for at, day in enumerate(days.values())]
    return {
        "PASS": record("D06", asked(1, days), *single),
        "WARN": record("D06", asked(1, days), asked(2, days | {"startDate": "2026-06-19"})),
        "UNPROVEN": record("D06", create(1, {"name": "Far dates", "startDate": "2026-07-02"})),
    }


def asked(at: float, days: dict[str, str]) -> dict[str, Any]:
    body = days | {"configuration": {"reportTypeId": "spCampaigns"}}
    return call("reporting.create", at, path="/reporting/reports", chain=f"r{at}", request=body)


def raised(at: float, bid: float | str, **more: Any) -> dict[str, Any]:
    items = batch("keywords", {"keywordId": "5", "bid": bid})
    facts = {"status": 207, "request": items, "chain": f"raise-{bid}"}
    return call("sp.keywords.update", at, **(facts | more))


def n08() -> dict[str, CaseRecord]:
    shown = call("sp.keywords.list", 1, reply={"keywords": [{"keywordId": "5", "bid": 0.6}]})
    later = call("sp.keywords.list", 4, reply={"keywords": [{"keywordId": "5", "bid": 0.85}]})
    lost = raised(2, 0.85, status=0, committed=True, ended="reset", fault=met("answer-lost"))
    where = {"resource": "sp.keywords", "profile": "11", "raise": {"bid": 0.25}}
    tasks = ({"verb": "modify", "args": where},)
    return {
        "PASS": record("N08", shown, lost, raised(3, 0.85), tasks=tasks),
        "FAIL": record("N08", shown, lost, later, raised(5, 1.1), tasks=tasks),
        "UNPROVEN": record("N08", shown, raised(2, 0.85), tasks=tasks),
    }


SAMPLES = {
    "N08.once": n08(),
    "D01.digits": d01(),
    "D02.types": d02(),
    "D03.amounts": d03(),
    "D03.rounded": d03_rounded(),
    "D04.texts": d04(),
    "D04.members": d04_members(),
    "D05.members": d05(),
    "D06.dates": d06(),
    "D06.reports": d06_reports(),
}
