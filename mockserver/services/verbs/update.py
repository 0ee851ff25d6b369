"""The verb update: the members given take the place of the stored ones.

Knows no resource by name and no HTTP status.

Source: campaign management reference 2.2 (documented: which members an update takes, what null
means), 2.5 (observed: a missing entity), 2.8 (documented: archived is final), quirk 17
(observed: an empty portfolio id changes nothing). That an object's members are filled in and
arrays are replaced is assumed.
"""

from __future__ import annotations

from adsmock.mockserver.core.entity import ARCHIVED, Entity
from adsmock.mockserver.core.outcome import Batch, Failure, Outcome, Success
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.refusals import missing, unchangeable
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    Item,
    ValidationContext,
)
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource
from adsmock.mockserver.services.verbs.write import keep_changed


def update(context: RequestContext) -> Batch:
    """Return one outcome for each item of the batch; successes carry the whole entity."""
    plan = context.plan
    assert plan is not None
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    checks = plan.ordered("update", validation.profile.kind)
    doomed = partial.indexes(context.planned)
    outcomes: list[Outcome] = []
    items = plan.items(context.body)
    for index, given in enumerate(items if context.is_exact else plan.shape_update(items)):
        if context.planned is not None and index in doomed:
            place = f"{plan.root}[{index}]"
            named = str(given.get(plan.id_field, ""))
            refusal = partial.failure(context.planned, plan, index, place, named)
            outcomes.append(_naming(refusal, named))
        else:
            outcomes.append(update_item(index, given, plan, validation, checks))
    return Batch(outcomes)


def update_item(
    index: int,
    given: Item,
    plan: CompiledResource,
    validation: ValidationContext,
    checks: tuple[Check, ...],
) -> Outcome:
    """Return what one item came to; what is lawful is stored."""
    shaped = given.copy()
    entity_id = str(shaped.pop(plan.id_field, ""))
    stored = validation.table(plan.name).get(entity_id)
    if stored is None:
        return _naming(missing(plan, index, entity_id, _location(plan, index)), entity_id)
    if stored.state == ARCHIVED:
        return _naming(unchangeable(plan, index, entity_id, _location(plan, index)), entity_id)
    candidate = _candidate(index, shaped, stored, plan, validation)
    for check in checks:
        refusal = check(candidate, validation)
        if refusal is not None:
            return _naming(refusal, entity_id)
    key = candidate.key if candidate.key is not None else stored.key
    entity = keep_changed(plan, stored, candidate.whole, validation, key)
    return Success(index, entity.id, entity.body)


def _location(plan: CompiledResource, index: int) -> str:
    return f"{plan.root}[{index}].{plan.id_field}"


def _naming(refusal: Failure, entity_id: str) -> Failure:
    refusal.named = entity_id
    return refusal


def _candidate(
    index: int, given: Item, stored: Entity, plan: CompiledResource, validation: ValidationContext
) -> Candidate:
    before = validation.document(stored)
    _drop_fixed(given, stored, plan)
    whole = before.copy()
    for name, value in given.items():
        if value is None:
            whole.pop(name, None)
        elif name in plan.merged and isinstance(before.get(name), dict):
            whole[name] = {**before[name], **value}
        else:
            whole[name] = value
    return Candidate(index, given, whole, stored, before)


def _drop_fixed(given: Item, stored: Entity, plan: CompiledResource) -> None:
    """Forget members that an update cannot change, without a word."""
    resource = plan.resource
    for name in resource.fixed:
        if name in given:
            del given[name]
    if stored.variant in resource.sealed:
        for name in resource.variant_fixed:
            given.pop(name, None)
    for name in resource.blank_ignored:
        if given.get(name) == "":
            del given[name]
