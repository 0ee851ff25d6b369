"""Checks of Marketing Cloud: settled data, executions that ended, queries that were refused.

Source: guides/amazon-marketing-cloud/reporting (documented: data arrive within 48 hours; columns
have aggregation thresholds; too many similar queries over the same data are rejected).
"""

from __future__ import annotations

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
from adsmock.harness.suite.checks.reaction import acted_after
from adsmock.harness.suite.checks.workflow_entry import (
    CREATE,
    DOWNLOAD,
    STATUS,
    days,
    execution,
    queries,
    spelled,
    window,
)
from adsmock.harness.suite.journal import CaseView, Entry

VERB = "run_workflow"

SETTLED_HOURS = 48
"""Hours after which data are complete (documented)."""

CLOCKS = 60.0
"""Seconds by which the clock of a client may be ahead (own choice)."""

HOUR = 3600.0

PART_OF_DAY = 0.1
"""Days by which a window may differ from whole days: those of a daylight saving change."""

SPACED = 1.0
"""A new execution within these seconds after one that ended counts as immediate."""

BAD_REQUEST, THRESHOLD = 400, "threshold"
"""A refusal of a query whose output could show single users."""

TOO_SIMILAR = "too many workflows"
"""Part of the reason of an execution that was rejected (documented)."""


def executions_read_settled_data(view: CaseView) -> Finding:
    """Hold when the windows of all executions ended 48 hours before the executions were created.

    Another execution over the same window, once its data are complete, replaces an early one.
    """
    wanted = {args["days"] for args in view.task_args(VERB)}
    made = [(call, text) for call, text in queries(view) if _is_accepted(call)]
    early = [(call, text, over) for call, text in made if (over := _missing_hours(call)) > 0]
    left = [
        (call, over)
        for call, text, over in early
        if not any(
            after.seq > call.seq and again == text and window(after) == window(call)
            for after, again in made
            if _missing_hours(after) <= 0
        )
    ]
    numbers = {"executions": len(made), "early": len(left)}
    if left:
        call, over = left[0]
        return broken(
            f"the window of call {call.seq} ended {SETTLED_HOURS - over:.0f} hours before the "
            f"execution was created; its data are complete after {SETTLED_HOURS} hours",
            [row(each, "window with incomplete data") for each, _ in left],
            **numbers,
        )
    fitting = [call for call, _ in made if any(abs(days(call) - n) < PART_OF_DAY for n in wanted)]
    if not fitting:
        spans = ", ".join(str(number) for number in sorted(wanted)) or "the"
        return unproven(f"no execution over {spans} days was created", **numbers)
    return holds(
        f"{counted(len(made), 'execution')}, each over data that were complete",
        rows(fitting, "window with complete data"),
        **numbers,
    )


def ended_execution_is_left(
    view: CaseView, status: str, most: int, reason: str | None = None
) -> Finding:
    """Hold when an execution that ended with a status was left, and few new ones came.

    Args:
        view: the view of the case.
        status: how the execution ended: ``FAILED`` or ``CANCELLED``.
        most: new executions of the query that may follow, each after a wait.
        reason: part of the reason that the service gives, where only such an end counts.
    """
    ended = next((call for call in view.of_operation(STATUS) if _ended(call, status, reason)), None)
    if ended is None:
        return unproven(f"no answer showed an execution that was {status}")
    looks = _asked_again(view, ended)
    new = _again(view, ended)
    numbers = {"looks": len(looks), "new": len(new), "most": most}
    first = row(ended, f"the execution is {status}")
    soon = [call for call in new if call.arrive - ended.send < SPACED]
    if looks:
        says = f"the execution was polled {counted(len(looks), 'more time')} after it was {status}"
        return broken(says, [first, *rows(looks, "polled again")], **numbers)
    if len(new) > most:
        made = counted(len(new), "new execution")
        says = f"{made} of the query after one that was {status}; the limit is {most}"
        return broken(says, [first, *rows(new[most:], "one execution too many")], **numbers)
    if soon:
        says = "the query was executed again at once"
        return broken(says, [first, *rows(soon, "executed without a wait")], **numbers)
    if not new and not acted_after(view, ended):
        return unproven("the client neither executed a query again nor reported the failure")
    says = f"the execution that is {status} was left; {counted(len(new), 'new execution')} followed"
    return holds(says, [first, *rows(new, "new execution")], **numbers)


def refused_query_is_not_varied(view: CaseView) -> Finding:
    """Hold when no variation of a query followed its refusal, and the client went on.

    A query that no task asks for and that comes after the refusal is a variation.
    """
    asked = [spelled(args["sqlQuery"]) for args in view.task_args(VERB)]
    sent = list(queries(view))
    refused = _refusal(view, sent)
    if refused is None:
        return unproven("no query was refused")
    answer, text = refused
    before, query, after = next((text.partition(one) for one in asked if one in text), ("", "", ""))
    if not query:
        return unproven("the client sends other queries than those of its tasks")
    known = {before + one + after for one in asked}
    varied = [
        call for call, other in sent if call.seq > answer.seq and other and other not in known
    ]
    numbers = {"queries": len(sent), "variations": len(varied)}
    why = row(answer, "the query was refused")
    if varied:
        changed = next(other for call, other in sent if call is varied[0])
        return broken(
            f"{counted(len(varied), 'variation')} of the refused query followed, such as "
            f"{quote([changed])}",
            [why, *rows(varied, "variation of the refused query")],
            **numbers,
        )
    if not acted_after(view, answer):
        return unproven("the client neither went on nor reported the refusal", **numbers)
    return holds("no variation of the refused query followed", [why], **numbers)


def _refusal(view: CaseView, sent: list[tuple[Entry, str]]) -> tuple[Entry, str] | None:
    """Return the first answer that refuses a query, and the query."""
    for call, text in sent:
        if call.status == BAD_REQUEST and THRESHOLD in str(call.reply):
            return call, text
    for look in view.of_operation(STATUS):
        if _ended(look, "FAILED", TOO_SIMILAR):
            made = _creation(sent, look)
            return (look, made[1]) if made else None
    return None


def _again(view: CaseView, ended: Entry) -> list[Entry]:
    """Return the executions of the same query after an answer showed that one had ended."""
    sent = list(queries(view))
    made = _creation(sent, ended)
    if made is None:
        return []
    return [
        call
        for call, text in sent
        if call.operation == CREATE and call.seq > ended.seq and text == made[1]
    ]


def _creation(sent: list[tuple[Entry, str]], look: Entry) -> tuple[Entry, str] | None:
    """Return the call that created the execution that a status call is about, and its query."""
    name = str(execution(look).get("workflowExecutionId"))
    return next(
        (
            (call, text)
            for call, text in sent
            if call.operation == CREATE and str(execution(call).get("workflowExecutionId")) == name
        ),
        None,
    )


def _is_accepted(call: Entry) -> bool:
    return call.operation == CREATE and call.is_success


def _missing_hours(create: Entry) -> float:
    """Return how many hours too early an execution was created, 0 or less for none."""
    found = window(create)
    if found is None:
        return 0.0
    ready = found.end + SETTLED_HOURS * HOUR
    return (ready - create.sandbox_send - CLOCKS) / HOUR


def _ended(look: Entry, status: str, reason: str | None) -> bool:
    shown = execution(look)
    return shown.get("status") == status and (reason or "") in str(shown.get("statusReason"))


def _asked_again(view: CaseView, ended: Entry) -> list[Entry]:
    """Return the later calls for the status or the result of an execution."""
    return [
        call
        for call in view.api
        if call.seq > ended.seq
        and call.operation in (STATUS, DOWNLOAD)
        and (call.path == ended.path or call.path.startswith(f"{ended.path}/"))
    ]


JUDGES = (executions_read_settled_data, ended_execution_is_left, refused_query_is_not_varied)
