"""adsmock conform: judge a client by the cases of the suite.

Knows the command line. Must not know how it is answered: that is imported late.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from adsmock.harness.command.arguments import add_declaration, seed
from adsmock.harness.command.failure import guarded
from adsmock.harness.suite.case.model import PROFILES

SUMMARY = "Judge a client by the cases of the suite."

EXAMPLES = """\
adsmock conform                                     the reference client, in virtual time
adsmock conform --client mutant:no-retry-after      a client that is wrong on purpose
adsmock conform --cmd "python my_integration.py"    any program; its work stands in $ADSMOCK_TASK
adsmock conform --cmd ./run.sh --cases T01,A03 --timeout 60
adsmock conform --free "python nightly.py"          its normal work, in a sandbox full of data
adsmock conform --adapter "node adapter.js"         a long-lived program, asked line by line
adsmock conform --cmd ./run.sh --openapi more.json  operations that only a document describes
adsmock conform --manifest ads-client.toml --baseline baseline.toml
"""

SEED = 7
"""Printed with every run; another seed gives other ids, draws and jitter, the same verdicts."""

REPORTS = Path("adsmock-report")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    _configure_client(parser)
    parser.add_argument(
        "--cases", default="", metavar="IDS", help="only these of the profile, such as T01,A03"
    )
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        help="which cases (default: core; full for a mutant or with --cases)",
    )
    parser.add_argument("--seed", type=seed, default=SEED, help=f"default: {SEED}")
    parser.add_argument(
        "--report-dir", type=Path, default=REPORTS, metavar="DIR", help=f"default: {REPORTS}"
    )
    parser.add_argument("--server", metavar="URL", help="control plane of a mock that runs already")
    parser.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="for one case of a command (default: 300)",
    )
    parser.add_argument("--strict", action="store_true", help="a WARN is non-conformant too")
    add_declaration(parser)
    parser.add_argument(
        "--update-baseline",
        action="store_true",
        help="write the next run's --baseline: drop what passes, add what fails, without a reason",
    )


def _configure_client(parser: argparse.ArgumentParser) -> None:
    """Add what says who plays the client, and how it is reached."""
    client = parser.add_mutually_exclusive_group()
    client.add_argument(
        "--client",
        metavar="NAME",
        help="reference (default), mutant:NAME or benign:NAME",
    )
    client.add_argument("--cmd", metavar="COMMAND", help="a program, run once for each case")
    client.add_argument(
        "--free", metavar="COMMAND", help="a program that does its normal work, once, among faults"
    )
    client.add_argument(
        "--adapter", metavar="COMMAND", help="a program that is asked task by task, line by line"
    )
    parser.add_argument(
        "--real-time",
        action="store_true",
        help="let the reference client wait for real (a command always does)",
    )
    parser.add_argument(
        "--through-proxy",
        action="store_true",
        help="a program with Amazon's host names written into it: lead it here by a proxy",
    )
    parser.add_argument(
        "--openapi",
        action="append",
        default=[],
        metavar="FILE",
        help="let the mock serve what this OpenAPI document describes, too; repeatable",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the cases, write the reports, print the verdicts; return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from adsmock.harness.command.suite_run import conform  # noqa: PLC0415 -- help needs none of it

    return conform(arguments)
