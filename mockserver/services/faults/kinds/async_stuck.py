"""Fault kind ``async-stuck``: an export or report never ends."""

from __future__ import annotations

from adsmock.mockserver.core.effect import Effect
from adsmock.mockserver.core.job import NEVER, Job


class AsyncStuck(Effect):
    """A job that never leaves its first state."""

    kind = "async-stuck"
    points = ("before",)
    summary = "Lets the export or report that the call starts run forever."

    def change_job(self, job: Job, error: str) -> bool:
        """Stop the job."""
        job.is_stuck, job.starts = True, NEVER
        return True
