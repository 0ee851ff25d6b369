"""The mock and its peers, taking turns in one run."""

from __future__ import annotations

import json
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import requests

from tests.bench import server
from tests.bench.load import Load, Result, create_body, run
from tests.bench.peers.field import PEERS
from tests.bench.peers.peer import PATHS, STATUS, Running

FIXED = Path(__file__).with_name("fixed.lua")
STORED = 1_000


@dataclass(frozen=True)
class Place:
    """One contender's medians of one kind of work; ``times`` is our rate over its own."""

    kind: str
    name: str
    does: str
    rate: float
    p50: float
    p99: float
    started: float
    memory: float
    times: float


def race(rounds: int, seconds: float, connections: int) -> tuple[list[Place], list[str]]:
    """Return the places by kind, ours first, and a line for each peer that is not installed."""
    absent = [
        f"{peer.name}: not measured, {peer.missing()} is not there (make peers)"
        for peer in PEERS
        if peer.missing()
    ]
    with ExitStack() as stack:
        ours = stack.enter_context(server.ours())
        replies = _replies(ours)
        peers = [stack.enter_context(peer.started(replies)) for peer in PEERS if not peer.missing()]
        found: dict[tuple[str, str], list[Result]] = {}
        for kind in PATHS:
            for number in range(rounds):
                _prepare(ours, kind)
                # Only the first profile has campaigns to list; creates need more than one.
                scopes = ours.profiles[:1] if kind == "list100" else ours.profiles
                load = Load(kind, ours.port, f"{kind}-{number}", ours.headers, scopes)
                found.setdefault((kind, "adsmock"), []).append(run(load, seconds, connections))
                for peer in peers:
                    result = _ask(peer, kind, seconds, connections)
                    found.setdefault((kind, peer.name), []).append(result)
        return _places(found, peers), absent


def _replies(ours: server.Target) -> dict[str, bytes]:
    """Return what the canned ones are to answer: our own replies."""
    _prepare(ours, "list100")
    headers = ours.headers | {"Amazon-Advertising-API-Scope": ours.profiles[0]}
    bodies = {"create10": create_body("sample", 0), "list100": b'{"maxResults":100}'}
    found = {}
    for kind, body in bodies.items():
        url = f"http://127.0.0.1:{ours.port}{PATHS[kind]}"
        answer = requests.post(url, data=body, headers=headers, timeout=30)
        assert answer.status_code == STATUS[kind], answer.text
        found[kind] = answer.content
    return found


def _prepare(ours: server.Target, kind: str) -> None:
    ours.reset()
    if kind == "list100":
        ours.fill(STORED)


def _ask(peer: Running, kind: str, seconds: float, connections: int) -> Result:
    asked = peer.asked[kind]
    with tempfile.NamedTemporaryFile() as file:
        file.write(asked.body)
        file.flush()
        words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"]
        words += ["-s", str(FIXED), f"http://127.0.0.1:{peer.port}/", "--", "POST"]
        words += [asked.path, file.name]
        words += [f"{name}: {value}" for name, value in asked.headers.items()]
        done = subprocess.run(
            words, capture_output=True, text=True, check=True, timeout=seconds + 60
        )
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    row = json.loads(line.removeprefix("RESULT "))
    if row["bad"] or not row["requests"]:
        raise SystemExit(f"bench: {peer.name} left {row['bad']} calls of {kind} unanswered")
    return Result(row["requests"], row["requests"] / row["seconds"], row["p50"], row["p99"])


def _places(found: dict[tuple[str, str], list[Result]], peers: list[Running]) -> list[Place]:
    known = {peer.name: peer for peer in peers}
    places = []
    for (kind, name), results in found.items():
        peer = known.get(name)
        rate = median(each.rate for each in results)
        ours = median(each.rate for each in found[kind, "adsmock"])
        places.append(
            Place(
                kind,
                name,
                peer.does if peer else "everything",
                rate,
                median(each.p50 for each in results),
                median(each.p99 for each in results),
                peer.started if peer else 0.0,
                peer.memory() if peer else 0.0,
                ours / rate,
            )
        )
    return places


def table(places: list[Place]) -> list[str]:
    """Return the places as lines."""
    head = f"{'work':<10}{'who':<14}{'calls/s':>9}{'ours is':>9}{'p50 ms':>9}{'p99 ms':>9}"
    lines = [head + f"{'start s':>9}{'RSS MB':>8}  does"]
    for one in places:
        times = "" if one.name == "adsmock" else f"{one.times:.1f}x"
        more = f"{one.started:>9.2f}{one.memory:>8.0f}" if one.started else f"{'':>17}"
        lines.append(
            f"{one.kind:<10}{one.name:<14}{one.rate:>9,.0f}{times:>9}{one.p50:>9.2f}{one.p99:>9.2f}"
            f"{more}  {one.does}"
        )
    return lines


def compared(places: list[Place], bars: dict[str, list[tuple[str, float]]]) -> list[str]:
    """Return what the bare callable reaches against moto server: nobody can ask more of a mock."""
    lines = []
    for one in places:
        bare = dict(bars.get(one.kind, ())).get("bare ASGI")
        if bare and one.name == "moto server":
            times = f"{bare / one.rate:.0f} times as fast as {one.name}"
            lines.append(f"{one.kind}: the bare callable itself is {times}")
    return lines
