"""Dataset ``sp-budget-recommendations``: what the budget recommendation operation says, each hour.

Source: Ads docs, datasets/budget-recs-missed-opportunities (documented: members; every hour; for
campaigns that were recently out of budget; no idempotency_id). Which campaigns those are is
assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from adsmock.contracts.iso8601 import format_utc
from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.recommendations.shared_parts import BUDGET_RESULTS
from adsmock.mockserver.core.sandbox import Principal
from adsmock.mockserver.services.budgets.usage import daily_share
from adsmock.mockserver.services.recommendations.answer import advise
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.stream.datasets.hourly_deltas import MINUTE, hourly_bursts
from adsmock.mockserver.services.stream.delivery.record import Period, Record, Renderer
from adsmock.mockserver.services.stream.facts import recommended_members
from adsmock.mockserver.services.unified.dotted_path import dig

OPERATION = "sp.advice.budgets"
SHORT = 0.8
"""Share of yesterday's budget from which on a campaign has a recommendation (assumed)."""

_BATCH = 100
"""Campaigns of one request. Source: OpenAPI SponsoredProducts (documented)."""


def records(period: Period) -> Iterator[Record]:
    """Yield the recommendations of each hour whose burst is due in a period."""
    for _, at in hourly_bursts(period):
        for row in _recommended(period, at):
            yield Record(at, row["campaignId"], _value(period, row, at))


def _recommended(period: Period, at: float) -> Iterator[dict[str, Any]]:
    """Yield what the operation recommends at a time for campaigns that ran short of budget."""
    sandbox, profile = period.sandbox, period.profile
    yesterday = datetime.fromtimestamp(at, ZoneInfo(profile.timezone)).date() - timedelta(days=1)
    short = [
        entity.id
        for entity in sandbox.store.table(profile.id, "sp.campaigns").all()
        if entity.created < at and daily_share(sandbox, entity, yesterday) >= SHORT
    ]
    for start in range(0, len(short), _BATCH):
        request = _request(period, short[start : start + _BATCH], at)
        yield from advise(request).value[BUDGET_RESULTS[0]]


def _request(period: Period, campaigns: list[str], at: float) -> RequestContext:
    """Return the request for the recommendations of campaigns, as the profile makes it."""
    contract_set, sandbox = load(), period.sandbox
    operation = contract_set.operations[OPERATION]
    assert period.sandboxes is not None
    context = RequestContext(
        operation,
        contract_set.by_name[OPERATION.rpartition(".")[0]],
        {"campaignIds": campaigns},
        Principal(sandbox.credentials.client_id, period.profile),
        period.profile.region,
        sandbox,
        period.sandboxes,
        at,
        contract_set.lwa,
    )
    context.media = operation.reply
    return context


def _value(period: Period, row: dict[str, Any], at: float) -> dict[str, Any]:
    source = row | {
        "stream": {
            "dataset_id": period.dataset,
            "marketplace_id": period.profile.marketplace_id,
            "advertiser_id": period.profile.account_id,
            "time": format_utc(at, "seconds"),
        }
    }
    value: dict[str, Any] = {}
    for member in recommended_members(period.dataset):
        found: Any = member.value or dig(source, member.source)
        value[member.name] = round(found / member.divisor, 4) if member.divisor else found
    return value


RENDERER = Renderer(float(MINUTE), records)
