"""Create entities in the order of the batch. A batch is not atomic: what succeeded stays."""

from __future__ import annotations

from itertools import count

from adsmock.mockserver.core.outcome import Batch, Outcome, Success, new_success
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    Item,
    ValidationContext,
)
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource
from adsmock.mockserver.services.verbs.extended_rows import with_extended
from adsmock.mockserver.services.verbs.write import (
    add_defaults,
    store_all,
    store_new,
    with_defaults,
    without_nulls,
)


def create(context: RequestContext) -> Batch:
    """Return one outcome for each item of the batch; a success has the whole entity.

    An item sees the items before it: of two with the same key the first wins.
    Source: campaign management reference 2.5, 2.7 and quirk 30 (documented).
    """
    assert context.compiled is not None
    compiled = context.compiled.kinds.get(context.operation.kind, context.compiled)
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    items = compiled.items(context.body)
    if not context.is_exact:
        items = compiled.normalize_create(items)
    checks = compiled.remaining_checks(items, validation)
    if not checks and context.fault is None:
        batch = _create_all(items, compiled, validation, has_nulls=not context.is_exact)
        return with_extended(batch, context, compiled, validation)
    failing = partial.failing_indexes(context.fault, items)
    outcomes: list[Outcome] = []
    for index, given in enumerate(items):
        if context.fault is not None and index in failing:
            place = f"{compiled.root}[{index}]"
            outcomes.append(partial.failure(context.fault, compiled, index, place))
        else:
            outcomes.append(create_item(index, given, compiled, validation, checks))
    return with_extended(Batch(outcomes), context, compiled, validation)


def _create_all(
    items: list[Item], compiled: CompiledResource, validation: ValidationContext, *, has_nulls: bool
) -> Batch:
    """Store items that passed all checks; ``has_nulls`` says that they may contain nulls.

    Items without nulls become the entities themselves: a copy of each costs as much as a check.
    """
    if not items:
        return Batch([])
    if has_nulls:
        items = without_nulls(items)
    add_defaults(compiled, items, validation)
    entities = store_all(compiled, items, validation)
    ids, _, _, bodies, *_ = zip(*entities, strict=True)
    return Batch(list(map(new_success, zip(count(), ids, bodies))))


def create_item(
    index: int,
    given: Item,
    compiled: CompiledResource,
    validation: ValidationContext,
    checks: tuple[Check, ...],
) -> Outcome:
    """Check one item, store it if it is valid, and return the outcome."""
    candidate = Candidate(index, given, with_defaults(compiled, given, validation))
    for check in checks:
        refusal = check(candidate, validation)
        if refusal is not None:
            return refusal
    key = candidate.key
    if key is None:  # the whole batch was checked at once
        key = compiled.key(validation.profile.kind, candidate.whole)
    entity = store_new(compiled, candidate.whole, validation, key)
    return Success(index, entity.id, entity.body)
