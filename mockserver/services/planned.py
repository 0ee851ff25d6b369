"""Planned failures of single items: the part of a fault plan that acts inside a batch.

Knows which items a fault names. Must not know wire statuses or any resource by name.
"""

from __future__ import annotations

from mockserver.core.fault import Effect
from mockserver.core.outcome import Failure
from mockserver.services.plan import Plan

PARTIAL = "partial"


def indexes(effect: Effect | None) -> frozenset[int]:
    """Return the positions that shall fail, none without such a fault."""
    if effect is None or effect.kind != PARTIAL:
        return frozenset()
    return frozenset(effect.indexes)


def failure(effect: Effect, plan: Plan, index: int, location: str, item_id: str = "") -> Failure:
    """Return the planned refusal of item ``index``; nothing of the item is stored.

    Members that the kind of error demands are filled from the item.
    """
    row = plan.site.item_errors.get(effect.error)
    known = {"entityType": plan.contract.entity_type, "entityId": item_id or "0"}
    demanded = {field.name for field in row.fields if field.read == "required"} if row else set()
    extra = {name: value for name, value in known.items() if name in demanded}
    return plan.site.failure(
        index,
        effect.error,
        effect.reason,
        location,
        message=(effect.message or "").replace("{", "{{").replace("}", "}}"),
        extra=extra or None,
        id=item_id,
    )
