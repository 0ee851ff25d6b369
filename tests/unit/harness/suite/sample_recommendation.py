"""Golden journals of the check of recommended budgets."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, met, record

CAMPAIGN = "200000000000001"
CHANGED = 12


def ask(at: float, budget: float) -> dict[str, Any]:
    """Return one request for recommendations, with the answer for the one campaign."""
    rows = [{"campaignId": CAMPAIGN, "suggestedBudget": budget, "index": 0}]
    reply = {"budgetRecommendationsSuccessResults": rows}
    path = "/sp/campaigns/budgetRecommendations"
    return call("sp.advice.budgets", at, path=path, chain=f"ask-{at}", reply=reply)


def write(at: float, budget: float, **more: Any) -> dict[str, Any]:
    request = {"campaigns": [{"campaignId": CAMPAIGN, "budget": {"budget": budget}}]}
    plain = {"request": request, "committed": True, "chain": f"write-{budget}"}
    return call("sp.campaigns.update", at, more.pop("status", 207), **(plain | more))


def tasks(*verbs: str) -> tuple[dict[str, Any], ...]:
    change = {"campaignId": CAMPAIGN, "budget": {"budget": CHANGED}}
    args: dict[str, dict[str, Any]] = {
        "apply_recommendations": {"profile": "11", "campaignIds": [CAMPAIGN]},
        "update": {"profile": "11", "resource": "sp.campaigns", "items": [change]},
    }
    return tuple({"verb": verb, "args": args[verb]} for verb in verbs)


ONE = tasks("apply_recommendations")
AGAIN = tasks("apply_recommendations", "update", "apply_recommendations")


def ir01() -> dict[str, CaseRecord]:
    lost = write(2, 25, fault=met("stored-500"), status=500)
    return {
        "PASS": record("IR01", ask(1, 25), lost, write(4, 25), tasks=ONE),
        "FAIL": record("IR01", ask(1, 25), lost, ask(4, 31), write(5, 31), tasks=ONE),
        "UNPROVEN": record("IR01", tasks=ONE),
    }


def ir02() -> dict[str, CaseRecord]:
    first = [ask(1, 25), write(2, 25), write(3, CHANGED)]
    return {
        "PASS": record("IR02", *first, ask(4, 15), write(5, 15), tasks=AGAIN),
        "FAIL": record("IR02", *first, write(5, 25), tasks=AGAIN),
        "UNPROVEN": record("IR02", write(3, CHANGED), tasks=AGAIN),
    }


MANY = tuple(f"{number}" for number in range(1, 13))


def ask_for(at: float, *names: str, **more: Any) -> dict[str, Any]:
    """Return one request for the recommendations of campaigns."""
    path = "/sp/campaigns/budgetRecommendations"
    plain = {"path": path, "chain": f"ask-{at}", "request": {"campaignIds": list(names)}}
    return call("sp.advice.budgets", at, **(plain | more))


def ir03_record(*rows: dict[str, Any]) -> CaseRecord:
    args = {"profile": "11", "campaignIds": list(MANY)}
    return record("IR03", *rows, tasks=({"verb": "apply_recommendations", "args": args},))


def ir03() -> dict[str, CaseRecord]:
    return {
        "PASS": ir03_record(ask_for(1, *MANY)),
        "WARN": ir03_record(*(ask_for(at, name) for at, name in enumerate(MANY, 1))),
        "UNPROVEN": ir03_record(ask_for(1, *MANY, status=429)),
    }


SAMPLES = {"IR01.once": ir01(), "IR02.fresh": ir02(), "IR03.batched": ir03()}
