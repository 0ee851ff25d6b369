"""adsmock audit: what an integration called, held against what the same outcome needs.

Knows the command line. Must not know how waste is found.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console

from adsmock.contracts.loader import load
from adsmock.harness.command.arguments import amount
from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.volume import document, table
from adsmock.harness.volume.audit import GATHER, JournalError, audit, read

SUMMARY = "Hold the calls of a journal against what the same outcome needs."

EXAMPLES = """\
adsmock audit adsmock-report/journal.ndjson        the journal of a run
adsmock ctl journal.get --format ndjson > journal.ndjson   that of a sandbox
adsmock audit journal.ndjson --max-ratio 1.5       exit 1 above one and a half times the optimum
adsmock audit journal.ndjson --gather 4            writes must go out within four seconds
adsmock audit journal.ndjson --json audit.json
"""

LEAN, WASTEFUL = 0, 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("journal", type=Path, help="a journal, one JSON object a line")
    parser.add_argument(
        "--gather",
        type=amount,
        default=GATHER,
        metavar="SECONDS",
        help=f"how long a write may wait for others to go with it ({GATHER:g})",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the audit there")
    parser.add_argument(
        "--max-ratio", type=amount, metavar="RATIO", help="exit 1 when calls over optimum exceed it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the audit; return 0, or 1 above ``--max-ratio``."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    contract_set = load()
    try:
        found = audit(read(arguments.journal, contract_set), contract_set, arguments.gather)
    except JournalError as error:
        raise UsageError(f"{arguments.journal.name}: {error}") from None
    told = document.of_audit(found)
    table.show_audit(told, Console())
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    limit = arguments.max_ratio
    return WASTEFUL if limit is not None and found.ratio > limit else LEAN
