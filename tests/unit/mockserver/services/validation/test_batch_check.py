"""A look at a whole batch settles only what every item would pass when asked alone."""

import pytest

from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.core.outcome import Failure, Success
from adsmock.mockserver.services.validation.text import is_alphabet
from adsmock.mockserver.services.validation.validation_context import (
    ValidationContext,
    batch_check_of,
)
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource
from tests.unit.mockserver.services.sandbox_fixture import COMPILED, NOON, SandboxFixture, campaign

WRONG = {
    "blank name": {"name": "  "},
    "long name": {"name": "n" * 129},
    "name with a control character": {"name": "a\tb"},
    "name that ends in a blank": {"name": "spring "},
    "budget below the market's": {"budget": {"budget": 0.01, "budgetType": "DAILY"}},
    "budget above the market's": {"budget": {"budget": 1e12, "budgetType": "DAILY"}},
    "start that is past": {"startDate": "2020-01-01"},
    "no real day": {"startDate": "2031-02-30"},
    "end before the start": {"startDate": "2031-01-02", "endDate": "2031-01-01"},
    "unknown portfolio": {"portfolioId": "404"},
}


def batch(wrong):
    return [campaign(name="one"), campaign(**{"name": "two", **wrong}), campaign(name="three")]


def one_by_one(compiled, _items, scene):
    return compiled.checks_of("create", scene.profile.kind)


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("country", ["US", "DE"])
def test_a_batch_is_judged_as_its_items_are(wrong, country, monkeypatch):
    found = SandboxFixture().create("sp.campaigns", batch(wrong), country=country)
    monkeypatch.setattr(CompiledResource, "remaining_checks", one_by_one)
    assert found == SandboxFixture().create("sp.campaigns", batch(wrong), country=country)
    assert [type(each) for each in found] == [Success, Failure, Success]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[a-z]*", True),
        (r"[\]\\a]*", True),
        ("[a-z]+", False),
        ("[A-Z0-9]{10}", False),
        ("[a][b]*", False),
        ("(?s).*", False),
        ("", False),
    ],
)
def test_only_a_set_of_characters_is_matched_with_joined_texts(pattern, expected):
    assert is_alphabet(pattern) == expected


def test_one_check_accepts_a_valid_batch_and_leaves_what_items_owe_each_other():
    fixture = SandboxFixture()
    compiled, scene = (
        COMPILED["sp.campaigns"],
        ValidationContext(fixture.sandbox, fixture.profiles["US"], NOON),
    )
    left = compiled.remaining_checks(batch({}), scene)
    assert left == tuple(
        each for each in one_by_one(compiled, [], scene) if batch_check_of(each) is None
    )
    assert len(left) < len(one_by_one(compiled, [], scene))


def test_a_batch_that_would_pass_the_limit_is_counted_item_by_item(monkeypatch):
    most = CATALOG["sp.campaigns"].limits[0].maximum
    fixture = SandboxFixture()
    table = fixture.sandbox.store.table(fixture.profiles["US"].id, "sp.campaigns")
    compiled, scene = (
        COMPILED["sp.campaigns"],
        ValidationContext(fixture.sandbox, fixture.profiles["US"], NOON),
    )
    monkeypatch.setattr(type(table), "__len__", lambda _: most - 2)
    asked = compiled.remaining_checks(batch({}), scene)
    monkeypatch.setattr(type(table), "__len__", lambda _: most - 3)
    assert len(compiled.remaining_checks(batch({}), scene)) == len(asked) - 1
