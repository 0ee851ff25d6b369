"""The work that an event brings: changes that arrive at a profile and wait to be written.

Arrivals do not wait for answers (an open model), so a client that falls behind sees its queue
grow instead of its load shrink. Knows counting. Must not know HTTP or the clock.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """One profile to work on, with the keywords whose bids are changed."""

    profile_id: str
    region: str
    country: str
    keyword_ids: tuple[str, ...]
    lowest_bid: float


@dataclass(slots=True)
class Desk:
    """The queue of one profile. A change is a number: it says which keyword and which bid."""

    target: Target
    waiting: deque[int] = field(default_factory=deque)
    arrived: int = 0
    done: int = 0
    refused: int = 0
    _fraction: float = 0.0

    def arrive(self, changes: float) -> None:
        """Let ``changes`` come in; a part of one is kept until it is whole."""
        self._fraction += changes
        while self._fraction >= 1.0:
            self._fraction -= 1.0
            self.waiting.append(self.arrived)
            self.arrived += 1

    def take(self, maximum: int) -> list[int]:
        """Return up to ``maximum`` of the oldest changes, no two of the same keyword."""
        batch: list[int] = []
        seen: set[str] = set()
        while self.waiting and len(batch) < maximum:
            keyword = self.keyword(self.waiting[0])
            if keyword in seen:
                break
            seen.add(keyword)
            batch.append(self.waiting.popleft())
        return batch

    def put_back(self, batch: list[int]) -> None:
        """Let changes that were not written wait again, in front of the younger ones."""
        self.waiting.extendleft(reversed(batch))

    def keyword(self, change: int) -> str:
        """Return the keyword that a change is about."""
        return self.target.keyword_ids[change % len(self.target.keyword_ids)]

    def item(self, change: int) -> dict[str, Any]:
        """Return a change as it is written: another bid, lawful in the profile's market."""
        step = self.target.lowest_bid
        return {
            "keywordId": self.keyword(change),
            "bid": round(step * (2 + change % 40), 2),
        }

    def settle(self, batch: list[int], answer: dict[str, Any]) -> None:
        """Book a multi-status answer: written, to be tried again, or refused for good."""
        self.done += len(answer.get("success", []))
        again = []
        for row in answer.get("error", []):
            if is_throttled(row):
                again.append(batch[row["index"]])
            else:
                self.refused += 1
        self.put_back(again)


def is_throttled(row: dict[str, Any]) -> bool:
    """Say whether an error row of a multi-status answer only asks to come back later."""
    return any(each.get("errorType") == "throttledError" for each in row.get("errors", []))
