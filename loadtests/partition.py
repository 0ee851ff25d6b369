"""Which part of the work one of several processes does.

Whole profiles, as an integration divides its advertisers; only where there are more processes than
profiles do several work on one, each on keywords and pieces of its own. Pure. Knows counting. Must
not know processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adsmock.loadtests.work_queue import Target


@dataclass(frozen=True, slots=True)
class Partition:
    """The profiles of one process, on each of which it is the ``place``-th of ``sharers``.

    ``part`` is what it may plan on of a quota, since the others in its regions use it too.
    """

    targets: tuple[Target, ...]
    place: int = 0
    sharers: int = 1
    part: float = 1.0


def partition(targets: Sequence[Target], index: int, of: int) -> Partition:
    """Return what the ``index``-th of ``of`` processes works on."""
    count = len(targets)
    place, sharers = index // count, len(range(index % count, of, count))
    mine = targets[index::of] if of <= count else [targets[index % count]]
    crowd = max(_processes(targets, each.region, of) for each in mine)
    return Partition(
        tuple(replace(one, keyword_ids=one.keyword_ids[place::sharers]) for one in mine),
        place,
        sharers,
        1.0 / crowd,
    )


def _processes(targets: Sequence[Target], region: str, of: int) -> int:
    """Return how many processes work in a region."""
    held = max(of, len(targets))
    at = [number for number in range(held) if targets[number % len(targets)].region == region]
    return len({number % of for number in at})
