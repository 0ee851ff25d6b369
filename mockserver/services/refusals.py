"""Refusals that update and archive share: an unknown id, and an entity that cannot change."""

from __future__ import annotations

from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource


def entity_not_found(
    compiled: CompiledResource, index: int, entity_id: str, location: str
) -> Failure:
    """Return the refusal of an unknown id.

    Source: campaign management reference 2.5 (observed). An item without an id misses a value.
    """
    if not entity_id:
        member = compiled.id_field
        return compiled.rule_context.failure(
            index, "missingValueError", "MISSING_VALUE", location, member=member
        )
    return compiled.rule_context.failure(
        index,
        "entityNotFoundError",
        "ENTITY_NOT_FOUND",
        location,
        entity_id,
        extra={"entityId": entity_id, "entityType": compiled.contract.entity_type},
        id=entity_id,
    )


def entity_not_modifiable(
    compiled: CompiledResource,
    index: int,
    entity_id: str,
    location: str,
    reason: str = "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED",
) -> Failure:
    """Return the refusal of an entity that this verb cannot change.

    Source: campaign management reference 2.8 (documented).
    """
    return compiled.rule_context.failure(
        index,
        "entityStateError",
        reason,
        location,
        entity_id,
        extra={"entityType": compiled.contract.entity_type},
    )
