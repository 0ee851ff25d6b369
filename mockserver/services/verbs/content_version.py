"""Create a new version of an entity's content; versions are children of the entity.

Source: OpenAPI SponsoredBrands 4.0 (documented: the statuses; 409 for a conflicting state).
Assumed: a version conflicts with one that is under review, the kind of content cannot change, and
the entity shows its newest version.
"""

from __future__ import annotations

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.status.moderation import review_result
from adsmock.mockserver.services.validation.normalize import copy_members
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource
from adsmock.mockserver.services.verbs.write import store_new, with_defaults


def create_version(context: RequestContext) -> Document:
    """Store a new version of the entity that the body names, and return both ids.

    Raises:
        ApiError: 400, the entity does not exist or has another kind of content; 409, the entity
            is archived or its last version is under review.
    """
    assert context.compiled is not None
    compiled, validation = (
        context.compiled,
        ValidationContext(context.sandbox, context.profile, context.now),
    )
    by_kind = compiled.kinds.get(context.operation.kind, compiled)
    parent = compiled.resource.parents[-1]
    [given] = by_kind.normalize_create([context.body])
    holder = validation.table(parent.resource).get(given[parent.member])
    if holder is None:
        text = f"Could not find {parent.member} {given[parent.member]}"
        raise ApiError("invalid", 400, message=text)
    kept = with_defaults(by_kind, copy_members(given, compiled.resource.written), validation)
    conflict = version_conflict(kept[compiled.resource.variant], holder, compiled, validation)
    if conflict == "conflict":
        raise ApiError("conflict", 409)
    if conflict:
        raise ApiError("invalid", 400, message="The creative is of another type")
    kept |= dict(zip(compiled.parent_members, (*holder.parents, holder.id), strict=True))
    version = store_new(compiled, kept, validation, None)
    return Document({parent.member: holder.id, compiled.id_field: version.id})


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
