"""adsmock judge: find the verdicts of a recorded run again, without a server.

Knows the command line. Must not know how a verdict is found.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from harness.command import declaration
from harness.command.conform import publish
from harness.command.usage import UsageError, guarded
from harness.suite import baseline, case
from harness.suite.journal import record
from harness.suite.judge import judge_run
from harness.suite.report import folder

SUMMARY = "Judge a recorded run again."

EXAMPLES = """\
adsmock judge adsmock-report/journal.ndjson
adsmock judge old/journal.ndjson --report-dir again
adsmock judge old/journal.ndjson --report-dir again --baseline baseline.toml
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("journal", type=Path, metavar="JOURNAL", help="a journal.ndjson of conform")
    parser.add_argument(
        "--report-dir",
        type=Path,
        metavar="DIR",
        help="where the reports go (default: beside the journal)",
    )
    declaration.configure(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge the record, write the reports, print the verdicts; return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    reports = arguments.report_dir or arguments.journal.parent
    found = record.read(arguments.journal)
    cases = case.load()
    unknown = [name for name in found.meta.cases if name not in cases]
    if unknown:
        raise UsageError(f"the record holds case {unknown[0]}, which this suite does not know")
    found = declaration.load(arguments, cases).beside(found)
    folder.claim(reports)
    verdict = baseline.settle(judge_run(found, cases))
    journal = (reports / folder.JOURNAL).resolve() != arguments.journal.resolve()
    return publish(verdict, reports, Console(), journal=journal)
