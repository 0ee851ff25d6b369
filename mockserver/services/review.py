"""Reviews: what is looked at before it serves, and where that stands at a moment.

A review is never stored: its length and its end are drawn for the entity, so the clock alone
moves it. Knows courses as the catalog gives them. Must not know any resource by name.

Source: campaign management reference 3.1 (documented: new ads are looked at for up to 72 hours;
the words). The length, the share that passes and the time of the earlier words are assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import orjson

from adsmock.mockserver.catalog.entry import Course, Resource, Review
from adsmock.mockserver.core import draw
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.scene import Scene
from adsmock.mockserver.services.shape import transcribed

Verdict = Literal["waiting", "passed", "refused"]

CHOICE = "review"
CHOSEN: dict[str, Verdict] = {"passes": "passed", "fails": "refused"}
"""How every review of a sandbox ends, by that choice of its own."""


def ends(entity: Entity, course: Course, seed: int) -> float:
    """Return when the review of an entity ends, in sandbox seconds."""
    span = course.slowest - course.fastest
    return entity.created + course.fastest + span * draw.unit(seed, "review", entity.id)


def verdict(entity: Entity, course: Course, scene: Scene) -> Verdict:
    """Return where the review of an entity stands."""
    sandbox = scene.sandbox
    if scene.now < ends(entity, course, sandbox.seed):
        return "waiting"
    chosen = CHOSEN.get(sandbox.choices.get(CHOICE, ""))
    if chosen is not None:
        return chosen
    lot = draw.unit(sandbox.seed, "verdict", entity.id)
    return "passed" if lot < course.passes else "refused"


def word(entity: Entity, course: Course, scene: Scene) -> str:
    """Return how the stage of a review is told."""
    if verdict(entity, course, scene) == "refused":
        return course.refused
    length = ends(entity, course, scene.sandbox.seed) - entity.created
    share = (scene.now - entity.created) / length
    return [stage for begins, stage in course.stages if begins <= share][-1]


def reviewed(entity: Entity, resource: Resource, scene: Scene) -> Entity:
    """Return an entity that shows where its review stands."""
    review = resource.review
    found = versions(entity, resource, scene)
    return showing(entity, found[-1], review, scene) if review and found else entity


def showing(entity: Entity, version: Entity, review: Review, scene: Scene) -> Entity:
    """Return an entity that shows one of its versions and where that one's review stands."""
    document = orjson.loads(entity.body)
    if review.shows:
        document |= transcribed(orjson.loads(version.body), review.shows)
    shown = document.setdefault(review.member, {}) if review.member else document
    shown[review.status] = word(version, review.course, scene)
    if review.version:
        shown[review.version] = version.id
    return entity._replace(body=orjson.dumps(document, option=orjson.OPT_SORT_KEYS))


def passed(entity: Entity, resource: Resource, scene: Scene) -> list[Entity]:
    """Return the versions that have passed their review, the newest last."""
    review = resource.review
    if review is None:
        return []
    found = versions(entity, resource, scene)
    return [each for each in found if verdict(each, review.course, scene) == "passed"]


def stands(entity: Entity, resource: Resource, scene: Scene) -> Verdict:
    """Return whether an entity may serve: one version of what it shows has passed."""
    review = resource.review
    if review is None:
        return "passed"
    found = versions(entity, resource, scene)
    return best(verdict(each, review.course, scene) for each in found)


def best(found: Iterable[Verdict]) -> Verdict:
    """Return the best of several verdicts; of none, that nothing stands in the way."""
    verdicts = set(found)
    for each in ("passed", "waiting", "refused"):
        if each in verdicts:
            return each
    return "passed"


def versions(entity: Entity, resource: Resource, scene: Scene) -> list[Entity]:
    """Return what is reviewed of an entity, the newest last; nothing where nothing is."""
    if resource.review is None:
        return []
    if not resource.review.of:
        return [entity]
    table = scene.table(resource.review.of)
    return table.many(table.children(len(resource.parents), entity.id))
