"""The work that an event brings: it arrives at a desk and waits to be done.

Arrivals do not wait for answers (an open model), so a client that falls behind sees its queue
grow instead of its load shrink. A desk holds one kind of work for one profile. Knows counting.
Must not know HTTP or the clock: times are arguments.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Piece = tuple[int, float]
"""A piece of work: its number, and when it arrived."""

Result = Literal["done", "again", "refused"]
"""What became of one piece of work: done, to be tried again, or refused for good."""


@dataclass(frozen=True, slots=True)
class Target:
    """One profile to work on, with the keywords whose bids are changed."""

    profile_id: str
    region: str
    country: str
    keyword_ids: tuple[str, ...]
    lowest_bid: float
    lowest_budget: float = 1.0
    today: str = "2026-07-01"
    """The day of the service, from which reports count back."""


@dataclass(slots=True)
class Job:
    """An export or a report that is under way; ``wait`` is the time to its next look."""

    id: str
    next_look: float
    wait: float = 0.0


@dataclass(slots=True)
class WorkQueue:
    """One queue. A piece of work is a number; ``step`` keeps those of several workers apart."""

    role: str
    target: Target
    number: int = 0
    step: int = 1
    waiting: deque[Piece] = field(default_factory=deque)
    """Pieces of work with the time of their arrival, oldest first."""
    in_progress: set[str] = field(default_factory=set)
    """What the pieces under way are about: a second one about the same thing waits."""
    begun: dict[int, Any] = field(default_factory=dict)
    """What stands of pieces that take several calls, by number."""
    job: Job | None = None
    is_held: bool = False
    arrived: int = 0
    _fraction: float = 0.0

    def arrive(self, pieces: float, now: float) -> int:
        """Let ``pieces`` come in and return the whole ones; a part is kept until it is whole."""
        self._fraction += pieces
        whole = int(self._fraction)
        self._fraction -= whole
        for _each in range(whole):
            self.waiting.append((self.number + self.arrived * self.step, now))
            self.arrived += 1
        return whole

    def age(self, now: float) -> float:
        """Return how long the oldest piece has waited, 0 when none does."""
        return now - self.waiting[0][1] if self.waiting else 0.0

    def is_due(self, now: float, gather: float, batch: int) -> bool:
        """Say whether enough has gathered, or for long enough."""
        return bool(self.waiting) and (self.age(now) >= gather or len(self.waiting) >= batch)

    def take(self, maximum: int, subject: Callable[[int], str] = str) -> list[Piece]:
        """Return up to ``maximum`` of the oldest pieces, no two about the same ``subject``.

        They are under way until ``settle`` says what became of them.
        """
        batch: list[Piece] = []
        while self.waiting and len(batch) < maximum:
            about = subject(self.waiting[0][0])
            if about in self.in_progress:
                break
            self.in_progress.add(about)
            batch.append(self.waiting.popleft())
        return batch

    def settle(
        self,
        batch: Sequence[Piece],
        results: Sequence[Result],
        subject: Callable[[int], str] = str,
    ) -> None:
        """Put what is to be tried again in front of the younger ones; nothing is under way."""
        again = [piece for piece, result in zip(batch, results, strict=True) if result == "again"]
        self.in_progress -= {subject(number) for number, _at in batch}
        self.waiting.extendleft(reversed(again))
