"""Run a task file with the reference client in real time: ``python -m harness.client TASKFILE``.

Prints one JSON line per task. Exit code 0 when every task ended in an orderly way, done or with
a clear error; 2 when the task file cannot be used.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.client.clock import SystemClock
from harness.client.draw import SeededDraw
from harness.client.task import run

if TYPE_CHECKING:
    from collections.abc import Sequence

TASK_VARIABLE = "ADSMOCK_TASK"
"""Names the task file when no argument does."""


def main(words: Sequence[str] | None = None) -> int:
    """Perform the task file and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m harness.client", description=__doc__)
    default = os.environ.get(TASK_VARIABLE)
    parser.add_argument("taskfile", nargs="?", default=default, help=f"default: ${TASK_VARIABLE}")
    parser.add_argument("--workers", type=int, default=1, help="tasks performed side by side")
    arguments = parser.parse_args(words)
    try:
        task = _read(arguments.taskfile)
        clock = SystemClock()
        draw = SeededDraw.from_entropy()
        results = run(task, clock, clock, draw, workers=max(1, arguments.workers))
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        sys.stderr.write(f"python -m harness.client: {arguments.taskfile}: {trouble!r}\n")
        return 2
    for result in results:
        sys.stdout.write(json.dumps(result.row(), ensure_ascii=False) + "\n")
    return 0


def _read(taskfile: str | None) -> dict[str, Any]:
    if taskfile is None:
        raise ValueError(f"name a task file, or set {TASK_VARIABLE}")
    task: dict[str, Any] = json.loads(Path(taskfile).read_text(encoding="utf-8"))
    return task


if __name__ == "__main__":
    sys.exit(main())
