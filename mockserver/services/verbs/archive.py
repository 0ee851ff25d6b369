"""Archive entities. Archiving is final; children keep their own state.

Source: campaign management reference 2.3 (documented: automatic clauses), 2.8 and 11 (assumed:
the answer for an entity that is archived already, and for an unknown id).
"""

from __future__ import annotations

from adsmock.mockserver.core.entity import ARCHIVED, Entity
from adsmock.mockserver.core.outcome import Batch, Outcome, Success
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.refusals import entity_not_found, entity_not_modifiable
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource
from adsmock.mockserver.services.verbs.write import store_changed


def archive(context: RequestContext) -> Batch:
    """Return one outcome for each id of the selector; a success has the whole entity."""
    compiled = context.compiled
    assert compiled is not None
    assert compiled.contract.identity is not None
    selector = compiled.contract.identity.selector
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    ids = (context.body.get(selector) or {}).get("include") or ()
    items = [{compiled.id_field: given} for given in ids]
    failing = partial.failing_indexes(context.fault, items)
    outcomes: list[Outcome] = []
    for index, given in enumerate(ids):
        location = f"$.{selector}.include[{index}]"
        if context.fault is not None and index in failing:
            outcomes.append(partial.failure(context.fault, compiled, index, location, str(given)))
        else:
            outcomes.append(archive_item(index, str(given), location, compiled, validation))
    return Batch(outcomes)


def archive_item(
    index: int,
    entity_id: str,
    location: str,
    compiled: CompiledResource,
    validation: ValidationContext,
) -> Outcome:
    """Archive the entity with this id and return the outcome."""
    stored = validation.table(compiled.name).get(entity_id)
    if stored is None:
        return entity_not_found(compiled, index, entity_id, location)
    if stored.is_archived:
        return entity_not_modifiable(compiled, index, entity_id, location)
    if stored.variant in compiled.resource.locked:
        reason = "AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY"
        return entity_not_modifiable(compiled, index, entity_id, location, reason)
    return archive_entity(index, stored, compiled, validation)


def archive_entity(
    index: int, stored: Entity, compiled: CompiledResource, validation: ValidationContext
) -> Success:
    """Archive an entity whose checks have passed."""
    whole = {**validation.document(stored), "state": compiled.words.get(ARCHIVED, ARCHIVED)}
    entity = store_changed(compiled, stored, whole, validation, stored.key)
    return Success(index, entity.id, entity.body)
