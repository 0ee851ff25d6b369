"""Plain values (JSON, TOML) as typed records; a mismatch names the place and the nearest name."""

from __future__ import annotations

import re
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from adsmock.contracts.suggest import did_you_mean

T = TypeVar("T")

_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")
_CHOICE = re.compile(r"Invalid enum value (.*)")


class MismatchError(ValueError):
    """Plain values that do not fit a record: the dotted ``place`` (may be empty), the reason."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place = place
        self.reason = reason


def convert(values: Any, kind: type[T]) -> T:
    """Return plain values as a ``kind``, with lists as tuples where its fields are tuples.

    Raises:
        MismatchError: an unknown or missing field, a wrong type, or no allowed value.
    """
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        place = path.rstrip("`").lstrip(".")
        raise MismatchError(place, _reason(message, _type_at(kind, place))) from None


def _reason(message: str, kind: Any) -> str:
    """Return msgspec's message with what to write instead."""
    if found := _UNKNOWN.match(message):
        return f"unknown field {found[1]!r}: {did_you_mean(found[1], kind.__struct_fields__)}"
    if found := _MISSING.match(message):
        return f"the required field {found[1]!r} is missing: add it"
    if (found := _CHOICE.match(message)) and get_origin(kind) is Literal:
        return f"unknown value {found[1]}: {did_you_mean(found[1].strip(chr(39)), get_args(kind))}"
    if message.startswith("Expected"):
        return f"wrong type: {message[:1].lower()}{message[1:]}"
    return message  # from the record's own __post_init__


def _type_at(kind: Any, place: str) -> Any:
    """Return the type at a place such as ``sandbox.state[0]``."""
    for step in re.findall(r"\[.*?\]|\w+", place):
        if step.startswith("["):
            kind = _present(get_args(kind)[-1 if get_origin(kind) is dict else 0])
        else:
            names = {one.encode_name: one.name for one in msgspec.structs.fields(kind)}
            kind = _present(get_type_hints(kind)[names.get(step, step)])
    return kind


def _present(kind: Any) -> Any:
    """Return a type without its ``None``."""
    is_optional = get_origin(kind) in {Union, UnionType}
    return next(arm for arm in get_args(kind) if arm is not type(None)) if is_optional else kind
