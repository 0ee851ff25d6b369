"""The cost of one call in its quota: the only definition of it.

The reference client gets the same rule as data, in ``harness/client/api.json``.
Source: rate-limiting page, extended lists weigh five (documented).
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.model import Operation

EXTENDED = "includeExtendedDataFields"
"""The member of a list's body that requests computed data."""

EXTENDED_VALUES = (True, "true")
"""The values of that member that request it."""


def weight_of(operation: Operation, body: Any) -> int:
    """Return the cost of a call with this body; extended data costs more."""
    if operation.extended_weight == operation.weight or not isinstance(body, dict):
        return operation.weight
    is_extended = body.get(EXTENDED) in EXTENDED_VALUES
    return operation.extended_weight if is_extended else operation.weight
