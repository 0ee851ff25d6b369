"""adsmock judge: judge a recorded run again, without a server."""

from __future__ import annotations

import argparse
from pathlib import Path

from adsmock.harness.command.arguments import add_declaration
from adsmock.harness.command.failure import guarded

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
        help="folder of the reports (default: the folder of the journal)",
    )
    add_declaration(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge the record, write the reports, print the verdicts; return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from adsmock.harness.command.judge_journal import judge  # noqa: PLC0415 -- help needs none of it

    return judge(arguments)
