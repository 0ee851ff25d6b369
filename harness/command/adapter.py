"""adsmock adapter: try every verb, every resource and some report types of an adapter once."""

from __future__ import annotations

import argparse
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from adsmock.contracts import report_tables
from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.suite.case.model import VERBS

if TYPE_CHECKING:
    from adsmock.harness.adapter_check import Row

SUMMARY = "Try each verb and resource of an adapter."
WORKFLOW = "judge"

EXAMPLES = """\
adsmock adapter check "python adapter.py"
adsmock adapter check "node adapter.mjs" --timeout 120
adsmock adapter check --manifest ads-client.toml     only the resources and verbs that it declares
"""

WRONG = 1

CHECKED = "sp.campaigns"
"""The resource that the check asks for."""

COLORS = {"works": "green", "unsupported": "yellow", "wrong": "red"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("action", choices=("check",), help="what to do with the adapter")
    parser.add_argument(
        "command",
        metavar="CMD",
        nargs="?",
        help="shell command that starts the adapter (default: that of the manifest)",
    )
    parser.add_argument(
        "--manifest",
        type=Path,
        metavar="FILE",
        help="try the resources and verbs that it declares; what it declares must work",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long one request may take (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check the adapter; 0 when every supported verb works, 1 when one does not."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    # Imported here: help needs none of it.
    from adsmock.harness.adapter_check import (  # noqa: PLC0415 -- see above
        StartError,
        check,
        checkable,
    )
    from adsmock.harness.command.partner_files import manifest_of  # noqa: PLC0415 -- see above

    manifest = manifest_of(arguments.manifest)
    command, timeout = arguments.command or manifest.start.adapter or "", arguments.timeout
    if not command.strip():
        raise UsageError(
            'adapter check: there is no command: name one, such as "python adapter.py", or '
            "--manifest FILE with start.adapter"
        )
    if timeout <= 0:
        raise UsageError("adapter check: --timeout must be above 0")
    console = Console(highlight=False)
    resources, types = frozenset(checkable()), frozenset(report_tables.types())
    width = max(map(len, [*VERBS, *resources])) + 1
    rows: list[Row] = []
    try:
        for row in check(command, timeout, manifest):
            rows.append(row)
            is_listed_later = row.status == "not declared" or (
                row.status == "unsupported" and row.verb in resources | types
            )
            if not is_listed_later:
                _show(row, console, width)
    except StartError as error:
        raise UsageError(
            f"{command}: {error}. Expected: a program that answers requests on standard input. "
            "Run the command yourself to see why it ends"
        ) from None
    _list_later(rows, resources, types, console)
    code = _sum_up(rows, resources, console)
    if code == 0:
        console.print(next_step(command, arguments.manifest), markup=False, soft_wrap=True)
    return code


def next_step(command: str, manifest: Path | None) -> str:
    """Return the line that names the next command; a manifest says which cases are N/A."""
    start = f"--manifest {shlex.quote(str(manifest))}" if manifest else f'--adapter "{command}"'
    return f"Next: adsmock conform {start} --profile quick"


def _list_later(
    rows: list[Row], resources: frozenset[str], types: frozenset[str], console: Console
) -> None:
    """Print the names without a line of their own: what was not tried, what is unsupported."""
    untried = [row.verb for row in rows if row.status == "not declared"]
    if untried:
        text = f"not tried, not declared in the manifest: {', '.join(untried)}"
        console.print(text, soft_wrap=True)
    for things, known in (("resources", resources), ("report types", types)):
        missing = [row.verb for row in rows if row.status == "unsupported" and row.verb in known]
        if missing:
            console.print(f"unsupported {things}: {', '.join(missing)}", soft_wrap=True)


def _show(row: Row, console: Console, width: int) -> None:
    calls = f"{row.calls} call{'' if row.calls == 1 else 's'}"
    details = (calls if row.status == "works" and row.calls else "", row.reason)
    detail = ", ".join(filter(None, details))
    color = COLORS[row.status]
    console.print(f"{row.verb:{width}} [{color}]{row.status:11}[/] {escape(detail)}".rstrip())
    for problem in row.problems:
        console.print(f"    {escape(problem.what)}", soft_wrap=True)
        console.print(f"    [dim]next:[/] {escape(problem.next_step)}", soft_wrap=True)


def _first_step(rows: list[Row]) -> str:
    """Return what to do when no verb makes a call."""
    if any(row.status == "unsupported" and CHECKED in row.reason for row in rows):
        return (
            f"The check works with {CHECKED}, which your adapter does not support. Support it, or "
            "start with adsmock conform and declare your resources in the manifest."
        )
    return "No verb makes a call yet: write list_profiles or list first."


def _sum_up(rows: list[Row], resources: frozenset[str], console: Console) -> int:
    counts = {word: sum(row.status == word for row in rows) for word in COLORS}
    console.print("\n" + ", ".join(f"{count} {word}" for word, count in counts.items()))
    if counts["wrong"]:
        console.print("Fix what is wrong and run this command again.")
        return WRONG
    if not any(row.calls for row in rows):
        console.print(_first_step(rows))
        return WRONG
    if any(row.status == "unsupported" for row in rows):
        works = [row.verb for row in rows if row.status == "works"]
        console.print("Declare what works in the manifest, so that cases for the rest are N/A:")
        for name, known in (("verbs", VERBS), ("resources", resources)):
            values = [
                *([CHECKED] if name == "resources" else []),
                *(w for w in works if w in known),
            ]
            console.print(f"  {name} = {json.dumps(values)}", markup=False, soft_wrap=True)
    return 0
