"""The totals of ads in hours: rows of the files, equal to the reports of the same days.

A row has the totals that are known at a moment. It comes again, whole and with a higher version,
when the totals change. The totals follow from the entities of the moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.reporting import subject
from adsmock.mockserver.catalog.reporting.field import METRICS, PRODUCTS
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.reporting.by_field.rows import measures_of
from adsmock.mockserver.services.reporting.by_field.sources import purchase_days
from adsmock.mockserver.services.reporting.due_changes import DueChanges
from adsmock.mockserver.services.reporting.hourly import HourlyCell, hourly_cells
from adsmock.mockserver.services.stream.facts import TotalsMember, totals

Row = list[Any]
"""The values of the columns, in their order."""

_MONEY = ("money", "converted")
_VARYING = frozenset({"version", "placement", "hour", "date", "hourOfDay"})
_TEMPLATES = 10_000
"""Ads with their targets whose dimensions are kept."""


class ProductTotals:
    """The rows of one ad product of a profile, which belongs to the account ``account``."""

    def __init__(
        self, sandbox: Sandbox, profile: Profile, account: str, ad_product: str, dataset: str
    ) -> None:
        self._sandbox = sandbox
        self._profile = profile
        self._account = account
        self._ad_product = ad_product
        short, self._label = PRODUCTS[ad_product]
        members = totals(dataset)
        self._dimensions = [each for each in members if each.of != "sum"]
        self._varying = [(at, each.of) for at, each in enumerate(self._dimensions)
                         if each.of in _VARYING]  # fmt: skip
        days = purchase_days(short, profile.kind)
        names = [each.name for each in members if each.of == "sum"]
        measures = {name: measures_of(name, short, days) for name in names}
        self._names = tuple(
            dict.fromkeys(each for parts in measures.values() if parts for each in parts[0])
        )
        minor = load().marketplaces[profile.country].minor
        self._metrics = [
            (
                [self._names.index(each) for each in parts[0]] if parts else None,
                minor if is_money(name) else None,
            )
            for name, parts in measures.items()
        ]
        self._known: dict[tuple[str, str, str], Row] = {}

    @cached_property
    def _changes(self) -> DueChanges:
        return DueChanges(self._sandbox, self._profile, self._ad_product, self._names)

    def changed(
        self, after: float, until: float, part: tuple[int, int] | None = None
    ) -> Iterator[tuple[float, HourlyCell]]:
        """Yield the cells whose totals change after ``after``, up to ``until``, with the moment.

        ``part`` is the first campaign, and how many; None for all.
        """
        changes = self._changes
        if part is not None:
            changes = DueChanges(self._sandbox, self._profile, self._ad_product, self._names, part)
        for cell, change in changes.between(after, until):
            yield change.at, cell

    @property
    def campaigns(self) -> int:
        """How many campaigns there are."""
        resource = subject.PRODUCTS[self._ad_product].campaigns.resource
        return len(self._sandbox.store.table(self._profile.id, resource))

    def of_day(self, day: date, part: tuple[int, int]) -> Iterator[HourlyCell]:
        """Yield the cells of a day; ``part`` is the first campaign, and how many."""
        yield from hourly_cells(self._sandbox, self._profile, self._ad_product, day, part)

    def row(self, cell: HourlyCell, known: float, version: int) -> Row | None:
        """Return the row of a cell as it is known at a moment, None before its first number."""
        values = cell.known_at(self._names, known)
        if values is None:
            return None
        row = self._template(cell).copy()
        date_text, hour = _clock(cell.hour.text)
        varying = {
            "version": version,
            "placement": cell.placement or None,
            "hour": cell.hour.text,
            "date": date_text,
            "hourOfDay": hour,
        }
        for at, of in self._varying:
            row[at] = varying[of]
        for places, minor in self._metrics:
            if places is None:
                row.append(None)
            else:
                amount = sum([values[place] for place in places])
                row.append(amount if minor is None else amount / minor)
        return row

    def _template(self, cell: HourlyCell) -> Row:
        """Return the dimensions of a cell; those that vary within its ad and target are empty."""
        key = (cell.of.group.id, cell.ad.id, cell.target.id)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _TEMPLATES:
                self._known.clear()
            known = self._known[key] = [self._word(each, cell) for each in self._dimensions]
        return known

    def _word(self, member: TotalsMember, cell: HourlyCell) -> Any:
        if member.of == "profile":
            return getattr(self._profile, member.source)
        lines = {
            "campaign": cell.of.campaign,
            "group": cell.of.group,
            "ad": cell.ad,
            "target": cell.target,
        }
        if member.of in lines:
            line = lines[member.of]
            return line.words.get(member.source) if member.source else line.id
        return {"account": self._account, "product": self._label}.get(member.of)


@lru_cache(maxsize=4_096)
def _clock(hour: str) -> tuple[str, int]:
    """Return the date and the hour of the start of an hour."""
    moment = datetime.fromisoformat(hour)
    return moment.date().isoformat(), moment.hour


def is_money(metric: str) -> bool:
    """Say whether a metric is an amount of money."""
    return METRICS[metric].by in _MONEY
