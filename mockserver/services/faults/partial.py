"""Planned failures of single items: the part of a fault plan that acts inside a batch.

Knows which items a fault names. Must not know wire statuses or any resource by name.
"""

from __future__ import annotations

import re

from adsmock.contracts.contract_set import ItemError
from adsmock.mockserver.core.fault import Effect
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource

PARTIAL = "partial"


def indexes(effect: Effect | None) -> frozenset[int]:
    """Return the positions that shall fail, none without such a fault."""
    if effect is None or effect.kind != PARTIAL:
        return frozenset()
    return frozenset(effect.indexes)


def _message(effect: Effect, row: ItemError | None, known: set[str]) -> str:
    """Return the template of the refusal's text.

    A planned refusal has no real value behind it, so a text whose blanks only a real one could
    fill gives way to the reason in words.
    """
    if effect.message is not None:
        return effect.message.replace("{", "{{").replace("}", "}}")
    template = row.messages.get(effect.reason, "") if row else ""
    if set(re.findall(r"{(\w+)}", template)) <= known:
        return template
    return words(effect)


def words(effect: Effect) -> str:
    """Return the text of a planned refusal where a family words each for itself."""
    return effect.message or effect.reason.replace("_", " ").capitalize()


def failure(
    effect: Effect, plan: CompiledResource, index: int, location: str, item_id: str = ""
) -> Failure:
    """Return the planned refusal of item ``index``; nothing of the item is stored.

    Members that the kind of error demands are filled from the item.
    """
    row = plan.rule_context.item_errors.get(effect.error)
    known = {"entityType": plan.contract.entity_type, "entityId": item_id or "0"}
    demanded = {field.name for field in row.fields if field.read == "required"} if row else set()
    extra = {name: value for name, value in known.items() if name in demanded}
    return plan.rule_context.failure(
        index,
        effect.error,
        effect.reason,
        location,
        message=_message(effect, row, {"label", "noun", "id", *extra}),
        extra=extra or None,
        id=item_id,
    )
