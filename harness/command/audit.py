"""adsmock audit: compare an integration's calls with the minimum it needed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console

from adsmock.contracts.loader import load
from adsmock.harness.command.arguments import amount
from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.volume import document, table
from adsmock.harness.volume.audit import (
    GATHER,
    JournalError,
    SuiteTasks,
    audit,
    quota_bounds,
    read,
)

SUMMARY = "Compare the calls of a journal with the minimum."
WORKFLOW = "plan"

EXAMPLES = """\
adsmock audit adsmock-report/journal.ndjson        the journal of a run
adsmock ctl journal.get --format ndjson > journal.ndjson   the journal of a sandbox
adsmock audit journal.ndjson --max-ratio 1.5       exit 1 above 1.5 times the minimum
adsmock audit journal.ndjson --gather 4            writes may wait up to 4 seconds to share a call
adsmock audit journal.ndjson --json audit.json
adsmock audit journal.ndjson --quotas ours.toml    quotas learned from real 429s
"""

LEAN, WASTEFUL = 0, 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("journal", type=Path, help="a journal: one JSON object per line")
    parser.add_argument(
        "--gather",
        type=amount,
        default=GATHER,
        metavar="SECONDS",
        help=f"how long a write may wait to share a call (default: {GATHER:g})",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the audit as JSON")
    parser.add_argument(
        "--quotas",
        type=Path,
        metavar="FILE",
        help="write the learned quotas, for adsmock load --quotas",
    )
    parser.add_argument(
        "--max-ratio",
        type=amount,
        metavar="RATIO",
        help="exit 1 when calls / minimum is above it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the audit; return 0, or 1 above ``--max-ratio``."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    contract_set = load()
    try:
        calls = read(arguments.journal, contract_set)
    except JournalError as error:
        raise UsageError(f"{arguments.journal.name}: {error}") from None
    tasks = SuiteTasks.read(arguments.journal)
    found, bounds = audit(calls, contract_set, arguments.gather, tasks), quota_bounds(calls)
    shown = document.of_audit(found) | {"quotas": document.of_quotas(bounds)}
    table.show_audit(shown, Console())
    table.show_quotas(shown["quotas"], Console())
    if arguments.quotas:
        if not bounds:
            raise UsageError(f"{arguments.journal.name}: shows no two refusals of a quota")
        arguments.quotas.write_text(document.quotas_toml(bounds), "utf-8")
    if arguments.json:
        arguments.json.write_text(json.dumps(shown, indent=2) + "\n", "utf-8")
    limit = arguments.max_ratio
    return WASTEFUL if limit is not None and found.ratio > limit else LEAN
