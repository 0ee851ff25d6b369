"""The file that Locust runs: it adds arrivals, reports progress and writes the result.

One process works alone, or a master directs workers. The master has the plan as a command-line
option; Locust passes custom options to workers with the order to start. Workers report their
counts to the master every second. Locust imports this file in processes of its own, where gevent
replaces blocking parts of the standard library; no other module of the project imports it.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from collections import defaultdict
from contextlib import suppress
from math import ceil
from pathlib import Path
from typing import Any

import gevent
import msgspec
from gevent.socket import wait_read
from locust import LoadTestShape, events
from locust.exception import RPCError
from locust.runners import STATE_RUNNING, STATE_SPAWNING, MasterRunner, WorkerRunner

from adsmock.harness.client.clock import SystemClock
from adsmock.harness.client.random_source import SeededRandom
from adsmock.loadtests.caller import HttpCaller
from adsmock.loadtests.client_caller import ClientCaller, client_for
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.plan import OPTION, RehearsalPlan, document, parse
from adsmock.loadtests.program import CopyPool, ProgramWorker, pool_for
from adsmock.loadtests.roles import ROLES
from adsmock.loadtests.shared_state import SharedState, window_of
from adsmock.loadtests.users import Worker
from adsmock.loadtests.verdict import SILENT
from adsmock.loadtests.wire import Wire

TICK = 0.25
"""Seconds between two arrivals of work."""

TICKS_PER_SECOND = 4

MESSAGE = "adsmock-counts"
"""Type of the message with which a worker reports its counts."""

ALONE = "alone"

TIDY = 60
"""Seconds between two rounds that drop what a long run no longer needs."""

RECENT = 60
"""Seconds of Locust's own figures that are kept: it reads the last twelve."""

RUNNING = frozenset({STATE_SPAWNING, STATE_RUNNING})
"""States of a runner whose users work."""

CLOCK = SystemClock()
__all__ = ["Rehearsal", "Worker"]


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system


class GeneratorProcess:
    """One process of the generator: its plan, its counts, and the counts of its workers."""

    def __init__(self) -> None:
        self.plan: RehearsalPlan | None = None
        self.total = Counters()
        self.fresh = Counters()
        self.processes: dict[str, dict[str, Any]] = {}
        self.changed_keywords: dict[str, set[str]] = defaultdict(set)
        self.queues: dict[str, list[dict[str, Any]]] = {}
        self.runner: Any = None
        self.started = self.began = CLOCK.now()
        self.cpu_at_start = _cpu_seconds()
        self.late = 0.0
        self.is_over = self.is_stopped = False
        self.copies: CopyPool | None = None

    def known_plan(self) -> RehearsalPlan:
        """Return the plan."""
        assert self.plan is not None, "Locust passes it before the test starts"
        return self.plan

    def begin(self) -> None:
        """Start the time of the run, which may continue an earlier one."""
        self.started, self.cpu_at_start = CLOCK.now(), _cpu_seconds()
        self.began = self.started - self.known_plan().offset

    def elapsed(self) -> float:
        """Return the seconds since the start of the event."""
        return CLOCK.now() - self.began

    def start_work(self, environment: Any, index: int) -> None:
        """Start the arrivals of work in this process, the ``index``-th of the plan's workers."""
        plan = self.known_plan()
        self.begin()
        draw = SeededRandom(plan.seed + index)
        Worker.shared = shared = SharedState(plan, CLOCK, draw, index, plan.workers)
        if plan.program is not None:
            self.copies = pool_for(plan.program, shared, index)
            program = ProgramWorker(self.copies, shared, _task_reporter(environment))
            Worker.worker_for = lambda _user: program
        elif shared.behavior.caller == "client":
            client = client_for(shared, _call_reporter(environment))
            Worker.worker_for = lambda _user: ClientCaller(client)
        else:
            Worker.worker_for = lambda user: HttpCaller(shared, Wire(user.client, shared))
        gevent.spawn(self.add_arrivals, environment.runner)

    def add_arrivals(self, runner: Any) -> None:
        """Add work on every tick, and note how late a busy process was."""
        ticks = 0
        while True:
            due = CLOCK.now() + TICK
            gevent.sleep(TICK)
            self.late = max(self.late, CLOCK.now() - due)
            Worker.shared.add_arrivals()
            ticks += 1
            if ticks % TICKS_PER_SECOND == 0:
                Worker.shared.sample()
                if isinstance(runner, WorkerRunner):
                    with suppress(RPCError):  # the master is gone: its run counts the gap
                        runner.send_message(MESSAGE, self.payload())

    def payload(self) -> dict[str, Any]:
        """Return the counts since the last call, and the state of this process."""
        elapsed = max(CLOCK.now() - self.started, TICK)
        state = {
            "cpu": (_cpu_seconds() - self.cpu_at_start) / elapsed,
            "late": self.late,
            "doubtful": sorted(Worker.shared.unfinished_writes()),
        }
        found = Worker.shared.counters.drain() | {"process": state}
        if self.runner.state not in RUNNING:
            found["queues"] = [msgspec.to_builtins(each) for each in Worker.shared.stored()]
        return found

    def merge(self, process: str, payload: dict[str, Any]) -> None:
        """Add the counts of a process."""
        self.processes[process] = payload["process"] | {"seen": self.elapsed()}
        self.changed_keywords[process] |= payload["bids"].keys()
        self.queues[process] = payload.get("queues", [])
        self.total.merge(payload)
        if self.known_plan().is_live:
            self.fresh.counts.update({tuple(key): times for *key, times in payload["counts"]})

    def tidy(self, stats: Any) -> None:
        """Drop what a long run no longer needs, so that its memory stays bounded."""
        elapsed = self.elapsed() - SILENT
        self.total.close_windows({name: window_of(role, elapsed) for name, role in ROLES.items()})
        del stats.history[:-1]
        for entry in (stats.total, *stats.entries.values()):
            for seconds in (entry.num_reqs_per_sec, entry.num_fail_per_sec):
                for second in sorted(seconds)[:-RECENT]:
                    del seconds[second]

    def result(self, environment: Any) -> dict[str, Any]:
        """Return all counts and end the progress reports."""
        self.is_over = True
        doubtful = {each for item in self.processes.values() for each in item["doubtful"]}
        for name, process in self.processes.items():
            if self.elapsed() - process["seen"] > SILENT:  # its last writes were never reported
                doubtful |= self.changed_keywords[name]
        return self.total.drain() | {
            "elapsed": self.elapsed(),
            "processes": list(self.processes.values()),
            "doubtful": sorted(doubtful),
            "queues": [queue for queues in self.queues.values() for queue in queues],
            "warned": bool(environment.runner.cpu_warning_emitted),
        }


PROCESS = GeneratorProcess()


class Rehearsal(LoadTestShape):  # type: ignore[misc]  # as in users.py
    """The plan's shape over its duration; only a master or a single process asks for it."""

    def tick(self) -> tuple[int, float] | None:
        """Return the number of users now and the spawn rate; None ends the run."""
        plan = PROCESS.known_plan()
        progress = (plan.offset + self.get_run_time()) / plan.duration
        if progress >= 1.0 or PROCESS.is_stopped:
            return None
        fewest = len(ROLES) * ceil(len(plan.targets) / plan.workers) * plan.workers
        return plan.event.users(progress, plan.users, fewest), float(max(plan.users, fewest))


def wait_for_stop() -> None:
    """Stop the run when standard input ends: the command asks for it, or is gone."""
    wait_read(sys.stdin.fileno())
    PROCESS.is_stopped = True


def print_progress(environment: Any) -> None:
    """Write one line of progress per second."""
    rows = 0
    while True:
        gevent.sleep(1.0)
        if PROCESS.is_over:
            return
        rows += 1
        if rows % TIDY == 0:
            PROCESS.tidy(environment.stats)
        if not isinstance(environment.runner, MasterRunner):
            PROCESS.merge(ALONE, PROCESS.payload())
        line = {
            "elapsed": round(PROCESS.elapsed(), 1),
            "users": environment.runner.user_count,
            "waiting": PROCESS.total.waiting(),
            **PROCESS.total.totals(),
        }
        if PROCESS.known_plan().is_live:
            line["counts"] = PROCESS.fresh.drain()["counts"]
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def add_options(parser: ArgumentParser, **_ignored: Any) -> None:
    """Add the option that holds the plan: the file's content, since workers lack the file."""
    parser.add_argument(OPTION, type=document, dest="adsmock_plan")


@events.init.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def prepare(environment: Any, **_ignored: Any) -> None:
    """Read the plan, and let a master receive its workers' counts."""
    if isinstance(environment.runner, WorkerRunner):
        return
    PROCESS.plan = parse(environment.parsed_options.adsmock_plan)
    if isinstance(environment.runner, MasterRunner):
        environment.runner.register_message(MESSAGE, receive)


def receive(msg: Any, **_ignored: Any) -> None:
    """Add the counts that a worker sent."""
    PROCESS.merge(msg.node_id, msg.data)


@events.report_to_master.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def report(data: dict[str, Any], **_ignored: Any) -> None:
    """Send the remaining counts with Locust's own figures, also at the very end."""
    if hasattr(Worker, "shared"):
        data["adsmock"] = PROCESS.payload()


@events.worker_report.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def collect(client_id: str, data: dict[str, Any], **_ignored: Any) -> None:
    """Add the counts that came with a worker's figures."""
    if "adsmock" in data:
        PROCESS.merge(client_id, data["adsmock"])


@events.test_start.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def start(environment: Any, **_ignored: Any) -> None:
    """Start the work, the progress reports, or both."""
    PROCESS.runner = runner = environment.runner
    if isinstance(runner, WorkerRunner):
        PROCESS.plan = parse(environment.parsed_options.adsmock_plan)
        PROCESS.start_work(environment, runner.worker_index)
        return
    if isinstance(runner, MasterRunner):
        PROCESS.begin()
    else:
        PROCESS.start_work(environment, 0)
    gevent.spawn(print_progress, environment)
    gevent.spawn(wait_for_stop)


@events.quitting.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def end_copies(**_ignored: Any) -> None:
    """End the copies of the partner's program; listeners run from last to first."""
    if PROCESS.copies is not None:
        PROCESS.copies.close()


@events.quitting.add_listener  # type: ignore[untyped-decorator]  # as in users.py
def write_result(environment: Any, **_ignored: Any) -> None:
    """Write the counts of the whole run, and leave the verdict to the caller."""
    if isinstance(environment.runner, WorkerRunner):
        return
    if not isinstance(environment.runner, MasterRunner):
        PROCESS.merge(ALONE, PROCESS.payload())
    text = json.dumps(PROCESS.result(environment))
    Path(PROCESS.known_plan().result).write_text(text, encoding="utf-8")
    environment.process_exit_code = 0


def _task_reporter(environment: Any) -> Any:
    def report_task(role: str, took: float, error: Exception | None) -> None:
        environment.events.request.fire(
            request_type="TASK",
            name=role,
            response_time=took,
            response_length=0,
            exception=error,
            context={},
        )

    return report_task


def _call_reporter(environment: Any) -> Any:
    def report_call(method: str, name: str, took: float, error: Exception | None) -> None:
        environment.events.request.fire(
            request_type=method,
            name=name,
            response_time=took,
            response_length=0,
            exception=error,
            context={},
        )

    return report_call
