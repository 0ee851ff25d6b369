"""The verbs that name one entity in the path: get it, archive it.

Knows the parameter of a path. Must not know any resource by name.

Source: campaign management reference 4 (recorded: archiving answers one row; documented: 404).
That an archived entity cannot be archived again, and is told so with 400, is assumed.
"""

from __future__ import annotations

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Batch, File, Single
from adsmock.mockserver.services import archive as batches
from adsmock.mockserver.services.find import unchangeable
from adsmock.mockserver.services.plan import Plan
from adsmock.mockserver.services.review import reviewed
from adsmock.mockserver.services.scene import Scene
from adsmock.mockserver.services.serving import extend
from adsmock.mockserver.services.work import Work


def get(work: Work) -> File:
    """Return one entity, with its extended members where the operation shows them.

    Raises:
        ApiError: 404; there is none with this id.
    """
    plan = work.plan
    assert plan is not None
    scene = Scene(work.sandbox, work.profile, work.now)
    stored = reviewed(_find(work, plan, scene), plan.resource, scene)
    body = extend([stored], plan, scene)[0] if work.operation.extended else stored.body
    return File(body, "")


def archive(work: Work) -> Single | Batch:
    """Archive the entity that the path names, or those that the body selects.

    Raises:
        ApiError: 404, there is none with this id; 400, it is archived.
    """
    plan = work.plan
    assert plan is not None
    if named(work) is None:
        return batches.archive(work)
    scene = Scene(work.sandbox, work.profile, work.now)
    stored = _find(work, plan, scene)
    if stored.is_archived:
        refusal = unchangeable(plan, 0, stored.id, "")
        raise ApiError("invalid", 400, message=refusal.message.strip())
    return Single(batches.put_away(0, stored, plan, scene))


def named(work: Work) -> str | None:
    """Return the id that the path names, None where it names none."""
    for row in work.operation.parameters:
        if row.place == "path":
            return work.parameters[row.name]
    return None


def _find(work: Work, plan: Plan, scene: Scene) -> Entity:
    stored = scene.table(plan.name).get(named(work) or "")
    if stored is None:
        raise ApiError("notFound", 404, values={"url": work.operation.path})
    return stored
