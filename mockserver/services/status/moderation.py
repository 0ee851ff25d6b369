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

from adsmock.mockserver.catalog.resource import Course, Resource, Review
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.validation.normalize import copy_members
from adsmock.mockserver.services.validation.validation_context import ValidationContext

Verdict = Literal["waiting", "passed", "refused"]

CHOICE = "review"
CHOSEN: dict[str, Verdict] = {"passes": "passed", "fails": "refused"}
"""How every review of a sandbox ends, by that choice of its own."""


def ends(entity: Entity, course: Course, seed: int) -> float:
    """Return when the review of an entity ends, in sandbox seconds."""
    span = course.slowest - course.fastest
    return entity.created + course.fastest + span * seeded_random.unit(seed, "review", entity.id)


def verdict(entity: Entity, course: Course, validation: ValidationContext) -> Verdict:
    """Return where the review of an entity stands."""
    sandbox = validation.sandbox
    if validation.now < ends(entity, course, sandbox.seed):
        return "waiting"
    chosen = CHOSEN.get(sandbox.choices.get(CHOICE, ""))
    if chosen is not None:
        return chosen
    lot = seeded_random.unit(sandbox.seed, "verdict", entity.id)
    return "passed" if lot < course.passes else "refused"


def word(entity: Entity, course: Course, validation: ValidationContext) -> str:
    """Return how the stage of a review is told."""
    if verdict(entity, course, validation) == "refused":
        return course.refused
    length = ends(entity, course, validation.sandbox.seed) - entity.created
    share = (validation.now - entity.created) / length
    return [stage for begins, stage in course.stages if begins <= share][-1]


def reviewed(entity: Entity, resource: Resource, validation: ValidationContext) -> Entity:
    """Return an entity that shows where its review stands."""
    review = resource.review
    found = versions(entity, resource, validation)
    return showing(entity, found[-1], review, validation) if review and found else entity


def showing(
    entity: Entity, version: Entity, review: Review, validation: ValidationContext
) -> Entity:
    """Return an entity that shows one of its versions and where that one's review stands."""
    document = orjson.loads(entity.body)
    if review.shows:
        document |= copy_members(orjson.loads(version.body), review.shows)
    shown = document.setdefault(review.member, {}) if review.member else document
    shown[review.status] = word(version, review.course, validation)
    if review.version:
        shown[review.version] = version.id
    return entity._replace(body=orjson.dumps(document, option=orjson.OPT_SORT_KEYS))


def passed(entity: Entity, resource: Resource, validation: ValidationContext) -> list[Entity]:
    """Return the versions that have passed their review, the newest last."""
    review = resource.review
    if review is None:
        return []
    found = versions(entity, resource, validation)
    return [each for each in found if verdict(each, review.course, validation) == "passed"]


def stands(entity: Entity, resource: Resource, validation: ValidationContext) -> Verdict:
    """Return whether an entity may serve: one version of what it shows has passed."""
    review = resource.review
    if review is None:
        return "passed"
    found = versions(entity, resource, validation)
    return best(verdict(each, review.course, validation) for each in found)


def best(found: Iterable[Verdict]) -> Verdict:
    """Return the best of several verdicts; of none, that nothing stands in the way."""
    verdicts = set(found)
    for each in ("passed", "waiting", "refused"):
        if each in verdicts:
            return each
    return "passed"


def versions(entity: Entity, resource: Resource, validation: ValidationContext) -> list[Entity]:
    """Return what is reviewed of an entity, the newest last; nothing where nothing is."""
    if resource.review is None:
        return []
    if not resource.review.of:
        return [entity]
    table = validation.table(resource.review.of)
    return table.many(table.children(len(resource.parents), entity.id))
