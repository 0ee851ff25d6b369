"""Successes of a batch with the extended members of their entities."""

from __future__ import annotations

from adsmock.mockserver.core.outcome import Batch, Outcome, Success
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.status.moderation import with_review_status
from adsmock.mockserver.services.status.serving_status import extended_bodies
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource


def with_extended(
    batch: Batch, context: RequestContext, compiled: CompiledResource, validation: ValidationContext
) -> Batch:
    """Return a batch whose successes show extended members, if the operation always does.

    Source: saved replies of Amazon's Postman collection (observed for Sponsored Brands).
    """
    if not context.operation.extended or not context.wants_entities:
        return batch
    table = validation.table(compiled.name)

    def shown(outcome: Outcome) -> Outcome:
        entity = table.get(outcome.id) if isinstance(outcome, Success) else None
        if entity is None:
            return outcome
        entity = with_review_status(entity, compiled.resource, validation)
        (body,) = extended_bodies([entity], compiled, validation)
        return outcome._replace(body=body)  # type: ignore[union-attr]  # it is a success

    return Batch([shown(each) for each in batch.outcomes])
