"""What is left of a batch's schema where a breach fails its item instead of the whole call.

Knows JSON Schema. Must not know any resource, nor what happens to an item that breaks the rest.
"""

from __future__ import annotations

from adsmock.contracts.schema import DIGITS, Schema


def outline(schema: Schema) -> Schema:
    """Return what of a batch's schema is left when a breach fails its item: the types.

    How many items there may be is no item's fault and stays.
    """
    limits: Schema = {name: schema[name] for name in ("minItems", "maxItems") if name in schema}
    kept = {**_outline(schema), **limits}
    for name, member in schema.get("properties", {}).items():
        if "maxItems" in member:
            kept["properties"][name]["maxItems"] = member["maxItems"]
    return kept


def _outline(schema: Schema) -> Schema:
    kept: Schema = {"type": schema["type"]} if "type" in schema else {}
    if "properties" in schema:
        kept["properties"] = {name: _or_null(one) for name, one in schema["properties"].items()}
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            kept[name] = _outline(schema[name])
    if "anyOf" in schema:
        kept["anyOf"] = [_outline(one) for one in schema["anyOf"]]
    if schema.get("pattern") == DIGITS["pattern"]:
        kept |= {**DIGITS, "type": kept["type"]}
    return kept


def _or_null(schema: Schema) -> Schema:
    """Return the outline of a member's value; a null where it may not be is the item's fault."""
    outlined = _outline(schema)
    kinds = outlined.get("type", [])
    plain = kinds if isinstance(kinds, list) else [kinds]
    return {**outlined, "type": [*plain, "null"]} if plain and "null" not in plain else outlined
