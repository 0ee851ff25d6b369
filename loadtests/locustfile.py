"""What Locust runs: it reads the plan, sets the shape, reports progress, and writes what it saw.

Knows Locust's events. Must not know the mock or the thresholds. This file is imported by Locust
in a process of its own, where gevent has replaced the blocking parts of the standard library; no
other module of the project imports it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import gevent
from locust import LoadTestShape, events

from harness.client.clock import SystemClock
from harness.client.draw import SeededDraw
from loadtests.fleet import Fleet
from loadtests.plan import VARIABLE, read
from loadtests.shape import shapes
from loadtests.users import Careless, Integration, Worker

PERCENTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
BEAT = 1.0
"""Seconds between two lines of progress."""

PLAN = read(Path(os.environ[VARIABLE]))
CLOCK = SystemClock()
Worker.fleet = Fleet(PLAN, CLOCK, SeededDraw(PLAN.seed))
__all__ = ["Careless", "Integration", "Rehearsal"]


class Rehearsal(LoadTestShape):  # type: ignore[misc]  # Locust is not checked for types here
    """The plan's shape, stretched over the plan's duration."""

    def tick(self) -> tuple[int, float] | None:
        """Return the users of this moment; nothing ends the run."""
        progress = self.get_run_time() / PLAN.duration
        if progress >= 1.0:
            return None
        return shapes()[PLAN.shape].at(progress, PLAN.users).users, float(PLAN.users)


class Watch:
    """Follows one run: how long it takes, what it costs, and how it goes."""

    def __init__(self) -> None:
        self.began = CLOCK.now()
        self.spent = _cpu_seconds()

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return CLOCK.now() - self.began

    def follow(self, environment: Any) -> None:
        """Write one line of progress every beat."""
        while True:
            gevent.sleep(BEAT)
            tally = Worker.fleet.tally
            line = {
                "elapsed": round(self.elapsed(), 1),
                "users": environment.runner.user_count,
                "waiting": Worker.fleet.waiting(),
                **tally.totals(),
            }
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()

    def result(self, environment: Any) -> dict[str, Any]:
        """Return everything that was seen."""
        fleet = Worker.fleet
        elapsed = self.elapsed()
        return {
            "elapsed": elapsed,
            "generatorCpu": (_cpu_seconds() - self.spent) / elapsed,
            "generatorWarned": bool(environment.runner.cpu_warning_emitted),
            "calls": fleet.tally.totals(),
            "operations": _operations(environment.stats, fleet.tally.rows()),
            "failures": dict(fleet.tally.statuses),
            "changes": {
                "arrived": sum(desk.arrived for desk in fleet.desks),
                "done": sum(desk.done for desk in fleet.desks),
                "refused": sum(desk.refused for desk in fleet.desks),
                "waiting": fleet.waiting(),
            },
            "exports": fleet.tally.downloads,
            "turns": {"started": fleet.tally.turns, "latest": fleet.tally.latest},
        }


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system


def _operations(stats: Any, rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Add response times (milliseconds, accepted calls alone) to the counts of each operation."""
    for (name, _method), entry in stats.entries.items():
        if name in rows and entry.num_requests:
            for label, part in PERCENTILES.items():
                rows[name][label] = entry.get_response_time_percentile(part)
            rows[name]["slowest"] = entry.max_response_time
    return rows


@events.test_start.add_listener  # type: ignore[untyped-decorator]  # as above
def watch_the_run(environment: Any, **_ignored: Any) -> None:
    """Start to follow the run when the first user starts."""
    watch = Watch()
    gevent.spawn(watch.follow, environment)

    def finish(**_also_ignored: Any) -> None:
        text = json.dumps(watch.result(environment), indent=1)
        Path(PLAN.result).write_text(text, encoding="utf-8")
        environment.process_exit_code = 0  # the verdict is not Locust's to give

    environment.events.quitting.add_listener(finish)
