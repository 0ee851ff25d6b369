"""The server at half its ceiling for a while: does memory stay level, does latency?

Work arrives by the clock (an open model): a call that finds all connections busy waits, and its
wait counts. Batches and pages, and the sandbox is emptied now and then as a CI would.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from itertools import count
from statistics import median, quantiles

import httptools

from mockserver.core.clock import monotonic
from mockserver.edge.listener import new_loop
from tests.bench import server
from tests.bench.load import Load, create_body, run

CONNECTIONS = 16
SLICE = 5.0
"""Seconds that one line of the table stands for."""
RESET_EVERY = 2_000
"""Batches after which the sandbox is emptied: ten thousand campaigns a profile is the limit."""


@dataclass(frozen=True)
class Slice:
    """Some seconds of the soak: calls, their latency in milliseconds, megabytes at its end."""

    calls: int
    p50: float
    p99: float
    memory: float


class Connection(asyncio.Protocol):
    """One connection: a request at a time, an answer awaited."""

    def __init__(self) -> None:
        self._waiting: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        if self._waiting is not None:
            self._waiting.set_result(self._parser.get_status_code())

    async def ask(self, request: bytes) -> int:
        """Return the status of the answer."""
        self._parser = httptools.HttpResponseParser(self)
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting


def requests_of(target: server.Target):
    """Yield requests: seven batches and three pages in ten calls, over all profiles."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in target.headers.items())
    page = json.dumps({"maxResults": 100}).encode()
    for number in count():
        profile = target.profiles[number // 900 % len(target.profiles)]
        is_page = number % 10 in {2, 5, 8}
        path = "/sp/campaigns/list" if is_page else "/sp/campaigns"
        body = page if is_page else create_body("soak", number)
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{lines}"
        scope = f"Amazon-Advertising-API-Scope: {profile}\r\nContent-Length: {len(body)}\r\n\r\n"
        yield (head + scope).encode() + body


async def _soak(target: server.Target, rate: float, seconds: float) -> list[Slice]:
    loop = asyncio.get_running_loop()
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        _, connection = await loop.create_connection(Connection, "127.0.0.1", target.port)
        free.put_nowait(connection)
    took: list[float] = []
    bad = 0

    async def one(request: bytes, due: float) -> None:
        nonlocal bad
        connection = await free.get()
        bad += await connection.ask(request) >= 400
        took.append(monotonic() - due)
        free.put_nowait(connection)

    found, begun, source = [], monotonic(), requests_of(target)
    sent, tasks = 0, set()
    slices = round(seconds / SLICE)
    for number in range(slices):
        while monotonic() < begun + (number + 1) * SLICE:
            due = begun + sent / rate
            await asyncio.sleep(max(0.0, due - monotonic()))
            if sent % RESET_EVERY == RESET_EVERY - 1:
                await loop.run_in_executor(None, target.reset)
            task = loop.create_task(one(next(source), due))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            sent += 1
        cut = quantiles(took, n=100)
        found.append(Slice(len(took), median(took) * 1e3, cut[98] * 1e3, target.memory()))
        took.clear()
    await asyncio.gather(*tasks)
    if bad:
        raise SystemExit(f"bench: {bad} calls of the soak were refused")
    return found


def measure(seconds: float = 60.0) -> tuple[float, list[Slice]]:
    """Return the rate of the soak, half of what the server could take, and its slices."""
    with server.ours() as target:
        load = Load("create10", target.port, "ceiling", target.headers, target.profiles)
        ceiling = run(load, 3, CONNECTIONS).rate
        target.reset()
        rate = ceiling / 2
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return rate, runner.run(_soak(target, rate, seconds))


def lines(seconds: float = 60.0) -> list[str]:
    """Return the figures as lines."""
    rate, slices = measure(seconds)
    rows = [
        f"soak at {rate:,.0f} calls a second, half the ceiling of create10; a line is {SLICE:g} s",
        f"{'calls':>8}{'p50 ms':>9}{'p99 ms':>9}{'RSS MB':>9}",
    ]
    rows += [f"{s.calls:>8,}{s.p50:>9.2f}{s.p99:>9.2f}{s.memory:>9.1f}" for s in slices]
    settled = slices[len(slices) // 3 :]
    grown = settled[-1].memory - settled[0].memory
    slower = settled[-1].p50 / settled[0].p50
    rows.append(f"after it settled: memory {grown:+.1f} MB, median latency {slower:.2f} times")
    return rows


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines(*map(float, sys.argv[1:]))) + "\n")
