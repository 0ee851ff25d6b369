"""List entities by filters that are rows of a type and its values.

Source: OpenAPI SponsoredBrands 3.0 (documented: rows, one of each type, defaults).
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Later, Listing
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs import list_by_body as lists

_ROWS = "filters"


def list_from_rows(context: RequestContext) -> Listing | Later:
    """Return one page of the entities that match the rows, in order of creation.

    Raises:
        ApiError: 400, two rows have one type, or the page token is not of this list.
    """
    body: dict[str, Any] = dict(context.body or {})
    for row in body.pop(_ROWS, None) or ():
        name = row.get("filterType") if isinstance(row, dict) else None
        if name is None or "values" not in row:
            raise ApiError("invalid", 400, message="A filter needs filterType and values")
        if name in body:
            raise ApiError("invalid", 400, message=f"Filter {name} is given more than once")
        body[name] = row["values"]
    for known in context.contract.filters:
        if known.default and known.name not in body:
            body[known.name] = {"include": list(known.default)}
    context.body = body
    return lists.list_from_body(context)
