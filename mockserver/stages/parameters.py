"""The parameters of a call, and what its Prefer header asks for."""

from __future__ import annotations

from urllib.parse import parse_qsl

from adsmock.contracts.model import Operation
from adsmock.mockserver.core.call import Call

_WHOLE = "return=representation"


def parameters_of(operation: Operation, call: Call, from_path: dict[str, str]) -> dict[str, str]:
    """Return the parameters of the path, the query, and the headers that the operation names.

    The values of a repeated parameter are joined by commas.
    """
    parameters = from_path
    if call.query:
        parameters |= call.parameters()
    for row in operation.parameters:
        if row.type == "array" and row.name in parameters:
            pairs = parse_qsl(call.query, keep_blank_values=True)
            parameters[row.name] = ",".join(value for name, value in pairs if name == row.name)
        value = call.headers.get(row.name.lower()) if row.place == "header" else None
        if value is not None:
            parameters[row.name] = value
    return parameters


def wants_entities(call: Call) -> bool:
    """Say whether ``Prefer: return=representation`` was sent; other preferences are ignored."""
    prefer = call.headers.get("prefer")
    return prefer is not None and (prefer == _WHOLE or _WHOLE in prefer.replace(" ", "").lower())
