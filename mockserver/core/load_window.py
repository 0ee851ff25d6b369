"""Stretches of time in which others leave less: how a region's limits move with its load.

Knows shares of a quota, and how many jobs wait. Must not know who the others are, or HTTP.
Source: rate limiting page (documented: limits follow the overall load, and those of report
creation the queue of the region); the numbers are assumed wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoadWindow:
    """From ``begin`` to before ``end`` (sandbox seconds) others press on one region.

    ``share`` in (0, 1] is the part of every quota that they leave, ``waiting`` the jobs that
    they have in the region's queue.
    """

    region: str
    begin: float
    end: float
    share: float = 1.0
    waiting: int = 0

    def is_on(self, region: str, now: float) -> bool:
        """Say whether this is about ``region`` at ``now``."""
        return self.region == region and self.begin <= now < self.end


@dataclass(frozen=True, slots=True)
class Tier:
    """The part of a quota that is left from so many waiting jobs of a region on."""

    jobs: int
    share: float


def share_of(load_windows: Iterable[LoadWindow], region: str, now: float) -> float:
    """Return what the tightest spell leaves of a region's quotas; 1.0 when none is on."""
    return min((each.share for each in load_windows if each.is_on(region, now)), default=1.0)


def waiting_of(load_windows: Iterable[LoadWindow], region: str, now: float) -> int:
    """Return the jobs that others have in a region's queue."""
    return sum(each.waiting for each in load_windows if each.is_on(region, now))


def tier_of(tiers: Iterable[Tier], waiting: int) -> float:
    """Return what a queue of ``waiting`` jobs leaves of a quota that has tiers."""
    return min((each.share for each in tiers if waiting >= each.jobs), default=1.0)
