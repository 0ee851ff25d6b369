"""The check of 207 answers to writes of entities that exist: each throttled row is acted on.

Source: Well-Architected Framework, handle 207 responses; documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.harness.suite.checks.archive import requested
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    quote,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.reaction import reports_failure
from adsmock.harness.suite.checks.settled import TRANSIENT, is_final
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, own_id


def failed_rows_are_read(view: CaseView) -> Finding:
    """Hold when each throttled entity of an update or archiving was sent again, or reported."""
    failed: dict[tuple[str, str], Entry] = {}
    ignored: dict[tuple[str, str], Entry] = {}
    for call in view.api:
        for each in _written(call):
            ignored.pop((call.operation, each), None)
        for each in throttled_ids(call):
            failed[call.operation, each] = ignored[call.operation, each] = call
    numbers: dict[str, Any] = {"throttled": len(failed), "ignored": len(ignored)}
    if not failed:
        return unproven("no entity of an update or archiving was throttled inside a 207")
    evidence = rows({each.seq: each for each in failed.values()}.values(), "entities throttled")
    if not ignored:
        return holds(
            f"{counted(len(failed), 'throttled entity')}, all sent again", evidence, **numbers
        )
    if reports_failure(view):
        return holds(
            f"{counted(len(ignored), 'throttled entity')} not sent again, but reported as failed",
            evidence,
            **numbers,
        )
    operation = next(iter(ignored))[0]
    return broken(
        f"{len(ignored)} of {counted(len(failed), 'throttled entity')} of {operation} neither sent "
        f"again nor reported as failed: {quote(each for _, each in ignored)}",
        evidence,
        next(iter(ignored.values())),
        **numbers,
    )


def _written(call: Entry) -> list[str]:
    """Return the ids of the entities that a call updates or archives, in its order."""
    if call.operation.endswith(".archive"):
        return requested(call)
    sent = batch(call) if call.operation.endswith(".update") else None
    resource = call.operation.removesuffix(".update")
    return [own_id(resource, item) for item in sent.items] if sent else []


def throttled_ids(call: Entry) -> Iterator[str]:
    """Yield the ids that the 207 of an update or archiving reports as throttled."""
    ids = _written(call)
    reply = call.reply if call.is_success and isinstance(call.reply, dict) else {}
    for part in reply.values():
        for row in part.get("error", ()) if isinstance(part, dict) else ():
            kinds = {str(error.get("errorType")) for error in row.get("errors", ())}
            place = row.get("index")
            if kinds & TRANSIENT and isinstance(place, int) and 0 <= place < len(ids):
                yield ids[place]


def archived_ids(call: Entry) -> set[str]:
    """Return the ids in one archiving that were archived or refused for good."""
    if not (call.committed or call.is_success or is_final(call, ())):
        return set()
    return set(requested(call)) - set(throttled_ids(call))


JUDGES = (failed_rows_are_read,)
