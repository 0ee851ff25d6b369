"""The part of the work that one of several processes does.

Processes divide whole profiles, as an integration divides its advertisers. Only when there are
more processes than profiles do several share one; each then has its own keywords and work items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from adsmock.loadtests.work_queue import Target


@dataclass(frozen=True, slots=True)
class Partition:
    """The profiles of one process; on each it is the ``place``-th of ``sharers`` processes.

    ``part`` is the part of a quota that it may use, since others use the same quota.
    """

    targets: tuple[Target, ...]
    place: int = 0
    sharers: int = 1
    part: float = 1.0


def partition(targets: Sequence[Target], index: int, of: int) -> Partition:
    """Return the part of the ``index``-th of ``of`` processes."""
    count = len(targets)
    place, sharers = index // count, len(range(index % count, of, count))
    mine = targets[index::of] if of <= count else [targets[index % count]]
    busiest = max(_processes(targets, each.region, of) for each in mine)
    return Partition(
        tuple(replace(each, keyword_ids=each.keyword_ids[place::sharers]) for each in mine),
        place,
        sharers,
        1.0 / busiest,
    )


def _processes(targets: Sequence[Target], region: str, of: int) -> int:
    """Return how many processes work in a region."""
    shares = max(of, len(targets))
    at = [number for number in range(shares) if targets[number % len(targets)].region == region]
    return len({number % of for number in at})
