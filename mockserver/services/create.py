"""The verb create: each item is judged, then stored, in the order of the batch.

Knows no resource by name and no HTTP status. A batch is not atomic: what succeeded stays.
"""

from __future__ import annotations

from itertools import count

from adsmock.mockserver.core.outcome import Batch, Outcome, Success, new_success
from adsmock.mockserver.services import planned
from adsmock.mockserver.services.plan import Plan
from adsmock.mockserver.services.scene import Candidate, Check, Item, Scene
from adsmock.mockserver.services.work import Work
from adsmock.mockserver.services.write import (
    all_with_defaults,
    keep_all,
    keep_new,
    with_defaults,
    without_nulls,
)


def create(work: Work) -> Batch:
    """Return one outcome for each item of the batch; successes carry the whole entity.

    Items see those before them: of two with the same key the first wins.
    Source: campaign management reference 2.5, 2.7 and quirk 30 (documented).
    """
    assert work.plan is not None
    plan = work.plan.kinds.get(work.operation.kind, work.plan)
    scene = Scene(work.sandbox, work.profile, work.now)
    items = plan.items(work.body)
    if not work.is_exact:
        items = plan.shape_create(items)
    checks = plan.unsettled(items, scene)
    if not checks and work.planned is None:
        return _create_all(items, plan, scene, has_nulls=not work.is_exact)
    doomed = planned.indexes(work.planned)
    outcomes: list[Outcome] = []
    for index, given in enumerate(items):
        if work.planned is not None and index in doomed:
            place = f"{plan.root}[{index}]"
            outcomes.append(planned.failure(work.planned, plan, index, place))
        else:
            outcomes.append(create_item(index, given, plan, scene, checks))
    return Batch(outcomes)


def _create_all(items: list[Item], plan: Plan, scene: Scene, *, has_nulls: bool) -> Batch:
    """Store items that all rules let pass; ``has_nulls`` says that they may hold some."""
    if not items:
        return Batch([])
    if has_nulls:
        items = without_nulls(items)
    entities = keep_all(plan, all_with_defaults(plan, items, scene), scene)
    ids, _, _, bodies, *_ = zip(*entities, strict=True)
    return Batch(list(map(new_success, zip(count(), ids, bodies))))


def create_item(
    index: int, given: Item, plan: Plan, scene: Scene, checks: tuple[Check, ...]
) -> Outcome:
    """Return what one item came to; what is lawful is stored."""
    candidate = Candidate(index, given, with_defaults(plan, given, scene))
    for check in checks:
        refusal = check(candidate, scene)
        if refusal is not None:
            return refusal
    key = candidate.key
    if key is None:  # the whole batch was looked at
        key = plan.key(scene.profile.kind, candidate.whole)
    entity = keep_new(plan, candidate.whole, scene, key)
    return Success(index, entity.id, entity.body)
