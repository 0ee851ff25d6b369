"""adsmock matrix: show several runs as a table of clients and cases."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console

from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.suite import case
from adsmock.harness.suite.diff import DiffError, read
from adsmock.harness.suite.report import terminal
from adsmock.harness.suite.report.html import matrix

SUMMARY = "Show several runs as a table of clients and cases."
WORKFLOW = "inspect"

EXAMPLES = """\
adsmock matrix python/run.json node/run.json shell/run.json
adsmock matrix */run.json --html matrix.html
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "runs", type=Path, nargs="+", metavar="RUN", help="run.json or folder of a run"
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write a page")


def run(arguments: argparse.Namespace) -> int:
    """Print the matrix; return 0."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    try:
        runs = [read(path) for path in arguments.runs]
    except DiffError as error:
        raise UsageError(str(error)) from None
    names = {each["id"] for run in runs for each in run["cases"]}
    cases = [each for name, each in case.load().items() if name in names]
    rows = [_row(each, path) for each, path in zip(runs, arguments.runs, strict=True)]
    console = Console(highlight=False)
    terminal.matrix(
        [(row.name, row.statuses, row.word) for row in rows],
        [each.id for each in cases],
        console,
        title="clients x cases",
        good=frozenset({"conformant", "passed", "as-expected"}),
    )
    if arguments.html:
        arguments.html.write_text(matrix.render("Runs", _sentence(runs), rows, cases), "utf-8")
        console.print(f"page: {arguments.html}", soft_wrap=True)
    return 0


def _row(run: dict[str, Any], path: Path) -> matrix.RunSummary:
    try:
        return matrix.of_run(run, _link(path))
    except (KeyError, TypeError, AttributeError):
        raise UsageError(
            f"{path} is not a run.json: expected the file of adsmock conform"
        ) from None


def _link(path: Path) -> str:
    """Return the URL of the report in the folder of a run; empty without one."""
    page = path / "report.html" if path.is_dir() else path.with_name("report.html")
    return page.resolve().as_uri() if page.exists() else ""


def _sentence(runs: list[dict[str, Any]]) -> str:
    good = sum(run["exit"] == 0 for run in runs)
    return f"{good} of {len(runs)} runs ended with exit code 0."
