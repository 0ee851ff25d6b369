"""The command ``adsmock load``: rehearse a peak event and say what was the limit.

Knows the exit codes and which files are written: 0 within the thresholds, 1 not within, 2 usage,
3 incomplete, 4 our own failure. Must not know how a rehearsal goes.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.suite.control import PlaneError, greet
from adsmock.harness.suite.report import folder
from adsmock.loadtests import generator, mock_setup, page, report
from adsmock.loadtests.arguments import configure
from adsmock.loadtests.rehearsal import rehearse, say
from adsmock.loadtests.threshold import Threshold, thresholds
from adsmock.loadtests.verdict import MEASURES

SUMMARY = "Rehearse a peak event with many users and say what was the limit."
EXAMPLES = """\
  adsmock load                                     60 s of a sales event, integration that adapts
  adsmock load --duration 2m --report-dir DIR      longer, its report in DIR/report.html
  adsmock load --behavior misbehaving             the same event, limits ignored: must fail
  adsmock load --behavior reference                the reference client, driven by many users
  adsmock load --shape spike --duration 10m        five times the ordinary load for two minutes
  adsmock load --duration 76h                      the event at its real length
  adsmock load --workers 3                         three generator processes on this machine
  adsmock load --server http://127.0.0.1:9090      against a mock that runs already
  adsmock load --thresholds ours.toml              with bounds of your own

many machines:
  adsmock serve --host 10.0.0.1 --allow-remote-control                              the mock
  adsmock load --server http://10.0.0.1:9090 --listen 10.0.0.2:5557 --workers 8     the master
  adsmock load --join 10.0.0.2:5557                                   each of eight workers"""

OURS = 4

CONFORMANCE = "conformance"
"""The folder inside the report's own where the suite's reports on the same run go."""

__all__ = ["EXAMPLES", "SUMMARY", "configure", "run"]


def run(arguments: argparse.Namespace) -> int:
    """Rehearse, print what came out, write the reports, and return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    if not generator.is_installed():
        raise UsageError("load needs Locust: pip install 'adsmock[load]'")
    if arguments.join:
        return generator.join(*arguments.join)
    return _judged(arguments, _bounds(arguments))


def _bounds(arguments: argparse.Namespace) -> tuple[Threshold, ...]:
    """Return the bounds of the run once all that it was given is found to be of use."""
    try:
        bounds = thresholds(arguments.thresholds)
    except ValueError as broken:
        raise UsageError(f"{arguments.thresholds}: {broken}") from None
    unknown = {bound.measure for bound in bounds} - MEASURES
    if unknown:
        known = ", ".join(sorted(MEASURES))
        raise UsageError(
            f"{arguments.thresholds}: nothing measures {min(unknown)}; known are {known}"
        )
    folder.claim(arguments.report_dir)
    try:
        if arguments.listen:
            generator.probe(*arguments.listen)
        if arguments.server is not None:
            greet(arguments.server)
    except generator.GeneratorError as failed:
        raise UsageError(f"--listen {failed}") from None
    except PlaneError as failed:
        raise UsageError(f"--server {failed}") from None
    return bounds


def _judged(arguments: argparse.Namespace, bounds: tuple[Threshold, ...]) -> int:
    place: Path = arguments.report_dir
    try:
        mock = nullcontext(arguments.server) if arguments.server else mock_setup.mock()
        with mock as control:
            found = rehearse(arguments, mock_setup.MockControl(control), bounds)
    except (mock_setup.MockSetupError, generator.GeneratorError) as failed:
        sys.stderr.write(f"adsmock: {failed}\n")
        return OURS
    found.write(place / "run.json")
    page.write(found, place / "report.html")
    if found.judged:
        folder.write(found.judged, place / CONFORMANCE)
    say(*report.closing(found), f"report: {place / 'report.html'}")
    return report.EXITS[found.status]
