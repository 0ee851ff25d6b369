"""How many operations of the given documents are served: stateful, generic or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Operation
from adsmock.mockserver.services.generic.answer import valid_value
from adsmock.mockserver.services.generic.document import Document
from adsmock.mockserver.services.generic.operations import (
    SHAPE,
    OperationDescription,
    shape,
    with_documents,
)
from adsmock.mockserver.services.generic.value_generator import NoValidValue


@dataclass(frozen=True, slots=True)
class Coverage:
    """One document's operations by how they are served; ``unserved`` gives names with reasons.

    ``shared`` counts the ``generic`` operations that an earlier document describes too.
    """

    document: str
    operations: int
    stateful: int
    generic: int
    shared: int
    unserved: tuple[str, ...] = ()


def coverage(contract_set: ContractSet, documents: Sequence[Document]) -> list[Coverage]:
    """Return a row for each document; a reply is generated for each generic operation."""
    whole = with_documents(contract_set, documents)
    stateful = {(row.method, shape(row.path)) for row in contract_set.operations.values()}
    generic = {
        (row.method, shape(row.path)): row
        for row in whole.operations.values()
        if row.id not in contract_set.operations
    }
    descriptions = {
        name: rows
        for contract in whole.by_name.values()
        if contract.shape == SHAPE
        for name, rows in contract.extra["described"].items()
    }
    seen: set[str] = set()
    return [_row(document, stateful, generic, descriptions, seen) for document in documents]


def _row(
    document: Document,
    stateful: set[tuple[str, str]],
    generic: dict[tuple[str, str], Operation],
    descriptions: dict[str, tuple[OperationDescription, ...]],
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
    unfit = [
        f"{row.method} {row.path}: {why}"
        for row in mine
        if (why := _failure_reason(row, descriptions))
    ]
    return Coverage(
        document=document.name,
        operations=len(keys),
        stateful=sum(key in stateful for key in keys),
        generic=len(mine) - len(unfit),
        shared=shared,
        unserved=(*missing, *unfit),
    )


def _failure_reason(
    operation: Operation, descriptions: dict[str, tuple[OperationDescription, ...]]
) -> str:
    """Return why no reply can be generated, empty when one can."""
    try:
        for description in descriptions[operation.id]:
            for pointer in filter(None, description.replies.values()):
                valid_value(description.schemas, pointer, (operation.id,))
    except NoValidValue as error:
        return str(error)
    return ""


def totals(rows: Iterable[Coverage]) -> dict[str, int]:
    """Return the number of operations: all, stateful, generic and unserved."""
    found = {"operations": 0, "stateful": 0, "generic": 0, "unserved": 0}
    for row in rows:
        found["operations"] += row.operations
        found["stateful"] += row.stateful
        found["generic"] += row.generic
        found["unserved"] += len(row.unserved)
    return found
