"""The command ``adsmock load``: rehearse a peak event and say what was the limit.

Knows the arguments, the order of the steps and the exit codes: 0 within the thresholds, 1 not
within, 2 usage, 3 incomplete, 4 our own failure. Must not know how a step is done. Locust is never
imported here: it runs in processes of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loadtests import generator, page, report, stage
from loadtests.account import settle
from loadtests.desk import Target
from loadtests.generator import Crew
from loadtests.plan import Plan
from loadtests.series import series
from loadtests.shape import quotas, shapes
from loadtests.tally import Tally
from loadtests.temper import tempers
from loadtests.threshold import FILE, Threshold, compare, thresholds
from loadtests.verdict import Outcome, Strain, gaps, limits, measures

SUMMARY = "Rehearse a peak event with many users and say what was the limit."
EXAMPLES = """\
  adsmock load                                     60 s of a sales event, integration that adapts
  adsmock load --duration 2m --report-dir DIR      longer, its report in DIR/report.html
  adsmock load --user careless                     the same event, limits ignored: must fail
  adsmock load --user reference                    the reference client, driven by many users
  adsmock load --shape spike --duration 10m        five times the ordinary load for two minutes
  adsmock load --duration 76h                      the event at its real length
  adsmock load --workers 3                         three generator processes on this machine
  adsmock load --server http://127.0.0.1:9090      against a mock that runs already
  adsmock load --thresholds ours.toml              with bounds of your own

many machines:
  adsmock serve --host 10.0.0.1                                       the mock
  adsmock load --server http://10.0.0.1:9090 --listen 10.0.0.2:5557 --workers 8     the master
  adsmock load --join 10.0.0.2:5557                                   each of eight workers"""

USAGE, OURS = 2, 4

CPU = "adsmock_cpu_seconds_total"
LAG = "adsmock_loop_lag_worst_seconds"

SHORTEST, LONGEST = 5.0, 360_000.0
UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}

MOST_WORKERS = 64
HIGHEST_PORT = 65_535


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command to its parser."""
    add = parser.add_argument
    add("--user", choices=sorted(tempers()), default="well-behaved", help="how users behave")
    add("--shape", choices=sorted(shapes()), default="prime-day", help="how the event goes")
    add("--duration", type=seconds, default=60.0, help="5s to 100h, for example 90s or 2m")
    add("--users", type=positive, default=60, help="how large the load is at its height")
    add("--seed", type=int, default=1, help="seed of the sandbox and of all jitter")
    add("--report-dir", type=Path, default=Path("adsmock-load"), help="where results go")
    add("--server", help="control plane of a running mock; without it one is started")
    add("--workers", type=workers, default=1, help="generator processes, 1 to 64")
    add("--listen", type=address, help="wait here for workers of other machines: HOST:PORT")
    add("--join", type=address, help="be a worker of the master at HOST:PORT, nothing else")
    add("--thresholds", type=Path, default=FILE, help="a file of bounds instead of our own")


def seconds(text: str) -> float:
    """Return a duration such as ``90``, ``90s`` or ``2m`` in seconds.

    Raises:
        ArgumentTypeError: it is no duration, or too short or too long for a rehearsal.
    """
    unit = UNITS.get(text[-1:], 0.0)
    try:
        value = float(text[:-1]) * unit if unit else float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration; write 90s or 2m") from None
    if not SHORTEST <= value <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r}: a rehearsal takes 5s to 100h")
    return value


def positive(text: str) -> int:
    """Return a whole number of at least one.

    Raises:
        ArgumentTypeError: it is something else.
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)


def workers(text: str) -> int:
    """Return a number of processes.

    Raises:
        ArgumentTypeError: it is none, or more than a rehearsal may start.
    """
    if positive(text) > MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r}: at most {MOST_WORKERS} processes")
    return int(text)


def address(text: str) -> tuple[str, int]:
    """Return host and port.

    Raises:
        ArgumentTypeError: it is not written HOST:PORT.
    """
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no address; write 10.0.0.2:5557")
    return host, int(port)


def run(arguments: argparse.Namespace) -> int:
    """Rehearse, print what came out, write the reports, and return the exit code."""
    if not generator.is_installed():
        return _complain("adsmock load needs Locust: pip install adsmock[load]", USAGE)
    if arguments.join:
        return generator.join(*arguments.join)
    try:
        bounds = thresholds(arguments.thresholds)
        arguments.report_dir.mkdir(parents=True, exist_ok=True)
    except OSError as broken:
        return _complain(f"adsmock load: {broken.filename}: {broken.strerror}", USAGE)
    except (ValueError, TypeError, KeyError) as broken:
        return _complain(f"adsmock load: {arguments.thresholds}: {broken}", USAGE)
    return _judged(arguments, bounds)


def _judged(arguments: argparse.Namespace, bounds: tuple[Threshold, ...]) -> int:
    folder: Path = arguments.report_dir
    try:
        mock = nullcontext(arguments.server) if arguments.server else stage.mock()
        with mock as control:
            found = rehearse(arguments, stage.Operator(control), bounds)
    except (stage.StageFailed, generator.GeneratorFailed) as failed:
        return _complain(f"adsmock load: {failed}", OURS)
    except KeyError as unknown:
        return _complain(f"adsmock load: nothing measures {unknown}", USAGE)
    found.write(folder / "run.json")
    page.write(found, folder / "report.html")
    _say(*report.closing(found), f"report: {folder / 'report.html'}")
    return report.EXITS[found.status]


def rehearse(
    arguments: argparse.Namespace, operator: stage.Operator, bounds: tuple[Threshold, ...]
) -> report.Report:
    """Carry out one rehearsal against a running mock and return what it showed."""
    settings = _settings(arguments)
    _say(*report.opening(settings))
    targets = operator.prepare(arguments.seed, quotas())
    plan = _plan(arguments, operator.sandbox, targets)
    try:
        strain = _follow(plan, Crew(arguments.workers, arguments.listen), operator)
        outcome = _outcome(plan, operator)
    finally:
        operator.leave()
    measured = measures(outcome)
    return report.Report(
        settings=settings,
        outcome=outcome,
        strain=strain.over(outcome.elapsed),
        measures=measured,
        limits=limits(outcome, strain.over(outcome.elapsed), measured),
        findings=compare(measured, bounds),
        gaps=gaps(outcome),
        series=series(outcome, plan.event),
    )


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    shape = shapes()[arguments.shape]
    return {
        "user": arguments.user,
        "temper": tempers()[arguments.user].title,
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
) -> Plan:
    plan = Plan(
        user=arguments.user,
        shape=arguments.shape,
        duration=arguments.duration,
        users=arguments.users,
        seed=arguments.seed,
        regions=sandbox["urls"],
        credentials=sandbox["client"],
        targets=targets,
        result=str(arguments.report_dir / "result.json"),
        workers=arguments.workers,
    )
    Path(plan.result).unlink(missing_ok=True)
    plan.write(arguments.report_dir / "plan.json")
    return plan


@dataclass(frozen=True, slots=True)
class _Spent:
    """What the mock had spent before and after: seconds of a core, worst delays in seconds."""

    before: tuple[float | None, float | None]
    after: tuple[float | None, float | None]

    def over(self, elapsed: float) -> Strain:
        """Return it as strain; a worst delay that did not grow is an older one."""
        (cpu, lag), (cpu_after, lag_after) = self.before, self.after
        spent = None if cpu is None or cpu_after is None else cpu_after - cpu
        grew = lag is not None and lag_after is not None and lag_after > lag
        return Strain(
            cpu=None if spent is None else spent / elapsed, loop_lag=lag_after if grew else None
        )


def _follow(plan: Plan, crew: Crew, operator: stage.Operator) -> _Spent:
    """Run the generator, say how it goes, and return what it cost the mock.

    The scenario of the shape begins when the generator does, so that the two go in step.
    """
    folder = Path(plan.result).parent
    before = operator.metric(CPU), operator.metric(LAG)
    shape, is_begun = plan.event, False
    for row in generator.run(folder / "plan.json", crew, plan.duration, folder):
        if shape.scenario and not is_begun:
            operator.play(shape.scenario, plan.duration)
        is_begun = True
        _say(report.progress(row, shape.phase(row["elapsed"] / plan.duration)))
    return _Spent(before, (operator.metric(CPU), operator.metric(LAG)))


def _outcome(plan: Plan, operator: stage.Operator) -> Outcome:
    """Return what the generator has written, beside the store of the mock."""
    result = json.loads(Path(plan.result).read_text(encoding="utf-8"))
    tally = Tally()
    tally.merge(result)
    return Outcome(
        tally=tally,
        elapsed=result["elapsed"],
        duration=plan.duration,
        processes=result["processes"],
        regions=tuple(plan.regions),
        account=settle(operator.state(), tally.made, tally.bids, result["doubtful"]),
        workers=plan.workers,
        has_warned=result["warned"],
    )


def _say(*lines: str) -> None:
    sys.stdout.write("".join(line + "\n" for line in lines))
    sys.stdout.flush()


def _complain(line: str, code: int) -> int:
    sys.stderr.write(line + "\n")
    return code
