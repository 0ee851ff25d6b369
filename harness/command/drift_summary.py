"""What the commands that compare with the service print at their end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from adsmock.harness.fidelity.report.folder import HTML

EXIT_CODES = {"equal": 0, "drift": 1, "nothing compared": 3}
_MOST = 20


def exit_code(document: Mapping[str, Any]) -> int:
    """Return 0 without drift, 1 with drift, 3 where nothing was compared."""
    return EXIT_CODES[document["verdict"]]


def lines(document: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield the summary of drift.json."""
    for row in document["drift"][:_MOST]:
        yield f"drift  {row['says']}"
        yield f"       ledger row: {row['fact'] or 'none'}"
    if len(document["drift"]) > _MOST:
        yield f"       and {len(document['drift']) - _MOST} more in {folder / HTML}"
    for row in document["variations"]:
        yield f"allowed variation ({row['switch']})  {row['says']}"
    totals, shares = document["totals"], document["shares"]
    yield (
        f"{document['pairs']} calls compared: {len(document['drift'])} differences, "
        f"{len(document['variations'])} allowed variations, {len(document['unchecked'])} "
        "not checked"
    )
    yield (
        f"ledger: {totals['confirmed']:,} of {totals['ledger']:,} rows confirmed "
        f"({shares['confirmed']:.1%}); a capture can touch {shares['touchable']:.1%}"
    )
    yield f"report: {folder / HTML}"
