"""Refusals that updating and archiving share: an entity that is not there, or is final.

Knows the words of these refusals. Must not know any resource by name.
"""

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
    """Return the refusal of an entity that this verb may not touch.

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
