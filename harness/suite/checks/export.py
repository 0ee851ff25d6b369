"""Checks of download URLs of exports and reports.

Source: exports guide, a URL is valid for one hour and each status call returns a new one;
documented.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.job_files import downloads_by_job, job_id
from adsmock.harness.suite.journal import CaseView, Entry

FORBIDDEN = 403
DOWNLOAD = "storage.get"


def dead_address_is_renewed(view: CaseView, dead_uses: int, family: str = "exports") -> Finding:
    """Hold when a 403 at the download led to the status call and a download from a new URL.

    ``family`` is the prefix of the operations that create the file and get its status. Other files,
    such as those of the next profile, do not count.
    """
    downloads = view.of_operation(DOWNLOAD)
    dead = next(
        (download for download in downloads if download.status == FORBIDDEN and download.fault_id),
        None,
    )
    if dead is None:
        return unproven("no download used an expired URL")
    uses = [download for download in downloads if download.chain == dead.chain]
    creates = _creates_of_file(view, dead, family)
    job, same_file = _job_of(view, dead)
    asked = next(
        (
            call
            for call in view.of_operation(f"{family}.get")
            if call.seq > dead.seq and job in {None, call.path}
        ),
        None,
    )
    fresh = _fresh(same_file, asked, dead)
    numbers = {"dead_uses": len(uses), family: len(creates), "most": dead_uses}
    evidence = [row(dead, "the URL had expired")]
    found = _excess(uses, creates, dead, dead_uses) or _missing(asked, fresh)
    if found:
        sentence, more = found
        return broken(sentence, [*evidence, *more], **numbers)
    assert asked is not None
    assert fresh is not None
    return holds(
        f"after the 403, the client got the status again and used the new URL; "
        f"the expired one was used {counted(len(uses), 'time')}",
        [*evidence, row(asked, "status call"), row(fresh, "download")],
        **numbers,
    )


Broken = tuple[str, Sequence[Evidence]] | None


def _job_of(view: CaseView, dead: Entry) -> tuple[str | None, Sequence[Entry]]:
    """Return the path of the file's status call, and its downloads.

    Without a status that shows the URL, the path is None, and all downloads count.
    """
    for job, downloads in downloads_by_job(view).items():
        if dead in downloads and job != unquote(dead.path):
            return job, downloads
    return None, view.of_operation(DOWNLOAD)


def _creates_of_file(view: CaseView, dead: Entry, family: str) -> list[Entry]:
    """Return the creations of the file with the expired URL.

    A creation with the same profile and the same request, whatever its name, is for the same file.
    """
    creates = [call for call in view.of_verb("create") if call.operation.startswith(f"{family}.")]
    job, _ = _job_of(view, dead)
    own = [create for create in creates if job and job_id(create) == job.rpartition("/")[2]]
    wanted = [_file(create) for create in own or creates if create.seq < dead.seq]
    return [create for create in creates if not wanted or _file(create) in wanted]


def _file(create: Entry) -> tuple[Any, ...]:
    """Return what makes the file of a creation: operation, profile, request without its name."""
    body = create.request if isinstance(create.request, dict) else {}
    return create.operation, create.profile_id, {**body, "name": None}


def _fresh(downloads: Sequence[Entry], asked: Entry | None, dead: Entry) -> Entry | None:
    """Return the download from a new URL after the status call."""
    if asked is None:
        return None
    return next(
        (
            download
            for download in downloads
            if download.seq > asked.seq and download.chain != dead.chain and download.is_success
        ),
        None,
    )


def _excess(uses: list[Entry], creates: list[Entry], dead: Entry, most: int) -> Broken:
    if len(uses) > most:
        return (
            f"the expired URL was used {counted(len(uses), 'time')}; the limit is {most}",
            rows(uses[1:], "expired URL again"),
        )
    late = [create for create in creates if create.seq > dead.seq]
    if late:
        return (
            f"{counted(len(late), 'new job')} created although the first file was available",
            rows(late, "second job for one file"),
        )
    return None


def _missing(asked: Entry | None, fresh: Entry | None) -> Broken:
    if asked is None:
        return "there was no status call after the 403", ()
    if fresh is None:
        return "there was no download from the new URL", [row(asked, "answer with the new URL")]
    return None


JUDGES = (dead_address_is_renewed,)
