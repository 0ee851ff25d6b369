"""adsmock diff: compare two runs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.suite.diff import Change, DiffError, compare, read
from adsmock.harness.suite.report import terminal

SUMMARY = "Compare two runs; exit 1 when a check broke."
WORKFLOW = "inspect"

INCOMPLETE = 3
"""The exit code when no check broke in a run that was stopped."""

EXAMPLES = """\
adsmock diff main/run.json adsmock-report/run.json
adsmock diff runs/41 runs/42                        report folders
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "old", type=Path, metavar="OLD", help="run.json or folder of the earlier run"
    )
    parser.add_argument("new", type=Path, metavar="NEW", help="run.json or folder of the later run")


def run(arguments: argparse.Namespace) -> int:
    """Print the differences; return 1 when a check broke, 3 after a stopped run, else 0."""
    return guarded(lambda: _run(arguments.old, arguments.new))


def _run(old: Path, new: Path) -> int:
    try:
        runs = {path: read(path) for path in (old, new)}
        found = compare(runs[old], runs[new])
    except DiffError as error:
        raise UsageError(str(error)) from None
    console = Console(highlight=False)
    stopped = [path for path, run in runs.items() if run.get("stopped")]
    for path in stopped:
        text = f"{path}: {runs[path]['stopped']}"
        console.print(text, style="magenta", markup=False, soft_wrap=True)
    if not found.is_same_suite:
        console.print("[yellow]the two runs used different case files[/]")
    groups = {
        "broken": found.broken,
        "fixed": found.fixed,
        "changed": found.changed,
        "new": found.new,
        "vanished": found.vanished,
    }
    for word, changes in groups.items():
        if changes:
            console.print(_table(word, changes))
    counts = ", ".join(f"{len(changes)} {word}" for word, changes in groups.items())
    console.print(f"{counts}, {found.same} as before")
    if found.broken:
        return 1
    return INCOMPLETE if stopped else 0


def _table(word: str, changes: Sequence[Change]) -> Table:
    table = Table(title=word, title_justify="left", title_style="bold", box=None)
    table.add_column("check", no_wrap=True)
    table.add_column("was", no_wrap=True)
    table.add_column("is", no_wrap=True)
    table.add_column("observation")
    for change in changes:
        table.add_row(
            change.check
            if change.check.startswith(f"{change.case}.")
            else f"{change.case} {change.check}",
            terminal.status(change.old or ""),
            terminal.status(change.new or ""),
            escape(change.sentence),
        )
    return table
