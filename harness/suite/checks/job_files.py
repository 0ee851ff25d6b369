"""Files of exports and reports: which job each download belongs to, and which came completely."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from adsmock.harness.suite.journal import CaseView, Entry

CORRUPT = frozenset(
    {
        "truncate",
        "bad-gzip",
        "malformed-json",
        "html",
        "empty",
        "reset",
        "close",
        "timeout-after-commit",
    }
)
"""Faults that make a 2xx answer useless to the client."""

JOB_IDS = ("exportId", "reportId")
"""The members of a reply that name a job."""

FAMILIES = ("exports.", "reporting.")
"""Prefixes of the operations that create jobs."""


def downloads_by_job(view: CaseView) -> dict[str, list[Entry]]:
    """Return the downloads by the path of their job's status call, or by their own path."""
    job_of: dict[str, str] = {}
    found: dict[str, list[Entry]] = {}
    for entry in view.entries:
        if entry.operation == "storage.get":
            path = unquote(entry.path)
            found.setdefault(job_of.get(path, path), []).append(entry)
        elif isinstance(entry.reply, dict) and entry.reply.get("url"):
            job_of[unquote(urlsplit(str(entry.reply["url"])).path)] = entry.path
    return found


def fetched_jobs(view: CaseView) -> list[Entry]:
    """Return the calls that created a job with a file that was downloaded completely.

    A creation whose answer the journal does not show may belong to any file without a creation.
    """
    complete = {
        unquote(path.rpartition("/")[2])
        for path, files in downloads_by_job(view).items()
        if any(file.is_success and file.fault_kind not in CORRUPT for file in files)
    }
    creates = [
        call
        for call in view.of_verb("create")
        if call.operation.startswith(("exports.", "reporting."))
        and (call.is_success or call.committed)
    ]
    ids = {create.seq: job_id(create) for create in creates}
    has_unknown = bool(complete - set(ids.values()))
    return [
        create
        for create in creates
        if ids[create.seq] in complete
        or (has_unknown and not (create.is_success and ids[create.seq]))
    ]


def job_id(create: Entry) -> str:
    """Return the id of the job that a creation answered, empty when the journal shows none."""
    reply = create.reply if isinstance(create.reply, dict) else {}
    return next((str(reply[name]) for name in JOB_IDS if reply.get(name)), "")
