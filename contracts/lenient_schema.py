"""The schema of a batch whose items fail one by one: types without limits."""

from __future__ import annotations

from adsmock.contracts.schema import DIGITS, Schema


def lenient_schema(schema: Schema) -> Schema:
    """Return the types of a batch's schema; other breaches fail single items, not the call.

    Limits of the number of items stay, because no single item can break them.
    """
    limits: Schema = {name: schema[name] for name in ("minItems", "maxItems") if name in schema}
    kept = {**_lenient(schema), **limits}
    for name, member in schema.get("properties", {}).items():
        if "maxItems" in member:
            kept["properties"][name]["maxItems"] = member["maxItems"]
    return kept


def _lenient(schema: Schema) -> Schema:
    kept: Schema = {"type": schema["type"]} if "type" in schema else {}
    if "properties" in schema:
        kept["properties"] = {name: _or_null(each) for name, each in schema["properties"].items()}
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            kept[name] = _lenient(schema[name])
    if "anyOf" in schema:
        kept["anyOf"] = [_lenient(each) for each in schema["anyOf"]]
    if schema.get("pattern") == DIGITS["pattern"]:
        kept |= {**DIGITS, "type": kept["type"]}
    return kept


def _or_null(schema: Schema) -> Schema:
    """Return the types of a member and null: a null that is not allowed fails its item."""
    lenient = _lenient(schema)
    kinds = lenient.get("type", [])
    plain = kinds if isinstance(kinds, list) else [kinds]
    return {**lenient, "type": [*plain, "null"]} if plain and "null" not in plain else lenient
