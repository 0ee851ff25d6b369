"""How many operations of the given documents are served: stateful, generic or not at all.

Operations of ad products that share a path are counted one by one: a path of the unified API may be
served for one product and refused for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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

Key = tuple[str, str]
"""A method, and a path without the names of its parameters."""

_PRODUCTS = frozenset({"adProduct", "adProductFilter"})
"""The members of bodies that name ad products."""


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
    stateful: dict[Key, set[str]] = {}
    for row in contract_set.operations.values():
        stateful.setdefault((row.method, shape(row.path)), set()).add(row.product)
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
    stateful: dict[Key, set[str]],
    generic: dict[Key, Operation],
    descriptions: dict[str, tuple[OperationDescription, ...]],
    seen: set[str],
) -> Coverage:
    served, missing, mine = 0, [], []
    for method, path, entry in document.operations():
        key = method, shape(path)
        if key in stateful:
            named = products(document, entry) if stateful[key] != {""} else set()
            refused = sorted(named - stateful[key])
            served += max(len(named), 1) - len(refused)
            missing += [f"{method} {path}: ad product {each} is refused" for each in refused]
        elif key in generic:
            mine.append(generic[key])
        else:
            missing.append(f"{method} {path}: no route")
    shared = sum(row.id in seen for row in mine)
    seen.update(row.id for row in mine)
    unfit = [
        f"{row.method} {row.path}: {why}"
        for row in mine
        if (why := _failure_reason(row, descriptions))
    ]
    return Coverage(
        document=document.name,
        operations=served + len(missing) + len(mine),
        stateful=served,
        generic=len(mine) - len(unfit),
        shared=shared,
        unserved=(*missing, *unfit),
    )


def products(document: Document, entry: dict[str, Any]) -> set[str]:
    """Return the ad products that the bodies of an operation name, in requests and replies."""
    found: set[str] = set()
    replies = entry.get("responses", {}).values()
    waiting: list[tuple[Any, bool]] = [(entry.get("requestBody"), False)]
    waiting += [(reply, False) for reply in replies]
    seen: set[tuple[int, bool]] = set()
    while waiting:
        value, is_product = waiting.pop()
        if isinstance(value, list):
            waiting += [(each, is_product) for each in value]
        if not isinstance(value, dict):
            continue
        value = document.resolve(value)
        if (id(value), is_product) in seen:
            continue
        seen.add((id(value), is_product))
        if is_product:
            found.update(each for each in value.get("enum", ()) if isinstance(each, str))
        for name, each in value.items():
            waiting.append((each, is_product or name in _PRODUCTS))
    return found


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
