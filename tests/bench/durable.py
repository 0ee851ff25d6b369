"""The cost of a data directory: the server's processor time for a create of ten."""

from __future__ import annotations

import http.client
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from tests.bench.aim import Aim
from tests.bench.load import create_body
from tests.bench.server import Target, ours

TARGET = 0.85
"""The share of the rate that must be left."""

_SLICES, _CALLS = 20, 100


def measure(rounds: int) -> tuple[float, float]:
    """Return microseconds without and with a data directory: the least of many short slices.

    Whatever else a machine does only adds to them, so the two servers take turns slice by slice,
    and the least counts.
    """
    plain: list[float] = []
    durable: list[float] = []
    with tempfile.TemporaryDirectory(prefix="adsmock-bench-") as folder, ExitStack() as stack:
        servers = [
            (found, stack.enter_context(_Caller(stack.enter_context(ours(*options)))))
            for found, options in (
                (plain, ()),
                (durable, ("--data-dir", str(Path(folder, "data")))),
            )
        ]
        for number in range(rounds * _SLICES):
            for found, caller in servers:
                found.append(caller.slice_of(number))
    return min(plain), min(durable)


class _Caller:
    """One connection to a server."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._headers = target.headers | {"Amazon-Advertising-API-Scope": target.profiles[0]}
        self._connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def slice_of(self, number: int) -> float:
        """Create ten campaigns some times, and return the server's microseconds for each time."""
        before = self._target.cpu_seconds()
        for call in range(_CALLS):
            body = create_body("durable", number * _CALLS + call, 10)
            self._connection.request("POST", "/sp/campaigns", body, self._headers)
            answer = self._connection.getresponse()
            answer.read()
            assert answer.status == 207, answer.status
        return (self._target.cpu_seconds() - before) / _CALLS * 1e6


def lines(plain: float, durable: float) -> list[str]:
    """Return the figures as text."""
    return [f"create10 by processor time: {plain:.0f} us, with a data directory {durable:.0f} us"]


def aims(plain: float, durable: float) -> list[Aim]:
    """Return the target."""
    what = "create10 with a data directory, of the rate without"
    return [Aim(what, plain / durable, TARGET, "x", floor=True)]
