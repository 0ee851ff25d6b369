"""States over the control plane: put whole, added to, read back the same."""

import pytest

from tests.unit.pipeline.stand import campaign, value


def state(plane, **resources):
    return {"profiles": {plane.desk.profile().id: resources}}


def names(plane):
    reply = value(plane.desk.call("/sp/campaigns/list", {}))
    return [row["name"] for row in reply["campaigns"]]


def test_put_replaces_and_patch_adds(plane):
    first = plane.do("state.put", state(plane, **{"sp.campaigns": [campaign("a"), campaign("b")]}))
    (ids,) = first["profiles"].values()
    assert len(ids["sp.campaigns"]) == 2
    plane.do("state.patch", state(plane, **{"sp.campaigns": [campaign("c") | {"campaignId": "7"}]}))
    assert names(plane) == ["a", "b", "c"]
    plane.do("state.put", state(plane, **{"sp.campaigns": [campaign("d")]}))
    assert names(plane) == ["d"]


def test_what_is_read_can_be_put_back(plane):
    plane.do("state.put", state(plane, **{"sp.campaigns": [campaign("a")]}))
    kept = plane.do("state.get")
    plane.do("sandboxes.reset", {"scope": ["state"]})
    assert names(plane) == []
    plane.do("state.put", kept)
    assert plane.do("state.get") == kept
    assert names(plane) == ["a"]


def test_seeding_is_not_journaled_throttled_or_faulted(plane):
    plane.do("throttle.put", {"quotas": {"sp.write": {"rate": 0, "burst": 1}}})
    plane.do("faults.put", {"effect": {"kind": "http", "status": 500}}, fault="all")
    before = plane.do("journal.get")["next"]
    for _ in range(3):
        plane.do("state.put", state(plane, **{"sp.campaigns": [campaign("a")]}))
    assert plane.do("journal.get")["next"] == before
    assert plane.do("faults.get", fault="all")["met"] == 0


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({}, "/profiles"),
        ({"profiles": {"1": {}}}, "/profiles/1"),
        ({"profile": {}}, "/profile"),
        ({"profiles": []}, "/profiles"),
    ],
)
def test_a_state_is_refused_with_the_pointer(plane, document, pointer):
    assert plane.refuse("state.put", document)["pointer"] == pointer


def test_a_refused_state_changes_nothing(plane):
    plane.do("state.put", state(plane, **{"sp.campaigns": [campaign("a")]}))
    orphan = {"campaignId": "1", "name": "g", "state": "ENABLED", "defaultBid": 1.0}
    bad = state(plane, **{"sp.campaigns": [campaign("b")], "sp.adGroups": [orphan]})
    assert plane.refuse("state.put", bad)["pointer"].endswith("/sp.adGroups/0/campaignId")
    assert names(plane) == ["a"]
