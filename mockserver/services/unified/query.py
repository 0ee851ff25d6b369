"""List records of the unified model: one page over the tables of every native resource.

Source: campaign management reference 8 (documented: filters, pages without a total). Assumed: the
order is that of creation.
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.model import Filter
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Later, Listing
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.unified.model import MappedResource, Model
from adsmock.mockserver.services.unified.to_unified import record_of
from adsmock.mockserver.services.validation.normalize import getter
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs.filters import (
    ListFilter,
    Test,
    TestMaker,
    agreement,
    by_member,
)
from adsmock.mockserver.services.verbs.list_by_body import (
    Criteria,
    next_page_token,
    page_size,
    page_start,
    select,
)

Found = tuple[int, MappedResource, Entity]

RENDERED_AT_ONCE = 200
"""Records of a page that are rendered on the event loop, in about 7 ms; more in another thread."""


def list_unified(context: RequestContext) -> Listing | Later:
    """Return one page of the records that match the body, in order of creation.

    Raises:
        ApiError: 400, the page token is not of this list, or the page is too large.
    """
    model = context.model
    assert model is not None
    page = model.contract.page
    assert page is not None
    body: dict[str, Any] = context.body or {}
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    rows = [(row, body[row.name]) for row in model.contract.filters if body.get(row.name)]
    size = page_size(body.get(page.size), page.maximum, page.size)
    bound: Criteria = [(ListFilter(row, "match"), given) for row, given in rows]
    after = page_start(context, model.contract.name, bound, body.get(page.token))
    if after is None:
        raise ApiError("invalid", 400, message="The token is not valid")
    found, total = _found(model, rows, validation, after, size + 1)
    token = None
    if len(found) > size:
        found = found[:size]
        token = next_page_token(context, model.contract.name, bound, found[-1][0])

    def rendered() -> Listing:
        known: dict[Any, Any] = {}
        bodies = [model.render(mapped, entity, validation, known) for _, mapped, entity in found]
        return Listing(bodies, token, total)

    return Later(rendered) if context.can_wait and len(found) > RENDERED_AT_ONCE else rendered()


def _found(
    model: Model,
    rows: list[tuple[Filter, Any]],
    validation: ValidationContext,
    after: int,
    count: int,
) -> tuple[list[Found], int]:
    """Return the first matching entities of all resources after ``after``, and the total."""
    found: list[Found] = []
    total = 0
    for mapped in model.mapped_resources:
        criteria = _criteria(model, mapped, rows)
        if criteria is None:
            continue
        entities, matching = select(
            validation.table(mapped.compiled.name), criteria, validation, after, count
        )
        found.extend((entity.seq, mapped, entity) for entity in entities)
        total += matching
    found.sort(key=lambda row: row[0])
    return found[:count], total


def _criteria(
    model: Model, mapped: MappedResource, rows: list[tuple[Filter, Any]]
) -> Criteria | None:
    """Return the filters for one native resource, None if it cannot have a match."""
    criteria: Criteria = []
    for row, given in rows:
        constant = _constants(mapped).get(row.field)
        if constant is not None:
            if constant not in given["include"]:
                return None
            continue
        list_filter = _list_filter(model, mapped, row)
        if list_filter is None:
            return None
        if list_filter.values(given):
            criteria.append((list_filter, given))
    return criteria


def _constants(mapped: MappedResource) -> dict[str, Any]:
    return {row.to: row.value for row in mapped.mapping.rows if row.by == "constant"}


def _list_filter(model: Model, mapped: MappedResource, row: Filter) -> ListFilter | None:
    """Return a filter bound to an index, to native bytes or to records; None without the member.

    A member that is only copied is searched in the native bytes, which is fast.
    """
    parents = mapped.compiled.parent_members
    fields = row.field.split(",")
    shown = next((each for each in mapped.mapping.rows if each.to == row.field), None)
    if row.field == "state":
        return ListFilter(row, "state")
    if shown is not None and shown.source == mapped.compiled.id_field:
        return ListFilter(row, "id")
    if shown is not None and shown.source in parents:
        return ListFilter(row, "parent", parents.index(shown.source))
    if shown is not None and shown.by == "copy":
        return ListFilter(row, "match", make=by_member(shown.source))
    if not any(field.startswith(each.to) for field in fields for each in mapped.mapping.rows):
        return None
    return ListFilter(row, "match", make=_by_record(model, mapped, fields))


def _by_record(model: Model, mapped: MappedResource, fields: list[str]) -> TestMaker:
    """Return a maker of tests that read the unified record: one of the members must match."""
    readers = [getter(field) for field in fields]
    tops = {field.partition(".")[0] for field in fields}
    rows = [each for each in mapped.mapping.rows if each.to.partition(".")[0] in tops]

    def make(wanted: frozenset[str], broad: bool, validation: ValidationContext) -> Test:
        agrees = agreement(wanted, broad=broad)
        conversion = model.conversion(validation)

        def test(entity: Entity) -> bool:
            record = record_of(rows, validation.document(entity), entity, conversion)
            found = (read(record) for read in readers)
            return any(value is not None and agrees(str(value)) for value in found)

        return test

    return make
