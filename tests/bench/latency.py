"""Latency by connections, of the bare callable and of the mock: closed loop and open loop.

Closed: each connection asks again as soon as it is answered, so the server is always full. Open:
work arrives by the clock, at one rate for both servers, and waits where no connection is free; its
wait counts.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.edge.servers import new_loop
from tests.bench import server
from tests.bench.load import Load, requests_of, run
from tests.bench.soak import Connection

CONNECTIONS = (1, 16, 64, 256)
KINDS = ("hello", "create10", "list100")
STORED = 1_000
OPEN_SHARE = 0.5
"""The rate of the open loop, as a part of what the mock could take with so many connections."""
OPEN_MOST = 2_000.0
"""The generator is one process of Python: above this rate it would measure itself."""


@dataclass(frozen=True)
class Point:
    """Milliseconds of one server at so many connections."""

    kind: str
    loop: str
    connections: int
    name: str
    p50: float
    p99: float


def measure(
    seconds: float, sizes: tuple[int, ...] = CONNECTIONS, kinds: tuple[str, ...] = KINDS
) -> list[Point]:
    """Return the points, servers taking turns."""
    found = []
    with server.bare() as bare, server.ours() as ours:
        for kind in kinds:
            for size in sizes:
                rates = {}
                for target in (bare, ours):
                    result = run(_load(target, kind, f"closed{size}"), seconds, size)
                    rates[target.name] = result.rate
                    found.append(Point(kind, "closed", size, target.name, result.p50, result.p99))
                rate = min(rates[ours.name] * OPEN_SHARE, OPEN_MOST)
                for target in (bare, ours):
                    load = _load(target, kind, f"open{size}")
                    with asyncio.Runner(loop_factory=new_loop) as runner:
                        p50, p99 = runner.run(_arrivals(load, rate, seconds, size))
                    found.append(Point(kind, "open", size, target.name, p50, p99))
    return found


def _load(target: server.Target, kind: str, prefix: str) -> Load:
    target.reset()
    if kind == "list100":
        target.fill(STORED)
    scopes = target.profiles if kind == "create10" else target.profiles[:1]
    return Load(kind, target.port, prefix, target.headers, scopes)


async def _arrivals(load: Load, rate: float, seconds: float, size: int) -> tuple[float, float]:
    """Return the median and the 99th of calls that arrive by the clock."""
    loop = asyncio.get_running_loop()
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(size):
        _, connection = await loop.create_connection(Connection, "127.0.0.1", load.port)
        free.put_nowait(connection)
    build, took = requests_of(load), []

    async def one(request: bytes, due: float) -> None:
        connection = await free.get()
        await connection.ask(request)
        took.append(monotonic() - due)
        free.put_nowait(connection)

    begun, tasks = monotonic(), []
    for number in range(int(rate * seconds)):
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - monotonic()))
        tasks.append(loop.create_task(one(build(), due)))
    await asyncio.gather(*tasks)
    took.sort()
    return took[len(took) // 2] * 1e3, took[len(took) * 99 // 100] * 1e3


def lines(seconds: float) -> list[str]:
    """Return the points as lines, both servers side by side."""
    points = measure(seconds)
    rows = [
        (
            f"{'latency, ms':<12}{'loop':<8}{'connections':>11}"
            f"{'bare p50':>10}{'ours':>8}{'ratio':>7}{'bare p99':>10}{'ours':>8}{'ratio':>7}"
        )
    ]
    for bare, ours in zip(points[::2], points[1::2], strict=True):
        rows.append(
            f"{ours.kind:<12}{ours.loop:<8}{ours.connections:>11}"
            f"{bare.p50:>10.2f}{ours.p50:>8.2f}{ours.p50 / bare.p50:>7.2f}"
            f"{bare.p99:>10.2f}{ours.p99:>8.2f}{ours.p99 / bare.p99:>7.2f}"
        )
    return rows
