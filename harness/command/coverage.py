"""adsmock coverage: show the cases of each practice, or why no case can judge it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from adsmock.harness.command.arguments import one_of
from adsmock.harness.command.failure import guarded
from adsmock.harness.suite import case
from adsmock.harness.suite.practice import COMPONENTS, Coverage, coverage
from adsmock.harness.suite.report import coverage as file

SUMMARY = "Show each practice with the cases that judge it."
WORKFLOW = "inspect"

EXAMPLES = """\
adsmock coverage
adsmock coverage --component fundamental
adsmock coverage --csv coverage.csv
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "--component",
        type=one_of("component", COMPONENTS.values()),
        metavar="NAME",
        help="only this component, such as fundamental",
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="also write the table as CSV")


def run(arguments: argparse.Namespace) -> int:
    """Print the table; return 0."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    cases = case.load().values()
    rows = coverage(cases)
    chosen = [row for row in rows if arguments.component in {None, row.practice.component}]
    console = Console()
    console.print(_practices(chosen), _totals(rows))
    if arguments.csv:
        arguments.csv.write_text(file.render(cases), "utf-8")
    return 0


def _practices(rows: Sequence[Coverage]) -> Table:
    table = Table(title="practices", title_justify="left", title_style="bold")
    table.add_column("practice", no_wrap=True)
    table.add_column("summary")
    table.add_column("cases, or why there is none")
    for row in rows:
        ids = " ".join(each.id for each in row.cases)
        reason = f"[dim]{escape(row.practice.unseen)}[/]" if row.practice.unseen else ""
        table.add_row(row.practice.code, escape(row.practice.title), ids or reason or "no case yet")
    return table


def _totals(rows: Sequence[Coverage]) -> Table:
    table = Table(title="totals", title_justify="left", title_style="bold")
    for heading in ("component", "practices", "with a case", "not observable", "left"):
        table.add_column(heading, justify="left" if heading == "component" else "right")
    for name in COMPONENTS.values():
        own = [row for row in rows if row.practice.component == name]
        judged = sum(bool(row.cases) for row in own)
        left = sum(not row.is_accounted_for for row in own)
        table.add_row(name, str(len(own)), str(judged), str(len(own) - judged - left), str(left))
    return table
