"""What only the unified model knows: accepted, kept, shown, and unknown to other families."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.services.sandboxes.state import dump_state
from adsmock.mockserver.services.unified.extra_fields import changed, cover_of, extra_of, merge_into
from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.unified.fixtures import (
    ad_group,
    campaign,
    keyword,
    make_tree,
    query_records,
    send_batch,
    unified_server,
)

TAGS = [{"key": "season", "value": "spring"}]
ADJUSTED = {
    "bidSettings": {
        "bidAdjustments": {
            "creativeBidAdjustments": [{"creativeType": "SPOTLIGHT", "percentage": 20}],
            "placementBidAdjustments": [{"placement": "TOP_OF_SEARCH", "percentage": 50}],
        }
    }
}


def test_members_of_an_object_that_is_half_native_are_kept_and_shown_with_it():
    server = unified_server()
    auto = {"autoCreateTargets": False, "autoManageCampaign": True}
    item = campaign(optimizations=ADJUSTED, autoCreationSettings=auto)
    ((made,), _) = send_batch(server, "create/campaigns", {"campaigns": [item]})

    (found,) = query_records(server, "campaigns")

    assert found == made
    adjustments = found["optimizations"]["bidSettings"]["bidAdjustments"]
    assert adjustments == ADJUSTED["bidSettings"]["bidAdjustments"]
    assert found["autoCreationSettings"] == auto


def test_a_change_fills_in_objects_and_replaces_arrays():
    server = unified_server()
    ((made,), _) = send_batch(
        server, "create/campaigns", {"campaigns": [campaign(optimizations=ADJUSTED)]}
    )
    own = made["campaignId"]
    other = {"bidSettings": {"bidAdjustments": {"placementBidAdjustments": []}}}
    none = {"bidSettings": {"bidAdjustments": {"creativeBidAdjustments": []}}}

    def change(value):
        item = {"campaignId": own, "optimizations": value}
        ((row,), refused) = send_batch(server, "update/campaigns", {"campaigns": [item]})
        assert refused == {}
        return row["optimizations"]["bidSettings"].get("bidAdjustments", {})

    assert change(other)["creativeBidAdjustments"][0]["percentage"] == 20
    assert change(none)["creativeBidAdjustments"] == []


def test_native_families_neither_show_it_nor_take_it_away():
    server = unified_server()
    root, words, _ = make_tree(server)
    send_batch(server, "update/adGroups", {"adGroups": [{"adGroupId": words, "tags": TAGS}]})
    media = "application/vnd.spAdGroup.v3+json"

    listed = value(server.call("/sp/adGroups/list", {}, media=media))["adGroups"]
    renamed = {"adGroups": [{"adGroupId": words, "name": "New"}]}
    assert server.call("/sp/adGroups", renamed, "PUT", media=media).status == 207
    found = {each["adGroupId"]: each for each in query_records(server, "adGroups")}

    assert all("tags" not in each for each in listed)
    assert (found[words]["name"], found[words]["tags"]) == ("New", TAGS)
    assert all("tags" not in each for own, each in found.items() if own != words)
    assert root in orjson.dumps(dump_state(server.sandbox)["entities"]).decode()
    assert "season" in orjson.dumps(dump_state(server.sandbox)["entities"]).decode()


@pytest.mark.parametrize("resource", ["adGroups", "targets"])
def test_every_resource_keeps_its_tags(resource):
    server = unified_server()
    root, words, _ = make_tree(server)
    item = {
        "adGroups": ad_group(root, "Tagged", tags=TAGS),
        "targets": keyword(adGroupId=words, tags=TAGS),
    }[resource]

    ((made,), _) = send_batch(server, f"create/{resource}", {resource: [item]})

    assert made["tags"] == TAGS
    assert made in query_records(server, resource)


ROWS = (
    MemberRow("a", "x"),
    MemberRow("b.c", "y"),
    MemberRow("d.0.e", "z"),
    MemberRow("f", "w", "rows", (MemberRow("g", "h"),)),
    MemberRow("i.0.v", "w", "if_present", "1"),
)
COVER = cover_of(ROWS)
LEAVES = st.integers(0, 9)
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "a": LEAVES,
        "b": st.fixed_dictionaries({}, optional={"c": LEAVES, "n": LEAVES}),
        "d": st.lists(st.fixed_dictionaries({"e": LEAVES}, optional={"n": LEAVES}), max_size=3),
        "f": st.lists(st.fixed_dictionaries({"g": LEAVES}, optional={"n": LEAVES}), max_size=3),
        "i": st.lists(st.fixed_dictionaries({"v": LEAVES}), max_size=2),
        "n": st.one_of(LEAVES, st.lists(LEAVES, max_size=2)),
    },
)


def covered(given):
    """Return what the native side would show of an item: the members that rows write."""
    found = {}
    if "a" in given:
        found["a"] = given["a"]
    if "c" in given.get("b", {}):
        found["b"] = {"c": given["b"]["c"]}
    if given.get("d"):
        found["d"] = [{"e": given["d"][0]["e"]}]
    if "f" in given:
        found["f"] = [{"g": each["g"]} for each in given["f"]]
    return found


@settings(max_examples=200)
@given(item=ITEMS)
def test_what_rows_write_and_what_is_left_make_the_whole(item):
    kept = changed({}, extra_of(item, COVER))
    record = covered(item)

    merge_into(record, kept, COVER)

    assert without_blanks(record) == without_blanks(item)
    assert "a" not in kept
    assert "c" not in kept.get("b", {})


def without_blanks(given):
    """Return an item without its empty objects and arrays: they say nothing."""
    return {name: each for name, each in given.items() if each not in ({}, [])}
