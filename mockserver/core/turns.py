"""Turns for threads that compute in the background: one at a time competes with the event loop.

The interpreter runs one thread at once. With several computing threads the event loop waits for
each of them every time it needs the interpreter, so the calls of others get slower with each one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from threading import Lock
from typing import Any, TypeVar

Row = TypeVar("Row")
Made = TypeVar("Made")

SLICE = 1_000
"""Entities that a thread works on during one turn: some milliseconds."""


class Turns:
    """One thread works at a time, in the order in which they asked. Use it as a context manager.

    A plain lock would not do: a thread that frees it and asks again usually gets it again.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_taken = False
        self._queue: deque[Lock] = deque()

    def __enter__(self) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = Lock()
            mine.acquire()
            self._queue.append(mine)
        mine.acquire()  # the thread before this one releases it

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._is_taken = False

    @property
    def waiting(self) -> int:
        """How many threads wait for their turn."""
        return len(self._queue)


TURNS = Turns()
"""The turns of all background threads of this process: they share its interpreter.

Nobody waits for a sandbox's lock during a turn: the event loop may hold it and wait for a turn.
"""


def free_in_slices(rows: list[Any]) -> None:
    """Empty a list whose members nothing else needs; all at once would hold all other threads."""
    while rows:
        del rows[-SLICE:]


def slices_in_turns(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield all rows in slices; reading each slice takes a turn, using it does not."""
    iterator = iter(rows)
    while True:
        with TURNS:
            part = list(islice(iterator, SLICE))
        if not part:
            return
        yield part


def in_turns(work: Callable[[list[Row]], list[Made]], rows: list[Row]) -> list[Made]:
    """Return what ``work`` returns for all rows; each slice of rows takes a turn."""
    made: list[Made] = []
    for start in range(0, len(rows), SLICE):
        with TURNS:
            made += work(rows[start : start + SLICE])
    return made
