"""Reviews of ads and creatives before they serve: their length, result and status.

A review is never stored: its length and result are chosen at random (seeded) for the entity, and
the clock decides how far it is.

Source: campaign management reference 3.1 (documented: a review of a new ad takes up to 72 hours;
the words). Assumed: the length, the share that passes and the times of the intermediate words.
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

ReviewResult = Literal["waiting", "passed", "refused"]

CHOICE = "review"
CHOSEN_RESULTS: dict[str, ReviewResult] = {"passes": "passed", "fails": "refused"}
"""The result of every review, by the sandbox choice ``review``."""


def review_end(entity: Entity, course: Course, seed: int) -> float:
    """Return when the review of an entity ends, in sandbox seconds."""
    span = course.slowest - course.fastest
    return entity.created + course.fastest + span * seeded_random.unit(seed, "review", entity.id)


def review_result(entity: Entity, course: Course, validation: ValidationContext) -> ReviewResult:
    """Return the current result of an entity's review."""
    sandbox = validation.sandbox
    if validation.now < review_end(entity, course, sandbox.seed):
        return "waiting"
    chosen = CHOSEN_RESULTS.get(sandbox.choices.get(CHOICE, ""))
    if chosen is not None:
        return chosen
    share = seeded_random.unit(sandbox.seed, "verdict", entity.id)
    return "passed" if share < course.passes else "refused"


def review_status(entity: Entity, course: Course, validation: ValidationContext) -> str:
    """Return the wire's word for the status of a review."""
    if review_result(entity, course, validation) == "refused":
        return course.refused
    length = review_end(entity, course, validation.sandbox.seed) - entity.created
    # A call that waited for the sandbox's lock may find entities that are newer than the call.
    share = max(0.0, (validation.now - entity.created) / length)
    return [stage for begins, stage in course.stages if begins <= share][-1]


def with_review_status(entity: Entity, resource: Resource, validation: ValidationContext) -> Entity:
    """Return an entity with the status of its review."""
    review = resource.review
    found = versions(entity, resource, validation)
    return showing_version(entity, found[-1], review, validation) if review and found else entity


def showing_version(
    entity: Entity, version: Entity, review: Review, validation: ValidationContext
) -> Entity:
    """Return an entity with the content of one version and the status of that version's review."""
    document = orjson.loads(entity.body)
    if review.shows:
        document |= copy_members(orjson.loads(version.body), review.shows)
    shown = document.setdefault(review.member, {}) if review.member else document
    shown[review.status] = review_status(version, review.course, validation)
    if review.version:
        shown[review.version] = version.id
    return entity._replace(body=orjson.dumps(document, option=orjson.OPT_SORT_KEYS))


def approved_versions(
    entity: Entity, resource: Resource, validation: ValidationContext
) -> list[Entity]:
    """Return the versions that passed their review, the newest last."""
    review = resource.review
    if review is None:
        return []
    found = versions(entity, resource, validation)
    return [each for each in found if review_result(each, review.course, validation) == "passed"]


def entity_result(
    entity: Entity, resource: Resource, validation: ValidationContext
) -> ReviewResult:
    """Return whether an entity can serve: at least one of its versions passed."""
    review = resource.review
    if review is None:
        return "passed"
    found = versions(entity, resource, validation)
    return best_result(review_result(each, review.course, validation) for each in found)


def best_result(found: Iterable[ReviewResult]) -> ReviewResult:
    """Return the best of several results; ``passed`` if there is none."""
    results = set(found)
    for each in ("passed", "waiting", "refused"):
        if each in results:
            return each
    return "passed"


def versions(entity: Entity, resource: Resource, validation: ValidationContext) -> list[Entity]:
    """Return the reviewed versions of an entity, the newest last; empty without a review."""
    if resource.review is None:
        return []
    if not resource.review.of:
        return [entity]
    table = validation.table(resource.review.of)
    return table.many(table.children(len(resource.parents), entity.id))
