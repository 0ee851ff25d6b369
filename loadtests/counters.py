"""Counts of calls and work items, which processes can send to each other and add up.

Kinds of key
    call     second, region, operation, outcome        calls by outcome
    late     operation, milliseconds                   response times of accepted calls
    tick     second, milliseconds                      response times by second
    status   operation, status                         failed calls
    work     role, result                              work items: arrived, done, refused,
                                                       unsupported
    demand   second, region                            work items that arrived
    came     second, role                              the same by role
    aged     role, milliseconds                        from the arrival of an item to its end
    wait     second, region                            waiting items, sampled once per second
    jobs     second, region                            exports and reports in progress
    window   role, profile, number                     items that arrived in one time window
    gathered role, items                               windows that are over, by their items
    copy     event                                     starts and ends, turns without a free copy
    death    reason                                    why copies of a program died
    failure  reason                                    exit codes with which runs of a program with
                                                       its own work reported a failure
    taken                                              creates with an item that existed already
    task     role, milliseconds                        times of a program's tasks
    error    role, text                                what a program said about failed tasks
    did      kind                                      work that a program brought (own_work.py)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

THROTTLED = 429
OUTCOMES = ("accepted", "throttled", "failed")

INTERVALS = 600
"""Smallest number of intervals in which calls are counted; a curve shows fewer."""

MOST_TEXTS = 100
"""Different texts of one kind that are kept; later ones are counted as ``other``."""

TEXTS, OTHER = frozenset({"death", "error", "failure"}), "other"
"""Kinds whose last part is a text from the program."""

ENDS = ("done", "refused", "unsupported")
"""How a work item ends."""

Key = tuple[str | int, ...]


def is_accepted(status: int) -> bool:
    """Return whether a status is a success; 207 is one."""
    return 200 <= status < 400  # noqa: PLR2004 -- the classes of HTTP statuses


def outcome_of(status: int) -> str:
    """Return the outcome of a status; 0 is a broken connection."""
    if is_accepted(status):
        return "accepted"
    return "throttled" if status == THROTTLED else "failed"


@dataclass(slots=True)
class Counters:
    """Counts by key, and the writes that the service acknowledged.

    ``made`` holds profile, resource and id of created entities, ``built`` profile and name of
    structures that are created whole, ``bids`` the last acknowledged bid by keyword; None is an
    unknown one.
    """

    counts: Counter[Key] = field(default_factory=Counter)
    made: list[tuple[str, str, str]] = field(default_factory=list)
    bids: dict[str, float | None] = field(default_factory=dict)
    built: list[tuple[str, str]] = field(default_factory=list)

    def add(self, *key: str | int, times: int = 1) -> None:
        """Add ``times`` to the count of a key."""
        self.counts[key] += times

    def note(
        self,
        profile: str,
        made: Iterable[tuple[str, str]],
        bids: Mapping[str, float | None],
        built: Iterable[str] = (),
    ) -> None:
        """Record acknowledged writes of a profile: new entities, bids and whole structures."""
        self.made += [(profile, resource, each) for resource, each in made]
        self.bids.update(bids)
        self.built += [(profile, name) for name in built]

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
        """Yield the keys of one kind, without the kind, with their counts."""
        for key, times in self.counts.items():
            if key[0] == kind:
                yield key[1:], times

    def drain(self) -> dict[str, Any]:
        """Return all counts since the last call as JSON, and reset them."""
        payload = {
            "counts": [[*key, times] for key, times in self.counts.items()],
            "made": [list(row) for row in self.made],
            "bids": dict(self.bids),
            "built": [list(row) for row in self.built],
        }
        self.counts.clear()
        self.made.clear()
        self.bids.clear()
        self.built.clear()
        return payload

    def merge(self, payload: dict[str, Any]) -> None:
        """Add the drained counts of another process."""
        for *key, times in payload["counts"]:
            self.counts[self._bounded(tuple(key))] += times
        self.made += [(profile, resource, each) for profile, resource, each in payload["made"]]
        self.bids.update(payload["bids"])
        self.built += [(profile, name) for profile, name in payload["built"]]

    def _bounded(self, key: Key) -> Key:
        """Return the key under which a count is kept, so that texts use bounded memory."""
        if key[0] not in TEXTS or key in self.counts:
            return key
        texts = sum(1 for kind, *_rest in self.counts if kind == key[0])
        return key if texts < MOST_TEXTS else (*key[:-1], OTHER)

    def close_windows(self, first_open: Mapping[str, int]) -> None:
        """Count the time windows before the first open one of each role by their items."""
        over = [
            key
            for key in self.counts
            if key[0] == "window" and int(key[3]) < first_open[str(key[1])]
        ]
        for key in over:
            self.add("gathered", key[1], self.counts.pop(key))

    def work(self, *roles: str) -> dict[str, int]:
        """Return how many work items arrived, and how they ended.

        Where a program supports none of a role's work, that is the end of what waits, too.
        """
        found: dict[str, Counter[str]] = {}
        for (role, result), times in self.of("work"):
            if not roles or role in roles:
                found.setdefault(str(role), Counter())[str(result)] += times
        for each in found.values():
            if each["unsupported"]:
                each["unsupported"] = each["arrived"] - each["done"] - each["refused"]
        return {
            result: sum(each[result] for each in found.values()) for result in ("arrived", *ENDS)
        }

    def waiting(self, *roles: str) -> int:
        """Return the number of unfinished work items."""
        work = self.work(*roles)
        return work["arrived"] - sum(work[end] for end in ENDS)

    def totals(self) -> dict[str, int]:
        """Return the calls by outcome."""
        found = Counter[str]()
        for (_second, _region, _operation, outcome), times in self.of("call"):
            found[str(outcome)] += times
        return {outcome: found[outcome] for outcome in OUTCOMES}


def interval(duration: float) -> int:
    """Return how many seconds of a run are counted together: one, or more when it takes hours."""
    return max(1, int(duration / INTERVALS))


def bucket(milliseconds: float) -> int:
    """Return a time rounded to two digits, to keep the number of keys small."""
    if milliseconds < 100:  # noqa: PLR2004 -- below it a millisecond is two digits or less
        return round(milliseconds)
    step = 10 ** (len(str(int(milliseconds))) - 2)
    return int(round(milliseconds / step) * step)


def percentile(rows: Iterable[tuple[int, int]], part: float) -> float:
    """Return the percentile ``part`` (0 to 1) of counted values; 0.0 when there are none."""
    ordered = sorted(rows)
    total = sum(times for _value, times in ordered)
    seen = 0
    for value, times in ordered:
        seen += times
        if seen >= part * total:
            return float(value)
    return 0.0
