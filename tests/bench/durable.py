"""The cost of a data directory: the server's processor time for a create of ten."""

from __future__ import annotations

import http.client
import tempfile
from pathlib import Path

from tests.bench.aim import Aim
from tests.bench.load import create_body
from tests.bench.server import Target, ours

TARGET = 0.85
"""The share of the rate that must be left."""

_SLICES, _CALLS = 8, 150


def measure(rounds: int) -> tuple[float, float]:
    """Return microseconds without and with a data directory: the least of many short slices.

    Whatever else a machine does only adds to them, so both take turns and the least counts.
    """
    plain, durable = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="adsmock-bench-") as folder:
            for found, options in (
                (plain, ()),
                (durable, ("--data-dir", str(Path(folder, "data")))),
            ):
                with ours(*options) as target:
                    found.append(_least(target))
    return min(plain), min(durable)


def _least(target: Target) -> float:
    headers = target.headers | {"Amazon-Advertising-API-Scope": target.profiles[0]}
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
    slices = []
    for number in range(_SLICES):
        before = target.cpu_seconds()
        for call in range(_CALLS):
            body = create_body("durable", number * _CALLS + call, 10)
            connection.request("POST", "/sp/campaigns", body, headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 207, answer.status
        slices.append((target.cpu_seconds() - before) / _CALLS * 1e6)
    connection.close()
    return min(slices)


def lines(plain: float, durable: float) -> list[str]:
    """Return the figures as text."""
    return [f"create10 by processor time: {plain:.0f} us, with a data directory {durable:.0f} us"]


def aims(plain: float, durable: float) -> list[Aim]:
    """Return the target."""
    what = "create10 with a data directory, of the rate without"
    return [Aim(what, plain / durable, TARGET, "x", floor=True)]
