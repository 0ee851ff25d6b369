"""What a rehearsal showed: the measured numbers, and what was the limit.

Pure functions over what was counted and the mock's own figures. Knows arithmetic. Must not know
processes, files or HTTP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from loadtests.account import Account
from loadtests.fleet import LATE
from loadtests.roles import ROLES
from loadtests.tally import OUTCOMES, Tally, percentile

BUSY = 0.85
"""The part of one core above which a process on one thread is at its end: what it would answer
then is its own queue."""

LATE_LOOP = 0.25
"""Seconds. An event loop that was late by this much once has kept every caller waiting."""

LATE_BEAT = 1.0
"""Seconds that the generator may once have been late with new work."""

CALM = 0.5
"""The part of a core below which a late loop is not the mock's own doing."""

NOTICED = 0.02
"""The share of throttled calls from which on the quotas shaped the run."""

WASTEFUL = 2.0
"""Calls for each one needed, from which on the pattern of calls is to blame, not the plan."""

GRANT = 3600.0
"""Seconds that a token lasts."""

PARTS = {"p50": 0.50, "p95": 0.95, "p99": 0.99}

BROKEN = 500
"""The status of an error of the mock's own."""

WRITES = tuple(name for name, role in ROLES.items() if role.is_write)
WRITE_GATHER = max(ROLES[name].gather for name in WRITES)


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

    ``generator``, ``mock``, ``machine``, ``plan`` (the quotas), ``integration`` or ``nothing``.
    """

    name: str
    why: str


@dataclass(slots=True)
class Outcome:
    """All that was seen: the counts, how long, the generator's processes, and the account.

    A process has ``cpu``, its part of a core, and ``late``, the worst delay of its beat (seconds).
    """

    tally: Tally
    elapsed: float
    duration: float
    processes: list[dict[str, Any]]
    regions: tuple[str, ...]
    account: Account = field(default_factory=lambda: Account(0, 0, 0))
    workers: int = 1
    has_warned: bool = False


def gaps(outcome: Outcome) -> list[str]:
    """Return why the run cannot be judged whole, nothing when it can."""
    found = []
    if len(outcome.processes) < outcome.workers:
        found.append(f"{len(outcome.processes)} of {outcome.workers} workers reported")
    if outcome.elapsed < outcome.duration * 0.95:
        found.append(f"it ended after {outcome.elapsed:.0f} of {outcome.duration:.0f} s")
    if not sum(outcome.tally.totals().values()):
        found.append("no call was made")
    return found


def limits(outcome: Outcome, strain: Strain, measured: Mapping[str, float]) -> list[Limit]:
    """Return what was the limit; several may have been, and the generator is named first.

    When the generator was at its end, the other numbers are lower bounds.
    """
    found = (
        _generator(outcome),
        _broken(outcome),
        _mock(strain),
        _asked(outcome, measured),
    )
    return [each for each in found if each is not None] or [
        Limit("nothing", "all that was asked for was carried")
    ]


def _generator(outcome: Outcome) -> Limit | None:
    cpu = max((each["cpu"] for each in outcome.processes), default=0.0)
    late = max((each["late"] for each in outcome.processes), default=0.0)
    if cpu > BUSY or outcome.has_warned:
        return Limit("generator", f"it used {cpu:.0%} of its core: the numbers measure Locust")
    if late > LATE_BEAT:
        return Limit("machine", f"the generator was late by {late:.1f} s, at {cpu:.0%} of a core")
    return None


def _broken(outcome: Outcome) -> Limit | None:
    """Return whether the mock itself broke: no event plans an internal error."""
    broken = sum(times for (_name, status), times in outcome.tally.of("status") if status == BROKEN)
    return Limit("mock", f"it answered {BROKEN} to {broken} calls") if broken else None


def _mock(strain: Strain) -> Limit | None:
    if strain.cpu is not None and strain.cpu > BUSY:
        return Limit("mock", f"it used {strain.cpu:.0%} of its core")
    if strain.loop_lag is None or strain.loop_lag <= LATE_LOOP:
        return None
    late = f"the mock's loop was late by {strain.loop_lag * 1000:.0f} ms"
    if strain.cpu is not None and strain.cpu < CALM:
        return Limit("machine", f"{late} while it used {strain.cpu:.0%} of its core")
    return Limit("mock", late)


def _asked(outcome: Outcome, measured: Mapping[str, float]) -> Limit | None:
    """Return whether the quotas or the pattern of calls were the limit."""
    throttled, share = outcome.tally.totals()["throttled"], measured["throttled_share"]
    ratio = measured["calls_ratio"]
    if share >= NOTICED and ratio > WASTEFUL:
        return Limit(
            "integration",
            f"{throttled} calls ({share:.1%}) were refused, and the same work needs one call where "
            f"it made {ratio:.1f}",
        )
    if share >= NOTICED:
        return Limit("plan", f"its quotas refused {throttled} calls, {share:.1%}")
    if measured["goodput"] < 1 - NOTICED:
        return Limit("integration", "work was left although calls were hardly refused")
    return None


def needed(outcome: Outcome) -> int:
    """Return how many calls the same work needs at least.

    One batch of a role's calls in each stretch of time in which its work arrived at a profile, at
    most one for each piece, and a token an hour in each region.
    """
    arrived, windows = Counter[str](), Counter[str]()
    for (role, fate), times in outcome.tally.of("work"):
        if fate == "arrived":
            arrived[str(role)] += times
    for (role, _profile, _number), _times in outcome.tally.of("window"):
        windows[str(role)] += 1
    tokens = len(outcome.regions) * ceil(outcome.elapsed / GRANT)
    return tokens + sum(
        min(arrived[name], windows[name]) * role.calls for name, role in ROLES.items()
    )


def operations(tally: Tally) -> dict[str, dict[str, Any]]:
    """Return outcomes and response times (milliseconds, accepted calls alone) by operation."""
    rows: dict[str, dict[str, Any]] = {}
    for (_second, _region, name, result), times in tally.of("call"):
        row = rows.setdefault(str(name), dict.fromkeys(OUTCOMES, 0))
        row[str(result)] += times
    late: dict[str, list[tuple[int, int]]] = {}
    for (name, value), times in tally.of("late"):
        late.setdefault(str(name), []).append((int(value), times))
    for name, values in late.items():
        rows[name] |= {label: percentile(values, part) for label, part in PARTS.items()}
        rows[name]["slowest"] = float(max(value for value, _times in values))
    return dict(sorted(rows.items()))


def measures(outcome: Outcome) -> dict[str, float]:
    """Return the numbers that thresholds speak of.

    ``throttled_share`` and ``failed_share`` are parts of all calls, ``goodput`` the part of the
    writes that took effect by the time they were due, ``backlog`` the seconds of their arrivals
    that still wait, ``lost`` and ``doubled`` come from the account, ``calls_ratio`` is calls by
    those needed. ``p95:<operation>`` and ``p99:<operation>`` are in milliseconds.
    """
    calls, work = outcome.tally.totals(), outcome.tally.work(*WRITES)
    total = max(1, sum(calls.values()))
    arrived = work["arrived"]
    a_second = arrived / outcome.elapsed if arrived else 1.0
    due = max(0.0, arrived - LATE * WRITE_GATHER * a_second)
    found = {
        "throttled_share": calls["throttled"] / total,
        "failed_share": calls["failed"] / total,
        "goodput": min(1.0, work["done"] / due) if due else 0.0,
        "backlog": outcome.tally.waiting(*WRITES) / a_second,
        "lost": float(outcome.account.lost),
        "doubled": float(outcome.account.doubled),
        "calls_ratio": total / max(1, needed(outcome)),
    }
    for name, row in operations(outcome.tally).items():
        if "p95" in row:
            found |= {f"{part}:{name}": row[part] for part in ("p95", "p99")}
    return found
