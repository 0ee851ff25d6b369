"""The command ``adsmock load``: rehearse a peak event, with your own program, and report the limit.

Exit codes: 0 within the thresholds, 1 not within, 2 usage, 3 incomplete, 4 failure of adsmock.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from math import inf
from pathlib import Path
from typing import Literal

from msgspec import structs

from adsmock.cli.child_environment import DIRECT, direct
from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.command.estimate import plan_named
from adsmock.harness.command.failure import INTERRUPTED, UsageError, guarded
from adsmock.harness.suite.control import PlaneError, check_address
from adsmock.harness.suite.drivers.network_guard import refusals
from adsmock.harness.suite.report import folder
from adsmock.harness.volume.plan import VolumePlan
from adsmock.loadtests import (
    checkpoint,
    comparison,
    generator,
    limit_search,
    mock_setup,
    page,
    report,
)
from adsmock.loadtests.arguments import MOST_COPIES, changed, complete, configure, program
from adsmock.loadtests.live import LivePage
from adsmock.loadtests.part import Part
from adsmock.loadtests.plan import Program, RehearsalPlan
from adsmock.loadtests.planned_work import with_rates
from adsmock.loadtests.rehearsal import rehearse, run_quotas, say
from adsmock.loadtests.threshold import Threshold, thresholds
from adsmock.loadtests.verdict import MEASURES

SUMMARY = "Rehearse a peak event and report what the limit was."
WORKFLOW = "rehearse"
EXAMPLES = """\
  adsmock load                                     60 s of a sales event, well-behaved users
  adsmock load --duration 2m --report-dir DIR      longer, with the report in DIR/report.html
  adsmock load --behavior misbehaving              the same event, limits ignored: exit 1
  adsmock load --behavior reference                the reference client, driven by many users
  adsmock load --adapter "node adapter.js" --copies 6   your adapter does the event's work
  adsmock load --observe "python nightly.py" --copies 6 --duration 5m   your program, its own work
  adsmock load --target ours:Shopper --users 50    your Locust user class, with the event's shape
  adsmock load --adapter "node adapter.js" --compare    the same event with the reference client
  adsmock load --adapter "node adapter.js" --find-limit    the largest load that passes
  adsmock load --shape spike --duration 10m        five times the usual load for two minutes
  adsmock load --live --duration 10m               the charts in a browser while it runs
  adsmock load --plan plan.toml --find-limit       your estimate's plan, and how far it can grow
  adsmock load --duration 76h                      the event at its real length
  adsmock load --rate 76 --stop-after 30m          76 hours in one; stop it in the middle
  adsmock load --resume adsmock-load               continue the stopped run
  adsmock load --workers 3                         three generator processes on this machine
  adsmock load --server http://127.0.0.1:9090      use a running mock
  adsmock load --thresholds ours.toml              use your own thresholds

many machines:
  adsmock serve --host 10.0.0.1 --allow-remote-control        the mock; it prints its control token
  adsmock load --server http://10.0.0.1:9090 --listen 10.0.0.2:5557 --workers 8     the master
  adsmock load --join 10.0.0.2:5557                                   each of eight workers"""

OURS = 4

PERCENT = 100
"""The whole of the partner's plan."""

MOST_PLAN = 10_000
"""Percent of a plan that are tried at most."""

REFERENCE = "reference"
"""Behavior of the reference client, and the folder of its run."""

CONFORMANCE = "conformance"
"""Subfolder of the suite's reports on the same run."""

__all__ = ["EXAMPLES", "SUMMARY", "configure", "run"]


def run(arguments: argparse.Namespace) -> int:
    """Rehearse, print and write the reports, and return the exit code."""
    with _direct_loopback():
        return guarded(lambda: _run(arguments))


@contextmanager
def _direct_loopback() -> Iterator[None]:
    """Reach the mock on loopback without the proxy of the user's network, also in children."""
    kept = {name: os.environ.get(name) for name in DIRECT}
    os.environ.update(dict.fromkeys(DIRECT, direct(os.environ)))
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _run(arguments: argparse.Namespace) -> int:
    if not generator.is_installed():
        raise UsageError("load needs Locust: pip install 'adsmock[load]'")
    if arguments.join:
        return generator.join(*arguments.join)
    try:
        arguments, found = _continued(arguments)
        ours = program(arguments)
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None
    web_ui = generator.free_port() if arguments.web_ui == 0 else arguments.web_ui
    part = Part(
        generator.WorkerPool(arguments.workers, arguments.listen, web_ui),
        generator.Stop(arguments.stop_after or inf),
        *found,
        is_kept=checkpoint.is_kept(arguments),
        own=_own_plan(arguments),
        seconds=arguments.duration if arguments.rate == 1.0 else None,
    )
    bounds = _bounds(arguments)
    if web_ui is not None:
        say(f"Locust's web UI: http://{generator.LOOPBACK}:{web_ui}/")
    if arguments.live is None:
        return _judged(arguments, ours, bounds, part)
    with LivePage(arguments.live) as live:
        say(f"live charts: {live.address}")
        return _judged(arguments, ours, bounds, replace(part, page=live))


def _continued(
    arguments: argparse.Namespace,
) -> tuple[argparse.Namespace, tuple[checkpoint.Checkpoint | None, RehearsalPlan | None]]:
    """Return the arguments of the run, and what it has done when it continues a stopped one.

    Raises:
        ValueError: there is no stopped run in the folder, or arguments contradict it.
    """
    if arguments.resume is None:
        complete(arguments)
        return arguments, (None, None)
    parser = argparse.ArgumentParser()
    configure(parser)
    others = changed(arguments, parser.parse_args([]))
    if others:
        raise ValueError(
            f"--resume continues the event as it was: leave {others[0]} out, or start a new run"
        )
    found = checkpoint.read(arguments.resume)
    return found[0].namespace(arguments), found


def _own_plan(arguments: argparse.Namespace) -> VolumePlan | None:
    """Return the partner's plan with the quotas of the run."""
    own = plan_named(arguments.plan) if arguments.plan else None
    try:
        quotas = run_quotas(arguments.quotas, own)
    except OSError as broken:
        raise UsageError(f"--quotas {arguments.quotas}: {broken.strerror or broken}") from None
    except ValueError as broken:
        raise UsageError(f"--quotas {arguments.quotas}: {broken}") from None
    return with_rates(own, quotas) if own else None


def _bounds(arguments: argparse.Namespace) -> tuple[Threshold, ...]:
    """Return the thresholds of the run after checking every argument."""
    try:
        bounds = thresholds(arguments.thresholds)
    except ValueError as broken:
        raise UsageError(f"{arguments.thresholds}: {broken}") from None
    unknown = {bound.measure for bound in bounds} - MEASURES
    if unknown:
        name = min(unknown)
        raise UsageError(
            f"{arguments.thresholds}: unknown measure {name!r}: {did_you_mean(name, MEASURES)}"
        )
    folder.claim(arguments.report_dir)
    try:
        if arguments.listen:
            generator.check_address(*arguments.listen)
        if arguments.server is not None:
            check_address(arguments.server)
    except generator.GeneratorError as failed:
        raise UsageError(f"--listen {failed}") from None
    except PlaneError as failed:
        raise UsageError(f"--server {failed}") from None
    _check_ports(arguments)
    return bounds


def _check_ports(arguments: argparse.Namespace) -> None:
    """Check that the pages of a run in progress can be served."""
    if arguments.web_ui is not None and arguments.observe:
        raise UsageError("--web-ui needs Locust: --observe starts no load generator")
    for option, port in (("--live", arguments.live), ("--web-ui", arguments.web_ui)):
        try:
            generator.check_address(generator.LOOPBACK, port or 0)
        except generator.GeneratorError as failed:
            raise UsageError(f"{option} {failed}: name a free port") from None


def _judged(
    arguments: argparse.Namespace,
    ours: Program | None,
    bounds: tuple[Threshold, ...],
    part: Part,
) -> int:
    data = arguments.report_dir / checkpoint.MOCK if part.is_kept else None
    if data and not part.earlier:
        shutil.rmtree(data, ignore_errors=True)
    try:
        mock = nullcontext(arguments.server) if arguments.server else mock_setup.mock(data)
        with mock as control:
            event = _Event(arguments, ours, control, bounds, part)
            if arguments.find_limit:
                return _search(event)
            found = event.play(event.load, arguments.report_dir)
            if arguments.compare:
                _compare(event, found)
    except (mock_setup.MockSetupError, generator.GeneratorError) as failed:
        sys.stderr.write(f"adsmock: {failed}\n")
        return OURS
    if found.is_stopped and part.is_kept:
        say(f"stopped: continue with 'adsmock load --resume {arguments.report_dir}'")
    elif data:
        shutil.rmtree(data, ignore_errors=True)
        (arguments.report_dir / checkpoint.FILE).unlink(missing_ok=True)
    return INTERRUPTED if part.stop.is_asked else report.EXITS[found.status]


@dataclass(frozen=True, slots=True)
class _Event:
    """What a run needs, however often the event is played."""

    arguments: argparse.Namespace
    program: Program | None
    control: str
    bounds: tuple[Threshold, ...]
    part: Part

    @property
    def unit(self) -> Literal["users", "copies", "plan"]:
        """What the load is a number of: a program with its own work gets more by copies alone."""
        if self.program and self.program.grows_by_copies:
            return "copies"
        return "users" if self.part.own is None else "plan"

    @property
    def load(self) -> int:
        """The load that was asked for: users, copies, or percent of the partner's plan."""
        if self.program and self.unit == "copies":
            return self.program.copies
        users: int = self.arguments.users
        return users if self.unit == "users" else PERCENT

    def named(self, load: int) -> str:
        """Return a load in words."""
        if self.unit == "copies":
            return "1 copy" if load == 1 else f"{load} copies"
        return f"{load} users" if self.unit == "users" else f"{load} % of the plan"

    def play(self, load: int, place: Path) -> report.Report:
        """Play the event once, print the results and write the reports to a folder."""
        place.mkdir(parents=True, exist_ok=True)
        own = argparse.Namespace(**{**vars(self.arguments), "report_dir": place})
        program = self.program
        if program and self.unit == "copies":
            own.copies, program = load, structs.replace(program, copies=load)
        elif self.unit == "plan":
            own.scale = load / PERCENT
        else:
            own.users = load
        operator = mock_setup.MockControl(self.control)
        with checkpoint.stop_on_interrupt(self.part.stop) if self.part.is_kept else nullcontext():
            found = rehearse(own, program, operator, self.bounds, self.part)
        found.write(place / "run.json")
        page.write(found, place / "report.html")
        if found.judged:
            number = self.part.number
            name = CONFORMANCE if number == 1 else f"{CONFORMANCE}-{number}"
            folder.write(found.judged, place / name)
        say(*report.closing(found), *refusals(), f"report: {place / 'report.html'}")
        return found

    def with_reference(self) -> _Event:
        """Return the same event with the reference client."""
        options = {"behavior": REFERENCE, "through_proxy": False}
        own = argparse.Namespace(**{**vars(self.arguments), **options})
        return replace(self, arguments=own, program=None)


def _compare(event: _Event, found: report.Report) -> None:
    """Play the event with the reference client, and print both runs side by side."""
    say("", "The same event with the reference client:")
    place: Path = event.arguments.report_dir
    reference = event.with_reference().play(event.load, place / REFERENCE)
    rows = comparison.compare(found, reference)
    name = "your program" if event.program else found.settings["behavior"]
    say("", *comparison.lines(rows, name))
    text = json.dumps([asdict(row) for row in rows], indent=1)
    (place / "comparison.json").write_text(text + "\n", encoding="utf-8")


def _search(event: _Event) -> int:
    """Search the largest load that passes; print it with what limits the next larger one."""
    reports: dict[int, report.Report] = {}

    def at(load: int) -> report.Status:
        say("", f"--- {event.named(load)} ---")
        place = f"{event.unit}-{load}"
        reports[load] = event.play(load, event.arguments.report_dir / place)
        return reports[load].status

    fit = event.part.fit_at(1.0)
    guess = min(MOST_PLAN, int(fit.possible * PERCENT)) if fit and event.unit == "plan" else None
    bounds = limit_search.Bounds(1, MOST_COPIES) if event.unit == "copies" else None
    found = limit_search.search(at, event.load, guess, bounds)
    say("", *_limit_lines(event, found, reports))
    return report.EXITS[found.verdicts[event.load]]


def _limit_lines(
    event: _Event, found: limit_search.Search, reports: dict[int, report.Report]
) -> Iterator[str]:
    for load, status in sorted(found.verdicts.items()):
        yield f"{event.named(load):>16}  {status:10}  {reports[load].statement}"
    if found.passed is not None:
        times = found.passed / event.load
        yield f"limit: {event.named(found.passed)}, {times:.2g} times the load you asked for"
    else:
        yield f"limit: not even {event.named(min(found.verdicts))} passes"
    if found.failed is None:
        yield "no load that was tried failed: the search ended at its largest load"
        return
    if found.is_over:
        yield (
            f"at {event.named(found.failed)} this machine was the limit: a larger one may find more"
        )
    failed = reports[found.failed]
    if failed.bottleneck:
        yield f"at {event.named(found.failed)}: {failed.bottleneck}"
    if failed.fit:
        yield str(failed.fit)
