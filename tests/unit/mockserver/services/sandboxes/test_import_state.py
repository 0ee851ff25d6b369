import pytest

from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.sandboxes.demo_data import add_demo_data
from adsmock.mockserver.services.sandboxes.import_state import put_state, read_state
from tests.unit.mockserver.services.sandbox_fixture import (
    COMPILED,
    RESOURCES,
    SandboxFixture,
    campaign,
    grow,
)


def put(fixture, resource, items, **more):
    profile = fixture.profiles["US"].id
    document = {"profiles": {profile: {resource: items}}}
    return put_state(fixture.sandbox, COMPILED, document, **more)["profiles"][profile][resource]


def test_ids_are_given_or_minted_and_reported_in_order():
    fixture = SandboxFixture()
    items = [
        {**campaign("A"), "campaignId": "42"},
        campaign("B"),
        {**campaign("C"), "campaignId": 7},
    ]
    first, second, third = put(fixture, "sp.campaigns", items)
    assert (first, third) == ("42", "7")
    assert [each["campaignId"] for each in fixture.rows("sp.campaigns")] == ["42", second, "7"]


def test_a_state_that_was_read_is_put_back_the_same():
    fixture = SandboxFixture()
    for country in ("US", "DE", "JP"):
        add_demo_data(fixture.sandbox, COMPILED, fixture.profiles[country], 6)
    found = fixture.rows("sp.campaigns")[0]["campaignId"]
    fixture.archive("sp.campaigns", [found])
    state = read_state(fixture.sandbox)
    assert state["profiles"][fixture.profiles["US"].id]["sp.targets"], "automatic targets are there"
    put_state(fixture.sandbox, COMPILED, state, replace=True)
    assert read_state(fixture.sandbox) == state
    other = SandboxFixture()
    put_state(other.sandbox, COMPILED, state, replace=True)
    assert read_state(other.sandbox) == state


def test_the_next_id_is_never_one_that_was_given():
    fixture = SandboxFixture()
    taken = [fixture.sandbox.mint.entity("sp.campaigns") for _ in range(3)]
    again = SandboxFixture()
    put(again, "sp.campaigns", [{**campaign(f"C {each}"), "campaignId": each} for each in taken])
    assert again.one("sp.campaigns", campaign()) not in taken
    assert len(again.rows("sp.campaigns")) == 4


def test_computed_members_are_ignored_and_archived_stays_archived():
    fixture = SandboxFixture()
    item = {**campaign(), "state": "ARCHIVED", "extendedData": {"servingStatus": "OTHER"}}
    put(fixture, "sp.campaigns", [item])
    (row,) = fixture.rows("sp.campaigns")
    assert row["state"] == "ARCHIVED"
    assert "extendedData" not in row


def test_patch_adds_and_put_replaces():
    fixture = SandboxFixture()
    put(fixture, "sp.campaigns", [campaign("A")])
    put(fixture, "sp.campaigns", [campaign("B")])
    assert len(fixture.rows("sp.campaigns")) == 2
    put(fixture, "sp.campaigns", [campaign("A")], replace=True)
    assert [each["name"] for each in fixture.rows("sp.campaigns")] == ["A"]


@pytest.mark.parametrize(
    ("resource", "item", "pointer"),
    [
        ("sp.unknown", {}, ""),
        ("sp.campaigns", {"name": "A"}, "/0"),
        ("sp.campaigns", campaign(name=3), "/0/name"),
        ("sp.campaigns", campaign(state="enabled"), "/0/state"),
        ("sp.campaigns", "text", "/0"),
        ("sp.adGroups", {"campaignId": "9", "name": "A", "defaultBid": 1}, "/0/campaignId"),
        ("sp.campaigns", campaign("Taken"), "/0"),
        ("sp.campaigns", {**campaign("New"), "campaignId": "1"}, "/0/campaignId"),
    ],
)
def test_a_flaw_is_pointed_at_and_nothing_is_stored(resource, item, pointer):
    fixture = SandboxFixture()
    put(fixture, "sp.campaigns", [{**campaign("Taken"), "campaignId": "1"}])
    before = read_state(fixture.sandbox)
    profile = fixture.profiles["US"].id
    document = {"profiles": {profile: {"sp.negativeKeywords": [], resource: [item]}}}
    with pytest.raises(SetupError) as caught:
        put_state(fixture.sandbox, COMPILED, document)
    assert caught.value.pointer == f"/profiles/{profile}/{resource}{pointer}"
    assert read_state(fixture.sandbox) == before


def test_a_profile_of_nobody_is_pointed_at():
    with pytest.raises(SetupError) as caught:
        put_state(SandboxFixture().sandbox, COMPILED, {"profiles": {"1": {}}})
    assert caught.value.pointer == "/profiles/1"


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_was_seeded_can_be_worked_with(resource):
    tree = grow(resource)
    (found,) = put(tree.fixture, resource, [tree.item()])
    assert tree.fixture.refusal(tree.fixture.create(resource, [tree.item()])).kind == (
        "duplicateValueError"
    )
    (outcome,) = tree.fixture.archive(resource, [found])
    assert outcome.id == found


def test_invention_is_the_same_for_the_same_seed_and_valid():
    first, second = SandboxFixture(), SandboxFixture()
    for fixture in (first, second):
        for country in ("US", "DE"):
            add_demo_data(fixture.sandbox, COMPILED, fixture.profiles[country], 5)
    assert read_state(first.sandbox) == read_state(second.sandbox)
    for country in ("US", "DE"):
        for row in first.rows("sp.campaigns", country=country):
            renamed = {
                "campaignId": row["campaignId"],
                "name": row["name"],
                "budget": row["budget"],
            }
            (outcome,) = first.update("sp.campaigns", [renamed], country=country)
            assert outcome.id == row["campaignId"]
