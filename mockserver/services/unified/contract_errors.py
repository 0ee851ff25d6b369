"""Violations of a native contract as item errors: in the unified model they fail one item."""

from __future__ import annotations

from typing import Any

_MESSAGES = {
    "missingValueError": "Member must not be null",
    "rangeError": "The value is not one of those allowed",
    "malformedValueError": "The value is not valid",
}
Violation = tuple[str, str, str, str]
"""Kind and reason of the item error, its message, the dotted member."""

_KINDS = {
    "required": ("missingValueError", "MISSING_VALUE"),
    "enum": ("rangeError", "INVALID_ENUM_VALUE"),
    "maximum": ("rangeError", "TOO_HIGH"),
    "minimum": ("rangeError", "TOO_LOW"),
    "maxItems": ("malformedValueError", "TOO_LONG"),
    "minItems": ("malformedValueError", "TOO_SHORT"),
    "maxLength": ("malformedValueError", "TOO_LONG"),
    "minLength": ("malformedValueError", "TOO_SHORT"),
}
_OTHER = ("malformedValueError", "PATTERN_NOT_MATCHED")


def violation_of(validator: Any, item: Any) -> Violation | None:
    """Return the first violation of an item, None for a valid item."""
    if validator.is_valid(item):
        return None
    error = next(iter(validator.iter_errors(item)))
    kind, reason = _KINDS.get(error.kind.name, _OTHER)
    path = [*error.instance_path]
    if error.kind.name == "required":
        path.append(error.kind.property)
    return kind, reason, _MESSAGES[kind], ".".join(map(str, path))
