"""What is the same for all sandboxes: the deprecation calendar, the quota of each operation."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.request import ControlRequest


def calendar(request: ControlRequest) -> Any:
    """Return the deprecation calendar, in order of shut-off."""
    rows = sorted(request.contract_set.deprecations, key=lambda row: row.shut_off)
    return {
        "shutOffs": [
            {
                "id": row.id,
                "family": row.family,
                "title": row.title,
                "announced": row.announced,
                "shutOff": row.shut_off,
                "replacement": row.replacement,
            }
            for row in rows
        ]
    }


def costs(request: ControlRequest) -> Any:
    """Return the quota class of each operation and what a call costs in it."""
    return {
        "operations": [
            {
                "operation": row.id,
                "quota": row.quota,
                "weight": row.weight,
                "extendedWeight": row.extended_weight,
            }
            for row in request.contract_set.operations.values()
        ]
    }
