"""Lost files: which exports and days of reports the tasks ask for and no complete file has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.checks.job_files import fetched_jobs
from adsmock.harness.suite.checks.report_entry import CREATE, configuration, days, span
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.scope import EXPORTED

MOST_DAYS = 31
"""Days that one report may cover; a longer range that is refused has to be split.

Source: Well-Architected Framework, reporting and analytics; documented."""

BAD_REQUEST = 400

IsFinal = Callable[[Entry], bool]
"""Says whether a call failed so that no retry can fix it."""

Args = Mapping[str, Any]


def lost_files(view: CaseView, verb: str, args: Args, is_final: IsFinal) -> tuple[list[str], int]:
    """Return the lost pieces of a task with files, and the number of its pieces."""
    if verb == "report":
        lost = _lost_report(view, args, is_final)
        return ([lost] if lost else []), 1
    if verb == "reports":
        reports = args.get("reports", ())  # a load run knows only in which time they are due
        return [lost for report in reports if (lost := _lost_report(view, report, is_final))], len(
            reports
        )
    if verb == "sync_metadata":
        kinds = {kind: 1 for kind in EXPORTED if not _is_listed(view, args, EXPORTED[kind])}
        return _lost_exports(view, args, kinds, is_final), len(EXPORTED)
    count = int(args["count"]) if verb == "exports" else 1
    return _lost_exports(view, args, {args["kind"]: count}, is_final), count


def _lost_exports(
    view: CaseView, args: Args, kinds: Mapping[str, int], is_final: IsFinal
) -> list[str]:
    """Return one text for each export without a complete file."""
    calls = _calls(view, args, "exports.")
    if any(map(is_final, calls)):
        return []
    own = {call.seq for call in calls}
    fetched = [each.operation for each in fetched_jobs(view) if each.seq in own]
    return [
        f"export of {kind}"
        for kind, count in kinds.items()
        for _ in range(count - fetched.count(f"exports.{kind}.create"))
    ]


def _is_listed(view: CaseView, args: Args, resource: str) -> bool:
    """Say whether a list has the same data as an export."""
    lists = _calls(view, args, f"{resource}.list")
    return any(
        each.is_success and not (isinstance(each.reply, dict) and each.reply.get("nextToken"))
        for each in lists
    )


def _lost_report(view: CaseView, args: Args, is_final: IsFinal) -> str:
    """Return the days of a report without a complete file, empty when there are none."""
    calls = _calls(view, args, "reporting.")
    if any(
        is_final(call) for call in calls if call.operation != CREATE or call.status != BAD_REQUEST
    ):
        return ""
    own = {call.seq for call in calls}
    fetched = [each for each in fetched_jobs(view) if each.seq in own]
    lacking = days_left(view, args, fetched)
    if not lacking:
        return ""
    first, last = min(lacking), max(lacking)
    span = f"{first} to {last}" if first != last else f"{first}"
    return f"{counted(len(lacking), 'day')} of the report ({span})"


def days_left(view: CaseView, args: Args, covering: list[Entry]) -> set[date]:
    """Return the days of a report task that none of these requests covers.

    A day is not left when a range of at most 31 days with it was refused, such as one too long ago.
    """
    wanted = days(str(args["startDate"]), str(args["endDate"]))
    covered = {call.seq for call in covering}
    for call in report_calls(view, args):
        asked = days(*span(call))
        is_refused = call.status == BAD_REQUEST and len(asked) <= MOST_DAYS
        if call.seq in covered or is_refused:
            wanted -= asked
    return wanted


def report_calls(view: CaseView, args: Args) -> list[Entry]:
    """Return the requests for reports of a task's type, of its profile."""
    return [
        call
        for call in _calls(view, args, CREATE)
        if configuration(call).get("reportTypeId") == args["reportTypeId"]
    ]


def _calls(view: CaseView, args: Args, prefix: str) -> list[Entry]:
    """Return the calls of a task's profile with operations of one prefix."""
    profile = str(args.get("profile"))
    return [
        call
        for call in view.api
        if call.profile_id == profile and call.operation.startswith(prefix)
    ]
