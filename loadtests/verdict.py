"""What a rehearsal showed: the measured numbers, and what was the limit.

Pure functions over the generator's result and the mock's own figures. Knows arithmetic. Must not
know processes, files or HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BUSY = 0.85
"""The part of one core above which a process on one thread is at its end: what it would answer
then is its own queue."""

LATE_LOOP = 0.25
"""Seconds. An event loop that was late by this much once has kept every caller waiting."""

CALM = 0.5
"""The part of a core below which a late loop is not the mock's own doing."""

NOTICED = 0.02
"""The share of throttled calls from which on the quotas shaped the run."""


FRESH = 2.0
"""Seconds after its arrival in which a change may still wait: a worker's turn, and one more."""


@dataclass(frozen=True, slots=True)
class Strain:
    """How hard the mock worked: its part of one core, and its loop's worst delay in seconds.

    A number is absent when the mock does not tell it, or cannot tell it of this run alone.
    """

    cpu: float | None = None
    loop_lag: float | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """What kept the run from carrying more.

    ``generator``, ``mock``, ``machine``, ``plan`` (the quotas) or ``nothing``.
    """

    name: str
    why: str


def limits(result: Mapping[str, Any], strain: Strain) -> list[Limit]:
    """Return what was the limit; several may have been, and the generator is named first.

    When the generator was at its end, the other numbers are lower bounds.
    """
    found = [
        each
        for each in (_generator(result), _mock(strain), _plan(result, measures(result)))
        if each is not None
    ]
    return found or [Limit("nothing", "all that was asked for was carried")]


def _generator(result: Mapping[str, Any]) -> Limit | None:
    cpu = result["generatorCpu"]
    if cpu > BUSY or result["generatorWarned"]:
        return Limit("generator", f"it used {cpu:.0%} of its core: the numbers measure Locust")
    return None


def _mock(strain: Strain) -> Limit | None:
    if strain.cpu is not None and strain.cpu > BUSY:
        return Limit("mock", f"it used {strain.cpu:.0%} of its core")
    if strain.loop_lag is None or strain.loop_lag <= LATE_LOOP:
        return None
    late = f"the mock's loop was late by {strain.loop_lag * 1000:.0f} ms"
    if strain.cpu is not None and strain.cpu < CALM:
        return Limit("machine", f"{late} while it used {strain.cpu:.0%} of its core")
    return Limit("mock", late)


def _plan(result: Mapping[str, Any], measured: Mapping[str, float]) -> Limit | None:
    share = measured["throttled_share"]
    if share < NOTICED:
        return None
    return Limit("plan", f"its quotas refused {result['calls']['throttled']} calls, {share:.1%}")


def measures(result: Mapping[str, Any]) -> dict[str, float]:
    """Return the numbers that thresholds speak of.

    ``throttled_share`` and ``failed_share`` are parts of all calls, ``goodput`` the part of the
    changes that took effect by the time they were due, ``backlog`` the seconds of arrivals that
    still wait, ``p95`` the slowest operation's, in milliseconds.
    """
    calls, changes = result["calls"], result["changes"]
    total = max(1, sum(calls.values()))
    arrived = changes["arrived"]
    a_second = arrived / result["elapsed"] if arrived else 1.0
    due = max(0.0, arrived - FRESH * a_second)
    return {
        "throttled_share": calls["throttled"] / total,
        "failed_share": calls["failed"] / total,
        "goodput": min(1.0, changes["done"] / due) if due else 0.0,
        "backlog": changes["waiting"] / a_second,
        "p95": max((row.get("p95", 0.0) for row in result["operations"].values()), default=0.0),
    }
