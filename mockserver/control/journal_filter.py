"""Filters of journal entries: by query parameters, and by the ``match`` of a claim."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from adsmock.mockserver.control.serializers import value_of
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.journal import Entry

Predicate = Callable[[Entry], bool]
Difference = dict[str, Any]


def by_query(query: dict[str, Any]) -> Predicate:
    """Return a predicate for the filters of a query.

    Raises:
        SetupError: ``status`` is neither a status nor a class of statuses.
    """
    low, high = _statuses(query.get("status"))
    wanted: list[tuple[str, str]] = [
        (member, query[name])
        for name, member in (("region", "region"), ("profileId", "profile_id"), ("chain", "chain"))
        if name in query
    ]
    operation, fault = query.get("operation"), query.get("fault")

    def matches(entry: Entry) -> bool:
        return (
            low <= entry.status <= high
            and all(getattr(entry, member) == value for member, value in wanted)
            and (operation is None or fnmatchcase(entry.operation or "", operation))
            and (fault is None or fnmatchcase(_fault_id(entry), fault))
        )

    return matches


def _statuses(text: str | None) -> tuple[int, int]:
    if text is None:
        return 0, 999
    if len(text) == len("4xx") and text[1:] == "xx" and text[0] in "12345":
        first = int(text[0]) * 100
        return first, first + 99
    if not (text.isascii() and text.isdigit() and len(text) == len("429")):
        raise SetupError(
            f'"{text}" is not a status: use one such as 429, or a class such as 4xx',
            pointer="/status",
        )
    return int(text), int(text)


def _fault_id(entry: Entry) -> str:
    return str((entry.fault or {}).get("id", ""))


def differences(entry: Entry, match: dict[str, Any]) -> list[Difference]:
    """Return the members in which an entry differs from ``match``, none if it matches."""
    found = []
    for member, wanted in match.items():
        if member == "body":
            found += _body(wanted, entry)
            continue
        was, holds = _CHECKS[member](entry, wanted)
        if not holds:
            found.append({"member": member, "wanted": wanted, "was": was})
    return found


def _body(wanted: dict[str, Any], entry: Entry) -> list[Difference]:
    request = value_of(entry.request)
    members = request if isinstance(request, dict) else {}
    return [
        {"member": f"body.{name}", "wanted": value, "was": members.get(name)}
        for name, value in wanted.items()
        if name not in members or value not in ("*", members[name])
    ]


def _one_of(member: str) -> Callable[[Entry, list[Any]], tuple[Any, bool]]:
    def check(entry: Entry, wanted: list[Any]) -> tuple[Any, bool]:
        was = getattr(entry, member)
        return was, not wanted or was in wanted

    return check


def _exactly(member: str) -> Callable[[Entry, str], tuple[Any, bool]]:
    def check(entry: Entry, wanted: str) -> tuple[Any, bool]:
        was = getattr(entry, member)
        return was, wanted in ("*", was)

    return check


def _operation(entry: Entry, wanted: list[str]) -> tuple[Any, bool]:
    was = entry.operation or ""
    return entry.operation, not wanted or any(fnmatchcase(was, glob) for glob in wanted)


_CHECKS: dict[str, Callable[[Entry, Any], tuple[Any, bool]]] = {
    "region": _one_of("region"),
    "operation": _operation,
    "profileId": _exactly("profile_id"),
    "method": lambda entry, wanted: (entry.method, wanted.upper() in ("*", entry.method)),
    "path": lambda entry, wanted: (entry.path, fnmatchcase(entry.path, wanted)),
    "status": _one_of("status"),
    "fault": lambda entry, wanted: (
        _fault_id(entry) or None,
        fnmatchcase(_fault_id(entry), wanted),
    ),
}
