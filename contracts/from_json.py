"""Frozen records made from JSON.

Knows how a type becomes what makes its values. Must not know what any record says.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from adsmock.contracts import contract_set, model


def build(kind: Any, value: Any) -> Any:
    """Return ``value`` as ``kind``: a dataclass, a tuple, a dict or a plain JSON value."""
    make = _maker(kind)
    return value if make is None else make(value)


Maker = Callable[[Any], Any] | None
"""What makes a value of some kind; None where JSON's own is right."""


@cache
def _maker(kind: Any) -> Maker:
    if dataclasses.is_dataclass(kind):
        return _record_maker(kind)
    origin, arms = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        some = _maker(next(arm for arm in arms if arm is not type(None)))
        return some and (lambda value: None if value is None else some(value))
    if origin is tuple:
        item = _maker(arms[0])
        return tuple if item is None else lambda value: tuple([item(each) for each in value])
    if origin is dict:
        member = _maker(arms[1])
        return member and (lambda value: {key: member(each) for key, each in value.items()})
    return None


def _record_maker(kind: Any) -> Maker:
    makers: dict[str, Maker] = {}

    def make(value: Any) -> Any:
        if isinstance(value, list):
            return kind(*value)
        if not makers:  # not before: a kind may hold others of itself
            makers.update({name: _maker(hint) for name, hint in _hints(kind).items()})
        members = {}
        for key, item in value.items():
            maker = makers[key]
            members[key] = item if maker is None else maker(item)
        return kind(**members)

    return make


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, vars(model) | vars(contract_set))
