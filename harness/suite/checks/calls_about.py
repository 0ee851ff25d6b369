"""The calls to show for lost work: those about it, else the last ones of its profile."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from adsmock.harness.suite.checks.finding import Evidence, rows
from adsmock.harness.suite.checks.missing_calls import texts_of, work_by_verb
from adsmock.harness.suite.checks.recommendation import ASK
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.view import filter_key

LAST = 3
"""Calls that are shown: the last ones."""

CAMPAIGNS = "sp.campaigns"

OPERATIONS: dict[str, tuple[str, ...]] = {
    "create": ("{resource}.create",),
    "create_tree": ("sp.*.create",),
    "update": ("{resource}.update",),
    "modify": ("{resource}.update", "{resource}.list"),
    "archive": ("{resource}.archive",),
    "list": ("{resource}.list",),
    "apply_recommendations": (f"{CAMPAIGNS}.update", ASK),
    "raise_budgets": (f"{CAMPAIGNS}.update",),
    "run_workflow": ("amc.*",),
    "schedule_workflow": ("amc.*",),
    "export": ("exports.*",),
    "exports": ("exports.*",),
    "sync_metadata": ("exports.*",),
    "report": ("reporting.*",),
    "reports": ("reporting.*",),
}
"""The operations of a verb, as globs; those of the other verbs are in ``work_by_verb.toml``."""

JOB_IDS = ("reportId", "exportId")

Task = dict[str, Any]


def calls_about(view: CaseView, task: Task, missing: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the last calls that name lost pieces of a task, or that could have done its work.

    Without any, the last calls for its profile show what the client did instead.
    """
    profile = task["args"].get("profile")
    calls = [one for one in view.calls if profile is None or one.profile_id == str(profile)]
    place = " for this profile" if profile is not None else ""
    operations = [each.format_map(task["args"]) for each in operations_of(task)]
    own = [one for one in calls if any(fnmatchcase(one.operation, each) for each in operations)]
    naming = [one for one in own if _names_one(view, one, task, missing)]
    if naming:
        return rows(_with_polls(own, naming)[-LAST:], "about lost work")
    if own:
        return tuple(Evidence(one.seq, f"one of the last {one.operation}") for one in own[-LAST:])
    label = f"last calls{place}; none is {' or '.join(operations)}" if operations else ""
    others = [one for one in calls if one.is_api] or list(view.entries)
    return rows(others[-LAST:], label or f"last calls{place}")


def operations_of(task: Task) -> tuple[str, ...]:
    """Return the operations that do the work of a task, as globs."""
    verb = task["verb"]
    if verb in OPERATIONS:
        return OPERATIONS[verb]
    row = work_by_verb().get(verb)
    return row.operations if row else ()


def _names_one(view: CaseView, call: Entry, task: Task, missing: Sequence[str]) -> bool:
    """Say whether a request names a lost piece: its name, its id, its filter or its report."""
    wanted = dict(task["args"].get("filter") or {})
    if wanted and task["verb"] == "list":
        given = view.filters.get(call.seq, {})
        return bool({filter_key(*each) for each in wanted.items()} & _keys(given))
    keys = set(missing) | _report_types(task) | {piece.rpartition(" of ")[2] for piece in missing}
    named = call.operation.split(".") if call.operation.startswith("exports.") else ()
    return not keys.isdisjoint((*texts_of(call.request), *named))


def _with_polls(own: Sequence[Entry], naming: Sequence[Entry]) -> list[Entry]:
    """Return calls in order, together with those that name the job which one of them created."""
    replies = [call.reply for call in naming if isinstance(call.reply, dict)]
    jobs = {str(reply[name]) for reply in replies for name in JOB_IDS if name in reply}
    known = {call.seq for call in naming}
    return [call for call in own if call.seq in known or jobs & set(call.path.split("/"))]


def _keys(filters: dict[str, Any]) -> set[Any]:
    return {filter_key(*each) for each in filters.items()}


def _report_types(task: Task) -> set[str]:
    args = task["args"]
    asked = [args, *(each for each in args.get("reports", ()) if isinstance(each, dict))]
    return {str(each["reportTypeId"]) for each in asked if "reportTypeId" in each}
