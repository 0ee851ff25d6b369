"""Two shards against one behind the same balancer, and the way of many calls to their shards.

A closed loop on few cores measures the generator too. So the processor time of shards, HAProxy and
generator is read for each call: from it follows what shards reach with cores of their own.
"""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench.aim import Aim
from tests.bench.load import Load, Result, run
from tests.bench.server import MEDIA, PROFILES, cpu_seconds
from tests.wire.installation import Client, control_of, create, serving, total

TARGET = 1.7
GENERATORS = 2
SANDBOXES = 200
CALLS = 100_000
_CONCURRENT = 20
_CORES = 5
"""Two shards, HAProxy and two generators: with fewer cores they compete."""


@dataclass(frozen=True)
class Turn:
    """One round. Times are microseconds of processor time for each call."""

    rate: float
    shards: float
    balancer: float
    generator: float


def is_possible() -> bool:
    return shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is not None


@dataclass(frozen=True)
class Site:
    """An installation with one sandbox for each generator."""

    where: dict[str, Any]
    clients: tuple[Client, ...]

    def turn(self, number: int, seconds: float, connections: int) -> Turn:
        control = control_of(self.where)
        for client in self.clients:
            control.call("sandboxes.reset", {"scope": ["state", "journal"]}, sandbox=client.id)
        loads = [self._load(client, number) for client in self.clients]
        before = self._processors()
        with ProcessPoolExecutor(len(loads)) as pool:
            jobs = [pool.submit(_generate, load, seconds, connections) for load in loads]
            done = [job.result() for job in jobs]
        shards, balancer = (
            after - earlier for after, earlier in zip(self._processors(), before, strict=True)
        )
        calls = sum(result.calls for result, _ in done)
        if bad := sum(result.bad for result, _ in done):
            raise SystemExit(f"bench: {bad} calls of create10 were refused")
        return Turn(
            sum(result.rate for result, _ in done),
            shards / calls * 1e6,
            balancer / calls * 1e6,
            sum(cpu for _, cpu in done) / calls * 1e6,
        )

    def _load(self, client: Client, number: int) -> Load:
        media = {"Content-Type": MEDIA, "Accept": MEDIA, "Prefer": "return=representation"}
        port = int(self.where["regions"]["NA"]["ads"].rpartition(":")[2])
        profiles = tuple(client.profiles)
        return Load("create10", port, f"{client.id}-{number}", client.headers | media, profiles)

    def _processors(self) -> tuple[float, float]:
        shards = sum(cpu_seconds(row["pid"]) for row in self.where["shards"])
        return shards, cpu_seconds(self.where["balancer"])


def _generate(load: Load, seconds: float, connections: int) -> tuple[Result, float]:
    """Run one generator in a process of its own; return its processor time too."""
    result = run(load, seconds, connections)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return result, sum(each.ru_utime + each.ru_stime for each in used)


@contextmanager
def _site(count: int) -> Iterator[Site]:
    with serving(shards=count) as where:
        rows = [{"region": "NA", "country": "US", "type": "seller"}] * PROFILES
        clients = []
        for number in range(GENERATORS):
            client = create(where, id=f"bench-{number}", profiles=rows)
            client.authorize()
            clients.append(client)
        yield Site(where, tuple(clients))


def scaling(rounds: int, seconds: float, connections: int) -> tuple[Turn, Turn]:
    """Return the medians of one shard and of two, which take turns."""
    with ExitStack() as stack:
        sites = [stack.enter_context(_site(count)) for count in (1, 2)]
        turns = [
            [site.turn(number, seconds, connections // GENERATORS) for site in sites]
            for number in range(rounds)
        ]
    one, two = (_middle([turn[place] for turn in turns]) for place in (0, 1))
    return one, two


def _middle(turns: list[Turn]) -> Turn:
    return Turn(
        *(
            median(getattr(turn, name) for turn in turns)
            for name in ("rate", "shards", "balancer", "generator")
        )
    )


def by_processor(one: Turn, two: Turn) -> float:
    """Return how much more two shards do than one, if each has a core of its own."""
    return 2 * one.shards / two.shards


@dataclass(frozen=True)
class Routing:
    """Calls of many sandboxes: how many, and how many were not answered by their own."""

    calls: int
    wrong: int
    misdirected: int
    orphans: int


def routing(sandboxes: int = SANDBOXES, calls: int = CALLS, shards: int = 2) -> Routing:
    """Return where the calls of many sandboxes went, some of them at the same time."""
    with serving(shards=shards) as where:
        clients = [create(where) for _ in range(sandboxes)]
        for client in clients:
            client.authorize()
        wrong = asyncio.run(_call_all(clients, calls // sandboxes))
        return Routing(
            calls // sandboxes * sandboxes,
            wrong,
            round(total(where, "adsmock_misdirected_total")),
            round(total(where, "adsmock_orphans_total")),
        )


async def _call_all(clients: list[Client], times: int) -> int:
    gate = asyncio.Semaphore(_CONCURRENT)

    async def limited(client: Client) -> int:
        async with gate:
            return await _call(client, times)

    return sum(await asyncio.gather(*map(limited, clients)))


async def _call(client: Client, times: int) -> int:
    """Ask for the profiles on one connection; return how many answers were not the client's."""
    port = int(client.where["main"].rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = "".join(f"{name}: {value}\r\n" for name, value in client.headers.items())
    request = f"GET /na/v2/profiles HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode()
    own = [name for name, region in client.profiles.items() if region == "NA"]
    wrong = 0
    for _ in range(times):
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        body = (await reader.readexactly(length)).decode()
        wrong += not head.startswith("http/1.1 200") or not all(name in body for name in own)
    writer.close()
    return wrong


def lines(rounds: int, seconds: float, connections: int) -> tuple[list[str], list[Aim]]:
    """Return the figures as lines, and their targets."""
    if not is_possible():
        return ["shards are not measured: HAProxy is not installed"], []
    one, two = scaling(rounds, seconds, connections)
    ratio, cores = two.rate / one.rate, os.cpu_count() or 1
    found = routing()
    head = f"{'create10':<12}{'calls/s':>9}{'shards µs':>11}{'HAProxy µs':>12}{'generator µs':>14}"
    rows = [
        f"{name:<12}{turn.rate:>9,.0f}{turn.shards:>11.0f}{turn.balancer:>12.0f}"
        f"{turn.generator:>14.0f}"
        for name, turn in (("1 shard", one), ("2 shards", two))
    ]
    reached = (
        f"measured on {cores} cores: {ratio:.2f}; with a core for each process: "
        f"{by_processor(one, two):.2f}, until HAProxy is full at "
        f"{1e6 / two.balancer:,.0f} calls a second for each of its threads"
    )
    routed = (
        f"{found.calls:,} calls of {SANDBOXES} sandboxes: {found.wrong} answered by another, "
        f"{found.misdirected} misdirected, {found.orphans} orphans"
    )
    text = [head, *rows, reached, routed]
    if cores < _CORES:
        text.append(f"fewer than {_CORES} cores: the measured ratio proves nothing")
    return text, _aims(one, two, found, cores)


def _aims(one: Turn, two: Turn, found: Routing, cores: int) -> list[Aim]:
    what, ratio = "create10 of 2 shards over 1", by_processor(one, two)
    aims = [
        Aim(f"{what}, by processor time", ratio, TARGET, "x", floor=True),
        Aim("calls that reached another sandbox", found.wrong + found.misdirected, 0),
    ]
    if cores >= _CORES:
        aims.append(Aim(f"{what}, calls a second", two.rate / one.rate, TARGET, "x", floor=True))
    return aims
