"""An export of a million rows while other calls go on: time, memory, latency."""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import dataclass
from typing import Any

import requests

from adsmock.mockserver.core.clock import monotonic
from tests.bench.aim import Aim
from tests.bench.report import MockProcess, _p99
from tests.bench.server import SERVE, _process

ROWS = 1_000_000
AD_GROUPS = 100
MEDIA = "application/vnd.targetsexport.v1+json"
P99_TARGET = 5.0
"""How many times the latency of an idle server others may see meanwhile."""


@dataclass(frozen=True)
class Cost:
    """What an export took: seconds, bytes, megabytes before and at the peak, p99 of others."""

    rows: int
    seconds: float
    size: int
    before: float
    peak: float
    idle: float
    busy: float

    @property
    def per_row(self) -> float:
        """Bytes of memory that a row took for the time of the export."""
        return (self.peak - self.before) * 1e6 / self.rows


def measure(rows: int = ROWS) -> Cost:
    """Return what an export of so many rows costs on a server of its own."""
    with _process([*SERVE, "--journal", "lean"]) as (line, _):
        mock = MockProcess(json.loads(line), AD_GROUPS)
        _fill(mock, rows)
        with requests.Session() as session:
            idle = [mock.look(session) for _ in range(200)]
        before, busy, ended = mock.memory(), [], threading.Event()

        def others() -> None:
            with requests.Session() as session:
                while not ended.wait(0.01):
                    busy.append(mock.look(session))

        thread = threading.Thread(target=others)
        thread.start()
        begun = monotonic()
        size = _export(mock)
        took = monotonic() - begun
        ended.set()
        thread.join()
        return Cost(rows, took, size, before, mock.memory("VmHWM"), _p99(idle), _p99(busy))


def _fill(mock: MockProcess, rows: int) -> None:
    """Put keywords into the ad groups until the export has so many rows."""
    profile = mock.headers["Amazon-Advertising-API-Scope"]
    url = f"{mock._control}/year/state"
    for begin in range(0, rows - 2 * AD_GROUPS, 20_000):
        numbers = range(begin, min(begin + 20_000, rows - 2 * AD_GROUPS))
        keywords = [_keyword(number) for number in numbers]
        mock._ask("PATCH", url, {"profiles": {profile: {"sp.keywords": keywords}}})


def _keyword(number: int) -> dict[str, Any]:
    campaign = number % AD_GROUPS
    return {
        "campaignId": str(10**14 + campaign),
        "adGroupId": str(2 * 10**14 + campaign),
        "keywordText": f"running shoe {number}",
        "matchType": "PHRASE",
        "state": "ENABLED",
        "bid": 0.75,
    }


def _export(mock: MockProcess) -> int:
    """Ask for the export, wait for it and return the size of its file."""
    headers = mock.headers | {"Accept": MEDIA, "Content-Type": MEDIA}
    url = f"{mock._base}/targets/export"
    seen = mock._ask("POST", url, {}, **headers)
    month = {"seconds": 60}
    mock._ask("POST", f"{mock._control}/year/clock/advance", month)
    while seen["status"] != "COMPLETED":
        threading.Event().wait(0.05)
        where = f"{mock._base}/exports/{seen['exportId']}"
        seen = mock._ask("GET", where, None, **headers)
    return len(requests.get(seen["url"], timeout=120).content)


def aims(cost: Cost) -> list[Aim]:
    """Return what others may feel of it."""
    return [Aim("p99 of other calls during an export", cost.busy / cost.idle, P99_TARGET, "x")]


def lines(cost: Cost) -> list[str]:
    """Return the figures as lines."""
    return [
        f"export of {cost.rows:,}    {cost.seconds:>7.1f} s, {cost.size / 1e6:.1f} MB",
        (
            f"  memory               {cost.peak:>7.0f} MB at the peak, {cost.before:.0f} before: "
            f"{cost.per_row:.0f} bytes a row"
        ),
        f"  p99 of other calls   {cost.busy * 1e3:>7.1f} ms, {cost.idle * 1e3:.1f} ms before",
    ]


if __name__ == "__main__":
    measured = measure(*map(int, sys.argv[1:]))
    printed = [*lines(measured), *(each.line() for each in aims(measured))]
    sys.stdout.write("\n".join(printed) + "\n")
