"""The check of updates and archivings that failed as a whole: nothing of the call was stored.

Source: Well-Architected Framework, resilience: what fails for now is repeated, then reported;
documented.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from adsmock.harness.suite.checks.archive import requested
from adsmock.harness.suite.checks.failed_rows import archived_ids
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    quote,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.reaction import FAILURES, reports_failure, was_stopped
from adsmock.harness.suite.checks.settled import is_final, updated_ids
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, own_id

VERBS = ("update", "archive")


class _Change(NamedTuple):
    """An update or archiving of one entity, which has the same id for each profile."""

    operation: str
    entity: str


Changes = dict[_Change, Entry]
"""Changes, each with the last call that failed."""


def failed_writes_are_settled(view: CaseView) -> Finding:
    """Hold when each change of a call that was not stored succeeded later, or is reported."""
    failed, left = _failed(view)
    numbers: dict[str, Any] = {"failed": len(failed), "left": len(left)}
    if not failed:
        return unproven("no update or archiving failed without being stored")
    evidence = rows({call.seq: call for call in failed.values()}.values(), "not stored")
    lost = {change: call for change, call in left.items() if not _is_reported(view, call)}
    if not left:
        return holds(f"{_entities(failed)} in failed calls, all written later", evidence, **numbers)
    if not lost:
        return holds(
            f"{_entities(left)} in failed calls never written, but reported as failed",
            evidence,
            **numbers,
        )
    change, call = next(iter(lost.items()))
    names = quote(each.entity for each in lost)
    words = f"{len(lost)} of {_entities(failed)} in failed calls of {change.operation}"
    if was_stopped(view):
        return inconclusive(
            f"adsmock stopped the client before {words} were written or reported as failed: "
            f"{names}; let it end by itself, or give it more time with --timeout",
            **numbers,
        )
    return broken(
        f"{words} neither written later nor reported as failed: {names}; the last answer was "
        f"{call.status or 'a closed connection'}",
        evidence,
        call,
        **numbers,
    )


def _failed(view: CaseView) -> tuple[Changes, Changes]:
    """Return the changes in calls that were not stored, and those that no later call settled."""
    failed: Changes = {}
    left: Changes = {}
    for call in view.api:
        if call.operation.rpartition(".")[2] not in VERBS:
            continue
        for change in _changes(call, _settled(call)):
            left.pop(change, None)
        if _is_unstored(call):
            found = dict.fromkeys(_changes(call, _sent(call)), call)
            failed |= found
            left |= found
    return failed, left


def _entities(changes: Changes) -> str:
    return counted(len(changes), "entity")


def _is_unstored(call: Entry) -> bool:
    """Say whether a whole call failed so that nothing was stored and a retry may succeed."""
    return not (call.committed or call.is_success or is_final(call, ()))


def _changes(call: Entry, ids: set[str]) -> list[_Change]:
    return [_Change(call.operation, each) for each in sorted(ids)]


def _sent(call: Entry) -> set[str]:
    """Return the ids that a call asks to update or to archive."""
    resource, _, verb = call.operation.rpartition(".")
    if verb == "archive":
        return set(requested(call))
    sent = batch(call)
    return {own_id(resource, item) for item in sent.items} if sent else set()


def _settled(call: Entry) -> set[str]:
    is_archive = call.operation.endswith(".archive")
    return archived_ids(call) if is_archive else updated_ids(call)


def _is_reported(view: CaseView, call: Entry) -> bool:
    """Say whether the client reports a failure of a task about the entities of a call.

    A claim is about one task, an exit code about all the work of a program.
    """
    claims = view.record.ending.claims
    if not claims:
        return reports_failure(view)
    resource = call.operation.rpartition(".")[0]
    failing = {claim["task"] for claim in claims if claim["status"] in FAILURES}
    return any(
        number in failing
        and task["args"].get("resource") == resource
        and call.profile_id in {None, str(task["args"].get("profile"))}
        for number, task in enumerate(view.record.tasks)
    )


JUDGES = (failed_writes_are_settled,)
