"""One rehearsal against a running mock, from an empty sandbox to its report.

Never import Locust here: it runs in processes of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from adsmock.contracts.loader import load
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.suite import peak
from adsmock.harness.volume.audit.audit import audit
from adsmock.harness.volume.audit.audited_call import of_rows
from adsmock.loadtests import generator, mock_setup, report
from adsmock.loadtests.behavior import DEFAULT, PROGRAM, behaviors
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.generator import WorkerPool
from adsmock.loadtests.journal_counter import JournalCounter
from adsmock.loadtests.plan import FILE, RESULT, Program, RehearsalPlan
from adsmock.loadtests.program.observed import observe
from adsmock.loadtests.reconciliation import State, named, reconcile
from adsmock.loadtests.refusals import bottleneck
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
    arguments: argparse.Namespace,
    program: Program | None,
    operator: mock_setup.MockControl,
    bounds: tuple[Threshold, ...],
) -> report.Report:
    """Run one rehearsal against a running mock and return its report."""
    settings = _settings(arguments, program)
    say(*report.opening(settings))
    targets = operator.prepare(arguments.seed, settings["quotas"])
    with TemporaryDirectory(prefix="adsmock-") as folder:
        plan = _plan(arguments, program, operator, targets)
        if arguments.through_proxy:
            plan = _through_proxy(plan, operator, Path(folder))
        plan.write(arguments.report_dir / FILE)
        pool = WorkerPool(arguments.workers, arguments.listen)
        try:
            return _report(settings, plan, pool, operator, bounds)
        finally:
            operator.leave()


def _report(
    settings: dict[str, Any],
    plan: RehearsalPlan,
    pool: WorkerPool,
    operator: mock_setup.MockControl,
    bounds: tuple[Threshold, ...],
) -> report.Report:
    with peak.watching(operator.control, operator.sandbox["id"], plan.seed) as witness:
        calls = Counters()
        mock_load = _follow(plan, pool, operator, witness, calls)
        state = operator.state()
        outcome = _outcome(plan, state, calls, witness)
        profiles = tuple(operator.sandbox["profiles"])
        judged = witness.judge(_work(plan, outcome, state, profiles))
    measured, load = measures(outcome), mock_load.over(outcome.elapsed)
    return report.Report(
        settings=settings,
        outcome=outcome,
        mock_load=load,
        judged=judged,
        measures=measured,
        limits=limits(outcome, load, measured),
        findings=compare(measured, bounds),
        gaps=gaps(outcome),
        series=series(outcome, plan.event),
        bottleneck=bottleneck(outcome.counters, plan.event, plan.duration),
    )


def _settings(arguments: argparse.Namespace, program: Program | None) -> dict[str, Any]:
    shape = shapes()[arguments.shape]
    behavior = arguments.behavior or DEFAULT
    found = {
        "behavior": PROGRAM if program else behavior,
        "behavior_title": report.copies(program) if program else behaviors()[behavior].title,
        "shape": shape.name,
        "title": shape.title,
        "duration": arguments.duration,
        "users": arguments.users,
        "workers": arguments.workers,
        "seed": arguments.seed,
        "quotas": quotas(arguments.quotas),
    }
    return found | ({"program": to_builtins(program)} if program else {})


def _plan(
    arguments: argparse.Namespace,
    program: Program | None,
    operator: mock_setup.MockControl,
    targets: tuple[Target, ...],
) -> RehearsalPlan:
    sandbox = operator.sandbox
    plan = RehearsalPlan(
        behavior=PROGRAM if program else arguments.behavior or DEFAULT,
        shape=arguments.shape,
        duration=arguments.duration,
        users=arguments.users,
        seed=arguments.seed,
        regions=sandbox["urls"],
        credentials=sandbox["client"],
        targets=targets,
        result=str(arguments.report_dir / RESULT),
        workers=arguments.workers,
        program=program,
        control=operator.control,
        sandbox=sandbox["id"],
    )
    Path(plan.result).unlink(missing_ok=True)
    return plan


def _through_proxy(
    plan: RehearsalPlan, operator: mock_setup.MockControl, folder: Path
) -> RehearsalPlan:
    """Return the plan with Amazon's own host names, which a proxy leads to the mock."""
    proxy, certificate = operator.open_proxy()
    path = folder / "ca.pem"
    path.write_text(certificate, "utf-8")
    hosts = load().regions
    urls = {
        name: {"ads": f"https://{hosts[name].ads_host}", "lwa": f"https://{hosts[name].lwa_host}"}
        for name in plan.regions
    }
    return replace(plan, regions=urls, trust={"proxy": proxy, "caBundle": str(path)})


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
    calls: Counters,
) -> _Spent:
    """Run the event, print its progress, and return the load on the mock.

    The shape's scenario starts with the load, so that both stay in step. The calls of a program
    are counted from the journal into ``calls``.
    """
    folder = Path(plan.result).parent
    before = operator.metric(CPU), operator.metric(LAG)
    shape, counter, due, seen = plan.event, None, 0.0, 0
    for row in _rows(plan, pool, folder):
        if counter is None:
            counter = JournalCounter(calls, operator.now() - row["elapsed"], plan.interval)
            if shape.scenario:
                operator.play(shape.scenario, plan.duration)
        ended = witness.look(keep=seen <= MOST_SEEN)
        seen += len(ended)
        if plan.program:
            counter.count(ended)
            row.update(calls.totals())
        if row["elapsed"] >= due:
            due = row["elapsed"] // plan.interval * plan.interval + plan.interval
            say(report.progress(row, shape.phase(row["elapsed"] / plan.duration)))
    if plan.program and counter:
        counter.count(witness.look(keep=seen <= MOST_SEEN))
    return _Spent(before, (operator.metric(CPU), operator.metric(LAG)))


def _rows(plan: RehearsalPlan, pool: WorkerPool, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the progress of the load generator, or of a program that brings its own work."""
    if plan.program and not plan.program.has_tasks:
        return observe(plan, folder, SystemClock())
    return generator.run(pool, plan.duration, folder)


def _outcome(
    plan: RehearsalPlan, state: State, calls: Counters, witness: peak.LoadWatcher
) -> Outcome:
    """Return the generator's result, compared with the mock's store."""
    result = json.loads(Path(plan.result).read_text(encoding="utf-8"))
    counters = Counters()
    counters.merge(result)
    counters.merge(calls.drain())
    died = sum(times for (event,), times in counters.of("copy") if event == "died")
    own_work = plan.program is not None and not plan.program.has_tasks
    return Outcome(
        counters=counters,
        elapsed=result["elapsed"],
        duration=plan.duration,
        processes=result["processes"],
        regions=tuple(plan.regions),
        reconciliation=reconcile(
            state, counters.made, counters.bids, result["doubtful"], counters.built
        ),
        workers=plan.workers,
        has_warned=result["warned"],
        audited=_audited(witness) if own_work else None,
        died=died if plan.program else None,
    )


def _audited(witness: peak.LoadWatcher) -> int:
    """Return the minimum of calls for the same work, as an audit of the journal finds it."""
    contract_set = load()
    rows = enumerate(witness.rows(), 1)
    return audit(of_rows(rows, contract_set), contract_set).optimum


def _work(
    plan: RehearsalPlan, outcome: Outcome, state: State, profiles: tuple[dict[str, Any], ...]
) -> peak.Work:
    """Return what the journal cannot show about the work, for the cases of a peak."""
    made = set(named(state, outcome.counters.made)) | set(outcome.counters.built)
    return peak.Work(
        client=plan.program.name if plan.program else plan.behavior,
        seed=plan.seed,
        seconds=plan.duration,
        least=outcome.least,
        hourly=outcome.least / outcome.elapsed * HOUR,
        made=sorted(made),
        state=state,
        profiles=profiles,
    )


def say(*lines: str) -> None:
    """Print lines and flush, so that progress is visible during the run."""
    sys.stdout.write("".join(line + "\n" for line in lines))
    sys.stdout.flush()
