"""Dataset ``budget-usage``: a record at each 5 % step of a campaign's daily budget.

Source: Ads docs, datasets/budget-usage (documented: members, near real time at each step). The
usage is that of the budget usage operations. There is no idempotency_id (documented schema).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from math import ceil
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.budgets.usage import DAY, STEP, daily_share
from adsmock.mockserver.services.stream.delivery.record import Period, Record, Renderer
from adsmock.mockserver.services.validation.validation_context import ValidationContext

STEPS = range(5, 101, 5)
"""Percentages at which a record is sent."""

_PRODUCTS = ("sp", "sb", "sd")


def records(period: Period) -> Iterator[Record]:
    """Yield the steps that the budgets of a profile's campaigns pass in a period."""
    zone, store = ZoneInfo(period.profile.timezone), period.sandbox.store
    day = datetime.fromtimestamp(period.after, zone).date()
    last = datetime.fromtimestamp(period.until, zone).date()
    while day <= last:
        streams = [
            _of_campaign(period, product, entity, day, zone)
            for product in _PRODUCTS
            for entity in store.table(period.profile.id, f"{product}.campaigns").all()
        ]
        for record in merge(*streams, key=attrgetter("at")):
            if period.after < record.at <= period.until:
                yield record
        day += timedelta(days=1)


def _of_campaign(
    period: Period, product: str, entity: Entity, day: date, zone: ZoneInfo
) -> Iterator[Record]:
    """Yield the steps of one campaign on one day, in order of time."""
    share = daily_share(period.sandbox, entity, day)
    if not share:
        return
    context = ValidationContext(period.sandbox, period.profile, period.until)
    for step in STEPS:
        seconds = ceil(DAY * step / (100 * share) / STEP) * STEP
        if seconds >= DAY:
            return
        local = datetime.combine(day, time(seconds // 3600, seconds % 3600 // 60), zone)
        at = local.astimezone(UTC).timestamp()
        if at > entity.created:
            used = round(100 * share * seconds / DAY, 2)
            key = f"{product} {entity.id} {day} {step}"
            yield Record(at, key, _value(period, product, entity, context, (at, used)))


def _value(
    period: Period,
    product: str,
    entity: Entity,
    context: ValidationContext,
    usage: tuple[float, float],
) -> dict[str, Any]:
    held = context.document(entity).get("budget")
    amount = held.get("budget") if isinstance(held, dict) else held
    at, used = usage
    return {
        "advertiser_id": period.profile.account_id,
        "marketplace_id": period.profile.marketplace_id,
        "dataset_id": period.dataset,
        "budget_scope_id": entity.id,
        "budget_scope_type": "CAMPAIGN",
        "advertising_product_type": product,
        "budget": amount,
        "budget_usage_percentage": used,
        "usage_updated_timestamp": format_utc(at, "seconds"),
    }


RENDERER = Renderer(float(STEP), records)
