"""Files of exports and reports: which job each download belongs to, and which came completely."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from adsmock.harness.suite.checks.claim import CORRUPT
from adsmock.harness.suite.journal import CaseView, Entry

JOB_IDS = ("exportId", "reportId")
"""The members of a reply that name a job."""

FAMILIES = ("exports.", "reporting.")
"""Prefixes of the operations that create jobs."""


def downloads_by_job(view: CaseView) -> dict[str, list[Entry]]:
    """Return the downloads by the path of their job's status call, or by their own path."""
    job_of: dict[str, str] = {}
    found: dict[str, list[Entry]] = {}
    for one in view.entries:
        if one.operation == "storage.get":
            path = unquote(one.path)
            found.setdefault(job_of.get(path, path), []).append(one)
        elif isinstance(one.reply, dict) and one.reply.get("url"):
            job_of[unquote(urlsplit(str(one.reply["url"])).path)] = one.path
    return found


def fetched_jobs(view: CaseView) -> list[Entry]:
    """Return the calls that created a job with a file that was downloaded completely.

    A creation whose answer the journal does not show may belong to any file without a creation.
    """
    complete = {
        unquote(path.rpartition("/")[2])
        for path, files in downloads_by_job(view).items()
        if any(one.is_success and one.fault_kind not in CORRUPT for one in files)
    }
    creates = [
        one
        for one in view.of_verb("create")
        if one.operation.startswith(("exports.", "reporting."))
        and (one.is_success or one.committed)
    ]
    ids = {one.seq: _job_id(one) for one in creates}
    has_unknown = bool(complete - set(ids.values()))
    return [
        one
        for one in creates
        if ids[one.seq] in complete or (has_unknown and not (one.is_success and ids[one.seq]))
    ]


def _job_id(create: Entry) -> str:
    reply = create.reply if isinstance(create.reply, dict) else {}
    return next((str(reply[name]) for name in JOB_IDS if reply.get(name)), "")
