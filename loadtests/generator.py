"""Locust as a process of its own, so that its patched standard library reaches nobody else.

Knows how to start it, how to read its progress and when to give up. Must not know the mock.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from loadtests.plan import VARIABLE

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
USERS = {"integration": "Integration", "careless": "Careless"}

GRACE = 30.0
"""Seconds beyond its duration that a run may take to start, to stop and to write its result."""


class GeneratorFailed(Exception):
    """The load generator ended without a result. The text says where its own words are."""


def is_installed() -> bool:
    """Say whether the optional part that generates load is there."""
    return find_spec("locust") is not None


def run(plan_file: Path, user: str, duration: float, folder: Path) -> Iterator[dict[str, Any]]:
    """Run Locust and yield its progress, one row a second.

    Rows hold ``elapsed``, ``users``, ``waiting``, ``accepted``, ``throttled`` and ``failed``.

    Raises:
        GeneratorFailed: it ended with an error, or had to be stopped.
    """
    words = folder / "locust.log"
    with (
        words.open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 -- our own interpreter with fixed arguments
            command(user, folder),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | {VARIABLE: str(plan_file)},
        ) as process,
    ):
        limit = threading.Timer(duration + GRACE, process.kill)
        limit.start()
        try:
            yield from _progress(process)
            code = process.wait()
        finally:
            limit.cancel()
            process.kill()
    if code != 0:
        last = words.read_text(encoding="utf-8").strip().rpartition("\n")[2]
        raise GeneratorFailed(f"the load generator ended with code {code}: {last} ({words})")


def command(user: str, folder: Path) -> list[str]:
    """Return the command line; the shape, not an option, says how long it runs."""
    return [
        *(sys.executable, "-m", "locust"),
        *("--locustfile", str(LOCUSTFILE)),
        *("--headless", "--only-summary", "--skip-log-setup", "--stop-timeout", "2"),
        *("--host", "http://127.0.0.1"),
        *("--csv", str(folder / "stats")),
        USERS[user],
    ]


def _progress(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    for line in process.stdout or ():
        if line.startswith("{"):
            yield json.loads(line)
