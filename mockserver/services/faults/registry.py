"""Every fault kind, found by its module in ``services.faults.kinds``.

The modules are imported when a rule is first read: a server without faults needs none of them.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from adsmock.mockserver.core.effect import Effect, Setting
from adsmock.mockserver.services.faults import kinds as room


@cache
def kinds() -> dict[str, type[Effect]]:
    """Return every kind by its name in a rule, in alphabetical order."""
    found: dict[str, type[Effect]] = {}
    for row in iter_modules(room.__path__):
        module = import_module(f"{room.__name__}.{row.name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Effect) and "kind" in vars(value):
                found[value.kind] = value
    return dict(sorted(found.items()))


@cache
def settings(kind: str) -> dict[str, tuple[str, Setting]]:
    """Return the settings of a kind by their JSON name, each with the field it is kept in.

    A kind that acts on no call has none of the settings that every call knows.
    """
    effect = kinds()[kind]
    shared = set() if "call" in effect.acts_on else {field.name for field in fields(Effect)}
    rows = [
        (field.name, field.metadata.get("setting"))
        for field in fields(effect)
        if field.name not in shared
    ]
    return {setting.name: (name, setting) for name, setting in rows if setting is not None}


@cache
def effect_schema() -> dict[str, Any]:
    """Return the JSON Schema of an effect: the settings of all kinds. Do not change it.

    Raises:
        ValueError: two kinds describe a setting of one name differently.
    """
    lines = [f"- `{name}`: {kind.summary}" for name, kind in kinds().items()]
    properties: dict[str, Any] = {
        "kind": {
            "type": "string",
            "description": "\n".join(["What happens.", "", *lines]),
            "enum": list(kinds()),
        },
        "point": {
            "type": "string",
            "description": "Where on the path, for kinds that have a choice.",
            "enum": ["before", "after_commit", "on_wire", "delivery"],
        },
    }
    for kind in kinds():
        for name, (_, setting) in settings(kind).items():
            if properties.setdefault(name, setting.schema) != setting.schema:
                raise ValueError(f'kind {kind} describes "{name}" differently than another kind')
    return {
        "type": "object",
        "properties": properties,
        "required": ["kind"],
        "additionalProperties": False,
    }


def make(kind: str, given: dict[str, Any]) -> Effect:
    """Return the effect of that kind with the settings ``given`` in JSON."""
    read = {
        field: setting.read(given[name])
        for name, (field, setting) in settings(kind).items()
        if name in given
    }
    return kinds()[kind](point=given.get("point", ""), **read)
