"""The command ``adsmock load``: rehearse a peak event, with your own program, and report the limit.

Exit codes: 0 within the thresholds, 1 not within, 2 usage, 3 incomplete, 4 failure of adsmock.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.suite.control import PlaneError, check_address
from adsmock.harness.suite.report import folder
from adsmock.loadtests import generator, mock_setup, page, report
from adsmock.loadtests.arguments import configure, program
from adsmock.loadtests.plan import Program
from adsmock.loadtests.rehearsal import rehearse, say
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
  adsmock load --shape spike --duration 10m        five times the usual load for two minutes
  adsmock load --duration 76h                      the event at its real length
  adsmock load --workers 3                         three generator processes on this machine
  adsmock load --server http://127.0.0.1:9090      use a running mock
  adsmock load --thresholds ours.toml              use your own thresholds

many machines:
  adsmock serve --host 10.0.0.1 --allow-remote-control                              the mock
  adsmock load --server http://10.0.0.1:9090 --listen 10.0.0.2:5557 --workers 8     the master
  adsmock load --join 10.0.0.2:5557                                   each of eight workers"""

OURS = 4

CONFORMANCE = "conformance"
"""Subfolder of the suite's reports on the same run."""

__all__ = ["EXAMPLES", "SUMMARY", "configure", "run"]


def run(arguments: argparse.Namespace) -> int:
    """Rehearse, print and write the reports, and return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    if not generator.is_installed():
        raise UsageError("load needs Locust: pip install 'adsmock[load]'")
    if arguments.join:
        return generator.join(*arguments.join)
    try:
        ours = program(arguments)
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None
    return _judged(arguments, ours, _bounds(arguments))


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
    return bounds


def _judged(
    arguments: argparse.Namespace, ours: Program | None, bounds: tuple[Threshold, ...]
) -> int:
    place: Path = arguments.report_dir
    try:
        mock = nullcontext(arguments.server) if arguments.server else mock_setup.mock()
        with mock as control:
            found = rehearse(arguments, ours, mock_setup.MockControl(control), bounds)
    except (mock_setup.MockSetupError, generator.GeneratorError) as failed:
        sys.stderr.write(f"adsmock: {failed}\n")
        return OURS
    found.write(place / "run.json")
    page.write(found, place / "report.html")
    if found.judged:
        folder.write(found.judged, place / CONFORMANCE)
    say(*report.closing(found), f"report: {place / 'report.html'}")
    return report.EXITS[found.status]
