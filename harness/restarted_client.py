"""A client of this package as a process of its own, which its driver can kill and start again.

``harness.fork_server`` starts it in a process that has imported all clients.

Protocol over the standard streams, one JSON object a line: the client writes
``{"sleep": seconds}`` and reads ``{"now": seconds since 1970}``; at its end it writes
``{"results": […]}`` or ``{"error": text}``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from adsmock.harness.client import task
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.clock import RemoteClock
from adsmock.harness.client.extensions import Extensions
from adsmock.harness.client.random_source import SeededRandom
from adsmock.harness.client.store import SqliteStore
from adsmock.harness.combination import combined


def factory_of(kind: str, name: str) -> Callable[..., AdsClient]:
    """Return what makes the client of a kind: the reference, a broken one, a compliant one."""
    if kind == "reference":
        return AdsClient
    return combined(f"{kind}:{name}").factory


def _sleep(seconds: float) -> float:
    """Let time pass at the other end and return the time there."""
    _write({"sleep": seconds})
    return float(json.loads(sys.stdin.readline())["now"])


def _write(words: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main(kind: str, name: str, folder: str, start: str) -> None:
    """Be the client of one case, with a store in ``folder``."""
    work = json.loads((Path(folder) / "task.json").read_text("utf-8"))
    clock = RemoteClock(float(start), _sleep)
    files = Path(folder)
    extensions = Extensions(store=SqliteStore(files / "client.db"), stream_path=files / "stream.db")
    make = partial(factory_of(kind, name), extensions=extensions)
    draw = SeededRandom(f"{work['seed']}:{work['case']}")
    try:
        results = task.run(work, clock, clock, draw, client_factory=make)
    except Exception as error:  # noqa: BLE001 -- a broken client may raise anything
        _write({"error": f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]})
        return
    _write({"results": [result.row() for result in results]})
