"""List entities by query parameters, with pages counted from a start index.

Source: campaign management reference 4 (documented: names, the start that is 0, no total and no
token). Assumed: a page is never larger than the maximum, whatever the request says.
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Later, Listing
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.status.moderation import with_review_status
from adsmock.mockserver.services.status.serving_status import extended_bodies
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource
from adsmock.mockserver.services.verbs.list_by_body import Criteria, Selection


def list_from_query(context: RequestContext) -> Listing | Later:
    """Return the entities that match the query, in order of creation.

    Raises:
        ApiError: 400, a selector or a number has an invalid value.
    """
    compiled = context.compiled
    assert compiled is not None
    page = compiled.contract.page
    assert page is not None
    criteria = _criteria(context.parameters, compiled)
    start = _number(context.parameters, page.start, 0)
    size = min(_number(context.parameters, page.size, page.default or page.maximum), page.maximum)
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    selection = Selection(validation.table(compiled.name), criteria, validation)

    def rows() -> Listing:
        entities, total = selection.take(0, start + size)
        shown = entities[start:]
        if compiled.resource.review is not None:
            shown = [with_review_status(entity, compiled.resource, validation) for entity in shown]
        if context.operation.extended:
            return Listing(extended_bodies(shown, compiled, validation), None, total)
        return Listing([entity.body for entity in shown], None, total)

    return Later(rows) if context.can_wait and selection.is_long else rows()


def _criteria(parameters: dict[str, str], compiled: CompiledResource) -> Criteria:
    criteria: list[tuple[Any, Any]] = []
    for name, list_filter in compiled.filters.items():
        row = list_filter.row
        if row.kind == "include":  # the selector of an archive, which has a body
            continue
        given = parameters.get(name) or ",".join(row.default)
        values = list_filter.values(given) if given else frozenset()
        known = {each.upper() if list_filter.role == "state" else each for each in row.enum}
        unknown = (values - known if known else set()) or {
            each for each in values if row.type == "int64" and not each.isdecimal()
        }
        if unknown:
            raise _invalid(name, given)
        if values:
            criteria.append((list_filter, given))
    return criteria


def _number(parameters: dict[str, str], name: str, default: int) -> int:
    text = parameters.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdecimal():
        raise _invalid(name, text)
    return min(int(text), _MOST)


_MOST = 2**31 - 1
"""The largest number of a query. Source: OpenAPI (documented: int32)."""


def _invalid(name: str, text: str) -> ApiError:
    return ApiError("invalid", 400, message=f"Invalid value for {name}: {text}")
