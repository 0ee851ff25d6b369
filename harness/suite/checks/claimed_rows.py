"""The rows that a client reports for an export or a report, compared with those of its files.

Without a count (0), and with the number of files, a claim says nothing about rows. A client may
also take rows from a file that another task asked for, drop rows that the task does not ask for,
or add up rows of several files. Only numbers that none of this explains contradict the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any
from urllib.parse import unquote

from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.checks.job_files import CORRUPT, downloads_by_job, fetched_jobs, job_id
from adsmock.harness.suite.checks.report_entry import CREATE, configuration, days, span
from adsmock.harness.suite.journal import CaseView, Entry

Args = Mapping[str, Any]

SAME = ("columns", "groupBy", "filters", "timeUnit")
"""Members of a report's configuration that decide how many rows it has."""


def claimed_rows(view: CaseView, claim: Mapping[str, Any], args: Args) -> str:
    """Return how the files contradict the reported number of rows, empty when they do not."""
    claimed, verb = int(claim.get("done", 0)), str(claim["verb"])
    jobs = _jobs(view, verb, args)
    files = _rows_by_job(view)
    if _has_unknown_job(view, files):
        return ""
    found = [rows for job in jobs if (rows := files[job_id(job)]) is not None]
    own_files = 1 if verb == "export" else len(jobs)
    if claimed <= own_files or not found or len(found) < len(jobs):
        return ""
    most, least = sum(found), _least(view, claim, args, jobs, found)
    reports = f"it reports {counted(claimed, 'row')} and {counted(len(jobs), 'file')} had"
    if not least <= claimed <= most:
        return f"{reports} {counted(most, 'row')}"
    if verb == "report" and claimed > (once := _rows_once(args, jobs, found)):
        return f"{reports} {counted(once, 'row')} without those of days that two files have"
    return ""


def _rows_once(args: Args, jobs: list[Entry], rows: list[int]) -> int:
    """Return the rows of daily files, with each day once.

    That can be known where each file has as many rows for each of its days.
    """
    spans = [days(*span(job)) for job in jobs]
    a_day = {count / len(own) for own, count in zip(spans, rows, strict=True) if own}
    if args["timeUnit"] == "SUMMARY" or len(a_day) != 1:
        return sum(rows)
    return int(min(a_day) * len(set().union(*spans)))


def _jobs(view: CaseView, verb: str, args: Args) -> list[Entry]:
    """Return the calls that created the jobs whose complete files may be those of a task."""
    return [
        call
        for call in fetched_jobs(view)
        if call.profile_id == str(args["profile"])
        and (
            call.operation == f"exports.{args['kind']}.create"
            if verb == "export"
            else call.operation == CREATE
            and configuration(call).get("reportTypeId") == args["reportTypeId"]
        )
    ]


def _rows_by_job(view: CaseView) -> dict[str, int | None]:
    """Return the rows of each job with a complete file, None where the mock counted none."""
    found: dict[str, int | None] = {}
    for path, files in downloads_by_job(view).items():
        whole = [each for each in files if each.is_success and each.fault_kind not in CORRUPT]
        if whole:
            found[_last(path)] = whole[-1].rows
    return found


def _has_unknown_job(view: CaseView, files: Mapping[str, int | None]) -> bool:
    """Say whether a file belongs to a job whose creation the journal does not show."""
    return bool(files.keys() - {job_id(call) for call in view.of_verb("create")})


def _last(path: str) -> str:
    return unquote(path.rpartition("/")[2])


def _least(
    view: CaseView, claim: Mapping[str, Any], args: Args, jobs: list[Entry], rows: list[int]
) -> int:
    """Return the fewest rows that a complete reading can have."""
    if claim["status"] != "done" or not all(_is_asked(claim["verb"], args, job) for job in jobs):
        return 0
    if claim["verb"] == "export" or _is_shared(view, args):
        return min(rows)
    spans = [days(*span(job)) for job in jobs]
    if any(one & two for one, two in combinations(spans, 2)):
        return min(rows)
    if args["timeUnit"] == "SUMMARY":
        return max(rows)  # rows of several files with the same dimensions may be added up
    return sum(rows)


def _is_asked(verb: str, args: Args, job: Entry) -> bool:
    """Say whether a job has the rows that a task asks for, and no others."""
    if verb == "export":
        sent = job.request if isinstance(job.request, dict) else {}
        return bool(sent == (args.get("filter") or {}))
    wanted = days(str(args["startDate"]), str(args["endDate"]))
    sent = configuration(job)
    return days(*span(job)) <= wanted and all(
        _value(sent, name) == _value(args, name) for name in SAME
    )


def _value(members: Args, name: str) -> Any:
    """Return a member of a report's configuration or of a task; the order of names is free."""
    value = members.get(name) or []
    is_names = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return sorted(value) if is_names else value


def _is_shared(view: CaseView, args: Args) -> bool:
    """Say whether several tasks may read the same reports."""
    same = [
        task
        for task in view.record.tasks
        if task["verb"] == "reports"
        or (task["verb"] == "report" and task["args"]["profile"] == args["profile"])
    ]
    return len(same) > 1
