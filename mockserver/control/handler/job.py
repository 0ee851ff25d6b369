"""Jobs of a sandbox, moved by hand. Knows what a hand may do at which stage."""

from __future__ import annotations

from concurrent.futures import wait
from typing import Any

from adsmock.contracts.suggest import nearest
from adsmock.mockserver.control.request import ControlRequest, UnknownName
from adsmock.mockserver.control.serializers import job_row
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.job import Job

_PATIENCE = 30.0
"""Machine seconds to wait for a file that is still being made."""


def list_all(request: ControlRequest) -> Any:
    """Return every job, oldest first."""
    sandbox = request.sandbox
    with sandbox.lock:
        now = sandbox.clock.now()
        return {"jobs": [job_row(each, now) for each in sandbox.jobs.values()]}


def complete(request: ControlRequest) -> Any:
    """End a job now, well."""
    job = _find(request)
    if job.file is not None:
        wait([job.file], timeout=_PATIENCE)
    with request.sandbox.lock:
        now = _open(request, job)
        job.finished, job.error, job.is_stuck = now, None, False
        return job_row(job, now)


def fail(request: ControlRequest) -> Any:
    """End a job now, badly."""
    job = _find(request)
    with request.sandbox.lock:
        now = _open(request, job)
        job.finished, job.error, job.is_stuck = (
            now,
            request.body.get("error", "INTERNAL_ERROR"),
            False,
        )
        return job_row(job, now)


def stick(request: ControlRequest) -> Any:
    """Let a job run for ever."""
    job = _find(request)
    with request.sandbox.lock:
        now = _open(request, job)
        job.error, job.is_stuck = None, True
        return job_row(job, now)


def expire_url(request: ControlRequest) -> Any:
    """Expire every download URL handed out so far; a new look brings a fresh one."""
    job = _find(request)
    with request.sandbox.lock:
        job.url_floor = job.urls
        return job_row(job, request.sandbox.clock.now())


def _find(request: ControlRequest) -> Job:
    job_id, jobs = request.path["job"], request.sandbox.jobs
    job = jobs.get(job_id)
    if job is None:
        raise UnknownName(f"no job {job_id}", nearest=nearest(job_id, list(jobs)))
    return job


def _open(request: ControlRequest, job: Job) -> float:
    """Return the sandbox's now if the job still runs; an end is final."""
    now = request.sandbox.clock.now()
    stage = job.stage(now)
    if stage != "running":
        raise SetupError(f"the job has {stage} already; that is final", status=409)
    return now
