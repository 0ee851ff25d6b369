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

from msgspec import convert, to_builtins
from msgspec.structs import replace

from adsmock.contracts.loader import load
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.suite import peak
from adsmock.harness.suite.journal.record import ProgramRun
from adsmock.harness.volume.audit.audit import audit
from adsmock.harness.volume.audit.audited_call import of_rows
from adsmock.harness.volume.plan import VolumePlan
from adsmock.loadtests import checkpoint, generator, mock_setup, report
from adsmock.loadtests.behavior import DEFAULT, PROGRAM, behaviors
from adsmock.loadtests.checkpoint import Checkpoint
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.generator import Stop, WorkerPool
from adsmock.loadtests.injected import Injected
from adsmock.loadtests.journal_counter import JournalCounter
from adsmock.loadtests.live import LiveRun
from adsmock.loadtests.part import Part
from adsmock.loadtests.plan import FILE, RESULT, Program, RehearsalPlan
from adsmock.loadtests.planned_work import quotas_of
from adsmock.loadtests.program.observed import observe
from adsmock.loadtests.reconciliation import State, named, reconcile
from adsmock.loadtests.refusals import bottleneck
from adsmock.loadtests.series import series
from adsmock.loadtests.shape import quotas, shapes
from adsmock.loadtests.threshold import Threshold, compare
from adsmock.loadtests.verdict import MockLoad, Outcome, gaps, limits, measures
from adsmock.loadtests.work_queue import StoredQueue, Target

CPU = "adsmock_cpu_seconds_total"
LAG = "adsmock_loop_lag_worst_seconds"

HOUR = 3600.0


def rehearse(
    arguments: argparse.Namespace,
    program: Program | None,
    operator: mock_setup.MockControl,
    bounds: tuple[Threshold, ...],
    part: Part | None = None,
) -> report.Report:
    """Run one rehearsal, or a part of one, against a running mock and return its report."""
    part = part or Part()
    settings = _settings(arguments, program, part)
    say(*report.opening(settings))
    with TemporaryDirectory(prefix="adsmock-") as folder:
        plan = _prepared(arguments, program, operator, settings, part)
        if arguments.through_proxy:
            plan = _through_proxy(plan, operator, Path(folder))
        Path(plan.result).unlink(missing_ok=True)
        plan.write(arguments.report_dir / FILE)
        is_kept = False
        try:
            found, result = _report(settings, plan, operator, bounds, part)
            is_kept = found.is_stopped and part.is_kept
        finally:
            if not is_kept:
                operator.leave()
        if is_kept:
            _checkpoint(arguments, found, result, part).write(arguments.report_dir)
        return found


def _prepared(
    arguments: argparse.Namespace,
    program: Program | None,
    operator: mock_setup.MockControl,
    settings: dict[str, Any],
    part: Part,
) -> RehearsalPlan:
    """Return the plan of a new sandbox, or of the sandbox of the earlier parts."""
    if part.earlier is None or part.earlier_plan is None:
        work = part.planned_at(arguments.scale)
        advertisers = work.advertisers if work else ()
        quotas = settings["quotas"]
        targets = operator.prepare(arguments.seed, quotas, arguments.rate, advertisers)
        return replace(_plan(arguments, program, operator, targets), planned=work)
    operator.attach(part.earlier_plan.sandbox)
    return replace(
        part.earlier_plan,
        regions=operator.sandbox["urls"],
        control=operator.control,
        result=str(arguments.report_dir / RESULT),
        trust={},
        offset=part.earlier.elapsed,
        queues=part.earlier.queues,
    )


def _report(
    settings: dict[str, Any],
    plan: RehearsalPlan,
    operator: mock_setup.MockControl,
    bounds: tuple[Threshold, ...],
    part: Part,
) -> tuple[report.Report, dict[str, Any]]:
    """Return the report, and the counts of all parts."""
    with peak.watching(operator.control, operator.sandbox["id"], plan.seed) as witness:
        live = part.live(plan, settings["quotas"])
        spent, result = _follow(plan, operator, witness, part, live)
        if is_stopped := part.stop.is_due(result["elapsed"] - plan.offset):
            operator.hold()
        state = operator.state()
        result["audited"] = _audited(witness, plan)
        now = _outcome(plan, state, result)
        runs = [witness.program_run(**each) for each in _separate_runs(plan, result)]
        work = _work(plan, now, state, tuple(operator.sandbox["profiles"]), tuple(runs))
        judged = witness.judge(work)
    load = spent.over(now.elapsed - plan.offset)
    if part.earlier:
        result, load = part.earlier.joined(result), part.earlier.mock_load.worst(load)
    outcome = _outcome(plan, state, result)
    fit = part.fit_at(settings["scale"])
    measured = measures(outcome) | ({"plan_peak": fit.used} if fit else {})
    found = report.Report(
        settings,
        outcome,
        load,
        measured,
        limits(outcome, load, measured, fit),
        compare(measured, bounds),
        gaps(outcome),
        series(outcome, plan.event, settings["quotas"], spent.injected),
        judged,
        bottleneck(outcome.counters, plan.event, plan.duration),
        fit,
        is_stopped=is_stopped and outcome.elapsed < plan.duration,
    )
    return found, result


def _settings(arguments: argparse.Namespace, program: Program | None, part: Part) -> dict[str, Any]:
    work = part.planned_at(arguments.scale)
    shape = work.shape if work else shapes()[arguments.shape]
    behavior = arguments.behavior or DEFAULT
    found = {
        "behavior": PROGRAM if program else behavior,
        "behavior_title": report.copies(program) if program else behaviors()[behavior].title,
        "shape": shape.name,
        "title": shape.title,
        "duration": arguments.duration,
        "rate": arguments.rate,
        "part": part.number,
        "scale": arguments.scale,
        "users": arguments.users,
        "workers": arguments.workers,
        "seed": arguments.seed,
        "quotas": run_quotas(arguments.quotas, part.own),
    }
    advertisers = {"advertisers": to_builtins(work.advertisers)} if work else {}
    return found | advertisers | ({"program": to_builtins(program)} if program else {})


def run_quotas(file: Path | None, own: VolumePlan | None) -> dict[str, dict[str, float]]:
    """Return the quotas of a run: of the file, then of the partner's plan, then estimates.

    Raises:
        OSError: the file cannot be read.
        ValueError: it does not fit.
    """
    observed = quotas(file) if file else {}
    return quotas() | observed if own is None else quotas_of(own, observed, load())


def _checkpoint(
    arguments: argparse.Namespace, found: report.Report, result: dict[str, Any], part: Part
) -> Checkpoint:
    """Return what a later command needs to continue a stopped run."""
    unsure = dict.fromkeys(each for each in result["doubtful"] if each in result["bids"])
    return Checkpoint(
        version=checkpoint.VERSION,
        arguments=checkpoint.values(arguments),
        parts=part.number,
        elapsed=result["elapsed"],
        counts={
            "counts": result["counts"],
            "made": result["made"],
            "bids": result["bids"] | unsure,
            "built": result["built"],
        },
        queues=tuple(convert(each, StoredQueue) for each in result["queues"]),
        processes=result["processes"],
        mock_load=found.mock_load,
        audited=result["audited"],
    )


def _plan(
    arguments: argparse.Namespace,
    program: Program | None,
    operator: mock_setup.MockControl,
    targets: tuple[Target, ...],
) -> RehearsalPlan:
    sandbox = operator.sandbox
    return RehearsalPlan(
        behavior=PROGRAM if program else arguments.behavior or DEFAULT,
        shape=arguments.shape,
        duration=arguments.duration,
        rate=arguments.rate,
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
        is_live=arguments.live is not None,
    )


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
    """CPU seconds and largest loop delay of the mock, before and after the run; what it did."""

    before: tuple[float | None, float | None]
    after: tuple[float | None, float | None]
    injected: Injected

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
    operator: mock_setup.MockControl,
    witness: peak.LoadWatcher,
    part: Part,
    live: LiveRun | None,
) -> tuple[_Spent, dict[str, Any]]:
    """Run the event, print its progress, and return the load on the mock and the counts.

    The shape's scenario starts with the load, so that both stay in step. The calls of a program
    are counted from the journal.
    """
    calls = Counters()
    if part.earlier:
        witness.start_here()
    before = operator.metric(CPU), operator.metric(LAG)
    counter, due, planned = None, 0.0, Injected()
    earlier = part.earlier.totals() if part.earlier else {}
    for row in _rows(plan, part.pool, part.stop):
        if counter is None:
            _begin(plan, operator)
            began = operator.now() - row["elapsed"] * plan.rate
            counter = JournalCounter(calls, began, plan.interval, plan.rate)
            planned = operator.injected(row["elapsed"], plan)
        ended = witness.look()
        witness.see_ended(row.pop("ended", ()))
        if plan.program:
            counter.count(ended)
            row.update(counter.totals())
        row.update({name: row[name] + times for name, times in earlier.items()})
        if live:
            live.follow(row, calls, planned)
        if row["elapsed"] >= due:
            due = row["elapsed"] // plan.interval * plan.interval + plan.interval
            of_program = plan.program is not None
            say(report.progress(row, plan.event, plan.duration, of_program=of_program))
    if plan.program and counter:
        counter.count(witness.look())
    spent = _Spent(before, (operator.metric(CPU), operator.metric(LAG)), planned)
    return spent, _result(plan, calls)


def _begin(plan: RehearsalPlan, operator: mock_setup.MockControl) -> None:
    """Start the shape's scenario, or let the one of the earlier parts go on."""
    if plan.offset:
        operator.go_on(plan.rate)
    elif plan.event.scenario:
        operator.play(plan.event.scenario, plan.duration * plan.rate)


def _rows(plan: RehearsalPlan, pool: WorkerPool, stop: Stop) -> Iterator[dict[str, Any]]:
    """Yield the progress of the load generator, or of a program that brings its own work."""
    folder = Path(plan.result).parent
    if plan.program and not plan.program.has_tasks:
        return observe(plan, folder, SystemClock(), stop)
    return generator.run(pool, plan.duration - plan.offset, folder, stop)


def _result(plan: RehearsalPlan, calls: Counters) -> dict[str, Any]:
    """Return what the load generator counted in this part, and the calls of the journal."""
    result: dict[str, Any] = json.loads(Path(plan.result).read_text(encoding="utf-8"))
    counters = Counters()
    counters.merge(result)
    counters.merge(calls.drain())
    return result | counters.drain()


def _outcome(plan: RehearsalPlan, state: State, result: dict[str, Any]) -> Outcome:
    """Return the generator's result, compared with the mock's store."""
    counters = Counters()
    counters.merge(result)
    died = sum(times for (event,), times in counters.of("copy") if event == "died")
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
        audited=result["audited"],
        died=died if plan.program else None,
        expected=plan.program.expected if plan.program else (),
    )


def _audited(witness: peak.LoadWatcher, plan: RehearsalPlan) -> int | None:
    """Return the minimum of calls for the work of an observed program, from its journal."""
    if plan.program is None or plan.program.has_tasks:
        return None
    contract_set = load()
    rows = enumerate(witness.rows(), 1)
    return audit(of_rows(rows, contract_set), contract_set).optimum


def _separate_runs(plan: RehearsalPlan, result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the runs of a program; the users of a Locust class or a test share a process."""
    has_users = plan.program is not None and plan.program.target
    found: list[dict[str, Any]] = result.get("runs", [])
    return [] if has_users else found


def _work(
    plan: RehearsalPlan,
    outcome: Outcome,
    state: State,
    profiles: tuple[dict[str, Any], ...],
    runs: tuple[ProgramRun, ...],
) -> peak.Work:
    """Return what the journal cannot show about the work, for the cases of a peak."""
    made = set(named(state, outcome.counters.made)) | set(outcome.counters.built)
    least = outcome.least + outcome.downloads  # these cases count downloads, too
    return peak.Work(
        client=plan.program.name if plan.program else plan.behavior,
        seed=plan.seed,
        seconds=plan.duration,
        least=least,
        hourly=least / (outcome.elapsed - plan.offset) * HOUR,
        made=sorted(made),
        state=state,
        profiles=profiles,
        runs=runs,
    )


def say(*lines: str) -> None:
    """Print lines and flush, so that progress is visible during the run."""
    sys.stdout.write("".join(line + "\n" for line in lines))
    sys.stdout.flush()
