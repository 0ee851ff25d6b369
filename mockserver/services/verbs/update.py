"""Update entities: the given members replace the stored ones.

Source: campaign management reference 2.2 (documented: which members an update takes, what null
means), 2.5 (observed: a missing entity), 2.8 (documented: archived is final), quirk 17
(observed: an empty portfolio id changes nothing). Assumed: objects are merged, arrays replaced.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.resource import MergedList
from adsmock.mockserver.core.entity import ARCHIVED, Entity
from adsmock.mockserver.core.outcome import Batch, Failure, Outcome, Success
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.refusals import entity_not_found, entity_not_modifiable
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    Item,
    ValidationContext,
)
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource
from adsmock.mockserver.services.verbs.extended_rows import with_extended
from adsmock.mockserver.services.verbs.write import store_changed


def update(context: RequestContext) -> Batch:
    """Return one outcome for each item of the batch; a success has the whole entity."""
    compiled = context.compiled
    assert compiled is not None
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    checks = compiled.checks_of("update", validation.profile.kind)
    items = compiled.items(context.body)
    failing = partial.failing_indexes(context.fault, items)
    outcomes: list[Outcome] = []
    for index, given in enumerate(items if context.is_exact else compiled.normalize_update(items)):
        if context.fault is not None and index in failing:
            place = f"{compiled.root}[{index}]"
            named = str(given.get(compiled.id_field, ""))
            refusal = partial.failure(context.fault, compiled, index, place, named)
            outcomes.append(_naming(refusal, named))
        else:
            outcomes.append(update_item(index, given, compiled, validation, checks))
    return with_extended(Batch(outcomes), context, compiled, validation)


def update_item(
    index: int,
    given: Item,
    compiled: CompiledResource,
    validation: ValidationContext,
    checks: tuple[Check, ...],
) -> Outcome:
    """Check one item, store it if it is valid, and return the outcome."""
    shaped = given.copy()
    entity_id = str(shaped.pop(compiled.id_field, ""))
    stored = validation.table(compiled.name).get(entity_id)
    if stored is None:
        return _naming(
            entity_not_found(compiled, index, entity_id, _location(compiled, index)), entity_id
        )
    if stored.state == ARCHIVED:
        return _naming(
            entity_not_modifiable(compiled, index, entity_id, _location(compiled, index)), entity_id
        )
    candidate = _candidate(index, shaped, stored, compiled, validation)
    for check in checks:
        refusal = check(candidate, validation)
        if refusal is not None:
            return _naming(refusal, entity_id)
    key = candidate.key if candidate.key is not None else stored.key
    entity = store_changed(compiled, stored, candidate.whole, validation, key)
    return Success(index, entity.id, entity.body)


def _location(compiled: CompiledResource, index: int) -> str:
    return f"{compiled.root}[{index}].{compiled.id_field}"


def _naming(refusal: Failure, entity_id: str) -> Failure:
    refusal.named = entity_id
    return refusal


def _candidate(
    index: int,
    given: Item,
    stored: Entity,
    compiled: CompiledResource,
    validation: ValidationContext,
) -> Candidate:
    before = validation.document(stored)
    _drop_fixed(given, stored, compiled)
    whole = before.copy()
    for name, value in given.items():
        if value is None:
            whole.pop(name, None)
        elif name in compiled.merged and isinstance(before.get(name), dict):
            whole[name] = {**before[name], **value}
        else:
            whole[name] = value
    for row in compiled.resource.merged_lists:
        if row.inner in (given.get(row.member) or ()):
            _merge_list(row, given[row.member][row.inner], before, whole)
    return Candidate(index, given, whole, stored, before)


def _merge_list(row: MergedList, given: list[Item] | None, before: Item, whole: Item) -> None:
    """Merge the rows of a list into the stored ones by their key."""
    rows = {each.get(row.key): each for each in before.get(row.member, {}).get(row.inner) or ()}
    rows |= {each.get(row.key): each for each in given or ()}
    kept = [each for each in rows.values() if each.get(row.amount) != 0]
    whole[row.member] = {**whole[row.member], row.inner: kept}


def _drop_fixed(given: Item, stored: Entity, compiled: CompiledResource) -> None:
    """Drop the members that an update cannot change; the service ignores them silently."""
    resource = compiled.resource
    for name in resource.fixed:
        if name in given:
            del given[name]
    if stored.variant in resource.locked:
        for name in resource.variant_fixed:
            given.pop(name, None)
    for name in resource.blank_ignored:
        if given.get(name) == "":
            del given[name]
