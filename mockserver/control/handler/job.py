"""Jobs of a sandbox: list, complete, fail, stall, expire download URLs."""

from __future__ import annotations

from concurrent.futures import wait
from typing import Any

from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.serializers import job_row
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.job import Job

_TIMEOUT = 30.0
"""Machine seconds to wait for an unfinished file."""


def list_all(request: ControlRequest) -> Any:
    """Return every job, oldest first."""
    sandbox = request.sandbox
    with sandbox.lock:
        now = sandbox.clock.now()
        return {"jobs": [job_row(each, now) for each in sandbox.jobs.values()]}


def complete(request: ControlRequest) -> Any:
    """Complete a job now."""
    job = _find(request)
    if job.file is not None:
        wait([job.file], timeout=_TIMEOUT)
    with request.sandbox.lock:
        now = _open(request, job)
        job.finished, job.error, job.is_stuck = now, None, False
        request.sandbox.touch(job)
        return job_row(job, now)


def fail(request: ControlRequest) -> Any:
    """Fail a job now."""
    job = _find(request)
    with request.sandbox.lock:
        now = _open(request, job)
        job.finished, job.error, job.is_stuck = (
            now,
            request.body.get("error", "INTERNAL_ERROR"),
            False,
        )
        request.sandbox.touch(job)
        return job_row(job, now)


def stick(request: ControlRequest) -> Any:
    """Make a job never end."""
    job = _find(request)
    with request.sandbox.lock:
        now = _open(request, job)
        job.error, job.is_stuck = None, True
        request.sandbox.touch(job)
        return job_row(job, now)


def expire_url(request: ControlRequest) -> Any:
    """Expire every download URL issued so far; the next status call issues a new one."""
    job = _find(request)
    with request.sandbox.lock:
        job.url_floor = job.urls
        request.sandbox.touch(job)
        return job_row(job, request.sandbox.clock.now())


def _find(request: ControlRequest) -> Job:
    job_id, jobs = request.path["job"], request.sandbox.jobs
    job = jobs.get(job_id)
    if job is None:
        raise UnknownName("job", job_id, jobs)
    return job


def _open(request: ControlRequest, job: Job) -> float:
    """Return the sandbox's time if the job is running.

    Raises:
        SetupError: 409; the job has ended.
    """
    now = request.sandbox.clock.now()
    stage = job.stage(now)
    if stage != "running":
        raise SetupError(
            f"job {job.id} has {stage} already: choose one that is running", status=409
        )
    return now
