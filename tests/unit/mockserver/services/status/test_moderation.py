"""The status of reviews at the limits of their time."""

import pytest

from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.core.entity import ENABLED, Entity
from adsmock.mockserver.services.status.moderation import review_end, review_status
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from tests.unit.mockserver.services.sandbox_fixture import NOON, SandboxFixture

COURSES = {name: each.review.course for name, each in CATALOG.items() if each.review is not None}


@pytest.fixture(scope="module")
def fixture():
    return SandboxFixture()


def status_at(fixture, course, entity, now):
    return review_status(
        entity, course, ValidationContext(fixture.sandbox, fixture.profiles["US"], now)
    )


@pytest.mark.parametrize("resource", COURSES)
def test_an_entity_that_is_newer_than_the_call_is_at_the_first_stage(fixture, resource):
    course = COURSES[resource]
    entity = Entity("7", 1, ENABLED, b"{}", (), None, NOON, NOON)
    first = course.stages[0][1]
    assert status_at(fixture, course, entity, NOON) == first
    assert status_at(fixture, course, entity, NOON - 0.001) == first
    assert review_end(entity, course, fixture.sandbox.seed) > NOON
