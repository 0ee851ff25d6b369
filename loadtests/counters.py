"""What the users did and what they ran into, as counts that can be sent and added up.

One counter with keys of several words: what came in one process is drained, travels, and is added
to what came in the others. Knows counting. Must not know Locust, HTTP libraries or the clock.

Kinds of key
    call     second, region, operation, outcome        calls by outcome
    late     operation, milliseconds                   answers to accepted calls
    tick     second, milliseconds                      the same by second
    status   operation, status                         failed calls
    work     role, fate                                pieces of work: arrived, done, refused
    demand   second, region                            pieces of work that arrived
    aged     role, milliseconds                        from the arrival of a piece to its end
    wait     second, region                            pieces that wait, seen once a second
    jobs     second, region                            exports and reports under way
    window   role, profile, number                     pieces that arrived in a stretch of time
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

THROTTLED = 429
OUTCOMES = ("accepted", "throttled", "failed")

Key = tuple[str | int, ...]


def is_accepted(status: int) -> bool:
    """Say whether a status means that the service did what was asked; 207 counts."""
    return 200 <= status < 400  # noqa: PLR2004 -- the classes of HTTP statuses


def outcome_of(status: int) -> str:
    """Return the outcome that a status means; 0 is a broken connection."""
    if is_accepted(status):
        return "accepted"
    return "throttled" if status == THROTTLED else "failed"


@dataclass(slots=True)
class Counters:
    """Counts by key, and what is believed to be in the store.

    ``made`` holds profile, resource and id of what the service said it created; ``bids`` the last
    bid that it said it took, by keyword.
    """

    counts: Counter[Key] = field(default_factory=Counter)
    made: list[tuple[str, str, str]] = field(default_factory=list)
    bids: dict[str, float] = field(default_factory=dict)

    def add(self, *key: str | int, times: int = 1) -> None:
        """Count something."""
        self.counts[key] += times

    def note(
        self, profile: str, made: Iterable[tuple[str, str]], bids: Mapping[str, float]
    ) -> None:
        """Keep what the service said that a profile holds: new entities, keywords' bids."""
        self.made += [(profile, resource, each) for resource, each in made]
        self.bids.update(bids)

    def called(self, second: int, region: str, operation: str, status: int, took: float) -> None:
        """Count one finished call that took ``took`` milliseconds."""
        outcome = outcome_of(status)
        self.add("call", second, region, operation, outcome)
        if outcome == "accepted":
            self.add("late", operation, bucket(took))
            self.add("tick", second, bucket(took))
        if outcome == "failed":
            self.add("status", operation, status)

    def of(self, kind: str) -> Iterator[tuple[Key, int]]:
        """Yield the keys of one kind, without their first word, with their counts."""
        for key, times in self.counts.items():
            if key[0] == kind:
                yield key[1:], times

    def drain(self) -> dict[str, Any]:
        """Return all that was counted since the last time, in a form that can be sent."""
        payload = {
            "counts": [[*key, times] for key, times in self.counts.items()],
            "made": [list(row) for row in self.made],
            "bids": dict(self.bids),
        }
        self.counts.clear()
        self.made.clear()
        self.bids.clear()
        return payload

    def merge(self, payload: dict[str, Any]) -> None:
        """Add what another tally has drained."""
        for *key, times in payload["counts"]:
            self.counts[tuple(key)] += times
        self.made += [(profile, resource, each) for profile, resource, each in payload["made"]]
        self.bids.update(payload["bids"])

    def work(self, *roles: str) -> dict[str, int]:
        """Return how many pieces of work arrived, were done and were refused."""
        found = Counter[str]()
        for (role, result), times in self.of("work"):
            if not roles or role in roles:
                found[str(result)] += times
        return {result: found[result] for result in ("arrived", "done", "refused")}

    def waiting(self, *roles: str) -> int:
        """Return the pieces of work that nobody has finished."""
        work = self.work(*roles)
        return work["arrived"] - work["done"] - work["refused"]

    def totals(self) -> dict[str, int]:
        """Return the calls by outcome."""
        found = Counter[str]()
        for (_second, _region, _operation, outcome), times in self.of("call"):
            found[str(outcome)] += times
        return {outcome: found[outcome] for outcome in OUTCOMES}


def bucket(milliseconds: float) -> int:
    """Return a time rounded to two digits, so that there are few different ones."""
    if milliseconds < 100:  # noqa: PLR2004 -- below it a millisecond is two digits or less
        return round(milliseconds)
    step = 10 ** (len(str(int(milliseconds))) - 2)
    return int(round(milliseconds / step) * step)


def percentile(rows: Iterable[tuple[int, int]], part: float) -> float:
    """Return the value below which ``part`` of the counted ones lie; 0.0 when there are none."""
    ordered = sorted(rows)
    total = sum(times for _value, times in ordered)
    seen = 0
    for value, times in ordered:
        seen += times
        if seen >= part * total:
            return float(value)
    return 0.0
