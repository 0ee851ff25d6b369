"""One rehearsal against a running mock, from an empty sandbox to its report.

Never import Locust here: it runs in processes of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adsmock.harness.suite import peak
from adsmock.loadtests import generator, mock_setup, report
from adsmock.loadtests.behavior import behaviors
from adsmock.loadtests.counters import OUTCOMES, Counters
from adsmock.loadtests.generator import WorkerPool
from adsmock.loadtests.optimum import minimum_calls
from adsmock.loadtests.plan import FILE, RESULT, RehearsalPlan
from adsmock.loadtests.reconciliation import State, named, reconcile
from adsmock.loadtests.series import series
from adsmock.loadtests.shape import quotas, shapes
from adsmock.loadtests.threshold import Threshold, compare
from adsmock.loadtests.verdict import MockLoad, Outcome, gaps, limits, measures
from adsmock.loadtests.work_queue import Target

CPU = "adsmock_cpu_seconds_total"
LAG = "adsmock_loop_lag_worst_seconds"

HOUR = 3600.0

MOST_SEEN = 50_000
"""Calls whose journal is kept; the cases of a peak are INCONCLUSIVE for a longer run."""


def rehearse(
    arguments: argparse.Namespace, operator: mock_setup.MockControl, bounds: tuple[Threshold, ...]
) -> report.Report:
    """Run one rehearsal against a running mock and return its report."""
    settings = _settings(arguments)
    say(*report.opening(settings))
    targets = operator.prepare(arguments.seed, quotas())
    plan = _plan(arguments, operator.sandbox, targets)
    pool = WorkerPool(arguments.workers, arguments.listen)
    try:
        with peak.watching(operator.control, operator.sandbox["id"], plan.seed) as witness:
            mock_load = _follow(plan, pool, operator, witness)
            state = operator.state()
            outcome, made = _outcome(plan, state)
            judged = witness.judge(_work(plan, outcome, named(state, made), state))
    finally:
        operator.leave()
    measured = measures(outcome)
    return report.Report(
        settings=settings,
        outcome=outcome,
        mock_load=mock_load.over(outcome.elapsed),
        judged=judged,
        measures=measured,
        limits=limits(outcome, mock_load.over(outcome.elapsed), measured),
        findings=compare(measured, bounds),
        gaps=gaps(outcome),
        series=series(outcome, plan.event),
    )


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    shape = shapes()[arguments.shape]
    return {
        "behavior": arguments.behavior,
        "behavior_title": behaviors()[arguments.behavior].title,
        "shape": shape.name,
        "title": shape.title,
        "duration": arguments.duration,
        "users": arguments.users,
        "workers": arguments.workers,
        "seed": arguments.seed,
        "quotas": quotas(),
    }


def _plan(
    arguments: argparse.Namespace, sandbox: dict[str, Any], targets: tuple[Target, ...]
) -> RehearsalPlan:
    plan = RehearsalPlan(
        behavior=arguments.behavior,
        shape=arguments.shape,
        duration=arguments.duration,
        users=arguments.users,
        seed=arguments.seed,
        regions=sandbox["urls"],
        credentials=sandbox["client"],
        targets=targets,
        result=str(arguments.report_dir / RESULT),
        workers=arguments.workers,
    )
    Path(plan.result).unlink(missing_ok=True)
    plan.write(arguments.report_dir / FILE)
    return plan


@dataclass(frozen=True, slots=True)
class _Spent:
    """CPU seconds and largest loop delay of the mock, before and after the run."""

    before: tuple[float | None, float | None]
    after: tuple[float | None, float | None]

    def over(self, elapsed: float) -> MockLoad:
        """Return the load during the run; a largest delay that did not grow is from before it."""
        (cpu, lag), (cpu_after, lag_after) = self.before, self.after
        spent = None if cpu is None or cpu_after is None else cpu_after - cpu
        grew = lag is not None and lag_after is not None and lag_after > lag
        return MockLoad(
            cpu=None if spent is None else spent / elapsed, loop_lag=lag_after if grew else None
        )


def _follow(
    plan: RehearsalPlan,
    pool: WorkerPool,
    operator: mock_setup.MockControl,
    witness: peak.LoadWatcher,
) -> _Spent:
    """Run the generator, print its progress, and return the load on the mock.

    The shape's scenario starts with the generator, so that both stay in step.
    """
    folder = Path(plan.result).parent
    before = operator.metric(CPU), operator.metric(LAG)
    shape, is_begun, due = plan.event, False, 0.0
    for row in generator.run(pool, plan.duration, folder):
        if shape.scenario and not is_begun:
            operator.play(shape.scenario, plan.duration)
        is_begun = True
        if sum(row[each] for each in OUTCOMES) <= MOST_SEEN:
            witness.look()
        if row["elapsed"] >= due:
            due = row["elapsed"] // plan.interval * plan.interval + plan.interval
            say(report.progress(row, shape.phase(row["elapsed"] / plan.duration)))
    return _Spent(before, (operator.metric(CPU), operator.metric(LAG)))


def _outcome(plan: RehearsalPlan, state: State) -> tuple[Outcome, list[tuple[str, str, str]]]:
    """Return the generator's result, compared with the mock's store, and the created entities."""
    result = json.loads(Path(plan.result).read_text(encoding="utf-8"))
    counters = Counters()
    counters.merge(result)
    outcome = Outcome(
        counters=counters,
        elapsed=result["elapsed"],
        duration=plan.duration,
        processes=result["processes"],
        regions=tuple(plan.regions),
        reconciliation=reconcile(state, counters.made, counters.bids, result["doubtful"]),
        workers=plan.workers,
        has_warned=result["warned"],
    )
    return outcome, counters.made


def _work(
    plan: RehearsalPlan, outcome: Outcome, made: list[tuple[str, str]], state: State
) -> peak.Work:
    """Return what the journal cannot show about the work, for the cases of a peak."""
    least = minimum_calls(outcome.counters)
    return peak.Work(
        client=plan.behavior,
        seed=plan.seed,
        seconds=plan.duration,
        least=least,
        hourly=least / outcome.elapsed * HOUR,
        made=made,
        state=state,
    )


def say(*lines: str) -> None:
    """Print lines and flush, so that progress is visible during the run."""
    sys.stdout.write("".join(line + "\n" for line in lines))
    sys.stdout.flush()
