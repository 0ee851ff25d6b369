"""Delivery status of the unified model, from the native serving status."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.catalog.resource import Resource
from adsmock.mockserver.catalog.unified.reason import REASONS
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.status.serving_status import statuses
from adsmock.mockserver.services.validation.validation_context import ValidationContext

_LIVE = "ENABLED"
_OTHERS = ("OTHER", "STATUS_UNAVAILABLE")
"""What replaces a reason that a contract does not list: the first of these that it lists."""


def status_of(
    entity: Entity,
    resource: Resource,
    validation: ValidationContext,
    known: dict[Any, Any],
    reasons: frozenset[str] | None = None,
) -> dict[str, Any]:
    """Return ``{deliveryStatus, deliveryReasons?}``, the reason of the highest parent first.

    ``reasons`` are those that the contract lists, None if it lists none.
    """
    words = statuses(entity, resource, validation, known)
    if words == (resource.serving.states[_LIVE],):
        return {"deliveryStatus": "DELIVERING"}
    named = dict.fromkeys(_reason(word, reasons) for word in words)
    return {"deliveryStatus": "NOT_DELIVERING", "deliveryReasons": list(named)}


def _reason(word: str, reasons: frozenset[str] | None) -> str:
    found = REASONS.get(word, word)
    if reasons is None or found in reasons:
        return found
    return next(each for each in _OTHERS if each in reasons)
