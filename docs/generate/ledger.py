"""The page of the fidelity ledger: the number of facts by resource, by source and by evidence."""

from collections import Counter, defaultdict
from typing import get_args

from adsmock.contracts import ledger
from adsmock.contracts.model import Status
from adsmock.contracts.source_address import addresses
from docs.generate.markdown import code, table

INTRO = """\
# Fidelity ledger

Each imitated behavior is a row of the ledger with its evidence: `documented` (Amazon's documents
say so), `observed` (seen in public clients, issues or recordings) or `assumed` (our choice).
`adsmock fidelity` prints every row with its source; this page counts them.
[Fidelity](fidelity.md) lists the switches.
"""

SHOWN = 15
"""Observed and assumed sources that are listed."""
WHERE = """\
## Where the documented sources are

Each page, OpenAPI document or file, with the number of facts from it. Amazon changes the addresses
of documents. The newest are on [the page of downloads][downloads].

[downloads]: https://advertising.amazon.com/API/docs/en-us/reference/openapi-download
"""


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
    ordered = sources.most_common()
    places = (
        (str(count), _linked(source, addresses(source)))
        for (status, source), count in ordered
        if status == "documented"
    )
    others = [row for row in ordered if row[0][0] != "documented"][:SHOWN]
    listed = ((source, status, str(count)) for (status, source), count in others)
    return {
        "fidelity-ledger.md": "\n".join(
            [
                INTRO,
                "## Facts by resource\n",
                table(("Resource", *statuses), rows),
                WHERE,
                table(("Facts", "Source"), places),
                f"## The {SHOWN} other sources with the most facts\n",
                table(("Source", "Status", "Facts"), listed),
            ]
        )
    }


def _linked(source: str, where: list[str]) -> str:
    """Return a source as a link; one with several addresses is followed by a link to each."""
    if len(where) == 1:
        return f"[{source}]({where[0]})"
    return " ".join([source, *(f"[{place}]({each})" for place, each in enumerate(where, 1))])


def area(name: str) -> str:
    """Return the resource or feature of a fact: the first one or two parts of its id."""
    first, *rest = name.split(".")
    return f"{first}.{rest[0]}" if first in {"sp", "sb", "sd", "st"} and rest else first
