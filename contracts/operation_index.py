"""The operation of a request, found by its method, path, media type and ad product."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from adsmock.contracts.loader import load
from adsmock.contracts.model import Contract, Operation

_VARIABLE = re.compile(r"\{[^}]*\}")


class OperationIndex:
    """All operations of the contracts, by route."""

    def __init__(self) -> None:
        contract_set = load()
        self._contracts = {
            operation.id: contract
            for contract in contract_set.by_name.values()
            for operation in contract.operations
        }
        self._exact: dict[tuple[str, str], list[Operation]] = {}
        self._templates: list[tuple[str, re.Pattern[str], Operation]] = []
        for contract in contract_set.by_name.values():
            for operation in contract.operations:
                self._add(operation)

    def _add(self, operation: Operation) -> None:
        if "{" not in operation.path:
            self._exact.setdefault((operation.method, operation.path), []).append(operation)
            return
        parts = map(re.escape, _VARIABLE.split(operation.path))
        pattern = re.compile("[^/]+".join(parts))
        self._templates.append((operation.method, pattern, operation))

    def find(self, method: str, path: str, body: Any = None) -> Operation | None:
        """Return the operation of a request, None if no contract describes it."""
        path = path.rstrip("/") or "/"
        rows = self._exact.get((method, path)) or [
            operation
            for verb, pattern, operation in self._templates
            if verb == method and pattern.fullmatch(path)
        ]
        wanted = _products(body)
        return next((row for row in rows if row.product in wanted), rows[0] if rows else None)

    def contract(self, operation: Operation) -> Contract:
        """Return the contract of an operation."""
        return self._contracts[operation.id]

    def all(self) -> list[Operation]:
        """Return every operation."""
        rows = [row for group in self._exact.values() for row in group]
        return rows + [operation for _, _, operation in self._templates]


def _products(body: Any) -> set[str]:
    """Return the ad products that a body of the unified API names."""
    if not isinstance(body, dict):
        return set()
    chosen = body.get("adProductFilter")
    found = chosen.get("include", []) if isinstance(chosen, dict) else []
    rows = [row for value in body.values() if isinstance(value, list) for row in value]
    found = [*found, *(row.get("adProduct") for row in rows if isinstance(row, dict))]
    return {product for product in found if isinstance(product, str)}


@cache
def operations() -> OperationIndex:
    """Return the index of the installed contracts."""
    return OperationIndex()
