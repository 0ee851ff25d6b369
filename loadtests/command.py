"""The command ``adsmock load``: rehearse a peak event and say what was the limit.

Knows the exit codes and which files are written: 0 within the thresholds, 1 not within, 2 usage,
3 incomplete, 4 our own failure. Must not know how a rehearsal goes.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from harness.suite.control import PlaneError, greet
from harness.suite.report import folder
from loadtests import generator, page, report, stage
from loadtests.option import configure
from loadtests.rehearsal import rehearse, say
from loadtests.threshold import Threshold, thresholds
from loadtests.verdict import MEASURES

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
  adsmock serve --host 10.0.0.1 --allow-remote-control                              the mock
  adsmock load --server http://10.0.0.1:9090 --listen 10.0.0.2:5557 --workers 8     the master
  adsmock load --join 10.0.0.2:5557                                   each of eight workers"""

USAGE, OURS = 2, 4

CONFORMANCE = "conformance"
"""The folder inside the report's own where the suite's reports on the same run go."""

__all__ = ["EXAMPLES", "SUMMARY", "configure", "run"]


def run(arguments: argparse.Namespace) -> int:
    """Rehearse, print what came out, write the reports, and return the exit code."""
    if not generator.is_installed():
        return _complain("adsmock load needs Locust: pip install 'adsmock[load]'", USAGE)
    if arguments.join:
        return generator.join(*arguments.join)
    try:
        bounds = _bounds(arguments)
    except _Unusable as reason:
        return _complain(f"adsmock load: {reason}", USAGE)
    return _judged(arguments, bounds)


class _Unusable(Exception):
    """Something that the command line names cannot be used; the text says what and why."""


def _bounds(arguments: argparse.Namespace) -> tuple[Threshold, ...]:
    """Return the bounds of the run once all that it was given is found to be of use."""
    try:
        bounds = thresholds(arguments.thresholds)
        arguments.report_dir.mkdir(parents=True, exist_ok=True)
        if arguments.listen:
            generator.probe(*arguments.listen)
        if arguments.server is not None:
            greet(arguments.server)
    except OSError as broken:
        raise _Unusable(f"{broken.filename}: {broken.strerror}") from None
    except ValueError as broken:
        raise _Unusable(f"{arguments.thresholds}: {broken}") from None
    except generator.GeneratorFailed as failed:
        raise _Unusable(f"--listen {failed}") from None
    except PlaneError as failed:
        raise _Unusable(f"--server {failed}") from None
    unknown = {bound.measure for bound in bounds} - MEASURES
    if unknown:
        known = ", ".join(sorted(MEASURES))
        raise _Unusable(
            f"{arguments.thresholds}: nothing measures {min(unknown)}; known are {known}"
        )
    return bounds


def _judged(arguments: argparse.Namespace, bounds: tuple[Threshold, ...]) -> int:
    place: Path = arguments.report_dir
    try:
        mock = nullcontext(arguments.server) if arguments.server else stage.mock()
        with mock as control:
            found = rehearse(arguments, stage.Operator(control), bounds)
    except (stage.StageFailed, generator.GeneratorFailed, PlaneError) as failed:
        return _complain(f"adsmock load: {failed}", OURS)
    found.write(place / "run.json")
    page.write(found, place / "report.html")
    if found.judged:
        folder.write(found.judged, place / CONFORMANCE)
    say(*report.closing(found), f"report: {place / 'report.html'}")
    return report.EXITS[found.status]


def _complain(line: str, code: int) -> int:
    sys.stderr.write(line + "\n")
    return code
