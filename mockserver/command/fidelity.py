"""``adsmock fidelity``: list imitated behaviors, or count the served operations of documents."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from shutil import get_terminal_size
from textwrap import shorten
from typing import Any, get_args

from adsmock.contracts import ledger
from adsmock.contracts.ledger import LedgerRow
from adsmock.contracts.loader import load
from adsmock.contracts.model import Status
from adsmock.mockserver.control.readme_tables import updated

SUMMARY = "List every imitated behavior with status and source."
WORKFLOW = "inspect"

EXAMPLES = """examples:
  adsmock fidelity                     # everything, with totals
  adsmock fidelity --status assumed    # behaviors that no source confirms
  adsmock fidelity --json | jq '.totals'
  adsmock fidelity --openapi a.json --openapi b.json   # how many operations are served
  adsmock fidelity --evidence evidence/   # what comparisons with the service confirmed

exit codes: 0 success, 1 an operation of a document cannot be served, 2 a file cannot be read"""

STATUSES: tuple[Status, ...] = get_args(Status)

_ID = 52
_NARROWEST = 100
_USAGE = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Add filters and output formats."""
    parser.add_argument("--status", choices=STATUSES, help="only behaviors of this status")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--openapi",
        action="append",
        default=[],
        metavar="FILE",
        help="count this document's operations instead: stateful, generic, unserved; repeatable",
    )
    parser.add_argument(
        "--evidence",
        type=Path,
        metavar="DIR",
        help="what comparisons with the service confirmed: evidence.json files in DIR and below",
    )
    parser.add_argument(
        "--readme",
        metavar="FILE",
        help="instead, update the tables between the markers of this page",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the ledger or the coverage of documents; return the exit code."""
    if arguments.openapi:
        return _run_coverage(arguments.openapi, is_json=arguments.json)
    if arguments.evidence:
        return _run_evidence(arguments.evidence, is_json=arguments.json)
    if arguments.readme:
        return _write_readme(Path(arguments.readme))
    rows = [row for row in ledger.rows() if arguments.status in (None, row.status)]
    totals = dict(ledger.counts())
    if arguments.json:
        _print({"behaviors": [asdict(row) for row in rows], "totals": totals})
        return 0
    width = max(get_terminal_size((_NARROWEST, 24)).columns, _NARROWEST)
    for line in _table(rows, width):
        sys.stdout.write(line + "\n")
    counted = ", ".join(f"{totals.get(status, 0)} {status}" for status in STATUSES)
    sys.stdout.write(f"\n{sum(totals.values())} behaviors: {counted}\n")
    return 0


def _run_coverage(files: Sequence[str], *, is_json: bool) -> int:
    from adsmock.mockserver.services.generic.coverage import coverage, totals  # noqa: PLC0415 -- an option
    from adsmock.mockserver.services.generic.document import DocumentError, read  # noqa: PLC0415 -- as above

    try:
        rows = coverage(load(), [read(file) for file in files])
    except DocumentError as error:
        sys.stderr.write(f"adsmock fidelity: {error}\n")
        return _USAGE
    counted = totals(rows)
    if is_json:
        _print({"documents": [asdict(row) for row in rows], "totals": counted})
        return int(counted["unserved"] > 0)
    for row in (*map(asdict, rows), {"document": "all", **counted}):
        unserved = row["unserved"]
        missing = unserved if isinstance(unserved, int) else len(unserved)
        sys.stdout.write(
            f"{row['document']:48} {row['operations']:4} operations: {row['stateful']:4} stateful, "
            f"{row['generic']:4} generic, {missing:3} unserved\n"
        )
    for line in (line for row in rows for line in row.unserved):
        sys.stdout.write(f"unserved: {line}\n")
    return int(counted["unserved"] > 0)


def _run_evidence(folder: Path, *, is_json: bool) -> int:
    from adsmock.contracts import evidence  # noqa: PLC0415 -- an option

    paths = sorted(folder.rglob(evidence.FILES))
    if not paths:
        sys.stderr.write(
            f"adsmock fidelity: {folder} contains no {evidence.FILES}: 'adsmock twin' and "
            "'adsmock replay' write them\n"
        )
        return _USAGE
    try:
        found = evidence.merge(map(evidence.read, paths))
    except (evidence.EvidenceError, OSError) as error:
        sys.stderr.write(f"adsmock fidelity: {error}\n")
        return _USAGE
    totals = found.totals()
    if is_json:
        rows = [asdict(row) | {"disputed": row.is_disputed} for row in found.rows]
        document = {"reports": found.reports, "totals": totals, "rows": rows}
        _print(document | {"unknown": found.unknown, "differences": found.differences})
        return 0
    for row in found.rows:
        for source in row.drift:
            mark = " (another capture confirms it)" if row.is_disputed else ""
            sys.stdout.write(f"drift  {row.id}  {source}{mark}\n")
    for status, counted in totals.items():
        words = ", ".join(f"{counted[name]} {name}" for name in ("confirmed", "drift", "unseen"))
        sys.stdout.write(f"{status:10} {counted['rows']:5} rows: {words}\n")
    unknown = f"; {len(found.unknown)} rows of other versions" if found.unknown else ""
    sys.stdout.write(f"{found.reports} captures{unknown}\n")
    return 0


def _write_readme(path: Path) -> int:
    try:
        path.write_text(updated(path.read_text("utf-8")), "utf-8")
    except OSError as error:
        sys.stderr.write(f"adsmock fidelity: {path}: {error.strerror}\n")
        return _USAGE
    except UnicodeDecodeError:
        sys.stderr.write(f"adsmock fidelity: {path}: is not UTF-8 text: convert it to UTF-8\n")
        return _USAGE
    except ValueError as error:
        sys.stderr.write(f"adsmock fidelity: {path} {error}\n")
        return _USAGE
    return 0


def _print(document: Any) -> None:
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _table(rows: Sequence[LedgerRow], width: int) -> list[str]:
    """Return a line for each behavior, cut to ``width`` characters."""
    status = max(map(len, STATUSES))
    rest = width - status - _ID - 4
    says = rest * 3 // 5
    lines = [f"{'status':{status}}  {'behavior':{_ID}}  {'says':{says}}  source"]
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
