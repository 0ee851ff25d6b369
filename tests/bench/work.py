"""What each kind of work costs, in process: writes, pages, filters, tokens, a large export."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.bench.aim import Aim
from tests.bench.inprocess import Cost, InProcessServer, resident, timed
from tests.bench.load import create_body

FEW, MANY = 1_000, 1_000_000
CALLS = 300
SEARCHES = 5
PAGE_TARGET = 1.5
MEMORY_TARGET = 1.5
"""Kilobytes resident a stored campaign."""


@dataclass(frozen=True)
class Item:
    """One kind of work out of ``stored`` entities."""

    name: str
    stored: int
    cost: Cost


def measure(stored: int, calls: int = CALLS) -> tuple[list[Item], float]:
    """Return what work costs out of so many campaigns, and kilobytes resident a campaign."""
    mock = InProcessServer()
    before = resident()
    mock.fill(stored)
    gc.collect()
    gc.freeze()  # as the server does: what is there stays
    each = (resident() - before) * 1024 / stored
    ids = [row["campaignId"] for row in json.loads(_page(mock, maxResults=100))["campaigns"]]
    kinds: dict[str, Iterator[Callable[[], object]]] = {
        "create10": _creates(mock, calls),
        "update10": _updates(mock, ids[:10], calls),
        "list100": _lists(mock, calls, maxResults=100),
        "list100, last page": _lists(mock, calls, maxResults=100, nextToken=_deep(mock, stored)),
        "list by 10 ids": _lists(mock, calls, campaignIdFilter={"include": ids[:10]}),
        "list by state": _lists(mock, calls, maxResults=100, stateFilter={"include": ["ENABLED"]}),
        "list by name": _lists(mock, calls, nameFilter=_name(stored)),
        "token": (mock.token for _ in range(calls)),
    }
    first = _first_search(mock, stored)
    found = [Item(name, stored, timed(kind)) for name, kind in kinds.items()]
    gc.unfreeze()
    return [*found, first], each


def _first_search(mock: InProcessServer, stored: int) -> Item:
    """Return what a search costs while a worker makes the index, which is made afterwards."""
    later: list[Callable[[], bytes]] = []
    worker, mock.sandbox.worker = mock.sandbox.worker, later.append
    cost = timed(_lists(mock, SEARCHES, nameFilter=_name(stored)))
    for make in later:
        make()
    mock.sandbox.worker = worker
    return Item("list by name, no index", stored, cost)


def _name(stored: int) -> dict[str, Any]:
    batch = stored // 1_000 - 1
    return {"include": [f"fill{batch}-{batch}-7"], "queryTermMatchType": "EXACT_MATCH"}


def _page(mock: InProcessServer, **body: Any) -> bytes:
    return mock.list(json.dumps(body).encode())


def _deep(mock: InProcessServer, stored: int) -> str:
    """Return the token of a page near the end: pages of the largest size lead there."""
    token = ""
    for _ in range(min(stored // 1_000, 1_000)):
        more = {"nextToken": token} if token else {}
        found = json.loads(_page(mock, maxResults=999, **more)).get("nextToken")
        if found is None:
            break
        token = found
    return token


def _creates(mock: InProcessServer, calls: int) -> Iterator[Callable[[], object]]:
    bodies = [create_body("new", number) for number in range(calls)]
    return (lambda body=body: mock.post("/sp/campaigns", body) for body in bodies)


def _updates(mock: InProcessServer, ids: list[str], calls: int) -> Iterator[Callable[[], object]]:
    numbers = count(1)

    def body() -> bytes:
        budget = {"budget": 10 + next(numbers) / 100, "budgetType": "DAILY"}
        return json.dumps(
            {"campaigns": [{"campaignId": i, "budget": budget} for i in ids]}
        ).encode()

    bodies = [body() for _ in range(calls)]
    return (lambda body=body: mock.post("/sp/campaigns", body, "PUT") for body in bodies)


def _lists(mock: InProcessServer, calls: int, **body: Any) -> Iterator[Callable[[], object]]:
    raw = json.dumps({name: value for name, value in body.items() if value}).encode()
    return (lambda: mock.list(raw) for _ in range(calls))


def lines() -> tuple[list[str], list[Aim]]:
    """Return the figures for few and for many entities side by side, and what must not grow."""
    few, _ = measure(FEW)
    many, each = measure(MANY)
    rows = [f"{'in process, µs a call':<24}{FEW:>12,}{MANY:>12,}{'ratio':>8}   p99 of each"]
    aims = [Aim(f"memory of a campaign at {MANY:,}", each, MEMORY_TARGET, " KB")]
    for one, other in zip(few, many, strict=True):
        ratio = other.cost.p50 / one.cost.p50
        rows.append(
            f"{one.name:<24}{one.cost.p50:>12,.0f}{other.cost.p50:>12,.0f}"
            f"{ratio:>8.2f}   {one.cost.p99:,.0f} / {other.cost.p99:,.0f}"
        )
        if one.name == "list100":
            aims.append(Aim(f"page of 100 out of {MANY:,} over {FEW:,}", ratio, PAGE_TARGET, "x"))
    rows.append(f"{'resident a campaign':<24}{each:>12.2f} KB")
    return rows, aims
