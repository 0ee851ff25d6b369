"""A closed-loop load of N connections: wrk where it is installed, else a client of our own."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httptools

from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.edge.servers import new_loop

SCRIPT = Path(__file__).with_name("load.lua")
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
KINDS = {
    "hello": ("GET", "/hello"),
    "token": ("POST", "/auth/o2/token"),
    "create10": ("POST", "/sp/campaigns"),
    "update10": ("PUT", "/sp/campaigns"),
    "list1": ("POST", "/sp/campaigns/list"),
    "list100": ("POST", "/sp/campaigns/list"),
    "fresh100": ("POST", "/sp/campaigns/list"),
}
"""Every kind of work with its method and path. Of ``list100`` the mock keeps the page that it gave
before, of ``fresh100`` it never does: two pages that do not fit together take turns."""

CALLS_PER_PROFILE = 990
"""A profile takes 10,000 campaigns, so the next one has its turn after this many calls."""


@dataclass(frozen=True)
class Result:
    """One run: calls, calls a second, milliseconds at the median and the 99th, refused calls."""

    calls: int
    rate: float
    p50: float
    p99: float
    bad: int = 0


@dataclass(frozen=True)
class Load:
    """What to send: one of ``KINDS``, where, with which headers and scopes.

    ``needs`` are the ids that update10 changes, or the form that token sends.
    """

    kind: str
    port: int
    prefix: str
    headers: dict[str, str] = field(default_factory=dict)
    profiles: tuple[str, ...] = ("1",)
    needs: tuple[str, ...] = ()


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "own client"


def run(load: Load, seconds: float, connections: int) -> Result:
    if shutil.which("wrk"):
        return _run_wrk(load, seconds, connections)
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(_run_own(load, seconds, connections))


def _run_wrk(load: Load, seconds: float, connections: int) -> Result:
    headers = [f"{name}: {value}" for name, value in load.headers.items()]
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(SCRIPT)]
    words += [f"http://127.0.0.1:{load.port}/", "--", load.kind, load.prefix, *headers]
    words += ["--", *load.profiles, "--", *load.needs]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    row = json.loads(line.removeprefix("RESULT "))
    rate = row["requests"] / row["seconds"]
    bad = 0 if load.kind == "hello" else row["bad"]
    return Result(row["requests"], rate, row["p50"], row["p99"], bad)


ITEM = (
    '{{"name":"{name}","state":"ENABLED","targetingType":"MANUAL",'
    '"startDate":"2031-01-01","endDate":"2031-12-31",'
    '"budget":{{"budgetType":"DAILY","budget":25.5}},'
    '"dynamicBidding":{{"strategy":"AUTO_FOR_SALES","placementBidding":['
    '{{"placement":"PLACEMENT_TOP","percentage":50}},'
    '{{"placement":"PLACEMENT_PRODUCT_PAGE","percentage":25}}]}},'
    '"tags":{{"season":"peak","owner":"load generator","note":"a line of ordinary length"}}}}'
)


def create_body(prefix: str, number: int, size: int = 10) -> bytes:
    items = ",".join(ITEM.format(name=f"{prefix}-{number}-{index}") for index in range(size))
    return f'{{"campaigns":[{items}]}}'.encode()


def change_body(ids: tuple[str, ...], number: int) -> bytes:
    budget = f'{{"budgetType":"DAILY","budget":{10 + number % 9000 / 100}}}'
    items = ",".join(f'{{"campaignId":"{each}","budget":{budget}}}' for each in ids)
    return f'{{"campaigns":[{items}]}}'.encode()


def _body(load: Load, number: int) -> bytes:
    if load.kind == "create10":
        return create_body(load.prefix, number)
    if load.kind == "update10":
        return change_body(load.needs, number)
    if load.kind == "token":
        return load.needs[0].encode()
    if load.kind == "fresh100":
        return page_body(number)
    page = load.kind.removeprefix("list")
    return f'{{"maxResults":{page}}}'.encode() if page != load.kind else b""


def page_body(number: int) -> bytes:
    """Return the question for a page of a hundred that is not the one asked for before."""
    return f'{{"maxResults":{100 - number % 2}}}'.encode()


def requests_of(load: Load) -> Callable[[], bytes]:
    given = load.headers | (FORM if load.kind == "token" else {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    method, path = KINDS[load.kind]
    number = 0

    def build() -> bytes:
        nonlocal number
        number += 1
        body = _body(load, number)
        profile = load.profiles[number // CALLS_PER_PROFILE % len(load.profiles)]
        scope = f"Amazon-Advertising-API-Scope: {profile}\r\n"
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\n{lines}{scope}Content-Length: {len(body)}"
        return head.encode() + b"\r\n\r\n" + body

    return build


class _Client(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, build: Callable[[], bytes], until: float, over: asyncio.Event) -> None:
        self._build, self._until, self._over = build, until, over
        self.times: list[float] = []
        self.bad = 0

    def connection_made(self, transport) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio calls it so
        self._over.set()

    def on_message_complete(self) -> None:
        now = monotonic()
        self.times.append(now - self._asked)
        self.bad += self._parser.get_status_code() >= 400
        if now < self._until:
            self._ask()
        else:
            self._transport.close()

    def _ask(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        request = self._build()
        self._asked = monotonic()
        self._transport.write(request)


async def _run_own(load: Load, seconds: float, connections: int) -> Result:
    loop = asyncio.get_running_loop()
    build, begun = requests_of(load), monotonic()
    clients = []
    for _ in range(connections):
        over = asyncio.Event()
        client = _Client(build, begun + seconds, over)
        await loop.create_connection(lambda each=client: each, "127.0.0.1", load.port)
        clients.append((client, over))
    for _, over in clients:
        await over.wait()
    took = monotonic() - begun
    times = sorted(each for client, _ in clients for each in client.times)
    bad = 0 if load.kind == "hello" else sum(client.bad for client, _ in clients)
    p50, p99 = times[len(times) // 2] * 1e3, times[len(times) * 99 // 100] * 1e3
    return Result(len(times), len(times) / took, p50, p99, bad)
