"""The check of archived entities: an entity is archived once.

Source: Well-Architected Framework, handle 207 responses: only failed items are sent again;
documented.
"""

from __future__ import annotations

from typing import Any

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    quote,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry


def archives_are_not_repeated(view: CaseView) -> Finding:
    """Hold when no entity was archived again after its archiving had succeeded."""
    done: set[tuple[str | None, str]] = set()
    again: list[tuple[Entry, str]] = []
    for call in view.of_verb("archive"):
        again += [(call, each) for each in requested(call) if (call.profile_id, each) in done]
        done |= {(call.profile_id, each) for each in archived(call)}
    numbers: dict[str, Any] = {"archived": len(done), "again": len(again)}
    if again:
        call = again[0][0]
        return broken(
            f"{counted(len(again), 'archived entity')} archived again with {call.operation} in "
            f"{call.region}: {quote(name for _, name in again)}",
            rows({each.seq: each for each, _ in again}.values(), "already archived"),
            call,
            **numbers,
        )
    if not done:
        return unproven("nothing was archived")
    return holds(f"{counted(len(done), 'entity')} archived, each once", **numbers)


def requested(call: Entry) -> list[str]:
    """Return the ids that a call asks to archive."""
    body = call.request if isinstance(call.request, dict) else {}
    given = [value.get("include") if isinstance(value, dict) else value for value in body.values()]
    return [str(each) for found in given if isinstance(found, list) for each in found]


def archived(call: Entry) -> list[str]:
    """Return the requested ids that the answer of a call shows as archived."""
    reply = call.reply if call.is_success and isinstance(call.reply, dict) else {}
    success = {
        str(value)
        for part in reply.values()
        if isinstance(part, dict)
        for each in part.get("success", ())
        for value in each.values()
    }
    return [each for each in requested(call) if each in success]


JUDGES = (archives_are_not_repeated,)
