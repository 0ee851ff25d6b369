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
        again += [(call, one) for one in requested(call) if (call.profile_id, one) in done]
        done |= {(call.profile_id, one) for one in archived(call)}
    numbers: dict[str, Any] = {"archived": len(done), "again": len(again)}
    if again:
        call = again[0][0]
        return broken(
            f"{counted(len(again), 'archived entity')} archived again with {call.operation} in "
            f"{call.region}: {quote(name for _, name in again)}",
            rows({one.seq: one for one, _ in again}.values(), "already archived"),
            **numbers,
        )
    if not done:
        return unproven("nothing was archived")
    return holds(f"{counted(len(done), 'entity')} archived, each once", **numbers)


def requested(call: Entry) -> list[str]:
    """Return the ids that a call asks to archive."""
    body = call.request if isinstance(call.request, dict) else {}
    given = [value.get("include") if isinstance(value, dict) else value for value in body.values()]
    return [str(one) for found in given if isinstance(found, list) for one in found]


def archived(call: Entry) -> list[str]:
    """Return the requested ids that the answer of a call shows as archived."""
    reply = call.reply if call.is_success and isinstance(call.reply, dict) else {}
    success = {
        str(value)
        for part in reply.values()
        if isinstance(part, dict)
        for one in part.get("success", ())
        for value in one.values()
    }
    return [one for one in requested(call) if one in success]


JUDGES = (archives_are_not_repeated,)
