"""Get or archive the entity that the path names.

Source: campaign management reference 4 (recorded: archiving answers one row; documented: 404).
The 400 for an entity that is archived already is assumed.
"""

from __future__ import annotations

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Batch, File, Single
from adsmock.mockserver.services.refusals import entity_not_modifiable
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.status.moderation import with_review_status
from adsmock.mockserver.services.status.serving_status import extended_bodies
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs import archive as batches
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource


def get(context: RequestContext) -> File:
    """Return one entity, with its extended members where the operation shows them.

    Raises:
        ApiError: 404, no entity has this id.
    """
    compiled = context.compiled
    assert compiled is not None
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    stored = with_review_status(_find(context, compiled, validation), compiled.resource, validation)
    body = (
        extended_bodies([stored], compiled, validation)[0]
        if context.operation.extended
        else stored.body
    )
    return File(body, "")


def archive(context: RequestContext) -> Single | Batch:
    """Archive the entity that the path names, or those that the body selects.

    Raises:
        ApiError: 404, no entity has this id; 400, the entity is archived already.
    """
    compiled = context.compiled
    assert compiled is not None
    if path_id(context) is None:
        return batches.archive(context)
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    stored = _find(context, compiled, validation)
    if stored.is_archived:
        refusal = entity_not_modifiable(compiled, 0, stored.id, "")
        raise ApiError("invalid", 400, message=refusal.message.strip())
    return Single(batches.archive_entity(0, stored, compiled, validation))


def path_id(context: RequestContext) -> str | None:
    """Return the id in the path, None if the path has none."""
    for row in context.operation.parameters:
        if row.place == "path":
            return context.parameters[row.name]
    return None


def _find(
    context: RequestContext, compiled: CompiledResource, validation: ValidationContext
) -> Entity:
    stored = validation.table(compiled.name).get(path_id(context) or "")
    if stored is None:
        raise ApiError("notFound", 404, values={"url": context.operation.path})
    return stored
