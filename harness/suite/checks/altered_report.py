"""Files that lack what their task asks for: columns, single days, the grouping, live entities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from adsmock.harness.suite.checks.file_work import report_calls
from adsmock.harness.suite.checks.job_files import fetched_jobs
from adsmock.harness.suite.checks.report_entry import configuration, days, span
from adsmock.harness.suite.journal import CaseView, Entry

DAILY, SUMMARY = "DAILY", "SUMMARY"

SAME = {"spend": "cost"}
"""Columns with the numbers of another one."""

METADATA = frozenset(
    {
        "campaignName",
        "campaignStatus",
        "campaignBudgetAmount",
        "campaignBudgetType",
        "campaignBudgetCurrencyCode",
        "adGroupName",
        "adStatus",
        "adKeywordStatus",
        "portfolioId",
    }
)
"""Columns that an export has too. Source: reporting v3, FAQ; documented."""

LIVE = frozenset({"ENABLED", "PAUSED"})
"""The states of entities that can serve ads again: a file without one of them is incomplete."""

Found = tuple[str, tuple[Entry, ...]]


def altered_days(view: CaseView, args: Mapping[str, Any]) -> Found | None:
    """Return how the files of a report task differ from it, and their requests.

    None where no file with days of the task came; an empty text where nothing is missing. A day
    may have its columns from several reports.
    """
    fetched = {each.seq for each in fetched_jobs(view)}
    wanted = days(str(args["startDate"]), str(args["endDate"]))
    made = [
        call
        for call in report_calls(view, args)
        if call.seq in fetched and configuration(call) and days(*span(call)) & wanted
    ]
    if not made:
        return None
    if narrow := _narrowed([_status_of(call) for call in made], "filters" in args):
        return narrow, tuple(made)
    fitting = [call for call in made if not _misfit(call, args)]
    if not fitting:
        return _misfit(made[0], args), tuple(made)
    lacking = {
        name
        for day in wanted & {day for call in made for day in days(*span(call))}
        for name in _columns(args.get("columns", ())) - METADATA - _of_day(fitting, day)
    }
    if not lacking:
        return "", tuple(made)
    return f"the report has no column {', '.join(sorted(lacking))}", tuple(made)


def altered_export(view: CaseView, args: Mapping[str, Any]) -> Found | None:
    """Return how the files of an export task differ from it; None where no file came."""
    operation = f"exports.{args['kind']}.create"
    made = [
        call
        for call in fetched_jobs(view)
        if call.operation == operation and call.profile_id == str(args["profile"])
    ]
    if not made:
        return None
    bodies = [call.request if isinstance(call.request, dict) else {} for call in made]
    states = [body.get("stateFilter") for body in bodies]
    return _narrowed(states, "stateFilter" in (args.get("filter") or {})), tuple(made)


def _status_of(call: Entry) -> list[str] | None:
    """Return the states to which a report is limited, None for all."""
    filters = configuration(call).get("filters") or ()
    found = (each.get("values") for each in filters if each.get("field") == "campaignStatus")
    return next(found, None)


def _narrowed(states: list[list[str] | None], is_asked: bool) -> str:
    """Return which live entities all files together lack, empty if none."""
    if is_asked or None in states:
        return ""
    left = LIVE - {name for each in states for name in each or ()}
    return f"the file is limited by state, without {', '.join(sorted(left))}" if left else ""


def _of_day(calls: list[Entry], day: date) -> set[str]:
    """Return the columns of a day in all reports that have it."""
    own = [call for call in calls if day in days(*span(call))]
    return {name for call in own for name in _columns(configuration(call).get("columns") or ())}


def _columns(names: Any) -> set[str]:
    return {SAME.get(name, name) for name in names}


def _misfit(call: Entry, args: Mapping[str, Any]) -> str:
    """Return why the rows of a report cannot be those of the task, empty if they can."""
    asked = configuration(call)
    groups = set(args.get("groupBy", ())) - set(asked.get("groupBy") or ())
    if groups:
        return f"the report is grouped by {asked.get('groupBy')}, without {min(groups)}"
    is_summed = asked.get("timeUnit") == SUMMARY and len(days(*span(call))) > 1
    if args.get("timeUnit") == DAILY and is_summed:
        return "the report sums its days, and the task asks for each day"
    return ""
