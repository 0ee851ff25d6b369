"""What a passed test reports: the items of its tasks exist, or the API refused them for good."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from adsmock.harness.suite.journal import CaseRecord, CaseView
from adsmock.harness.suite.journal.item import batch

TRANSIENT = frozenset({"throttledError", "internalServerError"})
"""Errors of an item that a client sends again; after any other one it need not."""


def with_reports(record: CaseRecord) -> CaseRecord:
    """Return the record with a report about each ``create`` task, as a passed test implies it."""
    view = CaseView.of(record)
    claims = tuple(
        {"task": number, "verb": "create", "status": "partial", "done": _done(view, task["args"])}
        for number, task in enumerate(record.tasks)
        if task["verb"] == "create"
    )
    return structs.replace(record, ending=structs.replace(record.ending, claims=claims))


def _done(view: CaseView, args: dict[str, Any]) -> int:
    """Return how many items of a task are not refused for good in the last answer about each."""
    last: dict[str, bool] = {}
    for call in view.of_operation(f"{args['resource']}.create"):
        sent = batch(call)
        if sent is None or call.profile_id != str(args["profile"]):
            continue
        for index, key in enumerate(sent.keys()):
            if index in sent.success or index in sent.error:
                errors = sent.errors_of(index) if index in sent.error else ()
                last[key] = bool(errors) and not TRANSIENT.intersection(errors)
    return len(args["items"]) - sum(last.values())
