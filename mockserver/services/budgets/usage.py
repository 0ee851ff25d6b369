"""Budget usage: of campaigns today, of portfolios since their budget began.

Source: campaign management reference 5.1 and 7 (documented: members, a row for each id). Assumed:
usage grows linearly with time, to a seeded share of the budget.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.entity import ENABLED, Entity
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext

DAY = 86_400
STEP = 900
"""Seconds between two updates of usage (assumed)."""
_NO_CAP = "NO_CAP"
_CEILING = 9_999_999_999.0
"""Amount of a budget without a cap. Source: python-amazon-ad-api 1.2.9 (observed)."""

Span = tuple[date, int]
"""The first day of a budget, and its number of days: a last day plus one may not exist."""


def usage(context: RequestContext) -> Document:
    """Return the budget usage of each entity, and an error for each unknown id."""
    noun, validation = (
        context.contract.noun,
        ValidationContext(context.sandbox, context.profile, context.now),
    )
    table = validation.table(_resource(context))
    lists: dict[str, list[Item]] = {"error": [], "success": []}
    for index, found in enumerate(map(str, context.body.get(f"{noun}Ids") or ())):
        entity, row = table.get(found), {f"{noun}Id": found, "index": index}
        if entity is None:
            details = f"{noun.capitalize()} {found} was not found"
            lists["error"].append({**row, "code": "NOT_FOUND", "details": details})
        else:
            lists["success"].append(row | _used(entity, validation))
    return Document(lists)


def _resource(context: RequestContext) -> str:
    """Return the resource of the requested ids."""
    contract, plural = context.contract, f"{context.contract.noun}s"
    return plural if plural == contract.family else f"{contract.family}.{plural}"


def _used(entity: Entity, validation: ValidationContext) -> Item:
    updated = validation.now - validation.now % STEP
    local = datetime.fromtimestamp(updated, ZoneInfo(validation.profile.timezone))
    held = validation.document(entity).get("budget")
    budget = held if isinstance(held, dict) else {"budget": held}
    begins, days = _span(budget, local.date())
    share = _share(validation.sandbox, entity, begins)
    used = share * _elapsed(begins, days, local)
    is_used = entity.state == ENABLED and budget.get("policy") != _NO_CAP and held is not None
    row: Item = {
        "budgetUsagePercent": round(100 * used, 2) if is_used else 0.0,
        "usageUpdatedTimestamp": format_utc(updated, "seconds"),
    }
    amount = budget.get("budget", budget.get("amount"))
    amount = _CEILING if budget.get("policy") == _NO_CAP else amount
    return row if amount is None else {**row, "budget": amount}


def daily_share(sandbox: Sandbox, entity: Entity, day: date) -> float:
    """Return the share of its daily budget that a campaign has used at the end of a day."""
    return _share(sandbox, entity, day) if entity.state == ENABLED else 0.0


def _share(sandbox: Sandbox, entity: Entity, begins: date) -> float:
    """Return the share of a budget that is used at its end; ``begins`` is its first day."""
    return seeded_random.unit(sandbox.seed, "usage", entity.id, begins.isoformat())


def _span(budget: Item, today: date) -> Span:
    """Return the period of a budget: its days, the month, or today."""
    if "policy" not in budget:
        return today, 1
    if budget.get("startDate") and budget.get("endDate"):
        begins, ends = map(date.fromisoformat, (budget["startDate"], budget["endDate"]))
        return begins, (ends - begins).days + 1
    return today.replace(day=1), monthrange(today.year, today.month)[1]


def _elapsed(begins: date, days: int, local: datetime) -> float:
    """Return the share of a period that has passed."""
    seconds = (local.date() - begins).days * DAY + local.hour * 3600 + local.minute * 60
    return min(1.0, max(0.0, seconds / (days * DAY)))
