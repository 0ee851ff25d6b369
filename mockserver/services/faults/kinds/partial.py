"""Fault kind ``partial``: single items of a batch fail."""

from __future__ import annotations

import re
from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class ItemSelector:
    """Items by the value of one member; each fails ``times`` times, without it always."""

    member: str
    values: tuple[str, ...]
    times: int | None = None


def _read_selector(given: dict[str, Any]) -> ItemSelector:
    return ItemSelector(given["member"], tuple(given["values"]), given.get("times"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial(JsonEdits):
    """Failures of the items that ``indexes`` or ``items`` select; nothing of them is stored."""

    kind = "partial"
    points = ("before",)
    summary = "Fails named items of a batch, with any error; `shuffle` reorders its lists."

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
    items: ItemSelector | None = setting(  # noqa: RUF009 -- returns a field of the dataclass
        "items",
        {
            "type": "object",
            "description": (
                "Items that fail wherever a client puts them in its batches, by the value of a "
                "member. Each fails `times` times per profile, without `times` always."
            ),
            "properties": {
                "member": {"type": "string", "minLength": 1, "maxLength": 100},
                "values": {
                    "type": "array",
                    "items": {"type": "string", "maxLength": 1000},
                    "minItems": 1,
                    "maxItems": 1000,
                },
                "times": {"type": "integer", "minimum": 1, "maximum": 1000000},
            },
            "required": ["member", "values"],
            "additionalProperties": False,
        },
        read=_read_selector,
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
        """Check the selection, the error's name and the pointers.

        A name that is close to a known one is refused as a mistake. Any other is accepted:
        clients must cope with errors that no list has yet.
        """
        JsonEdits.check(given, contract_set)
        if not given.get("indexes") and "items" not in given:
            raise SetupError(
                'kind partial needs "indexes" or "items": which items fail',
                pointer="/effect/indexes",
            )
        error = given.get("error")
        if error is None or error in contract_set.item_errors:
            return
        close = nearest(error, contract_set.item_errors)
        if close:
            raise SetupError(
                f'unknown item error "{error}": did you mean {" or ".join(close)}?',
                pointer="/effect/error",
            )


def failing_indexes(fault: SelectedFault | None, items: Sequence[Any]) -> frozenset[int]:
    """Return the positions in ``items`` that shall fail; empty without such a fault.

    An item by member value is counted here, so each batch must be passed once.
    """
    if fault is None or not isinstance(fault.effect, Partial):
        return frozenset()
    return frozenset(
        index for index, item in enumerate(items) if _fails(fault, fault.effect, index, item)
    )


def failing(fault: SelectedFault | None, index: int, item: Any) -> Partial | None:
    """Return the effect if it fails this item, and count the fault as triggered."""
    if fault is None or not isinstance(fault.effect, Partial):
        return None
    if not _fails(fault, fault.effect, index, item):
        return None
    fault.trigger()
    return fault.effect


def _fails(fault: SelectedFault, effect: Partial, index: int, item: Any) -> bool:
    if index in effect.indexes:
        return True
    selector = effect.items
    if selector is None or not isinstance(item, dict) or selector.member not in item:
        return False
    value = str(item[selector.member])
    if value not in selector.values:
        return False
    return selector.times is None or fault.count_item(value) <= selector.times


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
