"""The fault plan: which calls fail, when, in what way, and how often they did.

A rule is a value; its counts are kept next to it. Every random choice is a hash of (seed, rule,
request key, attempt), so the same logical request gets the same fault however calls interleave.

Glossary
    match      which calls a rule applies to.
    when       its window, its count, its probability, and which attempts of a request.
    effect     what the fault does (``core.effect``).
    matched    calls that the rule applies to.
    selected   matched calls that got the fault.
    triggered  calls on which it took effect.
"""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from typing import Any

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.effect import Effect, Subject

_KEPT_KEYS = 256
"""Kinds of calls of which the fitting rules are remembered."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which calls a rule applies to. An empty member matches all; texts are shell globs.

    ``named`` are the operations among ``known`` that the globs of ``operation`` match: only other
    operations are compared with the globs.
    """

    region: tuple[str, ...] = ()
    operation: tuple[str, ...] = ()
    profile_id: str = "*"
    method: str = "*"
    path: str = "*"
    status: tuple[int, ...] = ()
    body: dict[str, Any] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    known: tuple[Container[str], ...] = ()

    def fits(self, call: CallFacts) -> bool:
        """Say whether region, operation, profile and method match: all but path and body."""
        return (
            (not self.region or call.region in self.region)
            and (not self.operation or self._fits_operation(call.operation))
            and (self.profile_id in {"*", call.profile_id})
            and (self.method in {"*", call.method})
        )

    def _fits_operation(self, operation: str) -> bool:
        if operation in self.named:
            return True
        if any(operation in each for each in self.known):
            return False
        return any(fnmatchcase(operation, glob) for glob in self.operation)

    def fits_content(self, call: CallFacts) -> bool:
        """Say whether path and body match."""
        return (self.path == "*" or _matches_path(call.path, self.path)) and (
            not self.body or _contains(call.body, self.body)
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
    lasts: float | None = None
    """Seconds of sandbox time from the first call that the rule selects."""


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One planned fault. ``document`` is the rule as the caller wrote it, for reading it back."""

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
class CallFacts:
    """What a rule can match of a call, or of a message of Marketing Stream.

    ``key`` names the logical request; ``attempt`` counts its attempts from 1. The body of a
    message is its record.
    """

    region: str
    operation: str
    profile_id: str
    method: str
    path: str
    key: str
    attempt: int
    body: Any = None
    subject: Subject = "call"


@dataclass(slots=True)
class PlannedRule:
    """A rule with its counts. ``item_failures`` counts by profile and item value."""

    rule: FaultRule
    matched: int = 0
    selected: int = 0
    triggered: int = 0
    item_failures: dict[str, int] = field(default_factory=dict)
    began: float | None = None
    """Sandbox time of the first call that it selected."""

    def is_over(self, now: float) -> bool:
        """Say whether the window of the rule has closed."""
        lasts = self.rule.when.lasts
        has_lasted = lasts is not None and self.began is not None and now >= self.began + lasts
        return has_lasted or self.rule.is_over(now)


class FaultPlan:
    """The rules of one sandbox, ordered by priority, then by age.

    The rules that fit an operation, a region, a profile and a method are looked up once, so a call
    does not pay for the others.
    """

    __slots__ = ("_by_id", "_fitting", "_planned", "_seed")

    def __init__(self, seed: object) -> None:
        self._seed = seed
        self._planned: list[PlannedRule] = []
        self._by_id: dict[str, PlannedRule] = {}
        self._fitting: dict[tuple[str, str, str, str, bool], list[PlannedRule]] = {}

    def __len__(self) -> int:
        return len(self._planned)

    def add(self, rule: FaultRule) -> PlannedRule:
        """Add ``rule``; it replaces a rule of the same id, and its counts start at zero."""
        self.remove(rule.id)
        planned = PlannedRule(rule)
        self._by_id[rule.id] = planned
        self._fitting = {}
        insort(self._planned, planned, key=lambda each: each.rule.priority)  # age decides ties
        return planned

    def restore(self, rules: list[PlannedRule]) -> None:
        """Replace all rules by ``rules``, with their counts."""
        self._by_id = {each.rule.id: each for each in rules}
        self._planned = sorted(self._by_id.values(), key=lambda each: each.rule.priority)

    def remove(self, rule_id: str) -> bool:
        """Remove one rule and return whether it existed."""
        removed = self._by_id.pop(rule_id, None)
        if removed is None:
            return False
        self._planned = [each for each in self._planned if each is not removed]
        self._fitting = {}
        return True

    def clear(self) -> None:
        """Remove all rules."""
        self._planned = []
        self._by_id = {}
        self._fitting = {}

    def emptied(self) -> FaultPlan:
        """Return a plan without rules that draws the same random values."""
        return FaultPlan(self._seed)

    def rules(self) -> list[PlannedRule]:
        """Return the rules in the order in which they are tried."""
        return list(self._planned)

    def find(self, rule_id: str) -> PlannedRule | None:
        """Return one rule with its counts."""
        return self._by_id.get(rule_id)

    def select(
        self, call: CallFacts, now: float, *, precedes_token: bool = False
    ) -> PlannedRule | None:
        """Return the first rule that selects this call.

        Kinds that precede the check of the token are tried on their own.
        """
        key = (call.operation, call.region, call.profile_id, call.method, precedes_token)
        fitting = self._fitting.get(key)
        if fitting is None:
            if len(self._fitting) >= _KEPT_KEYS:
                self._fitting = {}
            fitting = self._fitting[key] = [
                each
                for each in self._planned
                if each.rule.effect.precedes_token is precedes_token
                and call.subject in each.rule.effect.acts_on
                and each.rule.match.fits(call)
            ]
        for planned in fitting:
            if planned.rule.match.fits_content(call) and self._selects(planned, call, now):
                return planned
        return None

    def _selects(self, planned: PlannedRule, call: CallFacts, now: float) -> bool:
        rule, when = planned.rule, planned.rule.when
        if now < when.begin or planned.is_over(now):
            return False
        planned.matched += 1
        if planned.matched <= when.skip:
            return False
        if when.times is not None and planned.selected >= when.times:
            return False
        if when.attempt and not when.attempt[0] <= call.attempt <= when.attempt[1]:
            return False
        # 0 and 1 are exact: they need no random value.
        if when.probability < 1 and (
            not when.probability
            or seeded_random.unit(self._seed, rule.id, call.key, call.attempt) >= when.probability
        ):
            return False
        planned.selected += 1
        if planned.began is None:
            planned.began = now
        return True


def _matches_path(path: str, glob: str) -> bool:
    return _path_pattern(glob)(path) is not None


@lru_cache(maxsize=16_384)
def _path_pattern(glob: str) -> Callable[[str], re.Match[str] | None]:
    """Return the compiled glob: a plan may have thousands, and fnmatch remembers few."""
    return re.compile(translate(glob)).match


def _contains(body: Any, wanted: dict[str, Any]) -> bool:
    if not isinstance(body, dict):
        return False
    return all(
        name in body and (value == "*" or body[name] == value) for name, value in wanted.items()
    )
