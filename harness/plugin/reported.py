"""What a passed test reports: the items of its tasks exist, or the API refused them for good."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from adsmock.harness.suite.journal import CaseRecord, CaseView
from adsmock.harness.suite.journal.item import batch

TRANSIENT = frozenset({"throttledError", "internalServerError"})
"""Errors of an item that a client sends again; after any other one it need not."""


OPERATIONS = {
    "list": "{resource}.list",
    "update": "{resource}.update",
    "archive": "{resource}.archive",
    "create_tree": "sp.campaigns.create",
    "export": "exports.",
    "exports": "exports.",
    "sync_metadata": "exports.",
    "report": "reporting.",
    "reports": "reporting.",
}
"""By verb, how the operations begin that show that a test does such a task."""


def with_reports(record: CaseRecord) -> CaseRecord:
    """Return the record with the reports about its tasks that a passed test implies.

    A test may leave tasks of its case out: one without any call is reported as unsupported.
    """
    view = CaseView.of(record)
    claims = tuple(
        claim
        for number, task in enumerate(record.tasks)
        if (claim := _report(view, number, task)) is not None
    )
    return structs.replace(record, ending=structs.replace(record.ending, claims=claims))


def _report(view: CaseView, number: int, task: dict[str, Any]) -> dict[str, Any] | None:
    verb, args = task["verb"], task["args"]
    if verb == "create":
        return _claim(number, _done(view, args), len(args["items"]))
    start = OPERATIONS.get(verb, "").format(resource=args.get("resource", ""))
    if any(call.operation.startswith(start) for call in view.api):
        return None
    return {"task": number, "verb": verb, "status": "unsupported"}


def _claim(task: int, done: int, items: int) -> dict[str, Any]:
    counts = {"done": done, "failed": items - done}
    return {"task": task, "verb": "create", "status": "partial", **counts}


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
