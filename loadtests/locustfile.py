"""What Locust runs: it gets the plan, lets work arrive, reports progress, writes what it saw.

One process alone, or a master and its workers: the master knows the shape and adds up, workers
get the plan with its order to begin and send what they counted with Locust's own figures. Knows
Locust's events. Must not know the mock or the thresholds. This file is imported by Locust in
processes of its own, where gevent has replaced the blocking parts of the standard library; no other
module of the project imports it.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from math import ceil
from pathlib import Path
from typing import Any

import gevent
from locust import LoadTestShape, events, runners
from locust.runners import MasterRunner, WorkerRunner

from adsmock.harness.client.clock import SystemClock
from adsmock.harness.client.random_source import SeededRandom
from adsmock.loadtests.caller import HttpCaller
from adsmock.loadtests.client_caller import ClientCaller, client_for
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.plan import VARIABLE, RehearsalPlan, parse, read
from adsmock.loadtests.roles import ROLES
from adsmock.loadtests.shared_state import SharedState
from adsmock.loadtests.users import Worker
from adsmock.loadtests.verdict import SILENT
from adsmock.loadtests.wire import Wire

BEAT = 0.25
"""Seconds between two arrivals of work."""

BEATS_A_LOOK = 4

OPTION = "adsmock_plan"
"""Under which the plan travels."""

runners.WORKER_REPORT_INTERVAL = 1.0
"""Workers report as often as progress is said."""

CLOCK = SystemClock()
__all__ = ["Rehearsal", "Worker"]


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system


class GeneratorProcess:
    """One process of the generator: its plan, its counts, and those of its workers."""

    def __init__(self) -> None:
        path = os.environ.get(VARIABLE)
        self.plan: RehearsalPlan | None = read(Path(path)) if path else None
        self.total = Counters()
        self.processes: dict[str, dict[str, Any]] = {}
        self.touched: dict[str, set[str]] = defaultdict(set)
        self.began = CLOCK.now()
        self.spent = _cpu_seconds()
        self.late = 0.0
        self.is_over = False

    def known(self) -> RehearsalPlan:
        """Return the plan."""
        assert self.plan is not None, "a master has it from its file, a worker from its master"
        return self.plan

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return CLOCK.now() - self.began

    def open(self, environment: Any, index: int) -> None:
        """Begin to work: from now on pieces of work arrive."""
        plan = self.known()
        self.began, self.spent = CLOCK.now(), _cpu_seconds()
        draw = SeededRandom(plan.seed + index)
        Worker.shared = shared = SharedState(plan, CLOCK, draw, index, plan.workers)
        if shared.behavior.caller == "client":
            client = client_for(shared, _call_reporter(environment))
            Worker.caller_for = lambda _user: ClientCaller(client)
        else:
            Worker.caller_for = lambda user: HttpCaller(shared, Wire(user.client, shared))
        gevent.spawn(self.beat)

    def beat(self) -> None:
        """Let work arrive; notice when the process is too busy to come back in time."""
        beats = 0
        while True:
            due = CLOCK.now() + BEAT
            gevent.sleep(BEAT)
            self.late = max(self.late, CLOCK.now() - due)
            Worker.shared.add_arrivals()
            beats += 1
            if beats % BEATS_A_LOOK == 0:
                Worker.shared.look()

    def payload(self) -> dict[str, Any]:
        """Return what was counted since the last time, and how this process is."""
        elapsed = max(self.elapsed(), BEAT)
        state = {
            "cpu": (_cpu_seconds() - self.spent) / elapsed,
            "late": self.late,
            "doubtful": sorted(Worker.shared.on_the_way()),
        }
        return Worker.shared.counters.drain() | {"process": state}

    def take(self, process: str, payload: dict[str, Any]) -> None:
        """Add what a process has counted."""
        self.processes[process] = payload["process"] | {"seen": self.elapsed()}
        self.touched[process] |= payload["bids"].keys()
        self.total.merge(payload)

    def result(self, environment: Any) -> dict[str, Any]:
        """Return everything that was seen; nothing is counted any more."""
        self.is_over = True
        doubtful = {each for one in self.processes.values() for each in one["doubtful"]}
        for name, one in self.processes.items():
            if self.elapsed() - one["seen"] > SILENT:  # what it wrote last, nobody has heard
                doubtful |= self.touched[name]
        return self.total.drain() | {
            "elapsed": self.elapsed(),
            "processes": list(self.processes.values()),
            "doubtful": sorted(doubtful),
            "warned": bool(environment.runner.cpu_warning_emitted),
        }


PROCESS = GeneratorProcess()


class Rehearsal(LoadTestShape):  # type: ignore[misc]  # as in users.py
    """The plan's shape over its duration; only a master or a lone process asks."""

    def tick(self) -> tuple[int, float] | None:
        """Return the users of this moment; nothing ends the run."""
        plan = PROCESS.known()
        progress = self.get_run_time() / plan.duration
        if progress >= 1.0:
            return None
        fewest = len(ROLES) * ceil(len(plan.targets) / plan.workers) * plan.workers
        return plan.event.users(progress, plan.users, fewest), float(max(plan.users, fewest))


def follow(environment: Any) -> None:
    """Write one line of progress a second."""
    while True:
        gevent.sleep(1.0)
        if PROCESS.is_over:
            return
        if not isinstance(environment.runner, MasterRunner):
            PROCESS.take("alone", PROCESS.payload())
        line = {
            "elapsed": round(PROCESS.elapsed(), 1),
            "users": environment.runner.user_count,
            "waiting": PROCESS.total.waiting(),
            **PROCESS.total.totals(),
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


@events.init.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def hand_out(environment: Any, **_ignored: Any) -> None:
    """Let the plan travel to workers: an option of the master's comes with every order to begin.

    A message of our own might arrive before a worker listens to it.
    """
    if isinstance(environment.runner, MasterRunner):
        vars(environment.parsed_options)[OPTION] = PROCESS.known().document()


@events.report_to_master.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def report(data: dict[str, Any], **_ignored: Any) -> None:
    """Send what was counted along with Locust's own figures."""
    if hasattr(Worker, "fleet"):
        data["adsmock"] = PROCESS.payload()


@events.worker_report.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def collect(client_id: str, data: dict[str, Any], **_ignored: Any) -> None:
    """Add what a worker has sent."""
    if "adsmock" in data:
        PROCESS.take(client_id, data["adsmock"])


@events.test_start.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def watch_the_run(environment: Any, **_ignored: Any) -> None:
    """Begin when the first user does: to work, to follow, or both."""
    runner = environment.runner
    if isinstance(runner, WorkerRunner):
        PROCESS.plan = parse(vars(environment.parsed_options)[OPTION])
        PROCESS.open(environment, runner.worker_index)
        return
    if isinstance(runner, MasterRunner):
        PROCESS.began = CLOCK.now()
    else:
        PROCESS.open(environment, 0)
    gevent.spawn(follow, environment)

    def finish(**_also_ignored: Any) -> None:
        if not isinstance(runner, MasterRunner):
            PROCESS.take("alone", PROCESS.payload())
        text = json.dumps(PROCESS.result(environment))
        Path(PROCESS.known().result).write_text(text, encoding="utf-8")
        environment.process_exit_code = 0  # the verdict is not Locust's to give

    environment.events.quitting.add_listener(finish)


def _call_reporter(environment: Any) -> Any:
    def report_call(method: str, name: str, took: float, trouble: Exception | None) -> None:
        environment.events.request.fire(
            request_type=method,
            name=name,
            response_time=took,
            response_length=0,
            exception=trouble,
            context={},
        )

    return report_call
