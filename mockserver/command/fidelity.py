"""``adsmock fidelity``: what is imitated, how sure each behaviour is, and where it comes from.

Knows how to show the ledger. Must not know the facts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from shutil import get_terminal_size
from textwrap import shorten
from typing import get_args

from contracts import ledger
from contracts.form import Status
from contracts.ledger import Row

SUMMARY = "List every imitated behaviour with its status and source."

EXAMPLES = """examples:
  adsmock fidelity                     # everything, with totals
  adsmock fidelity --status assumed    # what nobody has seen on the wire
  adsmock fidelity --json | jq '.totals'"""

STATUSES: tuple[Status, ...] = get_args(Status)

_ID = 52
_NARROWEST = 100


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the filters and the form of the answer."""
    parser.add_argument("--status", choices=STATUSES, help="only behaviours of this status")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Print the ledger and return 0."""
    rows = [row for row in ledger.rows() if arguments.status in (None, row.status)]
    totals = dict(ledger.counts())
    if arguments.json:
        document = {"behaviours": [asdict(row) for row in rows], "totals": totals}
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return 0
    width = max(get_terminal_size((_NARROWEST, 24)).columns, _NARROWEST)
    for line in _table(rows, width):
        sys.stdout.write(line + "\n")
    counted = ", ".join(f"{totals.get(status, 0)} {status}" for status in STATUSES)
    sys.stdout.write(f"\n{sum(totals.values())} behaviours: {counted}\n")
    return 0


def _table(rows: Sequence[Row], width: int) -> list[str]:
    """Return a line for each behaviour, cut to ``width`` characters; ``--json`` cuts nothing."""
    status = max(map(len, STATUSES))
    rest = width - status - _ID - 4
    says = rest * 3 // 5
    lines = [f"{'status':{status}}  {'behaviour':{_ID}}  {'says':{says}}  source"]
    for row in rows:
        cells = (
            f"{row.status:{status}}",
            f"{_cut(row.id, _ID):{_ID}}",
            f"{_cut(row.says, says):{says}}",
            _cut(row.source, rest - says - 2),
        )
        lines.append("  ".join(cells).rstrip())
    return lines


def _cut(text: str, width: int) -> str:
    if " " in text:
        return shorten(text, width, placeholder="…")
    return text if len(text) <= width else text[: width - 1] + "…"
