"""The measured numbers of a rehearsal, and what limited it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adsmock.loadtests import optimum
from adsmock.loadtests.counters import OUTCOMES, Counters, percentile
from adsmock.loadtests.reconciliation import Reconciliation
from adsmock.loadtests.roles import ROLES
from adsmock.loadtests.shared_state import LATE

BUSY = 0.85
"""The part of one core above which a single-threaded process is saturated: response times then
measure its own queue."""

LATE_LOOP = 0.25
"""Seconds. An event loop that was once late by this much delayed every caller."""

LATE_BEAT = 1.0
"""Longest delay of new work in the generator, in seconds, that does not count as overload."""

SILENT = 5.0
"""Seconds without a report after which a worker is lost: workers report every second."""

CALM = 0.5
"""The part of a core below which the machine, not the mock, explains a late loop."""

NOTICED = 0.02
"""The share of throttled calls from which the quotas influenced the run."""

WASTEFUL = 2.0
"""Ratio of calls to the minimum from which the call pattern is the cause, not the plan."""

ENOUGH = {"p95": 20, "p99": 100}
"""Accepted calls that a percentile needs: with fewer it is only the slowest call."""

MEASURES = frozenset(
    {"throttled_share", "failed_share", "goodput", "backlog", "lost", "doubled", "calls_ratio"}
    | ENOUGH.keys()
)
"""Names that thresholds may use; percentiles exist per operation."""

PARTS = {"p50": 0.50, "p95": 0.95, "p99": 0.99}

BROKEN = 500
"""The status of an internal error of the mock."""

WRITES = tuple(name for name, role in ROLES.items() if role.is_write)


@dataclass(frozen=True, slots=True)
class MockLoad:
    """Load on the mock: its part of one core, and the largest delay of its loop in seconds.

    None when the mock does not report the number, or not for this run alone.
    """

    cpu: float | None = None
    loop_lag: float | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """What limited the throughput of the run.

    ``generator``, ``mock``, ``machine``, ``plan`` (the quotas), ``integration`` or ``nothing``.
    """

    name: str
    why: str


@dataclass(slots=True)
class Outcome:
    """All observations of a run: counts, length, generator processes and reconciliation.

    A process has ``cpu``, its part of a core; ``late``, the largest delay of its arrivals; and
    ``seen``, the time of its last report (seconds).
    """

    counters: Counters
    elapsed: float
    duration: float
    processes: list[dict[str, Any]]
    regions: tuple[str, ...]
    reconciliation: Reconciliation = field(default_factory=lambda: Reconciliation(0, 0, 0))
    workers: int = 1
    has_warned: bool = False


def gaps(outcome: Outcome) -> list[str]:
    """Return why the run cannot be judged completely; empty when it can."""
    found = []
    if len(outcome.processes) < outcome.workers:
        found.append(f"{len(outcome.processes)} of {outcome.workers} workers reported")
    silent = [each for each in outcome.processes if outcome.elapsed - each["seen"] > SILENT]
    if silent:
        found.append(f"{len(silent)} of {outcome.workers} workers stopped reporting before the end")
    if outcome.elapsed < outcome.duration * 0.95:
        found.append(f"it ended after {outcome.elapsed:.0f} of {outcome.duration:.0f} s")
    if not sum(outcome.counters.totals().values()):
        found.append("no call was made")
    return found


def limits(outcome: Outcome, mock_load: MockLoad, measured: Mapping[str, float]) -> list[Limit]:
    """Return what limited the run; there may be several limits, the generator first.

    When the generator was saturated, the other numbers are lower bounds.
    """
    found = (
        _generator(outcome),
        _broken(outcome),
        _mock(mock_load),
        _asked(outcome, measured),
    )
    return [each for each in found if each is not None] or [
        Limit("nothing", "all requested work was done")
    ]


def is_carried(measured: Mapping[str, float]) -> bool:
    """Return whether all work was done in time: a named limit was then only the nearest one."""
    return measured["goodput"] >= 1 - NOTICED and not measured["backlog"]


def _generator(outcome: Outcome) -> Limit | None:
    cpu = max((each["cpu"] for each in outcome.processes), default=0.0)
    late = max((each["late"] for each in outcome.processes), default=0.0)
    if cpu > BUSY or outcome.has_warned:
        return Limit("generator", f"it used {cpu:.0%} of its core: the numbers measure Locust")
    if late > LATE_BEAT:
        return Limit("machine", f"the generator was late by {late:.1f} s, at {cpu:.0%} of a core")
    return None


def _broken(outcome: Outcome) -> Limit | None:
    """Return the limit when the mock failed: no scenario plans an internal error."""
    broken = sum(
        times for (_name, status), times in outcome.counters.of("status") if status == BROKEN
    )
    return Limit("mock", f"it answered {BROKEN} to {broken} calls") if broken else None


def _mock(mock_load: MockLoad) -> Limit | None:
    if mock_load.cpu is not None and mock_load.cpu > BUSY:
        return Limit("mock", f"it used {mock_load.cpu:.0%} of its core")
    if mock_load.loop_lag is None or mock_load.loop_lag <= LATE_LOOP:
        return None
    late = f"the mock's loop was late by {mock_load.loop_lag * 1000:.0f} ms"
    if mock_load.cpu is not None and mock_load.cpu < CALM:
        return Limit("machine", f"{late} while it used {mock_load.cpu:.0%} of its core")
    return Limit("mock", late)


def _asked(outcome: Outcome, measured: Mapping[str, float]) -> Limit | None:
    """Return the limit when quotas or the call pattern caused it."""
    throttled, share = outcome.counters.totals()["throttled"], measured["throttled_share"]
    ratio = measured["calls_ratio"]
    if share >= NOTICED and ratio > WASTEFUL:
        return Limit(
            "integration",
            f"{throttled} calls ({share:.1%}) were refused, and it made {ratio:.1f} calls for each "
            "one that the work needs",
        )
    if share >= NOTICED:
        return Limit("plan", f"its quotas refused {throttled} calls, {share:.1%}")
    if measured["goodput"] < 1 - NOTICED:
        return Limit("integration", "work was left undone although few calls were refused")
    return None


def operations(counters: Counters) -> dict[str, dict[str, Any]]:
    """Return outcomes and response times (milliseconds, accepted calls alone) by operation."""
    rows: dict[str, dict[str, Any]] = {}
    for (_second, _region, name, result), times in counters.of("call"):
        row = rows.setdefault(str(name), dict.fromkeys(OUTCOMES, 0))
        row[str(result)] += times
    late: dict[str, list[tuple[int, int]]] = {}
    for (name, value), times in counters.of("late"):
        late.setdefault(str(name), []).append((int(value), times))
    for name, values in late.items():
        rows[name] |= {label: percentile(values, part) for label, part in PARTS.items()}
        rows[name]["slowest"] = float(max(value for value, _times in values))
    return dict(sorted(rows.items()))


def measures(outcome: Outcome) -> dict[str, float]:
    """Return the numbers that thresholds bound.

    ``throttled_share`` and ``failed_share`` are parts of all calls. ``goodput`` is the part of the
    due writes that took effect. ``backlog`` is the overdue work, as seconds of arrivals. ``lost``
    and ``doubled`` come from the reconciliation. ``calls_ratio`` is calls by the minimum.
    ``p95:<operation>`` and ``p99:<operation>`` are milliseconds, for operations with enough calls.
    """
    calls = outcome.counters.totals()
    total = max(1, sum(calls.values()))
    found = {
        "throttled_share": calls["throttled"] / total,
        "failed_share": calls["failed"] / total,
        "goodput": _goodput(outcome),
        "backlog": max(_overdue(outcome, name) for name in WRITES),
        "lost": float(outcome.reconciliation.lost),
        "doubled": float(outcome.reconciliation.doubled),
        "calls_ratio": optimum.made(outcome.counters)
        / max(1, optimum.minimum_calls(outcome.counters)),
    }
    for name, row in operations(outcome.counters).items():
        found |= {
            f"{part}:{name}": row[part]
            for part, least in ENOUGH.items()
            if row["accepted"] >= least and part in row
        }
    return found


def _goodput(outcome: Outcome) -> float:
    """Return the part of the due writes that was done."""
    due = 0.0
    for name in WRITES:
        arrived = outcome.counters.work(name)["arrived"]
        may_wait = LATE * ROLES[name].gather * arrived / outcome.elapsed
        due += max(0.0, arrived - may_wait)
    return min(1.0, outcome.counters.work(*WRITES)["done"] / due) if due else 0.0


def _overdue(outcome: Outcome, name: str) -> float:
    """Return the overdue work of a role, as seconds of its arrivals."""
    arrived = outcome.counters.work(name)["arrived"]
    if not arrived:
        return 0.0
    waits = outcome.counters.waiting(name) / arrived * outcome.elapsed
    return max(0.0, waits - LATE * ROLES[name].gather)
