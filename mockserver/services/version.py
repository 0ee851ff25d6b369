"""The verb create where a new version of an entity's content is handed in.

Knows versions as children of the entity whose content they are. Must not know any resource by
name.

Source: OpenAPI SponsoredBrands 4.0 (documented: the statuses; 409 for a conflicting state). That
a version conflicts with one that is still looked at, that the kind of content may not change,
and that the entity shows its newest version are assumed.
"""

from __future__ import annotations

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.plan import Plan
from adsmock.mockserver.services.review import verdict
from adsmock.mockserver.services.scene import Scene
from adsmock.mockserver.services.shape import transcribed
from adsmock.mockserver.services.work import Work
from adsmock.mockserver.services.write import keep_new, with_defaults


def revise(work: Work) -> Document:
    """Keep a further version of what the body names, and return both ids.

    Raises:
        ApiError: 400, the entity is not there or its content is of another kind; 409, it is
            archived or its last version is still looked at.
    """
    assert work.plan is not None
    plan, scene = work.plan, Scene(work.sandbox, work.profile, work.now)
    way = plan.kinds.get(work.operation.kind, plan)
    parent = plan.resource.parents[-1]
    [given] = way.shape_create([work.body])
    holder = scene.table(parent.resource).get(given[parent.member])
    if holder is None:
        text = f"Could not find {parent.member} {given[parent.member]}"
        raise ApiError("invalid", 400, message=text)
    kept = with_defaults(way, transcribed(given, plan.resource.written), scene)
    stands_against = obstacle(kept[plan.resource.variant], holder, plan, scene)
    if stands_against == "conflict":
        raise ApiError("conflict", 409)
    if stands_against:
        raise ApiError("invalid", 400, message="The creative is of another type")
    kept |= dict(zip(plan.parent_members, (*holder.parents, holder.id), strict=True))
    version = keep_new(plan, kept, scene, None)
    return Document({parent.member: holder.id, plan.id_field: version.id})


def obstacle(variant: str, holder: Entity, plan: Plan, scene: Scene) -> str:
    """Return what stands against a further version: a ``conflict``, its ``kind`` or nothing."""
    table = scene.table(plan.name)
    versions = table.many(table.children(len(plan.parent_members) - 1, holder.id))
    review = plan.resource.review
    is_open = any(
        review is not None and verdict(each, review.course, scene) == "waiting" for each in versions
    )
    if holder.is_archived or is_open:
        return "conflict"
    return "kind" if any(each.variant != variant for each in versions) else ""
