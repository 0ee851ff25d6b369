"""Fault rules as JSON: from a document to a rule of the plan, and back with its counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import translate
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.iso8601 import format_utc
from adsmock.contracts.suggest import did_you_mean, nearest
from adsmock.mockserver.catalog.aws import AWS_OPERATIONS
from adsmock.mockserver.core.effect import Effect, Subject
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.fault import FaultRule, Match, PlannedRule, When
from adsmock.mockserver.core.ids import Mint
from adsmock.mockserver.services.durations import read_duration, read_time
from adsmock.mockserver.services.faults.registry import kinds, make, settings
from adsmock.mockserver.services.stream.facts import CONFIRMATION, deliveries

STORAGE_GET = "storage.get"
"""The operation without a contract: downloading a finished file."""

MAX_GLOBS = 5_000
"""Different operation globs of one request; comparing that many takes a second."""

COUNTS = ("matched", "selected", "met", "expired")
READ_ONLY = frozenset({*COUNTS, "state", "begins", "ends"})
"""Members that a read shows and a write ignores."""


class OperationGlobs:
    """The operations that globs match, remembered: the rules of a plan often share globs."""

    def __init__(self, contract_set: ContractSet) -> None:
        others = (STORAGE_GET, *AWS_OPERATIONS, *deliveries())
        self.known = (contract_set.operations, others)
        self.names = (*contract_set.operations, *others)
        self._matched: dict[str, frozenset[str]] = {}
        self._resolved: dict[tuple[str, ...], tuple[tuple[str, ...], frozenset[str]]] = {}
        self._unions: dict[frozenset[str], frozenset[str]] = {}

    def resolve(
        self, globs: tuple[str, ...], pointer: str
    ) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return the globs and the operations that one of them matches; equal rules share both.

        ``pointer`` is the place of the globs.

        Raises:
            SetupError: a glob matches no operation, or there are too many different globs.
        """
        resolved = self._resolved.get(globs)
        if resolved is None:
            places = enumerate(globs)
            found = frozenset[str]().union(
                *(self._match(glob, f"{pointer}/{place}") for place, glob in places)
            )
            resolved = self._resolved[globs] = globs, self._unions.setdefault(found, found)
        return resolved

    def _match(self, glob: str, pointer: str) -> frozenset[str]:
        known = self._matched.get(glob)
        if known is not None:
            return known
        if len(self._matched) >= MAX_GLOBS:
            raise SetupError(
                f"the rules have more than {MAX_GLOBS} different globs: use fewer", pointer=pointer
            )
        test = re.compile(translate(glob)).match
        matched = self._matched[glob] = frozenset(filter(test, self.names))
        if not matched:
            close = ", ".join(nearest(glob, self.names))
            hint = f"did you mean {close}?" if close else "GET /openapi.json lists them"
            raise SetupError(f'no operation matches "{glob}": {hint}', pointer=pointer)
        return matched


@dataclass(frozen=True, slots=True)
class ParseContext:
    """What reading a rule needs: contracts, the sandbox's time, its generator of ids."""

    contract_set: ContractSet
    now: float
    mint: Mint
    operations: OperationGlobs = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "operations", OperationGlobs(self.contract_set))


def parse(document: dict[str, Any], context: ParseContext, rule_id: str | None = None) -> FaultRule:
    """Return the rule that ``document`` describes.

    Args:
        document: fits the schema ``FaultRule``.
        context: the sandbox that the rule is for.
        rule_id: the rule's id if the path names it.

    Raises:
        SetupError: with a pointer; an operation glob without a match, a setting that the kind
            does not have, an invalid window, two ids.
    """
    given = document.get("id")
    if rule_id is not None and given not in {None, rule_id}:
        raise SetupError(
            f'id "{given}" differs from "{rule_id}" in the path: give one of them', pointer="/id"
        )
    selected = rule_id or given or new_rule_id(context.mint)
    kept = {name: value for name, value in document.items() if name not in READ_ONLY}
    match = parse_match(document.get("match", {}), context.operations)
    effect = _effect(document["effect"], context.contract_set)
    _check_subject(effect, match)
    return FaultRule(
        id=selected,
        match=match,
        when=_when(document, context.now),
        effect=effect,
        priority=document.get("priority", 100),
        document=kept | {"id": selected},
    )


def new_rule_id(mint: Mint) -> str:
    """Return the id of a rule that has none."""
    return f"fault-{mint.letters('fault', 6).lower()}"


def parse_match(
    document: dict[str, Any], operations: OperationGlobs, pointer: str = "/match"
) -> Match:
    """Return which calls ``document`` matches; ``pointer`` is its place in the request.

    Raises:
        SetupError: an operation glob matches no operation, or there are too many globs.
    """
    probe, given = Match(), tuple(document.get("operation", ()))
    globs, named = operations.resolve(given, f"{pointer}/operation")
    return Match(
        region=tuple(document.get("region", ())),
        operation=globs,
        profile_id=document.get("profileId", probe.profile_id),
        method=document.get("method", probe.method).upper(),
        path=document.get("path", probe.path),
        status=tuple(document.get("status", ())),
        body=document.get("body", {}),
        named=named,
        known=operations.known,
    )


def _check_subject(effect: Effect, match: Match) -> None:
    """Check that a kind can act on what the operations match: calls, records or confirmations.

    Raises:
        SetupError: it can act on none of it.
    """
    messages = set(deliveries())
    places: dict[Subject, bool] = {
        "call": not match.named <= messages,
        "record": bool(match.named & messages - {CONFIRMATION}),
        "confirmation": CONFIRMATION in match.named,
    }
    if match.operation and not any(places[each] for each in effect.acts_on):
        examples: dict[Subject, str] = {
            "call": "operations of calls, such as sp.campaigns.list",
            "record": "messages, such as delivery.sp-traffic",
            "confirmation": CONFIRMATION,
        }
        expected = " or ".join(examples[each] for each in effect.acts_on)
        raise SetupError(
            f'kind {effect.kind} cannot act on "{match.operation[0]}": match {expected}',
            pointer="/match/operation",
        )


def show(planned: PlannedRule, now: float) -> dict[str, Any]:
    """Return a rule as the caller wrote it, with defaults and counts."""
    given = planned.rule.document
    return {
        "id": planned.rule.id,
        "priority": planned.rule.priority,
        "match": given.get("match", {}),
        "when": WHEN_DEFAULTS | given.get("when", {}),
        "effect": {"point": planned.rule.effect.point} | given["effect"],
        "ttl": given.get("ttl"),
        "matched": planned.matched,
        "selected": planned.selected,
        "met": planned.triggered,
        "expired": planned.is_over(now),
    } | _window(planned, now)


def _window(planned: PlannedRule, now: float) -> dict[str, Any]:
    """Return when a rule acts: its state at ``now``, and its first and last moment."""
    when, began = planned.rule.when, planned.began
    ends = [when.end] if when.end is not None else []
    if when.lasts is not None and began is not None:
        ends.append(began + when.lasts)
    is_spent = when.times is not None and planned.selected >= when.times
    is_over = is_spent or planned.is_over(now)
    state = "over" if is_over else "pending" if now < when.begin else "active"
    return {
        "state": state,
        "begins": format_utc(when.begin),
        "ends": format_utc(min(ends)) if ends else None,
    }


WHEN_DEFAULTS: dict[str, Any] = {
    "probability": 1.0,
    "skip": 0,
    "times": None,
    "attempt": None,
    "from": "+PT0S",
    "until": None,
    "lasts": None,
}


def _when(document: dict[str, Any], now: float) -> When:
    given = WHEN_DEFAULTS | document.get("when", {})
    ends = [
        read_time(given["until"], now, "/when/until") if given["until"] else None,
        now + read_duration(document["ttl"], "/ttl") if document.get("ttl") else None,
    ]
    known = [end for end in ends if end is not None]
    begin = read_time(given["from"], now, "/when/from") if given["from"] else now
    end = min(known) if known else None
    if end is not None and end <= begin:
        raise SetupError(
            "the window ends before it begins: give a later end", pointer="/when/until"
        )
    return When(
        probability=float(given["probability"]),
        skip=given["skip"],
        times=given["times"],
        attempt=_attempts(given["attempt"]),
        begin=begin,
        end=end,
        lasts=read_duration(given["lasts"], "/when/lasts") if given["lasts"] else None,
    )


def _attempts(given: int | list[int] | None) -> tuple[int, int] | None:
    if given is None:
        return None
    low, high = (given, given) if isinstance(given, int) else given
    if high < low:
        raise SetupError(
            f"attempts {low} to {high} are none: give [first, last]", pointer="/when/attempt"
        )
    return low, high


def _effect(given: dict[str, Any], contract_set: ContractSet) -> Effect:
    kind = kinds()[given["kind"]]
    known = {"kind", "point", *settings(kind.kind)}
    for member in given:
        if member not in known:
            raise SetupError(
                f'kind {kind.kind} has no setting "{member}": {did_you_mean(member, known)}',
                pointer=f"/effect/{member}",
            )
    for member in kind.required:
        if given.get(member) in (None, []):
            raise SetupError(f'kind {kind.kind} needs "{member}"', pointer=f"/effect/{member}")
    point = given.get("point", kind.points[0])
    if point not in kind.points:
        raise SetupError(
            f"kind {kind.kind} cannot act at {point}: expected {' or '.join(kind.points)}",
            pointer="/effect/point",
        )
    kind.check(given, contract_set)
    return make(kind.kind, given)
