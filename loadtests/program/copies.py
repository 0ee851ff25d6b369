"""Copies of a program, and the pool that gives tasks to the one with the most room.

When all copies are busy, work waits in its queue: that is the back pressure of the program.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

from adsmock.loadtests.roles import Task

PAUSE = 1.0
"""Seconds from the death of a copy until it gets work again: a program that dies at once must not
be started a thousand times."""

LONGEST_TASK = 120.0
"""Seconds after which a copy that has not finished a task counts as dead."""

Status = Literal["done", "partial", "failed", "unsupported"]

Event = Literal["started", "died", "full"]
"""What happens to copies: a start, a death, and a turn that found no copy with room."""

Note = Callable[[Event, str], None]
"""Records an event of a copy, with the reason of a death."""


class CopyDied(Exception):
    """The copy ended, or did not answer in time; the text says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a copy says about a task; ``done`` is a number of items or entities."""

    status: Status
    done: int = 0
    error: str = ""


class Copy(Protocol):
    """One copy of the program."""

    def run(self, task: Task) -> Reply:
        """Give it a task and wait for its reply.

        Raises:
            CopyDied: it ended before it replied, or took too long.
        """
        ...

    def close(self) -> None:
        """End it."""
        ...


class CopyPool:
    """Several copies, each with at most ``tasks`` tasks at once."""

    def __init__(
        self,
        copies: Sequence[Copy],
        tasks: int,
        now: Callable[[], float],
        note: Note = lambda _event, _reason: None,
    ) -> None:
        self._copies = list(copies)
        self._busy = [0] * len(copies)
        self._ready = [0.0] * len(copies)
        self._tasks = tasks
        self._now = now
        self._note = note
        self._lock = threading.Lock()

    @contextmanager
    def room(self) -> Iterator[Callable[[Task], Reply] | None]:
        """Yield the function that gives a task to the least busy copy; None when none has room."""
        place = self._take()
        if place is None:
            self._note("full", "")
            yield None
            return
        try:
            yield lambda task: self._run(place, task)
        finally:
            with self._lock:
                self._busy[place] -= 1

    def close(self) -> None:
        """End all copies at once, so that slow ones do not wait for each other."""
        ends = [threading.Thread(target=copy.close) for copy in self._copies]
        for end in ends:
            end.start()
        for end in ends:
            end.join()

    def _take(self) -> int | None:
        with self._lock:
            now = self._now()
            free = [
                place
                for place, busy in enumerate(self._busy)
                if busy < self._tasks and self._ready[place] <= now
            ]
            if not free:
                return None
            place = min(free, key=lambda each: self._busy[each])
            self._busy[place] += 1
            return place

    def _run(self, place: int, task: Task) -> Reply:
        try:
            return self._copies[place].run(task)
        except CopyDied:
            self._ready[place] = self._now() + PAUSE
            raise
