"""Selection of an operation by ad product, for operations that share a path.

Source: campaign management reference 8 (documented: items and ``adProductFilter`` name the product,
one product per call). Assumed: the first known id decides for changes and deletions, and a body
without either belongs to the first product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adsmock.contracts.model import Contract, Operation
from adsmock.mockserver.core.sandbox import Principal, Sandbox
from adsmock.mockserver.services.validation.validation_context import ValidationContext

if TYPE_CHECKING:
    from adsmock.mockserver.services.unified.model import Models

_FILTER = "adProductFilter"
_PRODUCT = "adProduct"


def select_operation(
    operation: Operation, body: Any, principal: Principal, sandbox: Sandbox, models: Models
) -> Operation:
    """Return the operation for a body, of those that share the path of ``operation``."""
    operations_at = models.operations_at(operation)
    contract = operations_at[0][0]
    if not isinstance(body, dict):
        return operations_at[0][1]
    named = _named(contract, body)
    for _, rival in operations_at:
        if rival.product == named:
            return rival
    ids = _ids(contract, body)
    if not ids or principal.profile is None:
        return operations_at[0][1]
    validation = ValidationContext(sandbox, principal.profile, 0.0)
    for each in ids:
        for rival_contract, rival in operations_at:
            if models.get(rival_contract.name).owner(each, validation) is not None:
                return rival
    return operations_at[0][1]


def _named(contract: Contract, body: dict[str, Any]) -> str | None:
    """Return the product that the filter of a query or the first item names."""
    asked = body.get(_FILTER)
    include = asked.get("include") if isinstance(asked, dict) else None
    if isinstance(include, list) and include:
        return include[0] if isinstance(include[0], str) else None
    items = body.get(contract.envelope)
    first = items[0] if isinstance(items, list) and items else None
    named = first.get(_PRODUCT) if isinstance(first, dict) else None
    return named if isinstance(named, str) else None


def _ids(contract: Contract, body: dict[str, Any]) -> list[str]:
    """Return the ids in a body, of items or of a deletion."""
    assert contract.identity is not None
    items = body.get(contract.envelope)
    if isinstance(items, list):
        found = [item.get(contract.identity.field) for item in items if isinstance(item, dict)]
    else:
        named = body.get(contract.identity.selector)
        found = named if isinstance(named, list) else []
    return [str(each) for each in found if isinstance(each, (str, int))]
