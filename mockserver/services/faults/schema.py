"""Fault rules as JSON: from a document to the plan's value, and back with its counts.

Knows the form that people write and what fits together in it: which members a kind takes, which
points it may act at, how windows are worded. The document already fits the schema ``FaultRule``.
Must not know HTTP or how a fault looks on the wire.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.suggest import nearest
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.fault import KINDS, Edit, Effect, FaultRule, Match, Planned, When
from adsmock.mockserver.core.ids import Mint
from adsmock.mockserver.services.durations import read_duration, read_time

ANY = "*"
STORAGE_GET = "storage.get"
"""The operation that no contract has: fetching a finished file."""

COUNTS = ("matched", "selected", "met", "expired")
"""Members a read shows and a write may repeat without effect."""

_ALWAYS = frozenset({"kind", "point", "latencyMs"})


@dataclass(frozen=True, slots=True)
class KindForm:
    """What an effect of one kind may and must say; ``points`` beside the kind's own."""

    members: frozenset[str]
    required: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


def _form(members: str = "", required: str = "", points: str = "") -> KindForm:
    return KindForm(frozenset(members.split()), tuple(required.split()), tuple(points.split()))


FORMS: dict[str, KindForm] = {
    "http": _form("status dialect message retryAfter body headers", "status", "after_commit"),
    "html": _form("status retryAfter body headers"),
    "empty": _form("status headers"),
    "outage": _form("mode status dialect message retryAfter body headers"),
    "token-revoked": _form(),
    "partial": _form("indexes error reason message operations shuffle", "indexes"),
    "async-stuck": _form(),
    "async-fail": _form("error reason message"),
    "url-expired": _form(),
    "reset": _form(points="after_commit on_wire"),
    "timeout-after-commit": _form(),
    "close": _form(),
    "patch": _form("operations shuffle"),
    "latency": _form(required="latencyMs"),
    "truncate": _form("keepBytes"),
    "drip": _form(),
    "malformed-json": _form(),
    "bad-gzip": _form(),
}
"""Every kind of ``core.fault.KINDS`` with what its effect may say."""

_BODILESS = frozenset({204, 205, 304})


@dataclass(frozen=True, slots=True)
class Ground:
    """What a rule is read against: the contracts, the sandbox's time, its numbers for ids."""

    contract_set: ContractSet
    now: float
    mint: Mint


def parse(document: dict[str, Any], ground: Ground, rule_id: str | None = None) -> FaultRule:
    """Return the rule that ``document`` describes.

    Args:
        document: fits the schema ``FaultRule``.
        ground: what names and windows are read against.
        rule_id: the id it is planned under, where a path names it.

    Raises:
        SetupError: with a pointer; an operation glob that names nothing, a member the kind
            does not take, an unreadable window, two ids.
    """
    given = document.get("id")
    if rule_id is not None and given not in {None, rule_id}:
        raise SetupError(f"the path says {rule_id}", pointer="/id")
    chosen = rule_id or given or f"fault-{ground.mint.letters('fault', 6).lower()}"
    kept = {name: value for name, value in document.items() if name not in COUNTS}
    return FaultRule(
        id=chosen,
        match=parse_match(document.get("match", {}), ground.contract_set),
        when=_when(document, ground.now),
        effect=_effect(document["effect"], ground.contract_set),
        priority=document.get("priority", 100),
        document=kept | {"id": chosen},
    )


def parse_match(
    document: dict[str, Any], contract_set: ContractSet, pointer: str = "/match"
) -> Match:
    """Return which calls ``document`` speaks of; ``pointer`` is where it stands.

    Raises:
        SetupError: an operation glob names no operation; near names are told.
    """
    known = (*contract_set.operations, STORAGE_GET)
    probe = Match()
    for place, glob in enumerate(document.get("operation", ())):
        if not any(fnmatchcase(name, glob) for name in known):
            close = ", ".join(nearest(glob, known)) or "none comes near"
            raise SetupError(
                f'"{glob}" names no operation; near: {close}',
                pointer=f"{pointer}/operation/{place}",
            )
    return Match(
        region=tuple(document.get("region", ())),
        operation=tuple(document.get("operation", ())),
        profile_id=document.get("profileId", probe.profile_id),
        method=document.get("method", probe.method).upper(),
        path=document.get("path", probe.path),
        status=tuple(document.get("status", ())),
        body=document.get("body", {}),
    )


def show(planned: Planned, now: float) -> dict[str, Any]:
    """Return a rule as it was given, its defaults filled in, with its counts."""
    given = planned.rule.document
    return {
        "id": planned.rule.id,
        "priority": planned.rule.priority,
        "match": given.get("match", {}),
        "when": _WHEN | given.get("when", {}),
        "effect": {"point": planned.rule.effect.point} | given["effect"],
        "ttl": given.get("ttl"),
        "matched": planned.matched,
        "selected": planned.drawn,
        "met": planned.met,
        "expired": planned.rule.is_over(now),
    }


_WHEN: dict[str, Any] = {
    "probability": 1.0,
    "skip": 0,
    "times": None,
    "attempt": None,
    "from": "+PT0S",
    "until": None,
}


def _when(document: dict[str, Any], now: float) -> When:
    given = _WHEN | document.get("when", {})
    ends = [
        read_time(given["until"], now, "/when/until") if given["until"] else None,
        now + read_duration(document["ttl"], "/ttl") if document.get("ttl") else None,
    ]
    known = [end for end in ends if end is not None]
    begin = read_time(given["from"], now, "/when/from") if given["from"] else now
    end = min(known) if known else None
    if end is not None and end <= begin:
        raise SetupError("the window ends before it begins", pointer="/when/until")
    return When(
        probability=float(given["probability"]),
        skip=given["skip"],
        times=given["times"],
        attempt=_attempts(given["attempt"]),
        begin=begin,
        end=end,
    )


def _attempts(given: int | list[int] | None) -> tuple[int, int] | None:
    if given is None:
        return None
    low, high = (given, given) if isinstance(given, int) else given
    if high < low:
        raise SetupError("the last attempt comes before the first", pointer="/when/attempt")
    return low, high


def _effect(given: dict[str, Any], contract_set: ContractSet) -> Effect:
    kind = given["kind"]
    point = given.get("point", KINDS[kind])
    _check_members(given, kind, point)
    _check_names(given, contract_set)
    probe = Effect(kind)
    retry_after = given.get("retryAfter")
    return Effect(
        kind=kind,
        mode=given.get("mode", probe.mode),
        point=point,
        status=given.get("status"),
        dialect=given.get("dialect", probe.dialect),
        message=given.get("message"),
        retry_after=None if retry_after is None else str(retry_after),
        latency=given.get("latencyMs", 0) / 1000,
        indexes=tuple(given.get("indexes", ())),
        error=given.get("error", probe.error),
        reason=given.get("reason", probe.reason),
        keep_bytes=given.get("keepBytes"),
        body=_text(given.get("body")),
        headers=dict(given.get("headers", {})),
        edits=tuple(Edit(**edit) for edit in given.get("operations", ())),
        shuffle=tuple(given.get("shuffle", ())),
    )


def _check_members(given: dict[str, Any], kind: str, point: str) -> None:
    form = FORMS[kind]
    for member in given:
        if member not in form.members | _ALWAYS | set(form.required):
            takes = ", ".join(sorted(form.members | _ALWAYS))
            raise SetupError(
                f'kind {kind} takes no "{member}"; it takes {takes}', pointer=f"/effect/{member}"
            )
    for member in form.required:
        if given.get(member) in (None, []):
            raise SetupError(f'kind {kind} needs "{member}"', pointer=f"/effect/{member}")
    if kind == "patch" and not (given.get("operations") or given.get("shuffle")):
        raise SetupError('kind patch needs "operations" or "shuffle"', pointer="/effect")
    points = (KINDS[kind], *form.points)
    if point not in points:
        raise SetupError(f"kind {kind} acts at {', '.join(points)}", pointer="/effect/point")
    if given.get("status") in _BODILESS:
        raise SetupError("a status without a body cannot be played", pointer="/effect/status")


def _check_names(given: dict[str, Any], contract_set: ContractSet) -> None:
    dialect = given.get("dialect", "family")
    if dialect != "family" and dialect not in contract_set.dialects:
        known = ", ".join(("family", *sorted(contract_set.dialects)))
        raise SetupError(f"no dialect {dialect}; known: {known}", pointer="/effect/dialect")
    error = given.get("error", "throttledError")
    if given["kind"] != "partial" or error in contract_set.item_errors:
        return
    # A name near to none is meant: clients must live with errors that are on no list yet.
    close = ", ".join(nearest(error, contract_set.item_errors))
    if close:
        raise SetupError(f"no item error {error}; near: {close}", pointer="/effect/error")


def _text(body: Any) -> str | None:
    return body if body is None or isinstance(body, str) else json.dumps(body)
