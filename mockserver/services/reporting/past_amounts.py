"""Bids and budgets of earlier days: a change applies from the advertiser's next day on (assumed).

So what was reported or delivered of a day never changes with a later bid. The amounts come from the
change log, which has the latest changes of some resources: before the oldest of them, and for other
resources, the present amount applies.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.store import Change

Past = tuple[tuple[int, int], ...]
"""Earlier amounts, oldest first: the last day of each as an ordinal, and the amount."""

Replaced = dict[str, list[tuple[int, str, Entity]]]
"""Replaced entities by id, oldest first: the day of the change, the resource, the entity before."""


def replaced_entities(changes: Sequence[Change], day_of: Callable[[float], int]) -> Replaced:
    """Return the entities that changes replaced; ``day_of`` returns the day of a moment."""
    found: Replaced = {}
    for name, before, after in changes:
        if before is not None:
            found.setdefault(after.id, []).append((day_of(after.updated), name, before))
    return found


def past_of(
    replaced: Sequence[tuple[int, str, Entity]], amount: Callable[[str, Entity], int], now: int
) -> Past:
    """Return the earlier amounts of an entity.

    Of several changes on a day the first counts: it replaced what applied on that day.
    """
    found: dict[int, int] = {}
    for day, resource, before in replaced:
        if day not in found:
            found[day] = amount(resource, before)
    kept: list[tuple[int, int]] = []
    for day, value in reversed(found.items()):
        if value != (kept[-1][1] if kept else now):
            kept.append((day, value))
    return tuple(reversed(kept))


def amount_on(past: Past, now: int, day: int) -> int:
    """Return the amount that applies on a day."""
    place = bisect_left(past, day, key=_last_day)
    return past[place][1] if place < len(past) else now


def by_amount(past: Past, now: int, days: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield the amounts that apply on days in order, each with its days."""
    for last, amount in past:
        count = bisect_right(days, last)
        if count:
            yield amount, days[:count]
            days = days[count:]
    if days or not past:
        yield now, days


def _last_day(row: tuple[int, Any]) -> int:
    return row[0]
