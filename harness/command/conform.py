"""adsmock conform: judge a client with the cases of the suite.

The implementation is imported late, because ``--help`` needs none of it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from adsmock.harness.command.arguments import add_declaration, count, seed
from adsmock.harness.command.failure import guarded
from adsmock.harness.suite.case.model import PROFILES

SUMMARY = "Judge a client with the cases of the suite."

EXAMPLES = """\
adsmock conform                                     the reference client, in virtual time
adsmock conform --client mutant:no-retry-after      a client with a deliberate defect
adsmock conform --cmd "python my_integration.py"    any program; reads its work from $ADSMOCK_TASK
adsmock conform --cmd ./run.sh --cases T01,A03 --timeout 60
adsmock conform --free "python nightly.py"          its normal work, in a sandbox with data
adsmock conform --adapter "node adapter.js"         a long-lived program that reads tasks as lines
adsmock conform --cmd ./run.sh --openapi more.json  serve more operations from an OpenAPI file
adsmock conform --manifest ads-client.toml --baseline baseline.toml
"""

SEED = 7
"""Printed with every run; another seed changes ids and jitter, not verdicts."""

REPORTS = Path("adsmock-report")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    _configure_client(parser)
    parser.add_argument(
        "--cases", default="", metavar="IDS", help="only these cases, such as T01,A03"
    )
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        help="which cases (default: core; full for a mutant or with --cases)",
    )
    parser.add_argument(
        "--seed", type=seed, default=SEED, help=f"seed of the run (default: {SEED})"
    )
    parser.add_argument(
        "--report-dir", type=Path, default=REPORTS, metavar="DIR", help=f"default: {REPORTS}"
    )
    parser.add_argument(
        "--server", metavar="URL", help="control plane of a running mock (default: start one)"
    )
    parser.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="time limit for one case of a command (default: 300)",
    )
    parser.add_argument("--strict", action="store_true", help="treat WARN as non-conformant")
    add_declaration(parser)
    parser.add_argument("--verbose", action="store_true", help="print the passed checks, too")
    parser.add_argument(
        "--update-baseline",
        action="store_true",
        help="update the --baseline file: remove passing checks, add failing ones",
    )


def _configure_client(parser: argparse.ArgumentParser) -> None:
    """Add the options that select the client."""
    client = parser.add_mutually_exclusive_group()
    client.add_argument(
        "--client",
        metavar="NAME",
        help="reference (default), mutant:NAME or benign:NAME; see adsmock list",
    )
    client.add_argument("--cmd", metavar="COMMAND", help="a program that runs once per case")
    client.add_argument(
        "--free",
        metavar="COMMAND",
        help="a program that does its normal work, first without faults, then with them",
    )
    client.add_argument(
        "--adapter", metavar="COMMAND", help="a program that reads tasks as lines of JSON"
    )
    parser.add_argument(
        "--rounds",
        type=count,
        metavar="N",
        help="with --free: at most N rounds with faults (default: all that can prove something)",
    )
    parser.add_argument(
        "--real-time",
        action="store_true",
        help="run the reference client in real time (a command always does)",
    )
    parser.add_argument(
        "--through-proxy",
        action="store_true",
        help="for programs with hard-coded hosts: route them to the mock through a proxy",
    )
    parser.add_argument(
        "--openapi",
        action="append",
        default=[],
        metavar="FILE",
        help="also serve the operations of this OpenAPI document; repeatable",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the cases, write the reports, print the verdicts; return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from adsmock.harness.command.suite_run import conform  # noqa: PLC0415 -- help needs none of it

    return conform(arguments)
