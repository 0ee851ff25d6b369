"""What one call costs in its quota.

Knows the weights of operations and the member that asks for more. Must not know buckets. Source:
rate-limiting page, extended lists weigh five (documented).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adsmock.contracts.model import Operation

EXTENDED = "includeExtendedDataFields"
"""The member of a list's body that asks for computed data."""


def weight_of(operation: Operation, body: Any) -> int:
    """Return what a call with this body costs: more when extended data is asked for."""
    if operation.extended_weight == operation.weight or not isinstance(body, dict):
        return operation.weight
    asked = body.get(EXTENDED) in (True, "true")
    return operation.extended_weight if asked else operation.weight
