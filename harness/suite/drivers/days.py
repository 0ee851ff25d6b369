"""The days of a case: groups of tasks, and the time that the suite passes after each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.case_setup import CaseSetup

IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Day:
    """The tasks of one day, and the seconds that pass after it."""

    tasks: tuple[dict[str, Any], ...]
    pause: float = 0.0


def pause_of(setup: CaseSetup, task: dict[str, Any]) -> float:
    """Return the seconds that the suite passes in place of a task, 0 for work of the client."""
    is_passed = setup.case.advance and task["verb"] == IDLE
    return float(task["args"]["seconds"]) if is_passed else 0.0


def days_of(setup: CaseSetup) -> Iterator[Day]:
    """Yield the days of a case; a case in which the client waits itself is one day."""
    tasks: list[dict[str, Any]] = []
    for task in setup.task["tasks"]:
        pause = pause_of(setup, task)
        if pause:
            yield Day(tuple(tasks), pause)
            tasks = []
        else:
            tasks.append(task)
    yield Day(tuple(tasks))
