"""Copies of a program that brings its own work: it gets addresses and credentials, no task."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from adsmock.harness.suite.drivers.command import GRACE_SECONDS, access, signal_group
from adsmock.harness.suite.separate_runs import fingerprint, labeled
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.generator import Stop
from adsmock.loadtests.plan import FILE, RehearsalPlan
from adsmock.loadtests.program.exit_code import death

LOOK = 0.25
"""Seconds between two looks at the copies."""

PAUSE = 1.0
"""Seconds from the end of a copy to its next start, as a scheduler would wait."""


@dataclass(slots=True)
class Run:
    """One run of a copy; its own refresh token tells its calls from those of the others.

    ``label`` is the number of the copy and of its start. Times are seconds of the clock; ``ended``
    is None for a run that was stopped.
    """

    label: str
    refresh_token: str
    started: float
    ended: float | None = None


@dataclass(slots=True)
class _Copy:
    """One copy: its process, when it may start again, and the file of its output."""

    output: IO[bytes]
    variables: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    ready: float = 0.0
    runs: list[Run] = field(default_factory=list)


def observe(plan: RehearsalPlan, folder: Path, clock: Any, stop: Stop) -> Iterator[dict[str, Any]]:
    """Run the copies for the plan's duration and yield progress like ``generator.run``.

    A copy that ends starts again, until the event is over. Then all are ended, and the result is
    written as the load generator writes it. The output of each copy is in ``copy-N.log``. Its
    variables ``ADSMOCK_COPY`` (from 1) and ``ADSMOCK_COPIES`` let copies share their work.
    """
    program, counters = plan.program, Counters()
    assert program is not None, "only a program is observed"
    began, due = clock.now() - plan.offset, plan.offset
    variables = access(plan.access, plan.sandbox, plan.control)
    variables["ADSMOCK_COPIES"] = str(program.copies)
    variables["ADSMOCK_LOAD_PLAN"] = str(folder / FILE)
    variables["ADSMOCK_LOAD_BEGAN"] = repr(began)
    with ExitStack() as stack:
        copies = [
            _Copy(
                stack.enter_context((folder / f"copy-{number}.log").open("wb")),
                variables | {"ADSMOCK_COPY": str(number)},
            )
            for number in range(1, program.copies + 1)
        ]
        stack.callback(_end, copies)
        while (elapsed := clock.now() - began) < plan.duration:
            if stop.is_due(elapsed - plan.offset):
                break
            for copy in copies:
                _look_after(copy, program.command, counters, clock.now)
            if elapsed >= due:
                due += 1.0
                alive = sum(copy.process is not None for copy in copies)
                ended = [run.label for copy in copies for run in copy.runs if run.ended]
                yield {"elapsed": round(elapsed, 1), "copies": alive, "waiting": 0, "ended": ended}
            clock.sleep(min(LOOK, max(0.0, plan.duration - elapsed)))
    result = _result(counters, clock.now() - began) | {"runs": _runs(copies, clock.now())}
    Path(plan.result).write_text(json.dumps(result), "utf-8")


def _result(counters: Counters, elapsed: float) -> dict[str, Any]:
    """Return what a load generator returns, which did not run here."""
    return counters.drain() | {
        "elapsed": elapsed,
        "processes": [{"cpu": 0.0, "late": 0.0, "seen": elapsed}],
        "doubtful": [],
        "queues": [],
        "warned": False,
    }


def _runs(copies: list[_Copy], now: float) -> list[dict[str, Any]]:
    """Return the runs with their tokens' fingerprints: no file of a report contains a secret."""
    return [
        {
            "label": run.label,
            "token": fingerprint(run.refresh_token),
            "seconds": round((run.ended or now) - run.started, 1),
            "ended": run.ended is not None,
        }
        for copy in copies
        for run in copy.runs
    ]


def _look_after(
    copy: _Copy,
    command: str,
    counters: Counters,
    now: Callable[[], float],
) -> None:
    """Record the end of a copy, and start it when its pause is over."""
    if copy.process is not None:
        code = copy.process.poll()
        if code is None:
            return
        copy.runs[-1].ended = now()
        copy.process, copy.ready = None, now() + PAUSE
        _record(code, f"see copy-{copy.variables['ADSMOCK_COPY']}.log", counters)
    if now() < copy.ready:
        return
    counters.add("copy", "started")
    label = f"{copy.variables['ADSMOCK_COPY']}.{len(copy.runs) + 1}"
    refresh_token = labeled(copy.variables["REFRESH_TOKEN"], label)
    copy.runs.append(Run(label, refresh_token, now()))
    copy.process = subprocess.Popen(  # noqa: S602 -- the user gives a command line of their own
        command,
        shell=True,
        env=os.environ | dict(copy.variables) | {"REFRESH_TOKEN": refresh_token},
        stdin=subprocess.DEVNULL,
        stdout=copy.output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _record(code: int, where: str, counters: Counters) -> None:
    """Count how a run ended, and why it did not end with 0; ``where`` names its output."""
    if code == 0:
        counters.add("copy", "ended")
    elif reason := death(code):
        counters.add("copy", "died")
        counters.add("death", f"{reason}; {where}")
    else:
        counters.add("copy", "failed")
        counters.add("failure", f"exit code {code}; {where}")


def _end(copies: list[_Copy]) -> None:
    """End all copies, and their children."""
    running = [copy.process for copy in copies if copy.process is not None]
    for process in running:
        signal_group(process, signal.SIGTERM)
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
        signal_group(process, signal.SIGKILL)
        process.wait()
