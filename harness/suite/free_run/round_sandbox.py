"""The sandbox of a round: the present time, and quick jobs unless its case is about slow ones."""

from __future__ import annotations

from msgspec.structs import replace

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.case.model import Sandbox
from adsmock.harness.suite.free_run.traffic import Traffic

QUICK_JOBS = {"amc.seconds": "3", "export.seconds": "3", "report.seconds": "3"}
"""Jobs of a few seconds, so that a program which polls them does not wait in every round."""

REQUESTS = {"export.seconds": "exports.create", "report.seconds": "reporting.create"}
"""The classes of operations that begin a job, by the switch for its duration."""

ENDED = "2020-01-01"
"""When a version ended that a case ends before its own start: the sandbox has the present time."""

LONGEST_JOB = 90
"""Seconds of a job in a case about polls: enough for the polls that its checks need."""


def adapted(box: Sandbox) -> Sandbox:
    """Return a case's sandbox for a free run: at the present time, with quick jobs."""
    choices = {name: _shortened(name, value) for name, value in box.choices.items()}
    versions = dict.fromkeys(box.versions, ENDED)
    return replace(box, start="", choices=QUICK_JOBS | choices, versions=versions)


OPEN_CALLS = frozenset({"silent_call_times_out", "slow_body_is_limited"})
"""Judge functions about a call that stays open: a program may wait for it until their limit."""


def job_seconds(case: Case, traffic: Traffic) -> float:
    """Return the seconds of a case's slow jobs, if a program waits for one after the other.

    A call that stays open is one: a round that ends before its limit would show no hang.
    """
    slow = adapted(case.sandbox).choices
    limits = [check.numbers["within"] for check in case.checks if check.judge in OPEN_CALLS]
    return max(limits, default=0.0) + float(
        sum(
            int(slow[name]) * slot.calls
            for name, kind in REQUESTS.items()
            if name in case.sandbox.choices
            for slot in traffic.of_kind(kind)
        )
    )


def _shortened(name: str, value: str) -> str:
    return str(min(int(value), LONGEST_JOB)) if name in QUICK_JOBS else value
