"""Query parameters as checked values. Knows the table's rows. Must not know a web framework."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.routes import Query, Route
from adsmock.mockserver.core.error import SetupError

_LONGEST = 1_000


def read_query(route: Route, given: dict[str, str]) -> dict[str, Any]:
    """Return the parameters of a query, defaults filled in.

    Raises:
        SetupError: one is unknown or not lawful; the pointer names it.
    """
    rows = {row.name: row for row in route.query}
    for name in given:
        if name not in rows:
            known = ", ".join(sorted(rows)) or "none"
            detail = f'unknown query parameter "{name}"; known parameters: {known}'
            raise SetupError(detail, pointer=f"/{name}")
    return {
        name: _value(row, given.get(name, row.default))
        for name, row in rows.items()
        if name in given or row.default
    }


def _value(row: Query, text: str) -> Any:
    pointer = f"/{row.name}"
    if row.enum and text not in row.enum:
        raise SetupError(f"{row.name} is one of {', '.join(row.enum)}", pointer=pointer)
    if row.type != "integer":
        if len(text) > _LONGEST:
            raise SetupError(f"{row.name} is too long", pointer=pointer)
        return text
    if not (text.isascii() and text.isdigit() and len(text) < len("9223372036854775807")):
        raise SetupError(f"{row.name} is a whole number", pointer=pointer)
    number = int(text)
    if (row.minimum is not None and number < row.minimum) or (
        row.maximum is not None and number > row.maximum
    ):
        raise SetupError(
            f"{row.name} lies between {row.minimum or 0} and {row.maximum}", pointer=pointer
        )
    return number
