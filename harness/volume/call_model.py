"""The number of calls that work needs: the model that estimate, audit and load tests share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

import msgspec


class Polling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Poll intervals of a job, in seconds: the first, then growing up to the longest."""

    first: float
    growth: float = 1.0
    longest: float = 60.0


@dataclass(frozen=True, slots=True)
class JobCalls:
    """The calls of one job: one creation, polls, one download."""

    creations: int
    polls: int
    downloads: int

    @property
    def total(self) -> int:
        """All calls to the API; downloads have no quota and do not count."""
        return self.creations + self.polls


EXPORT_POLLING = Polling(5.0, 1.5, 60.0)
"""The reference client's intervals (own choice): the documentation has none for exports."""

REPORT_POLLING = Polling(10.0, 1.5, 60.0)
"""Own choice, as above; reports take from minutes to three hours (documented)."""


def batches(items: int, most: int) -> int:
    """Return how many calls ``items`` need with at most ``most`` per call; 0 for no items."""
    return ceil(items / most)


def pages(entities: int, size: int) -> int:
    """Return how many pages ``entities`` need; an empty list takes one page."""
    return max(1, ceil(entities / size))


def polls(seconds: float, polling: Polling) -> int:
    """Return how many polls it takes to see a job finished after ``seconds``."""
    count, at, gap = 1, polling.first, polling.first
    while at < seconds:
        gap = min(gap * polling.growth, polling.longest)
        at += gap
        count += 1
    return count


def job(seconds: float, polling: Polling) -> JobCalls:
    """Return the calls of one job that runs for ``seconds``."""
    return JobCalls(1, polls(seconds, polling), 1)


def renewals(minutes: Iterable[int], length: float) -> list[int]:
    """Return the busy minutes (in order) in which something valid for ``length`` is renewed.

    Example: a client that requests a new token when the last one has expired.
    """
    found: list[int] = []
    for minute in minutes:
        if not found or minute >= found[-1] + length:
            found.append(minute)
    return found
