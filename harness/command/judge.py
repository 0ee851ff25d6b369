"""adsmock judge: judge a recorded run again, or the journal of a mock, without a server."""

from __future__ import annotations

import argparse
from pathlib import Path

from adsmock.harness.command.arguments import add_declaration, add_history
from adsmock.harness.command.failure import guarded

SUMMARY = "Judge a recorded run, or the journal of a mock."
WORKFLOW = "judge"

EXAMPLES = """\
adsmock ctl journal.get --format ndjson > journal.ndjson   the calls of a running mock
adsmock judge journal.ndjson                               judge them by all invariants
adsmock judge adsmock-report/journal.ndjson
adsmock judge old/journal.ndjson --report-dir again
adsmock judge old/journal.ndjson --report-dir again --baseline baseline.toml
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "journal",
        type=Path,
        metavar="JOURNAL",
        help="a journal.ndjson of conform, or a journal of a mock (one call per line)",
    )
    parser.add_argument(
        "--report-dir",
        type=Path,
        metavar="DIR",
        help="folder of the reports (default: that of a run's journal, else adsmock-report)",
    )
    add_declaration(parser)
    add_history(parser.add_argument)
    parser.add_argument("--verbose", action="store_true", help="print the passed checks, too")


def run(arguments: argparse.Namespace) -> int:
    """Judge the record, write the reports, print the verdicts; return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from adsmock.harness.command.judge_journal import judge  # noqa: PLC0415 -- help needs none of it

    return judge(arguments)
