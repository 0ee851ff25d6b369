"""Run a task file with the reference client in real time, and print one JSON line per task.

Exit code 0 when every task ended, done or with a clear error; 2 when the task file is unusable.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from . import task
from .client import AdsClient
from .clock import SystemClock
from .encryption import KEY_VARIABLE
from .extensions import Extensions
from .random_source import SeededRandom
from .store import SqliteStore

TASK_VARIABLE = "ADSMOCK_TASK"
"""The environment variable that names the task file when no argument does."""

STATE_VARIABLE = "ADSMOCK_STATE"
"""The environment variable that names the directory for files that outlive this process."""

PROGRAM = f"python -m {__package__}"


def main(words: Sequence[str] | None = None) -> int:
    """Perform the task file and return the exit code."""
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__)
    default = os.environ.get(TASK_VARIABLE)
    parser.add_argument("taskfile", nargs="?", default=default, help=f"default: ${TASK_VARIABLE}")
    parser.add_argument(
        "--workers",
        type=int,
        default=0,
        help="how many tasks run at a time; default: as the task file says",
    )
    arguments = parser.parse_args(words)
    try:
        document = _read(arguments.taskfile)
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        sys.stderr.write(f"{PROGRAM}: {arguments.taskfile}: {reason}\n")
        return 2
    clock = SystemClock()
    # Not the task's seed: clients with one seed would all retry at the same moments.
    random_source = SeededRandom.from_entropy()
    workers = arguments.workers or document.get("workers", 1)
    factory = partial(AdsClient, extensions=_extensions(os.environ))
    for result in task.run(
        document, clock, clock, random_source, client_factory=factory, workers=max(1, workers)
    ):
        sys.stdout.write(json.dumps(result.row(), ensure_ascii=False) + "\n")
        if result.sums is not None and os.environ.get(STATE_VARIABLE):
            sums = Path(os.environ[STATE_VARIABLE]) / "stream-sums.json"
            sums.write_text(json.dumps(result.sums), "utf-8")
    return 0


def _extensions(environment: Mapping[str, str]) -> Extensions:
    """Return the files in the named directory: sums, and a store if there is a key for it."""
    folder = environment.get(STATE_VARIABLE)
    if not folder:
        return Extensions()
    files = Path(folder)
    keyed = bool(environment.get(KEY_VARIABLE))
    store = SqliteStore(files / "client.db") if keyed else None
    return Extensions(store=store, stream_path=files / "stream.db")


def _read(taskfile: str | None) -> dict[str, Any]:
    """Return a checked task file; raises ValueError (also for bad JSON) or OSError."""
    if taskfile is None:
        raise ValueError(f"no task file: name one, or set {TASK_VARIABLE}")
    return task.checked(json.loads(Path(taskfile).read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main())
