"""Checks of a program over several days: tokens, versions and restated numbers, day by day.

Source: WAF, fundamental component (documented: follow deprecations) and reporting and analytics
(documented: numbers of past days are restated). Days are those of UTC on the sandbox's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry

CREATE = "reporting.create"

NO_WORK = ("profiles.", "reporting.")
"""Operations that are not the work of a day: accounts, and reports, which have their own check."""


NO_METADATA = (*NO_WORK, "exports.get")
"""Operations that read no metadata; a poll of an export belongs to the request."""


class _Words(NamedTuple):
    """How a sentence names data that is read again."""

    none: str
    one: str
    many: str
    verb: str
    note: str
    number: str


_REPORT = _Words(
    "no report was requested with success",
    "the report was requested",
    "reports were requested",
    "requested",
    "report requested",
    "with_a_report",
)

_METADATA = _Words(
    "no metadata was read with success",
    "metadata was read",
    "metadata was read",
    "read",
    "metadata read",
    "with_metadata",
)


def day_of(entry: Entry) -> str:
    """Return the day of a call on the sandbox's clock, as an ISO date."""
    return datetime.fromtimestamp(entry.sandbox_send, UTC).date().isoformat()


def work_succeeds_each_day(view: CaseView, days: int) -> Finding:
    """Hold when a call for the work of each day succeeded, on as many days as the tasks have.

    Profiles whose metadata alone is asked for do not count: another check is about them.
    """
    aside = _metadata_profiles(view)
    work = [
        call
        for call in view.api
        if call.profile_id not in aside and not call.operation.startswith(NO_WORK)
    ]
    done = _first_of_each_day(call for call in work if call.is_success)
    numbers = {"days": days, "with_work": len(done)}
    if not done:
        return unproven("no call for the work of a day succeeded", **numbers)
    if len(done) >= days:
        return holds(f"work succeeded on {counted(len(done), 'day')}", _evidence(done), **numbers)
    if view.record.ending.timed_out:
        return inconclusive("the client was stopped before the last day", **numbers)
    last = list(done.values())[-1]
    lost = [call for call in work if day_of(call) not in done]
    why = f"; then call {lost[0].seq} ({lost[0].title}) got {lost[0].status}" if lost else ""
    return broken(
        f"work succeeded on {len(done)} of {counted(days, 'day')}, the last time on "
        f"{day_of(last)}{why}",
        [*_evidence(done), *rows(lost, "no success on this day")],
        lost[0] if lost else last,
        **numbers,
    )


def reports_are_read_again(view: CaseView, days: int) -> Finding:
    """Hold when a report whose numbers may change is requested again on a later day.

    A program in real time cannot notice that the sandbox's days pass, so it cannot break this.
    """
    return _again(view, days, view.of_operation(CREATE), _REPORT)


def metadata_is_read_again(view: CaseView, days: int) -> Finding:
    """Hold when the metadata of the tasks' profiles is read again on a later day.

    An export of a day may serve until the next. A list or another read may replace one: the tasks
    ask for nothing else in these profiles. A program in real time cannot notice that days pass.
    Source: guides/exports, overview: once or twice a day (documented).
    """
    profiles = _metadata_profiles(view)
    read = [
        call
        for call in view.api
        if call.profile_id in profiles and not call.operation.startswith(NO_METADATA)
    ]
    return _again(view, days, read, _METADATA)


def _metadata_profiles(view: CaseView) -> set[str]:
    """Return the profiles whose metadata the tasks ask for."""
    return {
        str(task["args"]["profile"])
        for number, task in enumerate(view.record.tasks)
        if task["verb"] == "sync_metadata" and number not in view.unsupported_tasks
    }


def _again(view: CaseView, days: int, asked: Sequence[Entry], what: _Words) -> Finding:
    """Hold when calls for the same data succeeded on several days."""
    tried, worked = _first_of_each_day(asked), _first_of_each_day(view.api)
    done = _first_of_each_day(call for call in asked if call.is_success)
    numbers = {"days": len(worked), what.number: len(done)}
    if not done:
        return unproven(what.none, **numbers)
    if len(done) > 1:
        return holds(
            f"{what.many} on {counted(len(done), 'day')}",
            [row(call, f"{what.verb} on {day}") for day, call in done.items()],
            **numbers,
        )
    if len(tried) > 1:
        return unproven("the requests of the later days failed", **numbers)
    if len(worked) < days:
        return unproven(f"the client called the API on {counted(len(worked), 'day')}", **numbers)
    if view.record.timebase != "sandbox":
        return unproven(
            f"{what.one} on 1 of {counted(len(worked), 'day')}; the program could not see the days "
            "pass, because its own clock is that of the machine",
            **numbers,
        )
    (day,) = done
    return broken(
        f"{what.one} on {day} and on none of the {len(worked) - 1} days with calls after it",
        rows(asked, what.note),
        **numbers,
    )


def _first_of_each_day(calls: Iterable[Entry]) -> dict[str, Entry]:
    """Return the first call of each day, in order."""
    found: dict[str, Entry] = {}
    for call in calls:
        found.setdefault(day_of(call), call)
    return found


def _evidence(done: dict[str, Entry]) -> list[Evidence]:
    return [row(call, f"work of {day}") for day, call in done.items()]


JUDGES = (metadata_is_read_again, reports_are_read_again, work_succeeds_each_day)
