"""How cost grows: with the entities of a profile, with other sandboxes, with clients at once."""

from __future__ import annotations

import gc
import json
from dataclasses import dataclass

from tests.bench import server
from tests.bench.inprocess import InProcessServer, timed
from tests.bench.load import Load, create_body, run

ENTITIES = (1_000, 10_000, 100_000)
SANDBOXES = (1, 10, 100, 1_000)
CLIENTS = (1, 16, 64, 256)
CALLS = 200


@dataclass(frozen=True)
class Line:
    """One curve: what is measured (milliseconds at the median) over what grows."""

    title: str
    over: str
    points: tuple[tuple[int, float], ...]


def over_entities(sizes: tuple[int, ...] = ENTITIES) -> list[Line]:
    """Return the cost of one more batch, and of a page, with the entities there are."""
    mock, stored, created, listed = InProcessServer(), 0, [], []
    for size in sizes:
        mock.fill(size - stored, prefix=f"to{size}-")
        stored = size
        gc.collect()
        gc.freeze()
        created.append((size, _creates(mock, f"at{size}")))
        listed.append((size, _lists(mock)))
    gc.unfreeze()
    return [
        Line("create10", "entities in the profile", tuple(created)),
        Line("list100", "entities in the profile", tuple(listed)),
    ]


def over_sandboxes(sizes: tuple[int, ...] = SANDBOXES) -> list[Line]:
    """Return the same line for the number of idle sandboxes."""
    mock, there, created, listed = InProcessServer(), 1, [], []
    mock.fill(1_000)
    for size in sizes:
        for number in range(there, size):
            mock.add(f"beside-{number}")
        there = max(there, size)
        created.append((size, _creates(mock, f"beside{size}")))
        listed.append((size, _lists(mock)))
    return [
        Line("create10", "sandboxes", tuple(created)),
        Line("list100", "sandboxes", tuple(listed)),
    ]


def over_clients(seconds: float, sizes: tuple[int, ...] = CLIENTS) -> list[Line]:
    """Return the latency of the mock and of the bare callable with so many connections."""
    found = []
    with server.bare() as bare, server.ours() as ours:
        for kind in ("create10", "list100"):
            for target in (bare, ours):
                points = []
                for size in sizes:
                    target.reset()
                    if kind == "list100":
                        target.fill(1_000)
                    scopes = target.profiles if kind == "create10" else target.profiles[:1]
                    load = Load(kind, target.port, f"c{size}", target.headers, scopes)
                    points.append((size, run(load, seconds, size).p50))
                found.append(Line(f"{kind}, {target.name}", "connections", tuple(points)))
    return found


def _creates(mock: InProcessServer, prefix: str) -> float:
    bodies = [create_body(prefix, number) for number in range(CALLS)]
    calls = (lambda body=body: mock.post("/sp/campaigns", body) for body in bodies)
    return timed(calls).p50 / 1e3


def _lists(mock: InProcessServer) -> float:
    raw = json.dumps({"maxResults": 100}).encode()
    return timed(lambda: mock.list(raw) for _ in range(CALLS)).p50 / 1e3


def lines(curves: list[Line]) -> list[str]:
    """Return the curves as lines."""
    rows = []
    for curve in curves:
        points = "  ".join(f"{size:,}: {value:.3f} ms" for size, value in curve.points)
        rows.append(f"{curve.title:<22}over {curve.over:<26}{points}")
    return rows
