"""What a piece of work costs in calls: the one reckoning of estimate and audit.

Knows counting. Must not know plans, journals or any operation by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Polling:
    """How often a job is looked at: seconds to the first look, then gaps that grow to a longest."""

    first: float
    growth: float = 1.0
    longest: float = 60.0


@dataclass(frozen=True, slots=True)
class JobCalls:
    """The calls of one job: it is started once, looked at, and its file fetched once."""

    creations: int
    looks: int
    downloads: int

    @property
    def total(self) -> int:
        """All calls to the API; the file's host has no quota and does not count."""
        return self.creations + self.looks


EXPORT_POLLING = Polling(5.0, 1.5, 60.0)
"""Own choice, that of the reference client; the documents give no number for exports."""

REPORT_POLLING = Polling(10.0, 1.5, 60.0)
"""Own choice, as above; reports take minutes to three hours (documented)."""


def batches(items: int, most: int) -> int:
    """Return how many calls ``items`` need when one carries ``most``; none for no items."""
    return ceil(items / most)


def pages(entities: int, size: int) -> int:
    """Return how many pages show ``entities``; even none of them take one look."""
    return max(1, ceil(entities / size))


def looks(seconds: float, polling: Polling) -> int:
    """Return how many looks a job of so many seconds takes until it is seen done."""
    count, at, gap = 1, polling.first, polling.first
    while at < seconds:
        gap = min(gap * polling.growth, polling.longest)
        at += gap
        count += 1
    return count


def job(seconds: float, polling: Polling) -> JobCalls:
    """Return the calls of one job that takes so many seconds."""
    return JobCalls(1, looks(seconds, polling), 1)


def renewals(minutes: Iterable[int], length: float) -> list[int]:
    """Return the busy minutes, of those in order, at which something must be renewed.

    So are tokens taken by someone who takes a new one when the last has run out.
    """
    found: list[int] = []
    for minute in minutes:
        if not found or minute >= found[-1] + length:
            found.append(minute)
    return found
