"""Locust in processes of its own, because it replaces parts of the standard library.

One process alone, or a master with workers on this machine or others.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from adsmock.harness.client.random_source import SeededRandom
from adsmock.loadtests.plan import FILE, OPTION

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
LOOPBACK = "127.0.0.1"

GRACE = 40.0
"""Seconds beyond its duration in which a run starts, stops and writes its result."""

WORKER_TIMEOUT = 300
"""Seconds that a master waits for workers on other machines."""


class GeneratorError(Exception):
    """The load generator ended without a result; the text names its log."""


@dataclass(slots=True)
class Stop:
    """Whether a run is to stop: when it is asked to, or ``after`` seconds."""

    after: float = field(default=float("inf"))
    is_asked: bool = False

    def is_due(self, passed: float) -> bool:
        """Return whether to stop a run that has lasted ``passed`` seconds."""
        return self.is_asked or passed >= self.after


@dataclass(frozen=True, slots=True)
class WorkerPool:
    """The processes that generate load: one alone, or the workers of a master.

    ``listen`` is host and port where the master waits for workers of other machines; without it
    the workers start here, over loopback. ``web_ui`` is the port of Locust's own pages.
    """

    workers: int = 1
    listen: tuple[str, int] | None = None
    web_ui: int | None = None

    @property
    def is_alone(self) -> bool:
        """Whether one process does it all."""
        return self.workers == 1 and self.listen is None


def is_installed() -> bool:
    """Return whether Locust, an optional dependency, is installed."""
    return find_spec("locust") is not None


def run(pool: WorkerPool, seconds: float, folder: Path, stop: Stop) -> Iterator[dict[str, Any]]:
    """Run Locust with the plan in ``folder`` and yield its progress, one row per second.

    It ends after ``seconds``, or when ``stop`` is due: then it finishes the turns of its users.
    Rows hold ``elapsed``, ``users``, ``waiting``, ``accepted``, ``throttled`` and ``failed``.

    Raises:
        GeneratorError: it ended with an error, or exceeded its time limit.
    """
    host, port = pool.listen or (LOOPBACK, 0 if pool.is_alone else free_port())
    address = None if pool.is_alone else (host, port, pool.workers)
    limit = seconds + GRACE + (WORKER_TIMEOUT if pool.listen else 0)
    log_file = folder / "locust.log"
    with ExitStack() as stack:
        log = stack.enter_context(log_file.open("w", encoding="utf-8"))
        main = _start(
            stack, command(folder, address, pool.web_ui), log, limit, pipes=subprocess.PIPE
        )
        if address and pool.listen is None:
            for _each in range(pool.workers):
                _start(stack, worker_command(host, port), log, limit)
        yield from _progress(main, stop)
        code = main.wait()
    if code != 0:
        last = log_file.read_text(encoding="utf-8").strip().rpartition("\n")[2]
        raise GeneratorError(f"the load generator ended with code {code}: {last} (see {log_file})")


def join(host: str, port: int) -> int:
    """Work for a master on another machine until the run ends; return the exit code.

    The plan comes from the master: a worker needs only its address.
    """
    line = worker_command(host, port)
    sys.stderr.write(f"adsmock: working for the master at {host}:{port} until its run ends\n")
    with subprocess.Popen(line) as process:  # noqa: S603 -- our own interpreter
        try:
            return process.wait()
        finally:
            process.kill()


def command(
    folder: Path, address: tuple[str, int, int] | None = None, web_ui: int | None = None
) -> list[str]:
    """Return the command line; the shape determines how long it runs.

    ``address`` makes it a master: host, port, and how many workers it waits for. ``web_ui`` is the
    port of Locust's own pages, which end with the run.
    """
    pages = ["--headless"]
    if web_ui is not None:
        served = ("--web-host", LOOPBACK, "--web-port", str(web_ui))
        pages = ["--autostart", "--autoquit", "0", *served]
    master = []
    if address is not None:
        host, port, workers = address
        master = [
            *("--master", "--master-bind-host", host, "--master-bind-port", str(port)),
            *("--expect-workers", str(workers), "--expect-workers-max-wait", str(WORKER_TIMEOUT)),
        ]
    return [
        *(sys.executable, "-m", "locust"),
        *("--locustfile", str(LOCUSTFILE)),
        *pages,
        *("--only-summary", "--skip-log-setup", "--stop-timeout", "2"),
        *("--host", "http://127.0.0.1"),
        *("--csv", str(folder / "stats")),
        *(OPTION, str(folder / FILE)),
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
    """Return a free port of this machine, if possible one that no client gets before its use.

    Linux and macOS give clients higher ports than these.
    """
    chance = SeededRandom.from_entropy()
    for port in (*(20_000 + int(12_000 * chance.fraction()) for _ in range(20)), 0):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            found: int = probe.getsockname()[1]
            return found
    raise GeneratorError(f"no port of {LOOPBACK} is free")


def check_address(host: str, port: int) -> None:
    """Check that a master can listen at an address.

    Raises:
        GeneratorError: it cannot; the text contains the address and the reason.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise GeneratorError(f"{host}:{port}: {error.strerror or error}") from None


def _start(
    stack: ExitStack,
    line: list[str],
    log: IO[str],
    limit: float,
    *,
    pipes: int = subprocess.DEVNULL,
) -> subprocess.Popen[str]:
    """Start a process that ends with the stack, and after ``limit`` seconds at the latest."""
    process = stack.enter_context(
        subprocess.Popen(  # noqa: S603 -- our own interpreter with fixed arguments
            line,
            stdin=pipes,
            stdout=pipes,
            stderr=log,
            text=True,
            start_new_session=True,  # ^C is for this process, which stops the run
        )
    )
    timer = threading.Timer(limit, process.kill)
    timer.daemon = True
    timer.start()
    stack.callback(process.kill)
    stack.callback(timer.cancel)
    return process


def _progress(process: subprocess.Popen[str], stop: Stop) -> Iterator[dict[str, Any]]:
    """Yield the rows that the process prints; end its input when the run is to stop."""
    assert process.stdin is not None, "it is a pipe"
    first = None
    for line in process.stdout or ():
        if not line.startswith("{"):
            continue
        row = json.loads(line)
        yield row
        first = row["elapsed"] if first is None else first
        if stop.is_due(row["elapsed"] - first):
            process.stdin.close()
