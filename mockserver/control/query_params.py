"""Query parameters as validated values."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.suggest import did_you_mean
from adsmock.mockserver.control.routes import Query, Route
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.error import SetupError

_MAX_LENGTH = 1_000


def read_query(route: Route, given: dict[str, str]) -> dict[str, Any]:
    """Return the query parameters, with defaults.

    Raises:
        SetupError: a parameter is unknown or not valid; the pointer names it.
    """
    rows = {row.name: row for row in route.query}
    for name in given:
        if name not in rows:
            raise UnknownName("query parameter", name, rows, status=400, pointer=f"/{name}")
    return {
        name: _value(row, given.get(name, row.default))
        for name, row in rows.items()
        if name in given or row.default
    }


def _value(row: Query, text: str) -> Any:
    error = _text_error(row, text) if row.type != "integer" else _integer_error(row, text)
    if error:
        raise SetupError(error, pointer=f"/{row.name}")
    return int(text) if row.type == "integer" else text


def _text_error(row: Query, text: str) -> str:
    if row.enum and text not in row.enum:
        return f'unknown {row.name} "{text}": {did_you_mean(text, row.enum)}'
    if len(text) > _MAX_LENGTH:
        return f"{row.name} has {len(text)} characters: use at most {_MAX_LENGTH}"
    return ""


def _integer_error(row: Query, text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) < len("9223372036854775807")):
        return f'{row.name} is "{text[:20]}": use an integer'
    least, most = row.minimum or 0, row.maximum
    if int(text) < least or (most is not None and int(text) > most):
        span = f"at least {least}" if most is None else f"{least} to {most}"
        return f"{row.name} is {text}: use {span}"
    return ""
