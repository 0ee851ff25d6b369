"""The strict schema of a body: nothing in it would be dropped, filled in or rewritten."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.model import Contract, Operation
from adsmock.contracts.schema import Schema, request_body


def exact_body(contract: Contract, operation: Operation) -> Schema | None:
    """Return the schema of bodies of ``operation`` that can be stored unchanged.

    They are valid, name known members only, write ids as documented and contain no null.
    """
    schema = request_body(contract, operation, numbers=False)
    return None if schema is None else _closed(schema)


def _closed(value: Any) -> Any:
    """Return a schema that allows neither unknown members nor nulls, at any depth."""
    if isinstance(value, list):
        return [_closed(each) for each in value]
    if not isinstance(value, dict):
        return value
    schema = {name: _closed(each) for name, each in value.items()}
    kinds = value.get("type")
    if isinstance(kinds, list):
        kinds = schema["type"] = [each for each in kinds if each != "null"]
    if "properties" in value and kinds in ("object", ["object"]):
        schema.setdefault("additionalProperties", False)
    return schema
