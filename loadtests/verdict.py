"""The measured numbers of a rehearsal, and what limited it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adsmock.harness.suite.checks.finding import counted
from adsmock.loadtests import optimum, own_work
from adsmock.loadtests.counters import Counters, interval
from adsmock.loadtests.operations import operations
from adsmock.loadtests.planned_work import PlanFit
from adsmock.loadtests.reconciliation import Reconciliation
from adsmock.loadtests.roles import ROLES
from adsmock.loadtests.run_ends import RunEnds
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

WHOLE = 0.95
"""The part of its duration after which a run counts as complete."""

CALM = 0.5
"""The part of a core below which the machine, not the mock, explains a late loop."""

NOTICED = 0.02
"""The share of throttled calls from which the quotas influenced the run."""

WASTEFUL = 2.0
"""Ratio of calls to the minimum from which the call pattern is the cause, not the plan."""

ENOUGH = {"p95": 20, "p99": 100}
"""Accepted calls that a percentile needs: with fewer it is only the slowest call."""

MEASURES = frozenset(
    {"throttled_share", "failed_share", "calls_ratio", "failed_runs", "died", "plan_peak"}
    | {"goodput", "completed", "backlog", "lost", "doubled"}
    | ENOUGH.keys()
)
"""Names that thresholds may use; percentiles exist per operation, ``completed`` per role."""

BROKEN = 500
"""The status of an internal error of the mock."""

FEW = 3.0
"""Due work items below which the completed part of a role says nothing."""

WRITES = tuple(name for name, role in ROLES.items() if role.is_write)


@dataclass(frozen=True, slots=True)
class MockLoad:
    """Load on the mock: its part of one core, and the largest delay of its loop in seconds.

    None when the mock does not report the number, or not for this run alone.
    """

    cpu: float | None = None
    loop_lag: float | None = None

    def worst(self, other: MockLoad) -> MockLoad:
        """Return the larger number of two parts of a run."""
        cpu = [each.cpu for each in (self, other) if each.cpu is not None]
        lag = [each.loop_lag for each in (self, other) if each.loop_lag is not None]
        return MockLoad(max(cpu, default=None), max(lag, default=None))


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
    ``seen``, the time of its last report (seconds). ``audited`` is the minimum of calls from an
    audit, for a program that brings its own work; its work items are unknown then. ``died`` counts
    copies of a program, None without one. ``expected`` are the kinds of work that a program with
    its own work must do.
    """

    counters: Counters
    elapsed: float
    duration: float
    processes: list[dict[str, Any]]
    regions: tuple[str, ...]
    reconciliation: Reconciliation = field(default_factory=lambda: Reconciliation(0, 0, 0))
    workers: int = 1
    has_warned: bool = False
    audited: int | None = None
    died: int | None = None
    expected: tuple[str, ...] = ()

    @property
    def has_own_work(self) -> bool:
        """Whether a program brought its own work, of which only the calls are known."""
        return self.audited is not None

    @property
    def ends(self) -> RunEnds:
        """How the runs of a program with its own work ended."""
        return RunEnds.of(self.counters) if self.has_own_work else RunEnds()

    @property
    def downloads(self) -> int:
        """The downloads, which need no quota and count in no minimum."""
        return sum(self.counters.totals().values()) - optimum.made(self.counters)

    @property
    def needs(self) -> str:
        """The minimum of calls in words, with what it compares with."""
        made, downloads = optimum.made(self.counters), self.downloads
        if not downloads:
            return f"the work needs {self.least:,}"
        made_words = f"{counted(made, 'API call')} and {counted(downloads, 'download')}"
        return f"{made_words}; the work needs {self.least:,} and {downloads:,}"

    @property
    def least(self) -> int:
        """The minimum of calls for the same work, without downloads."""
        return optimum.minimum_calls(self.counters) if self.audited is None else self.audited


def gaps(outcome: Outcome) -> list[str]:
    """Return why the run cannot be judged completely; empty when it can."""
    found = []
    if len(outcome.processes) < outcome.workers:
        found.append(f"{len(outcome.processes)} of {outcome.workers} workers reported")
    silent = [each for each in outcome.processes if outcome.elapsed - each["seen"] > SILENT]
    if silent:
        found.append(f"{len(silent)} of {outcome.workers} workers stopped reporting before the end")
    if outcome.elapsed < outcome.duration * WHOLE:
        found.append(f"it ended after {outcome.elapsed:.0f} of {outcome.duration:.0f} s")
    if not sum(outcome.counters.totals().values()):
        found.append(f"no call was made{_said(outcome)}")
    elif outcome.has_own_work:
        found += own_work.missing(outcome.counters, outcome.expected)
        if gap := outcome.ends.gap:
            found.append(gap)
    work = outcome.counters.work()
    if work["unsupported"] and not work["done"] + work["refused"]:
        found.append("the program does none of the work: every task was unsupported")
    return found


def limits(
    outcome: Outcome,
    mock_load: MockLoad,
    measured: Mapping[str, float],
    fit: PlanFit | None = None,
) -> list[Limit]:
    """Return what limited the run: the first is the limit, the others were seen too.

    When the generator was saturated, the other numbers are lower bounds, so it is first. A late
    loop of an idle mock delays calls and refuses none, so it is last. ``fit`` says whether the
    partner's plan fits its quotas.
    """
    found = (
        _generator(outcome),
        _broken(outcome),
        _mock(mock_load),
        _silent(outcome),
        _planned(fit),
        *(() if _silent(outcome) else (_asked(outcome, measured), _untrue(outcome))),
        _late_machine(mock_load),
    )
    named: dict[str, list[str]] = {}
    for each in found:
        if each is not None:
            named.setdefault(each.name, []).append(each.why)
    if not named:
        return [Limit("nothing", _work_done(outcome))]
    return [Limit(name, "; ".join(whys)) for name, whys in named.items()]


def is_carried(measured: Mapping[str, float]) -> bool:
    """Return whether all due work was done: a named limit was then only the nearest one."""
    done = [value for name, value in measured.items() if name.startswith("completed:")]
    return (
        not measured.get("backlog", 1.0)
        and measured.get("goodput", 1.0) >= 1 - NOTICED
        and min(done, default=1.0) >= 1 - NOTICED
    )


def _work_done(outcome: Outcome) -> str:
    """Return a sentence about the work of a run without a limit."""
    failed = outcome.counters.totals()["failed"]
    failures = f"; {failed} calls failed" if failed else ""
    if outcome.has_own_work:
        did = f"; it did {own_work.described(outcome.counters)}"
        did += f"; {outcome.ends}" if outcome.ends.failed else ""
        return f"neither quotas nor the mock nor this machine held the program up{did}{failures}"
    work, waits = outcome.counters.work(), outcome.counters.waiting()
    asked = work["arrived"] - work["unsupported"]
    left = f"; {waits} of them waited at the end" if waits else ""
    others = work["unsupported"]
    more = f"; {others} others were not done, because the program supports none" if others else ""
    return f"{work['done']} of {asked} work items were done{left}{more}{failures}"


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
    if mock_load.cpu is not None and mock_load.cpu < CALM:
        return None
    return Limit("mock", _lateness(mock_load.loop_lag))


def _late_machine(mock_load: MockLoad) -> Limit | None:
    """Return the limit when the loop of a mock was late that had little to do."""
    cpu, lag = mock_load.cpu, mock_load.loop_lag
    if cpu is None or cpu >= CALM or lag is None or lag <= LATE_LOOP:
        return None
    return Limit("machine", f"{_lateness(lag)} while it used {cpu:.0%} of its core")


def _lateness(loop_lag: float) -> str:
    return f"the mock's loop was late by {loop_lag * 1000:.0f} ms"


def _silent(outcome: Outcome) -> Limit | None:
    """Return the limit when a program was started and made no call, or none that is work."""
    if outcome.died is None:
        return None
    if not any(outcome.counters.totals().values()):
        return Limit("integration", f"it made no call{_said(outcome)}")
    if outcome.has_own_work and not any(own_work.seen(outcome.counters).values()):
        return Limit("integration", f"it did none of the event's work{_said(outcome)}")
    return None


def _said(outcome: Outcome) -> str:
    """Return how a program most often ended or failed; empty when it said nothing."""
    ends = [
        (times, str(key[-1]))
        for kind in ("death", "failure", "error")
        for key, times in outcome.counters.of(kind)
    ]
    times, text = max(ends, default=(0, ""))
    return f": {times} of its tasks or copies ended with: {text}" if text else ""


def _planned(fit: PlanFit | None) -> Limit | None:
    """Return the limit when the partner's plan needs more than may be used of a quota."""
    if fit is None or fit.used <= 1:
        return None
    return Limit(
        "plan",
        f"the busiest minute of the plan needs {fit.share:.0%} of {fit.quota} in {fit.region}, and "
        f"{fit.headroom:.0%} may be used",
    )


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
        return Limit("plan", f"they refused {throttled} calls, {share:.1%}")
    short = {name: measured[name] for name in measured if name.startswith("completed:")}
    undone = [name.partition(":")[2] for name, part in short.items() if part < 1 - NOTICED]
    if undone and outcome.elapsed >= outcome.duration * WHOLE:
        names = ", ".join(undone)
        failed = outcome.counters.totals()["failed"]
        others = f"; {failed} calls failed" if failed else ""
        return Limit(
            "integration", f"work was left undone although few calls were refused: {names}{others}"
        )
    return None


def _untrue(outcome: Outcome) -> Limit | None:
    """Return the limit when a program said more than it did, mostly failed, or did not last."""
    found, died = outcome.reconciliation, outcome.died or 0
    said = [
        found.lost and f"{counted(found.lost, 'acknowledged write')} not in the store",
        found.doubled and f"{counted(found.doubled, 'doubled write')}",
        outcome.ends.is_mostly_failed and str(outcome.ends),
        died and f"{counted(died, 'death')} of a copy of the program",
    ]
    named = [each for each in said if each]
    return Limit("integration", ", ".join(named)) if named else None


def measures(outcome: Outcome) -> dict[str, float]:
    """Return the numbers that thresholds bound.

    ``throttled_share`` and ``failed_share`` are parts of all calls. ``goodput`` is the part of the
    due writes that took effect, ``completed:<role>`` the part of the due items that a role says is
    done. ``backlog`` is the overdue work, as seconds of arrivals. ``lost`` and ``doubled`` are from
    the reconciliation. ``died`` counts copies of a program that did not end by themselves, and
    ``failed_runs`` is the part of the ended runs of its own work that reported a failure.
    ``calls_ratio`` is calls by the minimum, both without downloads. ``p95:<operation>`` and
    ``p99:<operation>`` are milliseconds, for operations with enough calls.
    """
    calls = outcome.counters.totals()
    total = max(1, sum(calls.values()))
    found = {
        "throttled_share": calls["throttled"] / total,
        "failed_share": calls["failed"] / total,
        "calls_ratio": optimum.made(outcome.counters) / max(1, outcome.least),
    }
    if outcome.died is not None:
        found["died"] = float(outcome.died)
    if (failed := outcome.ends.failed_part) is not None:
        found["failed_runs"] = failed
    if not outcome.has_own_work:
        found |= _work_measures(outcome)
    for name, row in operations(outcome.counters).items():
        found |= {
            f"{part}:{name}": row[part]
            for part, least in ENOUGH.items()
            if row["accepted"] >= least and part in row
        }
    return found


def _work_measures(outcome: Outcome) -> dict[str, float]:
    """Return the numbers about work items and their effect in the store."""
    due = {name: _due(outcome, name) for name in ROLES}
    done = {name: outcome.counters.work(name)["done"] for name in ROLES}
    lost, writes = outcome.reconciliation.lost, sum(due[name] for name in WRITES)
    took_effect = max(0, sum(done[name] for name in WRITES) - lost)
    found = {
        "backlog": max(_overdue(outcome, name) for name in WRITES),
        "lost": float(lost),
        "doubled": float(outcome.reconciliation.doubled),
    }
    if writes:
        found["goodput"] = min(1.0, took_effect / writes)
    return found | {
        f"completed:{name}": min(1.0, done[name] / due[name]) for name in ROLES if due[name] >= FEW
    }


def _due(outcome: Outcome, name: str) -> float:
    """Return how many items of a role had to be done before the end: none that is unsupported."""
    if outcome.counters.work(name)["unsupported"]:
        return 0.0
    may_wait = LATE * (ROLES[name].gather + ROLES[name].job)
    last = min(outcome.elapsed, outcome.duration) - may_wait - interval(outcome.duration)
    came = outcome.counters.of("came")
    return float(sum(times for (at, role), times in came if role == name and int(at) <= last))


def _overdue(outcome: Outcome, name: str) -> float:
    """Return the overdue work of a role, as seconds of its arrivals."""
    arrived = outcome.counters.work(name)["arrived"]
    if not arrived:
        return 0.0
    waits = outcome.counters.waiting(name) / arrived * outcome.elapsed
    return max(0.0, waits - LATE * ROLES[name].gather)
