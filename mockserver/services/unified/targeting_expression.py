"""Convert native targeting expressions to target details and back, by rows of the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from adsmock.mockserver.catalog.unified.mapping import Part
from adsmock.mockserver.services.unified.dotted_path import dig, put

Details = dict[str, Any]
Expression = list[dict[str, Any]]


class PartError(Exception):
    """Target details without a native expression."""


def flattened(expression: Expression | None) -> Iterator[dict[str, Any]]:
    """Yield the parts of an expression and the parts nested in their values."""
    for part in expression or ():
        value = part.get("value")
        if isinstance(value, list):
            yield {**part, "value": None}
            yield from flattened(value)
        else:
            yield part


def kind_of(parts: tuple[Part, ...], expression: Expression | None) -> str | None:
    """Return the unified target type of an expression: that of its first part."""
    for native in flattened(expression):
        part = _part(parts, native)
        if part is not None:
            return part.target
    return None


def details_of(parts: tuple[Part, ...], expression: Expression | None) -> Details:
    """Return the target details of an expression, without parts of another target type."""
    details: Details = {}
    kind = kind_of(parts, expression)
    own = tuple(part for part in parts if part.target == kind)
    for native in flattened(expression):
        part = _part(own, native)
        if part is not None:
            value = native.get("value")
            _show(part, value if isinstance(value, str) else None, details)
    return details


def _part(parts: tuple[Part, ...], native: dict[str, Any]) -> Part | None:
    """Return the row of a native part: the row of its value, or the first of its type."""
    rows = [part for part in parts if part.kind == native.get("type")]
    named = [part for part in rows if part.native == native.get("value")]
    return next(iter(named or rows), None)


def _show(part: Part, value: str | None, details: Details) -> None:
    for member, constant in part.constants.items():
        put(details, member, constant.copy() if isinstance(constant, dict) else constant)
    if not part.to:
        return
    holder = part.to[0].rpartition(".")[0]
    if dig(details, holder) is None:
        put(details, holder, {})
    for member, text in zip(part.to, _texts(part, value), strict=False):
        shown = _FORMS[part.form](text)
        if shown is not None:
            put(details, member, shown)


def _texts(part: Part, value: str | None) -> list[str]:
    text = value or ""
    return text.split("-", 1) if len(part.to) > 1 else [text]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


_LEADS = {"days": "DAYS_"}
"""The prefix of a native value in the details, by form."""
_FORMS: dict[str, Any] = {
    "text": str,
    "number": _number,
    "flag": lambda text: text.lower() == "true",
    "days": lambda text: f"{_LEADS['days']}{text}",
}


def expression_of(parts: Iterable[Part], details: Details) -> Expression:
    """Return the native expression of target details.

    Raises:
        PartError: a detail has no native part, or there are no details.
    """
    expression: Expression = []
    used: set[str] = set()
    parts = tuple(parts)
    for part in parts:
        if part.place != "outer" and used.isdisjoint(part.to) and _holds(part, details):
            used.update(part.to)
            within = _around(part, parts, details, expression)
            within.append(_native(part, details))
    if not expression:
        raise PartError("No targeting expression has these target details")
    return expression


def _around(
    part: Part, parts: tuple[Part, ...], details: Details, expression: Expression
) -> Expression:
    """Return the list that a new part joins: the expression, or the value of an outer part."""
    if part.place != "inner":
        return expression
    for outer in parts:
        constants = {member: value for member, value in outer.constants.items() if value != {}}
        is_around = outer.place == "outer" and outer.target == part.target
        if is_around and all(dig(details, member) == value for member, value in constants.items()):
            if not expression:
                expression.append({"type": outer.kind, "value": []})
            found: Expression = expression[0]["value"]
            return found
    raise PartError(f"No targeting expression has {part.kind} in these target details")


def _holds(part: Part, details: Details) -> bool:
    return all(dig(details, member) == value for member, value in part.constants.items()) and all(
        dig(details, member) is not None for member in part.to
    )


def _native(part: Part, details: Details) -> dict[str, Any]:
    native: dict[str, Any] = {"type": part.kind}
    if part.to:
        texts = [as_text(dig(details, member)) for member in part.to]
        native["value"] = "-".join(text.removeprefix(_LEADS.get(part.form, "")) for text in texts)
    elif part.native is not None:
        native["value"] = part.native
    return native


def as_text(value: Any) -> str:
    """Return a value as text, as in expressions and exports."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
