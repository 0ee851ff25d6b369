"""How much of the given documents is served, and how.

Knows the three ways: stateful by a contract, generic from the schema, not at all. Must not know
how it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Operation
from adsmock.mockserver.services.generic.answer import invented
from adsmock.mockserver.services.generic.document import Document
from adsmock.mockserver.services.generic.invent import Unfit
from adsmock.mockserver.services.generic.operations import SHAPE, Described, shape, with_documents


@dataclass(frozen=True, slots=True)
class Coverage:
    """One document's operations by how they are answered; ``unserved`` ones by name and reason.

    ``shared`` counts those of ``generic`` that an earlier document describes too.
    """

    document: str
    operations: int
    stateful: int
    generic: int
    shared: int
    unserved: tuple[str, ...] = ()


def coverage(contract_set: ContractSet, documents: Sequence[Document]) -> list[Coverage]:
    """Return a row for each document; each generic operation is asked for a reply to see it."""
    whole = with_documents(contract_set, documents)
    stateful = {(row.method, shape(row.path)) for row in contract_set.operations.values()}
    generic = {
        (row.method, shape(row.path)): row
        for row in whole.operations.values()
        if row.id not in contract_set.operations
    }
    said = {
        name: words
        for contract in whole.by_name.values()
        if contract.shape == SHAPE
        for name, words in contract.extra["described"].items()
    }
    seen: set[str] = set()
    return [_row(document, stateful, generic, said, seen) for document in documents]


def _row(
    document: Document,
    stateful: set[tuple[str, str]],
    generic: dict[tuple[str, str], Operation],
    said: dict[str, tuple[Described, ...]],
    seen: set[str],
) -> Coverage:
    keys = [(method, shape(path)) for method, path, _ in document.operations()]
    mine = [generic[key] for key in keys if key not in stateful and key in generic]
    missing = [
        f"{method} {path}: no route"
        for method, path in keys
        if not ((method, path) in stateful or (method, path) in generic)
    ]
    shared = sum(row.id in seen for row in mine)
    seen.update(row.id for row in mine)
    unfit = [f"{row.method} {row.path}: {why}" for row in mine if (why := _why_not(row, said))]
    return Coverage(
        document=document.name,
        operations=len(keys),
        stateful=sum(key in stateful for key in keys),
        generic=len(mine) - len(unfit),
        shared=shared,
        unserved=(*missing, *unfit),
    )


def _why_not(operation: Operation, said: dict[str, tuple[Described, ...]]) -> str:
    """Return why no reply can be made, empty when one can."""
    try:
        for one in said[operation.id]:
            for pointer in filter(None, one.replies.values()):
                invented(one.schemas, pointer, (operation.id,))
    except Unfit as error:
        return str(error)
    return ""


def totals(rows: Iterable[Coverage]) -> dict[str, int]:
    """Return how many operations there are, stateful, generic and unserved."""
    found = {"operations": 0, "stateful": 0, "generic": 0, "unserved": 0}
    for row in rows:
        found["operations"] += row.operations
        found["stateful"] += row.stateful
        found["generic"] += row.generic
        found["unserved"] += len(row.unserved)
    return found
