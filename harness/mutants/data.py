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
from adsmock.harness.client.client import AdsClient
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
from adsmock.harness.mutants.mutant import Mutant


class _FloatIdUpdater(Updater):
    """Converts ids to floating-point numbers and back."""

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        wire = super().typed(contract, item)
        for name, kind in contract.id_types.items():
            if kind == "id" and name in wire:
                wire[name] = str(int(float(wire[name])))
        return wire


class FloatIds(AdsClient):
    """Reads ids as floating-point numbers."""

    updater_class = _FloatIdUpdater


class _TextIdUpdater(Updater):
    """Sends ids in the type that the caller passed."""

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        del contract
        return dict(item)


class TextIds(AdsClient):
    """Writes every id as text."""

    updater_class = _TextIdUpdater


class _FloatMoneyUpdater(Updater):
    """Adds amounts as floating-point numbers."""

    def add(self, value: float, amount: float) -> float:
        return value + amount


class FloatMoney(AdsClient):
    """Adds amounts as floating-point numbers."""

    updater_class = _FloatMoneyUpdater


class _CentUpdater(Updater):
    """Assumes that every currency has cents."""

    def add(self, value: float, amount: float) -> float:
        total = super().add(value, amount)
        return total - 0.01 if isinstance(total, int) else total


class YenCents(AdsClient):
    """Sets amounts one cent below a whole number, in yen too."""

    updater_class = _CentUpdater


class _TextMoneyUpdater(Updater):
    """Adds amounts as decimals and sends them as text."""

    def add(self, value: float, amount: float) -> Any:
        return str(super().add(value, amount))


class TextMoney(AdsClient):
    """Sends raised amounts as text."""

    updater_class = _TextMoneyUpdater


_TENTH = re.compile(rb"(: ?)10\.1\b")
_DIGITS = b"10.0999999999999996447"
"""The binary value nearest to 10.1, to 22 digits."""


class _BinaryMoneySender(Sender):
    """Writes an amount with all digits of its binary value."""

    def request(self, call: Call, token: str) -> Request:
        request = super().request(call, token)
        if request.body is None:
            return request
        return replace(request, body=_TENTH.sub(rb"\g<1>" + _DIGITS, request.body))


class BinaryMoney(AdsClient):
    """Writes amounts with all digits of their binary value."""

    sender_class = _BinaryMoneySender


class _RepeatingUpdater(Updater):
    """Reads and raises again when the answer of an update is lost."""

    def modify(self, *args: Any, **kwargs: Any) -> list[Outcome]:
        try:
            return super().modify(*args, **kwargs)
        except GaveUp:
            return super().modify(*args, **kwargs)


class _NoUpdateRetryPolicy(RetryPolicy):
    """Does not retry an update without an answer."""

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        is_lost = attempt is not None and attempt.error is not None
        is_update = attempt is not None and attempt.kind is Kind.REPEATABLE
        return not (is_lost and is_update) and super().allows(attempt, retries)


class RaisesAgain(AdsClient):
    """Reads and raises amounts again when the answer of an update is lost."""

    policy_class = _NoUpdateRetryPolicy
    updater_class = _RepeatingUpdater


class _PausedWriter(Writer):
    """Creates campaigns as paused."""

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        if verb == "create" and resource == "sp.campaigns":
            items = [item | {"state": "PAUSED"} for item in items]
        return super().write(verb, resource, profile, items)


class CreatesPaused(AdsClient):
    """Creates campaigns as paused, whatever the task says."""

    writer_class = _PausedWriter


class _SenWriter(Writer):
    """Multiplies the budgets of new campaigns in the Far East by 100."""

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        is_far = self._sender.router.region_of(profile) == "FE"
        if verb == "create" and resource == "sp.campaigns" and is_far:
            items = [
                item | {"budget": item["budget"] | {"budget": item["budget"]["budget"] * 100}}
                for item in items
            ]
        return super().write(verb, resource, profile, items)


class HundredfoldYen(AdsClient):
    """Counts yen in hundredths when it creates campaigns."""

    writer_class = _SenWriter


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
    """Shifts the dates of campaigns to UTC."""

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        shifted = [_day_before(item) for item in items]
        return super().write(verb, resource, profile, shifted)


class ShiftedDates(AdsClient):
    """Shifts the dates of campaigns to UTC."""

    writer_class = _ShiftingWriter


class _ShiftingReporter(Reporter):
    """Shifts the dates of reports of profiles east of Greenwich."""

    def report(self, query: Query) -> list[dict[str, Any]]:
        is_east = self._sender.router.region_of(query.profile) == "FE"
        day = timedelta(days=1 if is_east else 0)
        return super().report(replace(query, first=query.first - day, last=query.last - day))


class ShiftedReports(AdsClient):
    """Shifts the dates of reports of profiles east of Greenwich to UTC."""

    reporter_class = _ShiftingReporter


class _EscapingWriter(Writer):
    """Escapes names for HTML."""

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        return super().write(verb, resource, profile, [_escaped(item) for item in items])


def _escaped(item: Any) -> Any:
    if not isinstance(item, dict) or "name" not in item:
        return item
    escaped = html.escape(item["name"]).encode("ascii", "xmlcharrefreplace").decode()
    return {**item, "name": escaped}


class EscapedNames(AdsClient):
    """Escapes names for HTML before they are sent."""

    writer_class = _EscapingWriter


class _NullUpdater(Updater):
    """Sends null for members of a campaign that an update does not name."""

    def update(
        self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]
    ) -> list[Outcome]:
        filled = [{"portfolioId": None, "endDate": None, **item} for item in items]
        chosen = filled if resource == "sp.campaigns" else items
        return super().update(resource, profile, chosen)

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        known = {name: value for name, value in item.items() if value is not None}
        return {**item, **super().typed(contract, known)}


class NullMembers(AdsClient):
    """Sends null for the members of a campaign that an update does not name."""

    updater_class = _NullUpdater


MUTANTS = (
    Mutant("float-ids", "reads ids as floating-point numbers", ("D01.digits",), FloatIds),
    Mutant("text-ids", "writes every id as text", ("D02.types",), TextIds),
    Mutant("float-money", "adds amounts as floating-point numbers", ("D03.amounts",), FloatMoney),
    Mutant(
        "yen-cents",
        "sets amounts a cent below a whole number, in yen too",
        ("D03.amounts",),
        YenCents,
    ),
    Mutant("text-money", "sends raised amounts as text", ("D03.amounts",), TextMoney),
    Mutant(
        "binary-money",
        "writes amounts with all digits of their binary value",
        ("D03.amounts",),
        BinaryMoney,
    ),
    Mutant(
        "raises-again",
        "reads and raises amounts again when the answer of an update is lost",
        ("N08.once",),
        RaisesAgain,
    ),
    Mutant("creates-paused", "creates campaigns as paused", ("D04.members",), CreatesPaused),
    Mutant(
        "hundredfold-yen",
        "multiplies the budgets of new campaigns in yen by 100",
        ("D03.amounts",),
        HundredfoldYen,
    ),
    Mutant("shifted-dates", "shifts the dates of campaigns to UTC", ("D06.dates",), ShiftedDates),
    Mutant(
        "shifted-reports",
        "shifts the dates of reports to UTC",
        ("D06.reports",),
        ShiftedReports,
    ),
    Mutant(
        "escaped-names", "escapes names for HTML before they are sent", ("D04.texts",), EscapedNames
    ),
    Mutant(
        "null-members",
        "sends null for the members that an update does not name",
        ("D05.members",),
        NullMembers,
    ),
)
