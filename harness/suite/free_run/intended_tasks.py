"""The tasks that a program gave itself: what its calls show that it intended.

Judge functions compare calls with tasks. In a free run the tasks follow from the traffic.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.harness.suite.free_run.playing import Pass
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch

Task = dict[str, Any]

WRITES = frozenset({"create", "update"})

POLL = "reporting.get"
"""The operation that says whether a report is ready."""


def intended_tasks(clean: Pass, played: Pass) -> tuple[Task, ...]:
    """Return the tasks of a pass.

    What to list and to report follows from the pass without faults, since a program that
    stops at a fault does not show it. Writes are those of the pass itself: names may differ.
    Who polls no report leaves the files to another program or a later run.
    """
    pollers = {row.get("profileId") for row in clean.record.rows if row["operation"] == POLL}
    ids = {label: profile for profile, label in played.names.items()}
    moved = [
        {**task, "args": {**task["args"], "profile": ids[label]}}
        for task in _calls(clean)
        if task["verb"] not in WRITES
        and (task["verb"] != "report" or task["args"]["profile"] in pollers)
        and (label := clean.names.get(str(task["args"]["profile"]), "")) in ids
    ]
    return (*moved, *(task for task in _calls(played) if task["verb"] in WRITES))


def _calls(played: Pass) -> Iterator[Task]:
    """Yield one task for each list and each different write or report of a pass."""
    seen: set[tuple[str, str]] = set()
    for entry in CaseView.of(played.record).api:
        task = _task(entry)
        what = f"{entry.operation} {entry.profile_id}" if task and task["verb"] == "list" else ""
        key = (what, "" if what else entry.chain)
        if task and key not in seen:
            seen.add(key)
            yield task


def _task(entry: Entry) -> Task | None:
    resource, _, verb = entry.operation.rpartition(".")
    profile = str(entry.profile_id)
    if verb == "list" and resource.startswith("sp."):
        return {"verb": "list", "args": {"resource": resource, "profile": profile}}
    if verb in WRITES and resource.startswith("sp."):
        sent = batch(entry)
        if sent is None:
            return None
        items = [item for n, item in enumerate(sent.items) if verb == "create" or n in sent.success]
        return {"verb": verb, "args": {"resource": resource, "profile": profile, "items": items}}
    if entry.operation == "reporting.create" and isinstance(entry.request, dict):
        dates = {name: str(entry.request.get(name, "")) for name in ("startDate", "endDate")}
        kind = (entry.request.get("configuration") or {}).get("reportTypeId")
        return {"verb": "report", "args": {"profile": profile, "reportTypeId": kind, **dates}}
    return None
