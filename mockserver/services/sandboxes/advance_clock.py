"""Advancing a sandbox's clock, with the events of jobs, tokens, faults and shut-off dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass

from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.job import Job
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.durations import LATEST

_TIMEOUT = 30.0
"""Machine seconds to wait for files of completed jobs: a million rows take about five."""

MAX_FIRED = 10_000
"""Maximum number of events in a reply, the earliest first."""


@dataclass(frozen=True, slots=True)
class Fired:
    """One event: its time (sandbox seconds), its kind, and the id of its object."""

    at: float
    kind: str
    id: str


def advance(
    sandbox: Sandbox, seconds: float, calendar: Iterable[tuple[str, float]] = ()
) -> list[Fired]:
    """Advance the clock and return the events until then, in chronological order.

    It waits for the unfinished files of jobs that complete, so that the reply does not depend on
    the machine's speed. ``calendar`` has the shut-off dates that are not the sandbox's own, as
    (id, sandbox seconds).

    Raises:
        SetupError: ``seconds`` is negative or leads beyond 2099.
    """
    before = sandbox.clock.now()
    check_reach(before, seconds)
    _await_files(sandbox, before + seconds)
    with sandbox.lock:
        before = sandbox.clock.now()
        after = sandbox.clock.advance(seconds)
        return _fired(sandbox, before, after, calendar)


def check_reach(before: float, seconds: float) -> None:
    """Check that a clock which shows ``before`` can be advanced.

    Raises:
        SetupError: ``seconds`` is negative or leads beyond 2099.
    """
    if seconds < 0:
        raise SetupError(f"seconds is {seconds:g}: use 0 or more", pointer="/seconds")
    if before + seconds > LATEST:
        detail = f"the time would be after 2099: advance by at most {LATEST - before:.0f} seconds"
        raise SetupError(detail, pointer="/seconds")


def _fired(
    sandbox: Sandbox, before: float, after: float, calendar: Iterable[tuple[str, float]]
) -> list[Fired]:
    found = [
        event
        for source in (
            _jobs(sandbox, after),
            _tokens(sandbox),
            _faults(sandbox),
            (Fired(at, "shut-off", name) for name, at in (*sandbox.shut_off.items(), *calendar)),
        )
        for event in source
        if before < event.at <= after
    ]
    return sorted(found, key=lambda event: event.at)[:MAX_FIRED]  # stable: kinds keep order


def _await_files(sandbox: Sandbox, until: float) -> None:
    with sandbox.lock:
        files: list[Future[bytes]] = [
            job.file
            for job in sandbox.jobs.values()
            if job.file is not None and not job.is_stuck and job.due <= until
        ]
    wait(files, timeout=_TIMEOUT)


def _jobs(sandbox: Sandbox, after: float) -> Iterator[Fired]:
    for job in sandbox.jobs.values():
        yield from _job(job, after)


def _job(job: Job, after: float) -> Iterator[Fired]:
    stage = job.stage(after)
    if stage == "running":
        return
    ended = job.ended(after)
    yield Fired(ended, f"job-{stage}", job.id)
    for end in sorted(set(job.url_ends[job.url_floor :])):
        yield Fired(end, "url-expired", job.id)
    yield Fired(ended + job.kept, "job-gone", job.id)


def _tokens(sandbox: Sandbox) -> Iterator[Fired]:
    for name, expiry in sandbox.tokens.expiries.items():
        yield Fired(expiry, "token-expired", name)


def _faults(sandbox: Sandbox) -> Iterator[Fired]:
    for planned in sandbox.faults.rules():
        window = planned.rule.when
        yield Fired(window.begin, "fault-began", planned.rule.id)
        if window.end is not None:
            yield Fired(window.end, "fault-ended", planned.rule.id)
