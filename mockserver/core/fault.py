"""The fault plan: what shall go wrong, for whom, when, and how often it did.

A rule is a value; what was matched and met is counted beside it. Every draw is a hash of (seed,
rule, request key, attempt), so the same logical request meets the same fault however calls
interleave. Knows rules and draws. Must not know how a fault looks on the wire.

Glossary
    match   which calls a rule speaks of.
    when    its window, its count, its probability, the attempts it waits for.
    effect  what it does; ``point`` says where on the path: before, after_commit, on_wire.
    matched calls the rule spoke of; drawn  those it chose; met  those that felt it.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from adsmock.mockserver.core import seeded_random

POINTS = ("before", "after_commit", "on_wire")

KINDS: dict[str, str] = {
    "http": "before",
    "html": "before",
    "empty": "before",
    "outage": "before",
    "token-revoked": "before",
    "partial": "before",
    "async-stuck": "before",
    "async-fail": "before",
    "url-expired": "before",
    "reset": "before",
    "timeout-after-commit": "after_commit",
    "close": "after_commit",
    "patch": "after_commit",
    "latency": "on_wire",
    "truncate": "on_wire",
    "drip": "on_wire",
    "malformed-json": "on_wire",
    "bad-gzip": "on_wire",
}
"""Every kind with the point where it acts unless the rule says else."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a reply's JSON: ``op`` is add, replace or remove; ``path`` a JSON Pointer."""

    op: str
    path: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a met fault does. Times in seconds; unused members keep their defaults."""

    kind: str
    point: str = "before"
    mode: str = "http"
    """How an outage shows: ``http`` (a gateway's 503) or ``reset``."""
    status: int | None = None
    dialect: str = "family"
    message: str | None = None
    retry_after: str | None = None
    latency: float = 0.0
    indexes: tuple[int, ...] = ()
    error: str = "throttledError"
    reason: str = "THROTTLED"
    keep_bytes: int | None = None
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    shuffle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Which calls a rule speaks of. Empty members speak of all; texts are shell globs."""

    region: tuple[str, ...] = ()
    operation: tuple[str, ...] = ()
    profile_id: str = "*"
    method: str = "*"
    path: str = "*"
    status: tuple[int, ...] = ()
    body: dict[str, Any] = field(default_factory=dict)

    def holds(self, subject: Subject) -> bool:
        """Say whether the rule speaks of this call."""
        return (
            (not self.region or subject.region in self.region)
            and (not self.operation or _any_glob(subject.operation, self.operation))
            and (self.profile_id in {"*", subject.profile_id})
            and (self.method in {"*", subject.method})
            and (self.path == "*" or fnmatchcase(subject.path, self.path))
            and (not self.body or _has(subject.body, self.body))
        )


@dataclass(frozen=True, slots=True)
class When:
    """How often and in which window a rule acts. ``begin`` and ``end`` are sandbox time."""

    probability: float = 1.0
    skip: int = 0
    times: int | None = None
    attempt: tuple[int, int] | None = None
    begin: float = 0.0
    end: float | None = None


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One planned fault. ``document`` is the rule as it was given, for reading it back."""

    id: str
    match: Match
    when: When
    effect: Effect
    priority: int = 100
    document: dict[str, Any] = field(default_factory=dict)

    def is_over(self, now: float) -> bool:
        """Say whether the rule's window has closed."""
        return self.when.end is not None and now >= self.when.end


@dataclass(slots=True)
class Subject:
    """A call as the plan sees it. ``key`` is the logical request, ``attempt`` counts from 1."""

    region: str
    operation: str
    profile_id: str
    method: str
    path: str
    key: str
    attempt: int
    body: Any = None


@dataclass(slots=True)
class Planned:
    """A rule with its counts."""

    rule: FaultRule
    matched: int = 0
    drawn: int = 0
    met: int = 0


class FaultPlan:
    """The rules of one sandbox, asked by priority, then by age."""

    __slots__ = ("_by_id", "_planned", "_seed")

    def __init__(self, seed: object) -> None:
        self._seed = seed
        self._planned: list[Planned] = []
        self._by_id: dict[str, Planned] = {}

    def __len__(self) -> int:
        return len(self._planned)

    def add(self, rule: FaultRule) -> Planned:
        """Plan ``rule``; a rule of the same id is replaced and counts start again."""
        self.remove(rule.id)
        planned = Planned(rule)
        self._by_id[rule.id] = planned
        insort(self._planned, planned, key=lambda each: each.rule.priority)  # age decides ties
        return planned

    def remove(self, rule_id: str) -> bool:
        """Forget one rule and say whether it was there."""
        gone = self._by_id.pop(rule_id, None)
        if gone is None:
            return False
        self._planned = [each for each in self._planned if each is not gone]
        return True

    def clear(self) -> None:
        """Forget all rules."""
        self._planned = []
        self._by_id = {}

    def rows(self) -> list[Planned]:
        """Return the rules in the order they are asked."""
        return list(self._planned)

    def find(self, rule_id: str) -> Planned | None:
        """Return one rule with its counts."""
        return self._by_id.get(rule_id)

    def next(self, subject: Subject, now: float, *, outage: bool = False) -> Planned | None:
        """Return the first rule that chooses this call.

        A dark region answers nobody, so outages are asked apart, before the token is looked at.
        """
        for planned in self._planned:
            rule = planned.rule
            if (rule.effect.kind == "outage") is not outage or not rule.match.holds(subject):
                continue
            if self._chooses(planned, subject, now):
                return planned
        return None

    def _chooses(self, planned: Planned, subject: Subject, now: float) -> bool:
        rule, when = planned.rule, planned.rule.when
        if now < when.begin or rule.is_over(now):
            return False
        planned.matched += 1
        if planned.matched <= when.skip:
            return False
        if when.times is not None and planned.drawn >= when.times:
            return False
        if when.attempt and not when.attempt[0] <= subject.attempt <= when.attempt[1]:
            return False
        drawn = seeded_random.unit(self._seed, rule.id, subject.key, subject.attempt)
        if drawn >= when.probability:
            return False
        planned.drawn += 1
        return True


def _any_glob(text: str, globs: tuple[str, ...]) -> bool:
    return any(fnmatchcase(text, glob) for glob in globs)


def _has(body: Any, wanted: dict[str, Any]) -> bool:
    if not isinstance(body, dict):
        return False
    return all(
        name in body and (value == "*" or body[name] == value) for name, value in wanted.items()
    )
