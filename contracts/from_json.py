"""Frozen records made from parsed JSON."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from adsmock.contracts import contract_set, model


def from_json(kind: Any, value: Any) -> Any:
    """Return ``value`` as ``kind``: a dataclass, a tuple, a dict or a plain JSON value."""
    convert = _converter(kind)
    return value if convert is None else convert(value)


Converter = Callable[[Any], Any] | None
"""Converts a parsed value; None where the parsed value can stay."""


@cache
def _converter(kind: Any) -> Converter:
    if dataclasses.is_dataclass(kind):
        return _record_converter(kind)
    origin, arms = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        some = _converter(next(arm for arm in arms if arm is not type(None)))
        return some and (lambda value: None if value is None else some(value))
    if origin is tuple:
        item = _converter(arms[0])
        return tuple if item is None else lambda value: tuple([item(each) for each in value])
    if origin is dict:
        member = _converter(arms[1])
        return member and (lambda value: {key: member(each) for key, each in value.items()})
    return None


def _record_converter(kind: Any) -> Converter:
    converters: dict[str, Converter] = {}

    def convert(value: Any) -> Any:
        if isinstance(value, list):
            return kind(*value)
        if not converters:  # lazily: a kind may contain itself
            converters.update({name: _converter(hint) for name, hint in _hints(kind).items()})
        members = {}
        for key, item in value.items():
            if key in converters:  # ``by`` and ``…_by`` are evidence: the ledger reads the files
                convert_member = converters[key]
                members[key] = item if convert_member is None else convert_member(item)
        return kind(**members)

    return convert


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, vars(model) | vars(contract_set))
