"""adsmock list: list the cases and the included clients."""

from __future__ import annotations

import argparse
from itertools import groupby

from rich.console import Console
from rich.table import Table

from adsmock.harness.command.failure import guarded
from adsmock.harness.mutants import MUTANTS
from adsmock.harness.suite import case

SUMMARY = "List the cases and the included clients."
WORKFLOW = "inspect"

EXAMPLES = """\
adsmock list
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command: it has none."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Print cases and clients."""
    del arguments
    return guarded(_run)


def _run() -> int:
    console = Console()
    cases = Table(title="cases", title_justify="left", title_style="bold", box=None)
    for heading in ("case", "level", "title", "checks", "profiles"):
        cases.add_column(heading, no_wrap=heading in {"case", "level"})
    for area, members in groupby(case.load().values(), key=lambda each: each.area):
        cases.add_row("", "", area, style="bold")
        for each in members:
            names = ", ".join(check.id.removeprefix(f"{each.id}.") for check in each.checks)
            cases.add_row(each.id, each.level, each.title, names, ", ".join(each.profiles))
    clients = Table(title="clients", title_justify="left", title_style="bold", box=None)
    for heading in ("client", "defect", "caught by"):
        clients.add_column(heading, no_wrap=heading == "client")
    clients.add_row("reference", "none", "")
    for name, known in MUTANTS.items():
        clients.add_row(f"mutant:{name}", known.defect, ", ".join(sorted(known.kills)))
    console.print(cases, "", clients, "")
    console.print("A check is named by its case, such as T01.early. See 'adsmock explain CASE'.")
    return 0
