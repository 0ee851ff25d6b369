"""Locust as processes of their own, so that its patched standard library reaches nobody else.

Knows how to start one process or a master with workers, how to read the progress and when to give
up. Must not know the mock.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from adsmock.loadtests.plan import VARIABLE

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
LOOPBACK = "127.0.0.1"

GRACE = 40.0
"""Seconds beyond its duration that a run may take to start, to stop and to write its result."""

PATIENCE = 300
"""Seconds that a master waits for workers on other machines."""


class GeneratorError(Exception):
    """The load generator ended without a result. The text says where its own words are."""


@dataclass(frozen=True, slots=True)
class WorkerPool:
    """Who makes the load: this process alone, or so many workers of a master.

    ``listen`` is host and port where the master waits for workers of other machines; without it
    the workers are started here, over loopback.
    """

    workers: int = 1
    listen: tuple[str, int] | None = None

    @property
    def is_alone(self) -> bool:
        """Whether one process does it all."""
        return self.workers == 1 and self.listen is None


def is_installed() -> bool:
    """Say whether the optional part that generates load is there."""
    return find_spec("locust") is not None


def run(
    plan_file: Path, pool: WorkerPool, duration: float, folder: Path
) -> Iterator[dict[str, Any]]:
    """Run Locust and yield its progress, one row a second.

    Rows hold ``elapsed``, ``users``, ``waiting``, ``accepted``, ``throttled`` and ``failed``.

    Raises:
        GeneratorFailed: it ended with an error, or had to be stopped.
    """
    host, port = pool.listen or (LOOPBACK, 0 if pool.is_alone else free_port())
    place = None if pool.is_alone else (host, port, pool.workers)
    environment = os.environ | {VARIABLE: str(plan_file)}
    patience = duration + GRACE + (PATIENCE if pool.listen else 0)
    words = folder / "locust.log"
    with ExitStack() as stack:
        log = stack.enter_context(words.open("w", encoding="utf-8"))
        line = command(folder, place)
        boss = _start(stack, line, log, environment, patience, out=subprocess.PIPE)
        if place and pool.listen is None:
            bare = {name: value for name, value in os.environ.items() if name != VARIABLE}
            for _each in range(pool.workers):
                _start(stack, worker_command(host, port), log, bare, patience)
        yield from _progress(boss)
        code = boss.wait()
    if code != 0:
        last = words.read_text(encoding="utf-8").strip().rpartition("\n")[2]
        raise GeneratorError(f"the load generator ended with code {code}: {last} ({words})")


def join(host: str, port: int) -> int:
    """Be a worker of a master on another machine until it is done; return the exit code.

    The plan comes from the master; nothing but the address is needed here.
    """
    bare = {name: value for name, value in os.environ.items() if name != VARIABLE}
    line = worker_command(host, port)
    sys.stderr.write(f"adsmock: a worker for the master at {host}:{port}, until it is done\n")
    with subprocess.Popen(line, env=bare) as process:  # noqa: S603 -- our own interpreter
        try:
            return process.wait()
        finally:
            process.kill()


def command(folder: Path, place: tuple[str, int, int] | None = None) -> list[str]:
    """Return the command line; the shape, not an option, says how long it runs.

    ``place`` makes it a master: host, port, and how many workers it waits for.
    """
    master = []
    if place is not None:
        host, port, workers = place
        master = [
            *("--master", "--master-bind-host", host, "--master-bind-port", str(port)),
            *("--expect-workers", str(workers), "--expect-workers-max-wait", str(PATIENCE)),
        ]
    return [
        *(sys.executable, "-m", "locust"),
        *("--locustfile", str(LOCUSTFILE)),
        *("--headless", "--only-summary", "--skip-log-setup", "--stop-timeout", "2"),
        *("--host", "http://127.0.0.1"),
        *("--csv", str(folder / "stats")),
        *master,
    ]


def worker_command(host: str, port: int) -> list[str]:
    """Return the command line of one worker."""
    return [
        *(sys.executable, "-m", "locust"),
        *("--locustfile", str(LOCUSTFILE), "--skip-log-setup"),
        *("--worker", "--master-host", host, "--master-port", str(port)),
    ]


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def probe(host: str, port: int) -> None:
    """Return when a master could listen there.

    Raises:
        GeneratorFailed: it could not; the text says where and why.
    """
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError as error:
            raise GeneratorError(f"{host}:{port}: {error.strerror or error}") from None


def _start(
    stack: ExitStack,
    line: list[str],
    log: IO[str],
    environment: dict[str, str],
    patience: float,
    *,
    out: int = subprocess.DEVNULL,
) -> subprocess.Popen[str]:
    """Start a process that ends with the stack, and after ``patience`` seconds at the latest."""
    process = stack.enter_context(
        subprocess.Popen(  # noqa: S603 -- our own interpreter with fixed arguments
            line, stdout=out, stderr=log, text=True, env=environment
        )
    )
    limit = threading.Timer(patience, process.kill)
    limit.daemon = True
    limit.start()
    stack.callback(process.kill)
    stack.callback(limit.cancel)
    return process


def _progress(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    for line in process.stdout or ():
        if line.startswith("{"):
            yield json.loads(line)
