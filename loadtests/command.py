"""The command ``adsmock load``: rehearse a peak event and say what was the limit.

Knows the arguments, the order of the steps and the exit codes: 0 within the thresholds, 1 not
within, 2 usage, 4 our own failure. Must not know how a step is done. Locust is never imported
here: it runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from loadtests import generator, report, stage
from loadtests.desk import Target
from loadtests.plan import Plan
from loadtests.shape import Phase, Shape, quotas, shapes
from loadtests.threshold import compare
from loadtests.verdict import Strain, limits, measures

SUMMARY = "Rehearse a peak event with many users and say what was the limit."
EXAMPLES = """\
  adsmock load                                     60 s of a sales event, integration that adapts
  adsmock load --user careless                     the same event, limits ignored: must fail
  adsmock load --shape steady --duration 10m       an ordinary day
  adsmock load --server http://127.0.0.1:9090      against a mock that runs already"""

WITHIN, NOT_WITHIN, USAGE, OURS = 0, 1, 2, 4

CPU = "adsmock_cpu_seconds_total"
LAG = "adsmock_loop_lag_worst_seconds"

SHORTEST, LONGEST = 5.0, 3600.0
UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command to its parser."""
    add = parser.add_argument
    add("--user", choices=sorted(generator.USERS), default="integration", help="how users behave")
    add("--shape", choices=sorted(shapes()), default="prime-day", help="how the event goes")
    add("--duration", type=seconds, default=60.0, help="5s to 1h, for example 90s or 2m")
    add("--users", type=positive, default=60, help="the largest number of users at once")
    add("--seed", type=int, default=1, help="seed of the sandbox and of all jitter")
    add("--report-dir", type=Path, default=Path("adsmock-load"), help="where results go")
    add("--server", help="control plane of a running mock; without it one is started")


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
        raise argparse.ArgumentTypeError(f"{text!r}: a rehearsal takes 5s to 1h")
    return value


def positive(text: str) -> int:
    """Return a whole number of at least one.

    Raises:
        ArgumentTypeError: it is something else.
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Rehearse, print what came out, write ``load.json``, and return the exit code."""
    if not generator.is_installed():
        return _complain("adsmock load needs Locust: pip install adsmock[load]", USAGE)
    folder: Path = arguments.report_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as broken:
        return _complain(f"adsmock load: cannot write to {folder}: {broken.strerror}", USAGE)
    try:
        mock = nullcontext(arguments.server) if arguments.server else stage.mock()
        with mock as control:
            outcome = rehearse(arguments, stage.Operator(control))
    except (stage.StageFailed, generator.GeneratorFailed) as failed:
        return _complain(f"adsmock load: {failed}", OURS)
    _say(*report.closing(outcome))
    outcome.write(folder / "load.json")
    _say(f"report: {folder / 'load.json'}")
    return WITHIN if outcome.holds else NOT_WITHIN


def rehearse(arguments: argparse.Namespace, operator: stage.Operator) -> report.Report:
    """Carry out one rehearsal against a running mock and return what it showed."""
    shape = shapes()[arguments.shape]
    settings = _settings(arguments, shape)
    _say(*report.opening(settings))
    targets = operator.prepare(arguments.seed, quotas())
    plan = _plan(arguments, operator.sandbox, targets)
    plan_file = arguments.report_dir / "plan.json"
    plan.write(plan_file)
    before = operator.metric(CPU), operator.metric(LAG)
    _follow(plan, plan_file, shape, operator)
    result = json.loads(Path(plan.result).read_text(encoding="utf-8"))
    strain = _strain(operator, before, result["elapsed"])
    operator.leave()
    measured = measures(result)
    return report.Report(
        settings, result, strain, measured, limits(result, strain), compare(measured)
    )


def _settings(arguments: argparse.Namespace, shape: Shape) -> dict[str, Any]:
    return {
        "user": arguments.user,
        "shape": shape.name,
        "title": shape.title,
        "duration": arguments.duration,
        "users": arguments.users,
        "seed": arguments.seed,
        "quotas": quotas(),
    }


def _plan(
    arguments: argparse.Namespace, sandbox: dict[str, Any], targets: tuple[Target, ...]
) -> Plan:
    return Plan(
        user=arguments.user,
        shape=arguments.shape,
        duration=arguments.duration,
        users=arguments.users,
        seed=arguments.seed,
        regions=sandbox["urls"],
        credentials=sandbox["client"],
        targets=targets,
        result=str(arguments.report_dir / "result.json"),
    )


def _follow(plan: Plan, plan_file: Path, shape: Shape, operator: stage.Operator) -> None:
    """Run the generator; tighten the quotas as the phases come, and say how it goes."""
    present: Phase | None = None
    folder = plan_file.parent
    for row in generator.run(plan_file, plan.user, plan.duration, folder):
        phase = shape.at(row["elapsed"] / plan.duration, plan.users).phase
        if phase != present:
            operator.press(phase.pressure, quotas())
            present = phase
        _say(report.progress(row, phase.name, phase.pressure))


def _strain(
    operator: stage.Operator, before: tuple[float | None, float | None], elapsed: float
) -> Strain:
    """Return what the run cost the mock; a worst delay that did not grow is an older one."""
    spent = _growth(before[0], operator.metric(CPU))
    lag = operator.metric(LAG)
    return Strain(
        cpu=None if spent is None else spent / elapsed,
        loop_lag=lag if _growth(before[1], lag) else None,
    )


def _growth(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def _say(*lines: str) -> None:
    sys.stdout.write("".join(line + "\n" for line in lines))
    sys.stdout.flush()


def _complain(line: str, code: int) -> int:
    sys.stderr.write(line + "\n")
    return code
