"""Create a new version of an entity's content; versions are children of the entity.

Source: OpenAPI SponsoredBrands 4.0 (documented: the statuses; 409 for a conflicting state).
Assumed: a version conflicts with one that is under review, the kind of content cannot change, and
the entity shows its newest version.
"""

from __future__ import annotations

import orjson

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Batch, Document, Outcome, Success
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.status.moderation import review_result
from adsmock.mockserver.services.validation.normalize import copy_members
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource
from adsmock.mockserver.services.verbs.write import store_new, with_defaults

_ANOTHER_TYPE = "The creative is of another type"
_REFUSALS = {
    "conflict": ("ENTITY_CANNOT_BE_MODIFIED", "The ad is archived, or its creative is in review"),
    "kind": ("CREATIVE_TYPE_CANNOT_BE_CHANGED", _ANOTHER_TYPE),
}
"""Reason and message of a refused item, by ``version_conflict``."""


def create_version(context: RequestContext) -> Document:
    """Store a new version of the entity that the body names, and return both ids.

    Raises:
        ApiError: 400, the entity does not exist or has another kind of content; 409, the entity
            is archived or its last version is under review.
    """
    compiled, validation = _setting(context)
    parent = compiled.resource.parents[-1]
    [given] = compiled.normalize_create([context.body])
    holder = validation.table(parent.resource).get(given[parent.member])
    if holder is None:
        text = f"Could not find {parent.member} {given[parent.member]}"
        raise ApiError("invalid", 400, message=text)
    version = _store(given, holder, compiled, validation)
    if version == "conflict":
        raise ApiError("conflict", 409)
    if isinstance(version, str):
        raise ApiError("invalid", 400, message=_ANOTHER_TYPE)
    return Document({parent.member: holder.id, compiled.id_field: version.id})


def create_versions(context: RequestContext) -> Batch:
    """Store a new version for each entity that the batch names.

    Source: OpenAPI SponsoredBrands 4.0 of 2026-08 (documented: the members). Assumed: what is
    refused, and how.
    """
    compiled, validation = _setting(context)
    name = context.contract.extra["replaces"]["envelope"]
    items = compiled.normalize_create(context.body[name])
    failing = partial.failing_indexes(context.fault, items)
    outcomes: list[Outcome] = []
    for index, given in enumerate(items):
        if context.fault is not None and index in failing:
            place = f"$.{name}[{index}]"
            outcomes.append(partial.failure(context.fault, compiled, index, place))
        else:
            place = f"$.{name}[{index}].{compiled.resource.parents[-1].member}"
            outcomes.append(_replaced(index, given, place, compiled, validation))
    return Batch(outcomes)


def _replaced(
    index: int,
    given: Item,
    place: str,
    compiled: CompiledResource,
    validation: ValidationContext,
) -> Outcome:
    parent = compiled.resource.parents[-1]
    named = given[parent.member]
    holder = validation.table(parent.resource).get(named)
    if holder is None:
        return compiled.rule_context.failure(
            index, "parentEntityError", "PARENT_ENTITY_NOT_FOUND", place, named
        )
    version = _store(given, holder, compiled, validation)
    if isinstance(version, str):
        reason, message = _REFUSALS[version]
        return compiled.rule_context.failure(
            index, "entityStateError", reason, place, named, message=message
        )
    ids = {parent.member: holder.id, compiled.id_field: version.id}
    return Success(index, version.id, orjson.dumps(ids))


def _setting(context: RequestContext) -> tuple[CompiledResource, ValidationContext]:
    """Return the resource of the kind of content, and the context of its checks."""
    assert context.compiled is not None
    by_kind = context.compiled.kinds.get(context.operation.kind, context.compiled)
    return by_kind, ValidationContext(context.sandbox, context.profile, context.now)


def _store(
    given: Item,
    holder: Entity,
    compiled: CompiledResource,
    validation: ValidationContext,
) -> Entity | str:
    """Return the new version of an entity, or why there is none, see ``version_conflict``."""
    kept = with_defaults(compiled, copy_members(given, compiled.resource.written), validation)
    conflict = version_conflict(kept[compiled.resource.variant], holder, compiled, validation)
    if conflict:
        return conflict
    kept |= dict(zip(compiled.parent_members, (*holder.parents, holder.id), strict=True))
    return store_new(compiled, kept, validation, None)


def version_conflict(
    variant: str, holder: Entity, compiled: CompiledResource, validation: ValidationContext
) -> str:
    """Return why a new version is refused: ``conflict``, ``kind``, or empty if it is allowed."""
    table = validation.table(compiled.name)
    versions = table.many(table.children(len(compiled.parent_members) - 1, holder.id))
    review = compiled.resource.review
    is_open = any(
        review is not None and review_result(each, review.course, validation) == "waiting"
        for each in versions
    )
    if holder.is_archived or is_open:
        return "conflict"
    return "kind" if any(each.variant != variant for each in versions) else ""
