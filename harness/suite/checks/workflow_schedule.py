"""Checks of routine queries of Marketing Cloud: the service executes them, by one schedule each.

Source: guides/amazon-marketing-cloud/reporting/schedule-workflow (documented: daily and weekly
schedules of stored workflows). Days are those of UTC on the sandbox's clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from adsmock.harness.suite.checks.days import day_of
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    quote,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.workflow_entry import CREATE, SCHEDULES, queries, spelled
from adsmock.harness.suite.journal import CaseView, Entry

VERB = "schedule_workflow"
ENDED = "amc.schedules.delete"
FAMILY = "amc."
NO_TASK = "no task asks for a routine query"
UNSCHEDULED = "no schedule of the query exists, and the client did not execute it"
DAILY = "Daily"
"""The period of a schedule that names none (assumed)."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule, and the call that created it."""

    call: Entry
    id: str
    period: str


def routine_query_is_scheduled(view: CaseView) -> Finding:
    """Hold when the service executes the query of the task, and the client does not on later days.

    Executions on the day of the first schedule are allowed: a trial, or the first rows.
    """
    wanted, period = _routine(view)
    own = [
        call
        for call, text in queries(view)
        if call.operation == CREATE and call.is_success and wanted in text
    ]
    found = _schedules(view, wanted)
    numbers = {"schedules": len(found), "executions": len(own)}
    if not wanted or not (found or own):
        return unproven(UNSCHEDULED if wanted else NO_TASK, **numbers)
    if not found:
        times = counted(len(own), "time")
        says = f"no schedule exists: the client executed the query itself {times}"
        return broken(says, rows(own, "executed by the client"), **numbers)
    if all(each.period != period for each in found):
        says = f"the schedule is {found[0].period.lower()}; the task asks for {period.lower()}"
        return broken(says, [row(found[0].call, "scheduled")], **numbers)
    first = found[0].call
    late = [call for call in own if day_of(call) > day_of(first)]
    if late:
        times = counted(len(late), "time")
        says = f"the query has a schedule, and the client executed it itself {times} on later days"
        return broken(
            says, [row(first, "scheduled"), *rows(late, "executed by the client")], **numbers
        )
    if not _later(view, first):
        return unproven("no call to Marketing Cloud followed on a later day", **numbers)
    return holds(f"the query has a {period.lower()} schedule", [row(first, "scheduled")], **numbers)


def routine_query_has_one_schedule(view: CaseView) -> Finding:
    """Hold when a query has one schedule after its task came again on a later day."""
    wanted, _ = _routine(view)
    found = _schedules(view, wanted)
    numbers = {"schedules": len(found)}
    if not wanted:
        return unproven(NO_TASK, **numbers)
    if not found:
        return unproven("no schedule of the query was created", **numbers)
    evidence = [row(each.call, f"schedule {each.id}") for each in found]
    if len(found) > 1:
        names = quote([each.id for each in found])
        says = f"the query has {counted(len(found), 'schedule')}, {names}: each executes it"
        return broken(says, evidence, **numbers)
    if not _later(view, found[0].call):
        return unproven("no call to Marketing Cloud followed on a later day", **numbers)
    return holds("the query has one schedule", evidence, **numbers)


def _routine(view: CaseView) -> tuple[str, str]:
    """Return the query of the tasks in one spelling, and its period."""
    args = next(iter(view.task_args(VERB)), {})
    return spelled(str(args.get("sqlQuery", ""))), str(args.get("aggregationPeriod", DAILY))


def _schedules(view: CaseView, query: str) -> list[Schedule]:
    """Return the enabled schedules of a query that exist at the end, in order of creation."""
    found: dict[str, Schedule] = {}
    texts = {call.seq: text for call, text in queries(view) if call.operation in SCHEDULES}
    for call in view.api:
        last = call.path.rpartition("/")[2]
        if call.operation == ENDED and call.is_success:
            found.pop(last, None)
        elif call.seq in texts and call.is_success:
            body = call.request if isinstance(call.request, dict) else {}
            name = str(body.get("scheduleId") or last)
            before = found.pop(name, None)
            if query in texts[call.seq] and body.get("scheduleEnabled", True):
                period = str(body.get("aggregationPeriod") or DAILY)
                found[name] = Schedule(before.call if before else call, name, period)
    return list(found.values())


def _later(view: CaseView, first: Entry) -> list[Entry]:
    """Return the successful calls to Marketing Cloud on days after that of a call."""
    return [
        call
        for call in view.api
        if call.operation.startswith(FAMILY) and call.is_success and day_of(call) > day_of(first)
    ]


JUDGES = (routine_query_has_one_schedule, routine_query_is_scheduled)
