"""Snapshots: a sandbox put back is the sandbox that was; a damaged file is refused."""

import json

import pytest

from adsmock.mockserver.services.sandboxes.state import dump_state
from tests.unit.mockserver.control.control_client import panel
from tests.unit.mockserver.control.test_job import poll
from tests.unit.mockserver.control.test_time import export
from tests.unit.mockserver.fixtures import campaign, value


def fill(plane):
    desk = plane.desk
    desk.call("/sp/campaigns", {"campaigns": [campaign("a"), campaign("b")]})
    plane.do(
        "throttle.put", {"quotas": {"sp.write": {"rate": 1, "burst": 9}}, "pressure": {"EU": 0.5}}
    )
    desk.call("/sp/campaigns", {"campaigns": [campaign("c")]})
    rule = {
        "effect": {"kind": "latency", "latencyMs": 1},
        "when": {"until": "+PT1H"},
        "ttl": "PT2H",
    }
    plane.do("faults.put", rule, fault="slow")
    desk.call("/sp/campaigns/list", {})
    job = export(plane)
    plane.do("clock.advance", {"seconds": 6})
    poll(plane, job)
    plane.do("versions.put", {"families": {"sp": {"shutOff": "2026-08-01"}}})
    return job


def spoil(plane):
    plane.do("clock.advance", {"seconds": 86_400 * 2})
    plane.do("sandboxes.reset", {"scope": ["state", "faults", "throttle", "tokens", "jobs"]})
    plane.desk.sign_in()
    plane.desk.call("/sp/campaigns", {"campaigns": [campaign("z")]})


def test_restoring_brings_everything_back(plane):
    job = fill(plane)
    before = dump_state(plane.sandbox)
    kept = plane.do("snapshots.create", {"name": "before"})
    assert (kept["sandbox"], kept["entities"], len(kept["sha256"])) == ("t1", 3, 64)
    token, rule = plane.desk.token, plane.do("faults.get", fault="slow")
    spoil(plane)
    assert dump_state(plane.sandbox) != before
    assert plane.do("snapshots.restore", snapshot="before") == kept
    assert dump_state(plane.sandbox) == before
    assert plane.do("faults.get", fault="slow") == rule
    assert rule["selected"] > 0
    plane.desk.token = token
    assert value(poll(plane, job))["status"] == "COMPLETED"


def test_what_is_done_after_restoring_repeats_exactly(plane):
    fill(plane)
    plane.do("snapshots.create", {"name": "before"})
    replies = []
    for _ in range(2):
        plane.do("snapshots.restore", snapshot="before")
        replies.append(value(plane.desk.call("/sp/campaigns", {"campaigns": [campaign("d")]})))
    first, second = (reply["campaigns"]["success"] for reply in replies)
    assert first == second


def test_uniqueness_survives_restoring(plane):
    fill(plane)
    plane.do("snapshots.create", {"name": "before"})
    plane.do("snapshots.restore", snapshot="before")
    reply = value(plane.desk.call("/sp/campaigns", {"campaigns": [campaign("a")]}))
    assert [row["errors"][0]["errorType"] for row in reply["campaigns"]["error"]] == [
        "duplicateValueError"
    ]


def test_the_journal_stays(plane):
    plane.do("snapshots.create", {"name": "before"})
    plane.desk.call("/sp/campaigns/list", {})
    plane.do("snapshots.restore", snapshot="before")
    assert len(plane.do("journal.get")["entries"]) == 2


def test_snapshots_are_listed_and_replaced_by_name(plane):
    assert plane.do("snapshots.list") == {"snapshots": []}
    plane.do("snapshots.create", {"name": "b"})
    plane.do("snapshots.create", {"name": "a"})
    again = plane.do("snapshots.create", {"name": "b"})
    rows = plane.do("snapshots.list")["snapshots"]
    assert [row["name"] for row in rows] == ["a", "b"]
    assert rows[1] == again


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a" * 65])
def test_a_name_that_could_leave_the_folder_is_refused(plane, name):
    assert plane.refuse("snapshots.create", {"name": name})["pointer"] == "/name"


def test_snapshots_in_memory_go_with_their_sandbox(plane):
    plane.do("sandboxes.create", {"id": "t9"})
    plane.do("snapshots.create", {"name": "x"}, sandbox="t9")
    plane.do("sandboxes.delete", sandbox="t9")
    plane.do("sandboxes.create", {"id": "t9"})
    assert plane.do("snapshots.list", sandbox="t9") == {"snapshots": []}


def test_an_unknown_snapshot_is_not_found(plane):
    plane.do("snapshots.create", {"name": "before"})
    refused = plane.refuse("snapshots.restore", snapshot="befor")
    assert (refused["status"], refused["near"]) == (404, ["before"])


def test_files_outlive_the_server(tmp_path):
    first = panel(tmp_path)
    fill(first)
    before = dump_state(first.sandbox)
    kept = first.do("snapshots.create", {"name": "before"})
    second = panel(tmp_path)
    assert second.do("snapshots.list") == {"snapshots": [kept]}
    second.do("snapshots.restore", snapshot="before")
    assert dump_state(second.sandbox) == before
    assert [path.name for path in (tmp_path / "t1").iterdir()] == ["before.json"]


def test_a_damaged_or_foreign_file_is_refused_and_changes_nothing(tmp_path):
    plane = panel(tmp_path)
    fill(plane)
    plane.do("snapshots.create", {"name": "x"})
    path = tmp_path / "t1" / "x.json"
    whole = json.loads(path.read_text())
    before = dump_state(plane.sandbox)
    whole["content"]["now"] += 1
    other = {"version": 99, "sha256": "", "content": {}}
    for text in (json.dumps(whole), json.dumps(other), "[]", "{", "", '{"version":1}'):
        path.write_text(text)
        assert plane.refuse("snapshots.restore", snapshot="x")["status"] == 409
    assert dump_state(plane.sandbox) == before


def test_a_snapshot_of_other_profiles_is_refused(tmp_path):
    first = panel(tmp_path)
    first.do("snapshots.create", {"name": "x"})
    second = panel(tmp_path, seed=5)
    refused = second.refuse("snapshots.restore", snapshot="x")
    assert (refused["status"], "profiles" in refused["detail"]) == (409, True)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    place = tmp_path / "file"
    place.write_text("in the way")
    plane = panel(place)
    assert plane.refuse("snapshots.create", {"name": "x"})["status"] == 507
    assert plane.do("snapshots.list") == {"snapshots": []}
