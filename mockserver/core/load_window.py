"""Load windows: times in which other clients use a part of a region's quotas.

Source: rate limiting page (documented: limits follow the overall load, and those of report
creation follow the region's queue); all numbers are assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoadWindow:
    """Load by other clients on one region, from ``begin`` to before ``end`` (sandbox seconds).

    ``share`` in (0, 1] is the part of every quota that remains, ``waiting`` the number of their
    jobs in the region's queue.
    """

    region: str
    begin: float
    end: float
    share: float = 1.0
    waiting: int = 0

    def is_on(self, region: str, now: float) -> bool:
        """Say whether the window applies to ``region`` at ``now``."""
        return self.region == region and self.begin <= now < self.end


@dataclass(frozen=True, slots=True)
class Tier:
    """The part of a quota that remains if at least ``jobs`` jobs wait in the region."""

    jobs: int
    share: float


def share_of(load_windows: Iterable[LoadWindow], region: str, now: float) -> float:
    """Return the smallest share of the windows that apply to a region; 1.0 without one."""
    return min((each.share for each in load_windows if each.is_on(region, now)), default=1.0)


def waiting_of(load_windows: Iterable[LoadWindow], region: str, now: float) -> int:
    """Return the number of other clients' jobs in a region's queue."""
    return sum(each.waiting for each in load_windows if each.is_on(region, now))


def tier_of(tiers: Iterable[Tier], waiting: int) -> float:
    """Return the share of a quota with tiers that remains with ``waiting`` jobs."""
    return min((each.share for each in tiers if waiting >= each.jobs), default=1.0)
