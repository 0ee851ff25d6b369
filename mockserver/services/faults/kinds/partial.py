"""Fault kind ``partial``: single items of a batch fail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from adsmock.contracts.contract_set import ContractSet, ItemError
from adsmock.contracts.suggest import nearest
from adsmock.mockserver.core.effect import setting
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.core.selected_fault import SelectedFault
from adsmock.mockserver.services.faults.json_edit import JsonEdits
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial(JsonEdits):
    """Failures of the items at ``indexes``; nothing of these items is stored."""

    kind = "partial"
    points = ("before",)
    summary = "Fails named items of a batch, with any error; `shuffle` reorders its lists."
    required = ("indexes",)

    indexes: tuple[int, ...] = setting(
        "indexes",
        {
            "type": "array",
            "description": "Items of the batch that fail, counted from 0.",
            "items": {"type": "integer", "minimum": 0, "maximum": 100000},
            "maxItems": 1000,
        },
        default=(),
        read=tuple,
    )
    error: str = setting(
        "error",
        {
            "type": "string",
            "description": "Kind of the item error, or of the job's failure.",
            "maxLength": 100,
        },
        default="throttledError",
    )
    reason: str = setting("reason", {"type": "string", "maxLength": 200}, default="THROTTLED")
    message: str | None = setting(
        "message",
        {
            "type": ["string", "null"],
            "description": "Text in place of the family's own.",
            "maxLength": 10000,
        },
    )

    @classmethod
    def check(cls, given: dict[str, Any], contract_set: ContractSet) -> None:
        """Check the error's name and the pointers.

        A name that is close to a known one is refused as a mistake. Any other is accepted:
        clients must cope with errors that no list has yet.
        """
        JsonEdits.check(given, contract_set)
        error = given.get("error")
        if error is None or error in contract_set.item_errors:
            return
        close = nearest(error, contract_set.item_errors)
        if close:
            raise SetupError(
                f'unknown item error "{error}": did you mean {" or ".join(close)}?',
                pointer="/effect/error",
            )


def indexes(fault: SelectedFault | None) -> frozenset[int]:
    """Return the positions of the batch that shall fail; empty without such a fault."""
    if fault is None or not isinstance(fault.effect, Partial):
        return frozenset()
    return frozenset(fault.effect.indexes)


def failing(fault: SelectedFault | None, index: int) -> Partial | None:
    """Return the effect if it fails item ``index``, and count the fault as triggered."""
    if fault is None or not isinstance(fault.effect, Partial) or index not in fault.effect.indexes:
        return None
    fault.trigger()
    return fault.effect


def failure(
    fault: SelectedFault, compiled: CompiledResource, index: int, location: str, item_id: str = ""
) -> Failure:
    """Return the planned failure of item ``index``, and count the fault as triggered.

    Members that the kind of error requires are filled from the item.
    """
    effect = fault.effect
    assert isinstance(effect, Partial), effect.kind
    fault.trigger()
    row = compiled.rule_context.item_errors.get(effect.error)
    known = {"entityType": compiled.contract.entity_type, "entityId": item_id or "0"}
    required = {field.name for field in row.fields if field.read == "required"} if row else set()
    extra = {name: value for name, value in known.items() if name in required}
    return compiled.rule_context.failure(
        index,
        effect.error,
        effect.reason,
        location,
        message=_template(effect, row, {"label", "noun", "id", *extra}),
        extra=extra or None,
        id=item_id,
    )


def text(effect: Partial) -> str:
    """Return the text of a planned failure for families that word each failure themselves."""
    return effect.message or effect.reason.replace("_", " ").capitalize()


def _template(effect: Partial, row: ItemError | None, known: set[str]) -> str:
    """Return the template of the failure's text.

    No real value caused the failure. A template that needs one is replaced by the reason in words.
    """
    if effect.message is not None:
        return effect.message.replace("{", "{{").replace("}", "}}")
    template = row.messages.get(effect.reason, "") if row else ""
    return template if set(re.findall(r"{(\w+)}", template)) <= known else text(effect)
