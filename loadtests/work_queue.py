"""Work that arrives during an event and waits in a queue until a worker does it.

Arrivals do not depend on answers (an open model): when a client falls behind, its queue grows
instead of its load shrinking. A queue holds one kind of work for one profile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal

import msgspec

WorkItem = tuple[int, float]
"""The number of a work item, and the time of its arrival."""

LONGEST_JOB = 60.0
"""Seconds after which an export or report counts as stuck: they take five to ten."""

Result = Literal["done", "again", "refused", "unsupported"]
"""Result of one work item: done, to be retried, given up, or outside what the program does."""


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One profile to work on, with the keywords whose bids change."""

    profile_id: str
    region: str
    country: str
    keyword_ids: tuple[str, ...]
    lowest_bid: float
    lowest_budget: float = 1.0
    group: str = ""
    """The group of advertisers of a partner's plan."""
    today: str = "2026-07-01"
    """The service's date, from which reports count back."""


@dataclass(slots=True)
class Job:
    """An export or report in progress; ``wait`` is the time until its next poll, in seconds.

    ``until`` is when it counts as stuck.
    """

    id: str
    next_look: float
    wait: float = 0.0
    until: float = inf


class StoredQueue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A queue of a stopped run, in the ``process``-th generator process.

    ``waiting`` holds the number of each item and how long it has waited, in seconds.
    """

    process: int
    role: str
    profile_id: str
    arrived: int
    fraction: float
    waiting: list[tuple[int, float]]
    job: str | None = None


@dataclass(slots=True)
class WorkQueue:
    """One queue; ``number`` and ``step`` keep the item numbers of several processes distinct."""

    role: str
    target: Target
    number: int = 0
    step: int = 1
    waiting: deque[WorkItem] = field(default_factory=deque)
    """Waiting items, oldest first."""
    in_progress: dict[str, WorkItem] = field(default_factory=dict)
    """The items in progress by subject: a second item with the same subject waits."""
    begun: dict[int, Any] = field(default_factory=dict)
    """State of items that take several calls, by number."""
    job: Job | None = None
    is_held: bool = False
    arrived: int = 0
    _fraction: float = 0.0

    def arrive_at_once(self, items: int, now: float) -> None:
        """Add items that belong together."""
        for _each in range(items):
            self.waiting.append((self.number + self.arrived * self.step, now))
            self.arrived += 1

    def arrive(self, items: float, now: float) -> int:
        """Add ``items`` and return how many became whole; a fraction is kept for the next call."""
        self._fraction += items
        count = int(self._fraction)
        self._fraction -= count
        self.arrive_at_once(count, now)
        return count

    def age(self, now: float) -> float:
        """Return how long the oldest item has waited; 0 for an empty queue."""
        return now - self.waiting[0][1] if self.waiting else 0.0

    def is_due(self, now: float, gather: float, batch: int) -> bool:
        """Return whether a full batch waits, or the oldest item has waited ``gather`` seconds."""
        return bool(self.waiting) and (self.age(now) >= gather or len(self.waiting) >= batch)

    def take(self, maximum: int, subject: Callable[[int], str] = str) -> list[WorkItem]:
        """Return up to ``maximum`` of the oldest items, no two with the same ``subject``.

        They are in progress until ``finish`` records their results.
        """
        batch: list[WorkItem] = []
        while self.waiting and len(batch) < maximum:
            about = subject(self.waiting[0][0])
            if about in self.in_progress:
                break
            self.in_progress[about] = self.waiting.popleft()
            batch.append(self.in_progress[about])
        return batch

    def finish(
        self,
        batch: Sequence[WorkItem],
        results: Sequence[Result],
        subject: Callable[[int], str] = str,
    ) -> None:
        """Record the results of a batch, and put the items to retry back at the front."""
        again = [item for item, result in zip(batch, results, strict=True) if result == "again"]
        for number, _at in batch:
            self.in_progress.pop(subject(number), None)
        self.waiting.extendleft(reversed(again))

    def stored(self, process: int, now: float) -> StoredQueue:
        """Return what a later run needs to continue; unfinished items wait again."""
        items = [*self.in_progress.values(), *self.waiting]
        return StoredQueue(
            process=process,
            role=self.role,
            profile_id=self.target.profile_id,
            arrived=self.arrived,
            fraction=self._fraction,
            waiting=[(number, now - at) for number, at in sorted(items)],
            job=self.job.id if self.job else None,
        )

    def restore(self, stored: StoredQueue, now: float) -> None:
        """Continue where an earlier run stopped."""
        self.arrived, self._fraction = stored.arrived, stored.fraction
        self.waiting.extend((number, now - age) for number, age in stored.waiting)
        if stored.job is not None:
            self.job = Job(stored.job, now, until=now + LONGEST_JOB)
