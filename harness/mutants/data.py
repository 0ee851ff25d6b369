"""Mutants: handling of values."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from adsmock.harness.client.api import Contract
from adsmock.harness.client.call import Call
from adsmock.harness.client.errors import GaveUp
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.query import Query
from adsmock.harness.client.report import Reporter
from adsmock.harness.client.retry.context import Attempt, Kind
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.client.sender import Sender
from adsmock.harness.client.transport import Request
from adsmock.harness.client.update import Updater
from adsmock.harness.client.writer import Writer
from adsmock.harness.mutants.mutant import mutant


class _FloatIdUpdater(Updater):
    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        wire = super().typed(contract, item)
        for name, kind in contract.id_types.items():
            if kind == "id" and name in wire:
                wire[name] = str(int(float(wire[name])))
        return wire


class _TextIdUpdater(Updater):
    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        return dict(item)


class _FloatMoneyUpdater(Updater):
    def add(self, value: float, amount: float) -> float:
        return value + amount


class _CentUpdater(Updater):
    def add(self, value: float, amount: float) -> float:
        total = super().add(value, amount)
        return total - 0.01 if isinstance(total, int) else total


class _TextMoneyUpdater(Updater):
    def add(self, value: float, amount: float) -> Any:
        return str(super().add(value, amount))


_TENTH = re.compile(rb"(: ?)10\.1\b")
_DIGITS = b"10.0999999999999996447"
"""The binary value nearest to 10.1, to 22 digits."""


class _BinaryMoneySender(Sender):
    def request(self, call: Call, token: str) -> Request:
        request = super().request(call, token)
        if request.body is None:
            return request
        return replace(request, body=_TENTH.sub(rb"\g<1>" + _DIGITS, request.body))


class _RepeatingUpdater(Updater):
    def modify(self, *args: Any, **kwargs: Any) -> list[Outcome]:
        try:
            return super().modify(*args, **kwargs)
        except GaveUp:
            return super().modify(*args, **kwargs)


class _NoUpdateRetryPolicy(RetryPolicy):
    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        is_lost = attempt is not None and attempt.error is not None
        is_update = attempt is not None and attempt.kind is Kind.REPEATABLE
        return not (is_lost and is_update) and super().allows(attempt, retries)


class _PausedWriter(Writer):
    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        if verb == "create" and resource == "sp.campaigns":
            items = [item | {"state": "PAUSED"} for item in items]
        return super().write(verb, resource, profile, items)


class _SenWriter(Writer):
    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        is_far = self._sender.router.region_of(profile) == "FE"
        if verb == "create" and resource == "sp.campaigns" and is_far:
            items = [
                item | {"budget": item["budget"] | {"budget": item["budget"]["budget"] * 100}}
                for item in items
            ]
        return super().write(verb, resource, profile, items)


def _day_before(item: Any) -> Any:
    """Return an item with its dates one day earlier, as a shift to UTC makes them."""
    if not isinstance(item, dict):
        return item
    days = {name: str(item[name]) for name in ("startDate", "endDate") if item.get(name)}
    return item | {
        name: (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        for name, day in days.items()
    }


class _ShiftingWriter(Writer):
    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        shifted = [_day_before(item) for item in items]
        return super().write(verb, resource, profile, shifted)


class _ShiftingReporter(Reporter):
    def report(self, query: Query) -> list[dict[str, Any]]:
        is_east = self._sender.router.region_of(query.profile) == "FE"
        day = timedelta(days=1 if is_east else 0)
        return super().report(replace(query, first=query.first - day, last=query.last - day))


class _EscapingWriter(Writer):
    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        return super().write(verb, resource, profile, [_escaped(item) for item in items])


def _escaped(item: Any) -> Any:
    if not isinstance(item, dict) or "name" not in item:
        return item
    escaped = html.escape(item["name"]).encode("ascii", "xmlcharrefreplace").decode()
    return {**item, "name": escaped}


class _NullUpdater(Updater):
    def update(
        self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]
    ) -> list[Outcome]:
        filled = [{"portfolioId": None, "endDate": None, **item} for item in items]
        chosen = filled if resource == "sp.campaigns" else items
        return super().update(resource, profile, chosen)

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        known = {name: value for name, value in item.items() if value is not None}
        return {**item, **super().typed(contract, known)}


MUTANTS = (
    mutant("float-ids", "reads ids as floating-point numbers", "D01.digits", _FloatIdUpdater),
    mutant("text-ids", "writes every id as text", "D02.types", _TextIdUpdater),
    mutant(
        "float-money",
        "adds amounts as floating-point numbers",
        "D03.amounts D03.rounded",
        _FloatMoneyUpdater,
    ),
    mutant(
        "yen-cents",
        "sets amounts a cent below a whole number, in yen too",
        "D03.amounts D03.rounded ST12.once",
        _CentUpdater,
    ),
    mutant(
        "text-money",
        "sends raised amounts as text",
        "D03.amounts D03.rounded ST12.once",
        _TextMoneyUpdater,
    ),
    mutant(
        "binary-money",
        "writes amounts with all digits of their binary value",
        "D03.amounts D03.rounded",
        _BinaryMoneySender,
    ),
    mutant(
        "raises-again",
        "reads and raises amounts again when the answer of an update is lost",
        "N08.once",
        _NoUpdateRetryPolicy,
        _RepeatingUpdater,
    ),
    mutant(
        "creates-paused", "creates campaigns as paused", "D04.members I12.altered", _PausedWriter
    ),
    mutant(
        "hundredfold-yen",
        "multiplies the budgets of new campaigns in yen by 100",
        "D03.amounts I12.altered",
        _SenWriter,
    ),
    mutant(
        "shifted-dates",
        "shifts the dates of campaigns to UTC",
        "D06.dates I12.altered",
        _ShiftingWriter,
    ),
    mutant(
        "shifted-reports",
        "shifts the dates of reports to UTC",
        "D06.reports I12.lost",
        _ShiftingReporter,
    ),
    mutant(
        "escaped-names", "escapes names for HTML before they are sent", "D04.texts", _EscapingWriter
    ),
    mutant(
        "null-members",
        "sends null for the members that an update does not name",
        "D05.members",
        _NullUpdater,
    ),
)
