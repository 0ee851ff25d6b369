"""Locations by id, name and category.

Source: OpenAPI Locations (documented: filters, page size, that it serves the United States alone);
saved replies of Amazon's Postman collection (observed: forms of ids and names, match of a part).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.locations.gazetteer import Location, locations_of
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs import page_token

_TOKEN, _SIZE = "nextToken", "maxResults"


@dataclass(frozen=True, slots=True)
class _Filter:
    field: str
    values: tuple[str, ...]

    def fits(self, location: Location) -> bool:
        """Say whether one of the values fits: a name by a part of it, the rest as a whole."""
        if self.field == "name":
            name = location.name.casefold()
            return any(each.casefold() in name for each in self.values)
        return (location.category if self.field == "category" else location.id) in self.values


def list_locations(context: RequestContext) -> Document:
    """Return a page of the locations that fit every filter; all of them without a filter.

    Raises:
        ApiError: 400; a filter lacks its field or values, or the page size or token is invalid.
    """
    filters = _filters(context.body)
    size = _page_size(context)
    asked = page_token.fingerprint(context.body)
    start = page_token.first_row(context, context.parameters.get(_TOKEN), _TOKEN, asked)
    found = [
        row
        for row in locations_of(context.profile.country)
        if all(each.fits(row) for each in filters)
    ]
    value: dict[str, Any] = {
        "locations": [
            {"category": row.category, "locationId": row.id, "name": row.name}
            for row in found[start : start + size]
        ]
    }
    if start + size < len(found):
        name = context.contract.name
        value[_TOKEN] = page_token.make_page_token(context, name, asked, start + size)
    return Document(value)


def _filters(body: Any) -> list[_Filter]:
    rows = body.get("filters") or []
    found = [_Filter(row.get("field", ""), tuple(row.get("values") or ())) for row in rows]
    if any(not each.field or not each.values for each in found):
        raise ApiError("invalid", 400, message="A filter needs field and values")
    return found


def _page_size(context: RequestContext) -> int:
    (row,) = (each for each in context.operation.parameters if each.name == _SIZE)
    given, most = context.parameters.get(_SIZE) or row.default or "", row.maximum or 1
    if not given.isdecimal() or not 1 <= int(given) <= most:
        raise ApiError("invalid", 400, message=f"{_SIZE} must be between 1 and {most}")
    return int(given)
