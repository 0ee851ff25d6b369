"""How the runs of a program with its own work ended, from start to end of one process.

An exit code other than 0 reports a failure, as in a conformance run: the program knows that work
is missing, and nothing is lost unseen. A program that a signal ended reported nothing: it died.
"""

from __future__ import annotations

from dataclasses import dataclass

from adsmock.harness.suite.checks.finding import counted
from adsmock.loadtests.counters import Counters

ENOUGH = 3
"""Ended runs from which their failed part says more than chance."""

MOSTLY = 0.5
"""The failed part of ended runs above which the program does not get its work done."""


@dataclass(frozen=True, slots=True)
class RunEnds:
    """Numbers of runs: ``succeeded`` with exit code 0, ``failed`` with another, ``died``."""

    succeeded: int = 0
    failed: int = 0
    died: int = 0

    @classmethod
    def of(cls, counters: Counters) -> RunEnds:
        """Return the ends that were counted."""
        found = {str(event): times for (event,), times in counters.of("copy")}
        return cls(found.get("ended", 0), found.get("failed", 0), found.get("died", 0))

    @property
    def total(self) -> int:
        """All runs that ended before the event did."""
        return self.succeeded + self.failed + self.died

    @property
    def failed_part(self) -> float | None:
        """The failed part of the ended runs, None for too few."""
        return self.failed / self.total if self.total >= ENOUGH else None

    @property
    def is_mostly_failed(self) -> bool:
        """Whether more runs failed than a program may that gets its work done."""
        return (self.failed_part or 0.0) > MOSTLY

    @property
    def gap(self) -> str | None:
        """Why the work under load is unproven: each run that ended reported a failure."""
        if not self.failed or self.failed < self.total:
            return None
        runs = "the only run" if self.total == 1 else f"each of {self.total} runs"
        return (
            f"{runs} that ended reported a failure by its exit code: its work is unproven; see "
            "copy-1.log"
        )

    def __str__(self) -> str:
        """The reported failures in words."""
        return f"{self.failed} of {counted(self.total, 'ended run')} reported a failure"
