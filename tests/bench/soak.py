"""The server at half its ceiling for a while: does memory stay level, does a call cost the same?

Work arrives by the clock (an open model): a call that finds all connections busy waits, and its
wait counts. Batches and pages, and the sandbox is emptied now and then as a CI would, while nothing
is due. What is judged is what a busy machine cannot blur: memory, processor time for each call, and
the quickest of many lone calls before and after. Response times under the load are shown.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median

import httptools

from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.edge.servers import new_loop
from tests.bench import server
from tests.bench.load import Load, create_body, run

CONNECTIONS = 16
SLICE = 5.0
"""Seconds that one line of the table covers."""
SECONDS, SHORTEST, LONGEST = 60.0, 6 * SLICE, 180.0
RESET_EVERY = 2_000
"""Batches after which the sandbox is emptied: ten thousand campaigns a profile is the limit."""
MOST_WAITING = 20_000
"""Calls that may be due at once; more, and the machine does not carry half of what it did."""

GROWN = 16.0
"""Megabytes by which the last third may exceed the second: two emptied sandboxes differ by less."""
DEARER = 1.25
"""How many times the processor time a call of the last third may take."""
ALONE = 200
"""Lone calls before and after, of which the quickest counts."""
SLOWER = 1.5
"""How many times as long the quickest lone call may take afterwards."""


@dataclass(frozen=True)
class Slice:
    """Some seconds of the soak: calls, latency in milliseconds, megabytes, CPU microseconds a call.

    Megabytes are the most that were seen.
    """

    calls: int
    p50: float
    p99: float
    memory: float
    cpu: float


@dataclass(frozen=True)
class Course:
    """How a soak went: calls a second, the slices, the quickest lone call before and after (ms)."""

    rate: float
    slices: Sequence[Slice]
    before: float
    after: float


class SoakFailed(Exception):
    """The soak could not be carried through. The text says why."""


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

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("closed amid a call"))

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


class Soak:
    """One soak: sends what is due and keeps how long each call took."""

    def __init__(self, target: server.Target, rate: float) -> None:
        self._target = target
        self._rate = rate
        self._free: asyncio.Queue[Connection] = asyncio.Queue()
        self._took: list[float] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._bad = 0
        self._sent = 0
        self._begun = 0.0

    async def run(self, seconds: float) -> Course:
        """Return the course of so many seconds.

        Raises:
            SoakFailed: calls were refused, or came back too slowly to go on.
        """
        loop = asyncio.get_running_loop()
        for _ in range(CONNECTIONS):
            _, connection = await loop.create_connection(Connection, "127.0.0.1", self._target.port)
            self._free.put_nowait(connection)
        source = requests_of(self._target)
        before = await self._alone()
        self._begun = monotonic()
        found = [await self._slice(source, number) for number in range(round(seconds / SLICE))]
        await asyncio.gather(*self._tasks)
        if self._bad:
            raise SoakFailed(f"{self._bad} calls were refused or broken")
        await self._rest()
        return Course(self._rate, found, before, await self._alone())

    async def _alone(self) -> float:
        """Return how long the quickest of many calls takes when there is no other (ms)."""
        source, connection = requests_of(self._target), await self._free.get()
        took = []
        for _ in range(ALONE):
            begun = monotonic()
            await connection.ask(next(source))
            took.append(monotonic() - begun)
        self._free.put_nowait(connection)
        self._target.reset()
        return min(took) * 1e3

    async def _slice(self, source: Iterator[bytes], number: int) -> Slice:
        cpu, memory = self._target.cpu_seconds(), [self._target.memory()]
        while monotonic() < self._begun + (number + 1) * SLICE:
            await asyncio.sleep(max(0.0, self._begun + self._sent / self._rate - monotonic()))
            if self._sent % RESET_EVERY == RESET_EVERY - 1:
                memory.append(self._target.memory())
                await self._rest()
            if self._bad:
                raise SoakFailed(f"{self._bad} calls were refused or broken")
            self._send(next(source))
            if len(self._tasks) > MOST_WAITING:
                raise SoakFailed(f"{len(self._tasks)} calls wait: the machine is too busy")
        memory.append(self._target.memory())
        took, self._took = sorted(self._took) or [0.0], []
        spent = (self._target.cpu_seconds() - cpu) / max(1, len(took))
        p50, p99 = (took[int(len(took) * part)] * 1e3 for part in (0.50, 0.99))
        return Slice(len(took), p50, p99, max(memory), spent * 1e6)

    def _send(self, request: bytes) -> None:
        due = self._begun + self._sent / self._rate
        task = asyncio.get_running_loop().create_task(self._one(request, due))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._sent += 1

    async def _one(self, request: bytes, due: float) -> None:
        connection = await self._free.get()
        try:
            self._bad += await connection.ask(request) >= 400
        except OSError:
            self._bad += 1  # and the connection is not free again
            return
        self._took.append(monotonic() - due)
        self._free.put_nowait(connection)

    async def _rest(self) -> None:
        """Empty the sandbox while nothing is under way, and let that time not be due time."""
        await asyncio.gather(*self._tasks)
        begun = monotonic()
        await asyncio.get_running_loop().run_in_executor(None, self._target.reset)
        self._begun += monotonic() - begun


def measure(seconds: float = SECONDS) -> Course:
    """Return the course of a soak at half of what the server could take.

    Raises:
        SoakFailed: it could not be carried through.
    """
    with server.ours() as target:
        load = Load("create10", target.port, "ceiling", target.headers, target.profiles)
        rate = run(load, 3, CONNECTIONS).rate / 2
        target.reset()
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(Soak(target, rate).run(seconds))


def faults(course: Course) -> list[str]:
    """Return what did not stay level: the last third compared with the second."""
    third = len(course.slices) // 3
    parts = course.slices[third : 2 * third], course.slices[2 * third :]
    memory = [median(one.memory for one in part) for part in parts]
    cpu = [median(one.cpu for one in part) for part in parts]
    found = []
    if memory[1] - memory[0] > GROWN:
        found.append(f"memory grew from {memory[0]:.0f} to {memory[1]:.0f} MB")
    if cpu[1] > cpu[0] * DEARER:
        found.append(f"a call took {cpu[0]:.0f}, then {cpu[1]:.0f} microseconds of processor time")
    if course.after > course.before * SLOWER:
        found.append(f"a lone call took {course.before:.2f}, then {course.after:.2f} ms")
    return found


def lines(seconds: float = SECONDS) -> list[str]:
    """Return the figures as lines.

    Raises:
        SystemExit: it could not be carried through.
    """
    try:
        return _lines(measure(seconds))
    except SoakFailed as failed:
        raise SystemExit(f"bench: the soak ended early: {failed}") from None


def _lines(course: Course) -> list[str]:
    rows = [
        f"soak at {course.rate:,.0f} calls a second, half of create10; a line is {SLICE:g} s",
        f"{'calls':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU us':>9}{'RSS MB':>9}",
    ]
    rows += [
        f"{s.calls:>8,}{s.p50:>9.2f}{s.p99:>9.2f}{s.cpu:>9.0f}{s.memory:>9.1f}"
        for s in course.slices
    ]
    rows.append(f"the quickest lone call: {course.before:.2f} ms before, {course.after:.2f} after")
    return [*rows, "; ".join(faults(course)) or "level: memory, and what a call takes"]


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not SHORTEST <= value <= LONGEST:
        message = f"{text!r}: a soak takes {SHORTEST:g} to {LONGEST:g} seconds"
        raise argparse.ArgumentTypeError(message)
    return value


def main() -> int:
    """Print the figures; return 0, or 1 when something did not stay level or it ended early."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.soak", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("seconds", type=_seconds, nargs="?", default=SECONDS, help="30 to 180")
    try:
        course = measure(parser.parse_args().seconds)
    except SoakFailed as failed:
        sys.stderr.write(f"bench: the soak ended early: {failed}\n")
        return 1
    sys.stdout.write("\n".join(_lines(course)) + "\n")
    return int(bool(faults(course)))


if __name__ == "__main__":
    sys.exit(main())
