"""When executions run: an instance runs a limited number at a time, the others wait.

Source: guides/amazon-marketing-cloud/reporting/execute-workflow (documented: 10 of an instance).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable

from adsmock.mockserver.core.job import NEVER, Job

EARLIEST = "earliest"
"""The member of a job's request with the time before which it does not run."""


def arrange(jobs: Iterable[Job], now: float, parallel: int) -> list[Job]:
    """Give each waiting job of an instance the earliest free place; return those that changed.

    ``jobs`` are in order of creation.
    """
    ends: list[float] = []
    waiting: list[Job] = []
    for job in jobs:
        if job.stage(now) != "running":
            continue
        if job.starts > now:
            waiting.append(job)
        else:
            insort(ends, NEVER if job.is_stuck else job.due)
    changed = []
    for job in waiting:
        starts = max(float(job.request[EARLIEST]), now)
        if len(ends) >= parallel:
            starts = max(starts, ends[len(ends) - parallel])
        if starts != job.starts:
            job.starts, job.due = starts, starts + job.due - job.starts
            changed.append(job)
        insort(ends, NEVER if job.is_stuck else job.due)
    return changed
