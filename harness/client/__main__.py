"""Run a task file with the reference client in real time: ``python -m harness.client TASKFILE``.

Prints one JSON line per task. Exit code 0 when every task ended in an orderly way, done or with
a clear error; 2 when the task file cannot be used.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.client.encryption import KEY_VARIABLE
from adsmock.harness.client.extensions import Extensions
from adsmock.harness.client.random_source import SeededRandom
from adsmock.harness.client.store import SqliteStore
from adsmock.harness.client.task import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCHEMA = resources.files("adsmock.contracts") / "meta" / "task.schema.json"

TASK_VARIABLE = "ADSMOCK_TASK"
"""Names the task file when no argument does."""

STATE_VARIABLE = "ADSMOCK_STATE"
"""Names the directory for what must outlive this process."""


def main(words: Sequence[str] | None = None) -> int:
    """Perform the task file and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m adsmock.harness.client", description=__doc__)
    default = os.environ.get(TASK_VARIABLE)
    parser.add_argument("taskfile", nargs="?", default=default, help=f"default: ${TASK_VARIABLE}")
    parser.add_argument(
        "--workers", type=int, default=0, help="tasks side by side; default: as the task says"
    )
    arguments = parser.parse_args(words)
    try:
        task = _read(arguments.taskfile)
    except (OSError, ValueError) as trouble:
        reason = str(trouble).partition("\n")[0]
        sys.stderr.write(f"python -m adsmock.harness.client: {arguments.taskfile}: {reason}\n")
        return 2
    clock = SystemClock()
    # Not the task's seed: workers that draw from one seed would come back in step.
    draw = SeededRandom.from_entropy()
    workers = arguments.workers or task.get("workers", 1)
    make = partial(AdsClient, extensions=_equipment(os.environ))
    for result in run(task, clock, clock, draw, client_factory=make, workers=max(1, workers)):
        sys.stdout.write(json.dumps(result.row(), ensure_ascii=False) + "\n")
    return 0


def _equipment(environment: Mapping[str, str]) -> Extensions:
    """Return a store in the directory that was named, where there is a key to seal it with."""
    folder = environment.get(STATE_VARIABLE)
    if not folder or not environment.get(KEY_VARIABLE):
        return Extensions()
    return Extensions(store=SqliteStore(Path(folder) / "client.db"))


def _read(taskfile: str | None) -> dict[str, Any]:
    """Return a task that fits its schema; raises ValueError (also for bad JSON) or OSError."""
    if taskfile is None:
        raise ValueError(f"name a task file, or set {TASK_VARIABLE}")
    task: dict[str, Any] = json.loads(Path(taskfile).read_text(encoding="utf-8"))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema_rs.validator_for(schema).validate(task)
    return task


if __name__ == "__main__":
    sys.exit(main())
