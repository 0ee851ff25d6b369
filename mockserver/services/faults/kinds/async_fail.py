"""Fault kind ``async-fail``: an export or report fails."""

from __future__ import annotations

from dataclasses import dataclass

from adsmock.mockserver.core.effect import Effect, setting
from adsmock.mockserver.core.job import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class AsyncFail(Effect):
    """A job that ends as failed, by default with the family's own error."""

    kind = "async-fail"
    points = ("before",)
    summary = "Lets the export or report that the call starts fail."

    error: str | None = setting(
        "error",
        {
            "type": "string",
            "description": "Kind of the item error, or of the job's failure.",
            "maxLength": 100,
        },
    )

    def change_job(self, job: Job, error: str) -> bool:
        """Give the job the error with which it ends."""
        job.error = self.error or error
        return True
