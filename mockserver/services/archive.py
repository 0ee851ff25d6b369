"""The verb archive: what is named becomes ARCHIVED, for good.

Knows no resource by name and no HTTP status. Children keep their own state.

Source: campaign management reference 2.3 (documented: automatic clauses), 2.8 and 11 (assumed:
what a second archiving and an unknown id are answered).
"""

from __future__ import annotations

from adsmock.mockserver.core.entity import ARCHIVED, Entity
from adsmock.mockserver.core.outcome import Batch, Outcome, Success
from adsmock.mockserver.services import planned
from adsmock.mockserver.services.find import missing, unchangeable
from adsmock.mockserver.services.plan import Plan
from adsmock.mockserver.services.scene import Scene
from adsmock.mockserver.services.work import Work
from adsmock.mockserver.services.write import keep_changed


def archive(work: Work) -> Batch:
    """Return one outcome for each id of the selector; successes carry the whole entity."""
    plan = work.plan
    assert plan is not None
    assert plan.contract.identity is not None
    selector = plan.contract.identity.selector
    scene = Scene(work.sandbox, work.profile, work.now)
    doomed = planned.indexes(work.planned)
    ids = (work.body.get(selector) or {}).get("include") or ()
    outcomes: list[Outcome] = []
    for index, given in enumerate(ids):
        location = f"$.{selector}.include[{index}]"
        if work.planned is not None and index in doomed:
            outcomes.append(planned.failure(work.planned, plan, index, location, str(given)))
        else:
            outcomes.append(archive_item(index, str(given), location, plan, scene))
    return Batch(outcomes)


def archive_item(index: int, entity_id: str, location: str, plan: Plan, scene: Scene) -> Outcome:
    """Return what one id came to."""
    stored = scene.table(plan.name).get(entity_id)
    if stored is None:
        return missing(plan, index, entity_id, location)
    if stored.is_archived:
        return unchangeable(plan, index, entity_id, location)
    if stored.variant in plan.resource.sealed:
        reason = "AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY"
        return unchangeable(plan, index, entity_id, location, reason)
    return put_away(index, stored, plan, scene)


def put_away(index: int, stored: Entity, plan: Plan, scene: Scene) -> Success:
    """Archive an entity that may be, and return what was done."""
    whole = {**scene.document(stored), "state": plan.words.get(ARCHIVED, ARCHIVED)}
    entity = keep_changed(plan, stored, whole, scene, stored.key)
    return Success(index, entity.id, entity.body)
