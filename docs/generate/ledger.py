"""The page of the fidelity ledger: the number of facts by resource, by source and by evidence."""

from collections import Counter, defaultdict
from typing import get_args

from adsmock.contracts import ledger
from adsmock.contracts.model import Status
from docs.generate.markdown import code, table

INTRO = """\
# Fidelity ledger

Each imitated behavior is a row of the ledger with its evidence: `documented` (Amazon's documents
say so), `observed` (seen in public clients, issues or recordings) or `assumed` (our choice).
`adsmock fidelity` prints every row with its source; this page counts them.
[Fidelity](fidelity.md) lists the switches.
"""

SHOWN = 15
"""Sources that are listed."""


def pages() -> dict[str, str]:
    """Return the page."""
    statuses: tuple[Status, ...] = get_args(Status)
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    sources: Counter[tuple[str, str]] = Counter()
    for row in ledger.rows():
        groups[area(row.id)][row.status] += 1
        sources[row.status, row.source] += 1
    rows = (
        (code(name), *(str(found[status]) for status in statuses))
        for name, found in sorted(groups.items())
    )
    listed = (
        (source, status, str(count)) for (status, source), count in sources.most_common(SHOWN)
    )
    return {
        "fidelity-ledger.md": "\n".join(
            [
                INTRO,
                "## Facts by resource\n",
                table(("Resource", *statuses), rows),
                f"## The {SHOWN} sources with the most facts\n",
                table(("Source", "Status", "Facts"), listed),
            ]
        )
    }


def area(name: str) -> str:
    """Return the resource or feature of a fact: the first one or two parts of its id."""
    first, *rest = name.split(".")
    return f"{first}.{rest[0]}" if first in {"sp", "sb", "sd", "st"} and rest else first
