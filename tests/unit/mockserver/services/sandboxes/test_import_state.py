import pytest

from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.sandboxes.demo_data import add_demo_data
from adsmock.mockserver.services.sandboxes.import_state import put_state, read_state
from tests.unit.mockserver.services.sandbox_fixture import (
    COMPILED,
    RESOURCES,
    Stage,
    campaign,
    grow,
)


def put(stage, resource, items, **more):
    profile = stage.profiles["US"].id
    document = {"profiles": {profile: {resource: items}}}
    return put_state(stage.box, COMPILED, document, **more)["profiles"][profile][resource]


def test_ids_are_given_or_minted_and_told_in_order():
    stage = Stage()
    items = [
        {**campaign("A"), "campaignId": "42"},
        campaign("B"),
        {**campaign("C"), "campaignId": 7},
    ]
    first, second, third = put(stage, "sp.campaigns", items)
    assert (first, third) == ("42", "7")
    assert [each["campaignId"] for each in stage.rows("sp.campaigns")] == ["42", second, "7"]


def test_a_state_that_was_read_is_put_back_the_same():
    stage = Stage()
    for country in ("US", "DE", "JP"):
        add_demo_data(stage.box, COMPILED, stage.profiles[country], 6)
    found = stage.rows("sp.campaigns")[0]["campaignId"]
    stage.archive("sp.campaigns", [found])
    state = read_state(stage.box)
    assert state["profiles"][stage.profiles["US"].id]["sp.targets"], "automatic targets are there"
    put_state(stage.box, COMPILED, state, replace=True)
    assert read_state(stage.box) == state
    other = Stage()
    put_state(other.box, COMPILED, state, replace=True)
    assert read_state(other.box) == state


def test_the_next_id_is_never_one_that_was_given():
    stage = Stage()
    taken = [stage.box.mint.entity("sp.campaigns") for _ in range(3)]
    again = Stage()
    put(again, "sp.campaigns", [{**campaign(f"C {each}"), "campaignId": each} for each in taken])
    assert again.one("sp.campaigns", campaign()) not in taken
    assert len(again.rows("sp.campaigns")) == 4


def test_computed_members_are_ignored_and_archived_stays_archived():
    stage = Stage()
    item = {**campaign(), "state": "ARCHIVED", "extendedData": {"servingStatus": "OTHER"}}
    put(stage, "sp.campaigns", [item])
    (row,) = stage.rows("sp.campaigns")
    assert row["state"] == "ARCHIVED"
    assert "extendedData" not in row


def test_patch_adds_and_put_replaces():
    stage = Stage()
    put(stage, "sp.campaigns", [campaign("A")])
    put(stage, "sp.campaigns", [campaign("B")])
    assert len(stage.rows("sp.campaigns")) == 2
    put(stage, "sp.campaigns", [campaign("A")], replace=True)
    assert [each["name"] for each in stage.rows("sp.campaigns")] == ["A"]


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
    stage = Stage()
    put(stage, "sp.campaigns", [{**campaign("Taken"), "campaignId": "1"}])
    before = read_state(stage.box)
    profile = stage.profiles["US"].id
    document = {"profiles": {profile: {"sp.negativeKeywords": [], resource: [item]}}}
    with pytest.raises(SetupError) as caught:
        put_state(stage.box, COMPILED, document)
    assert caught.value.pointer == f"/profiles/{profile}/{resource}{pointer}"
    assert read_state(stage.box) == before


def test_a_profile_of_nobody_is_pointed_at():
    with pytest.raises(SetupError) as caught:
        put_state(Stage().box, COMPILED, {"profiles": {"1": {}}})
    assert caught.value.pointer == "/profiles/1"


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_was_seeded_can_be_worked_with(resource):
    tree = grow(resource)
    (found,) = put(tree.stage, resource, [tree.item()])
    assert tree.stage.refusal(tree.stage.create(resource, [tree.item()])).kind == (
        "duplicateValueError"
    )
    (outcome,) = tree.stage.archive(resource, [found])
    assert outcome.id == found


def test_invention_is_the_same_for_the_same_seed_and_lawful():
    first, second = Stage(), Stage()
    for stage in (first, second):
        for country in ("US", "DE"):
            add_demo_data(stage.box, COMPILED, stage.profiles[country], 5)
    assert read_state(first.box) == read_state(second.box)
    for country in ("US", "DE"):
        for row in first.rows("sp.campaigns", country=country):
            renamed = {
                "campaignId": row["campaignId"],
                "name": row["name"],
                "budget": row["budget"],
            }
            (outcome,) = first.update("sp.campaigns", [renamed], country=country)
            assert outcome.id == row["campaignId"]
