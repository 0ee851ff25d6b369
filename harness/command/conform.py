"""adsmock conform: judge a client with the cases of the suite.

The implementation is imported late, because ``--help`` needs none of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adsmock.cli.options import more_options
from adsmock.harness.command.arguments import add_declaration, add_history, count, seed
from adsmock.harness.command.failure import guarded
from adsmock.harness.suite.case.model import PROFILES

SUMMARY = "Judge a client with the cases of the suite."
WORKFLOW = "judge"

EXAMPLES = """\
adsmock conform --free "python nightly.py"          its normal work, in a sandbox with data
adsmock conform --free "node sync.js" --through-proxy --profile quick
adsmock conform --cmd "python my_integration.py"    any program; reads its work from $ADSMOCK_TASK
adsmock conform --adapter "node adapter.js"         a long-lived program that reads tasks as lines
adsmock conform --cmd ./run.sh --cases T01,A03 --timeout 60
adsmock conform --manifest ads-client.toml --baseline baseline.toml
adsmock conform --report-dir runs/42 --history runs   what changed since the earlier runs
adsmock conform                                     the reference client, in virtual time
adsmock conform --client mutant:no-retry-after      a client with a deliberate defect
"""

SEED = 7
"""Printed with every run; another seed changes ids and jitter, not verdicts."""

REPORTS = Path("adsmock-report")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    _configure_client(parser)
    add = parser.add_argument
    add(
        "--cases",
        metavar="IDS",
        help="only these cases, such as T01,A03; with tasks, lost work (I12) is judged too",
    )
    add("--profile", choices=PROFILES, help="which cases (default: core)")
    add_declaration(parser)
    add("--update-baseline", action="store_true", help="write what fails to --baseline")
    add("--report-dir", type=Path, default=REPORTS, metavar="DIR", help=f"default: {REPORTS}")
    add("--strict", action="store_true", help="treat WARN as non-conformant")
    add("--verbose", action="store_true", help="print the passed checks, too")
    _configure_more(more_options(parser))


def _configure_client(parser: argparse.ArgumentParser) -> None:
    """Add the options that select the client."""
    client = parser.add_mutually_exclusive_group()
    client.add_argument("--free", metavar="CMD", help="a program that does its normal work")
    client.add_argument("--cmd", metavar="CMD", help="a program that reads a task, once per case")
    client.add_argument("--adapter", metavar="CMD", help="a program that reads tasks as JSON lines")
    client.add_argument("--client", metavar="NAME", help="an included client (default: reference)")
    parser.add_argument(
        "--through-proxy", action="store_true", help="for programs with hard-coded hosts"
    )


def _configure_more(add: Callable[..., Any]) -> None:
    """Add the options that few runs need."""
    add("--seed", type=seed, default=SEED, help=f"seed of the run (default: {SEED})")
    add(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="time limit for every case or round (default: 300, but slow cases may take longer)",
    )
    add(
        "--rounds",
        type=count,
        metavar="N",
        help="with --free: at most N rounds with faults (default: all that can prove something)",
    )
    add_history(add)
    add("--server", metavar="URL", help="control plane of a running mock (default: start one)")
    add(
        "--openapi",
        action="append",
        default=[],
        metavar="FILE",
        help="also serve the operations of this OpenAPI document; repeatable",
    )
    add(
        "--real-time",
        action="store_true",
        help="run the reference client in real time (a command always does)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the cases, write the reports, print the verdicts; return the exit code."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from adsmock.harness.command.suite_run import conform  # noqa: PLC0415 -- help needs none of it

    return conform(arguments)
