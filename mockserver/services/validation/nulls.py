"""Nulls of a request: an optional member that is null is absent, if null has no meaning there.

Where null has a meaning, such as ``endDate`` of a campaign, it stays. The journal keeps what was
sent. Source: the service framework words a missing member as "Value null at" (assumed: no reply to
such a request was seen).
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def drop_nulls(value: Any, schema: Schema) -> None:
    """Remove optional members that are null where the schema has no null.

    Required members and those that the schema does not name stay, and nulls in arrays and maps.
    """
    if isinstance(value, list):
        for each in value:
            drop_nulls(each, schema.get("items", {}))
    if not isinstance(value, dict):
        return
    members, required = schema.get("properties", {}), schema.get("required", ())
    for name in value.keys() & members.keys():
        if isinstance(value[name], dict | list):
            drop_nulls(value[name], members[name])
        elif value[name] is None and name not in required and not _allows_null(members[name]):
            del value[name]


def _allows_null(schema: Schema) -> bool:
    if "anyOf" in schema:
        return any(map(_allows_null, schema["anyOf"]))
    kinds = schema.get("type", "null")
    return kinds == "null" or "null" in kinds
