"""A peer on the same machine: how it is started, watched and stopped.

They do less than the mock does: each row says what. A peer that is not installed is named, not
measured; ``make peers`` installs all that a registry brings.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import requests

from adsmock.mockserver.core.clock import monotonic
from tests.bench.load import create_body
from tests.bench.server import MEDIA

HERE = Path(__file__).parent
HOME = Path(__file__).parents[3] / ".bench"
"""Where ``make peers`` puts them."""

PATHS = {"create10": "/sp/campaigns", "list100": "/sp/campaigns/list"}
STATUS = {"create10": 207, "list100": 200}
PATIENCE = 60.0
"""Seconds that a peer may take until it serves."""
PARTING = 10.0
"""Seconds that it may take to leave."""


HEADERS = {
    "Content-Type": MEDIA,
    "Accept": MEDIA,
    "Authorization": "Bearer none",
    "Amazon-Advertising-API-ClientId": "none",
    "Amazon-Advertising-API-Scope": "1",
    "Prefer": "return=representation",
}


@dataclass(frozen=True)
class Asked:
    """One fixed request."""

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=HEADERS.copy)


@dataclass(frozen=True)
class Running:
    """A peer that serves: its port and process, seconds it took to start, what to ask of it."""

    name: str
    does: str
    port: int
    pid: int
    started: float
    asked: dict[str, Asked]

    def memory(self) -> float:
        """Return the resident megabytes of the process and its children, 0.0 where unknown."""
        return sum(_resident(pid) for pid in (self.pid, *_children(self.pid)))


@dataclass(frozen=True)
class Peer:
    """How a peer is started: ``words`` from port, folder and the replies it is to give."""

    name: str
    does: str
    needs: tuple[Path | str, ...]
    words: Callable[[int, Path, dict[str, bytes]], list[str]]
    ready: Callable[[str], None] | None = None
    asked: dict[str, Asked] = field(
        default_factory=lambda: {
            "create10": Asked(PATHS["create10"], create_body("peer", 0)),
            "list100": Asked(PATHS["list100"], b'{"maxResults":100}'),
        }
    )

    def missing(self) -> str:
        """Return what is not installed, nothing when all is there."""
        for each in self.needs:
            found = each.exists() if isinstance(each, Path) else shutil.which(each)
            if not found:
                return str(each.name if isinstance(each, Path) else each)
        return ""

    @contextlib.contextmanager
    def started(self, replies: dict[str, bytes]) -> Iterator[Running]:
        """Give the peer on a free port; ``replies`` are what the canned ones answer, by kind."""
        port, begun = free_port(), monotonic()
        with tempfile.TemporaryDirectory() as folder:
            words = self.words(port, Path(folder), replies)
            with _process(words, folder) as process:
                _wait(port, process)
                took = monotonic() - begun
                if self.ready is not None:
                    self.ready(f"http://127.0.0.1:{port}")
                yield Running(self.name, self.does, port, process.pid, took, self.asked)


@contextlib.contextmanager
def _process(words: list[str], folder: str) -> Iterator[subprocess.Popen[bytes]]:
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, cwd=folder, **silent) as process:
        try:
            yield process
        finally:
            family = [process.pid, *_children(process.pid)]
            _end(family, signal.SIGTERM)
            try:
                process.wait(PARTING)
            except subprocess.TimeoutExpired:  # a peer that does not care to leave
                _end(family, signal.SIGKILL)


def _end(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    begun = monotonic()
    while monotonic() - begun < PATIENCE:
        if process.poll() is not None:
            raise SystemExit(f"bench: {process.args} ended before it served")
        with contextlib.suppress(OSError):
            requests.get(f"http://127.0.0.1:{port}/", timeout=5)
            return
    raise SystemExit(f"bench: {process.args} does not serve")


def _children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *_children(child)]
    return found


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
