"""Snapshots: a sandbox put back is the sandbox that was; a damaged file is refused."""

import json

import pytest

from adsmock.mockserver.services.sandboxes.state import dump_state
from tests.unit.mockserver.control.fixtures import make_control
from tests.unit.mockserver.control.test_job import poll
from tests.unit.mockserver.control.test_time import export
from tests.unit.mockserver.fixtures import campaign, value


def fill(control):
    server = control.server
    server.call("/sp/campaigns", {"campaigns": [campaign("a"), campaign("b")]})
    control.do(
        "throttle.put", {"quotas": {"sp.write": {"rate": 1, "burst": 9}}, "pressure": {"EU": 0.5}}
    )
    server.call("/sp/campaigns", {"campaigns": [campaign("c")]})
    rule = {
        "effect": {"kind": "latency", "latencyMs": 1},
        "when": {"until": "+PT1H"},
        "ttl": "PT2H",
    }
    control.do("faults.put", rule, fault="slow")
    server.call("/sp/campaigns/list", {})
    job = export(control)
    control.do("clock.advance", {"seconds": 6})
    poll(control, job)
    control.do("versions.put", {"families": {"sp": {"shutOff": "2026-08-01"}}})
    return job


def spoil(control):
    control.do("clock.advance", {"seconds": 86_400 * 2})
    control.do("sandboxes.reset", {"scope": ["state", "faults", "throttle", "tokens", "jobs"]})
    control.server.sign_in()
    control.server.call("/sp/campaigns", {"campaigns": [campaign("z")]})


def test_restoring_brings_everything_back(control):
    job = fill(control)
    before = dump_state(control.sandbox)
    kept = control.do("snapshots.create", {"name": "before"})
    assert (kept["sandbox"], kept["entities"], len(kept["sha256"])) == ("t1", 3, 64)
    token, rule = control.server.token, control.do("faults.get", fault="slow")
    spoil(control)
    assert dump_state(control.sandbox) != before
    assert control.do("snapshots.restore", snapshot="before") == kept
    assert dump_state(control.sandbox) == before
    assert control.do("faults.get", fault="slow") == rule
    assert rule["selected"] > 0
    control.server.token = token
    assert value(poll(control, job))["status"] == "COMPLETED"


def test_what_is_done_after_restoring_repeats_exactly(control):
    fill(control)
    control.do("snapshots.create", {"name": "before"})
    replies = []
    for _ in range(2):
        control.do("snapshots.restore", snapshot="before")
        replies.append(value(control.server.call("/sp/campaigns", {"campaigns": [campaign("d")]})))
    first, second = (reply["campaigns"]["success"] for reply in replies)
    assert first == second


def test_uniqueness_survives_restoring(control):
    fill(control)
    control.do("snapshots.create", {"name": "before"})
    control.do("snapshots.restore", snapshot="before")
    reply = value(control.server.call("/sp/campaigns", {"campaigns": [campaign("a")]}))
    assert [row["errors"][0]["errorType"] for row in reply["campaigns"]["error"]] == [
        "duplicateValueError"
    ]


def test_the_journal_stays(control):
    control.do("snapshots.create", {"name": "before"})
    control.server.call("/sp/campaigns/list", {})
    control.do("snapshots.restore", snapshot="before")
    assert len(control.do("journal.get")["entries"]) == 2


def test_snapshots_are_listed_and_replaced_by_name(control):
    assert control.do("snapshots.list") == {"snapshots": []}
    control.do("snapshots.create", {"name": "b"})
    control.do("snapshots.create", {"name": "a"})
    again = control.do("snapshots.create", {"name": "b"})
    rows = control.do("snapshots.list")["snapshots"]
    assert [row["name"] for row in rows] == ["a", "b"]
    assert rows[1] == again


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a" * 65])
def test_a_name_that_could_leave_the_folder_is_refused(control, name):
    assert control.refuse("snapshots.create", {"name": name})["pointer"] == "/name"


def test_snapshots_in_memory_go_with_their_sandbox(control):
    control.do("sandboxes.create", {"id": "t9"})
    control.do("snapshots.create", {"name": "x"}, sandbox="t9")
    control.do("sandboxes.delete", sandbox="t9")
    control.do("sandboxes.create", {"id": "t9"})
    assert control.do("snapshots.list", sandbox="t9") == {"snapshots": []}


def test_an_unknown_snapshot_is_not_found(control):
    control.do("snapshots.create", {"name": "before"})
    refused = control.refuse("snapshots.restore", snapshot="befor")
    assert (refused["status"], refused["near"]) == (404, ["before"])


def test_files_outlive_the_server(tmp_path):
    first = make_control(tmp_path)
    fill(first)
    before = dump_state(first.sandbox)
    kept = first.do("snapshots.create", {"name": "before"})
    second = make_control(tmp_path)
    assert second.do("snapshots.list") == {"snapshots": [kept]}
    second.do("snapshots.restore", snapshot="before")
    assert dump_state(second.sandbox) == before
    assert [path.name for path in (tmp_path / "t1").iterdir()] == ["before.json"]


def test_a_damaged_or_foreign_file_is_refused_and_changes_nothing(tmp_path):
    control = make_control(tmp_path)
    fill(control)
    control.do("snapshots.create", {"name": "x"})
    path = tmp_path / "t1" / "x.json"
    whole = json.loads(path.read_text())
    before = dump_state(control.sandbox)
    whole["content"]["now"] += 1
    other = {"version": 99, "sha256": "", "content": {}}
    for text in (json.dumps(whole), json.dumps(other), "[]", "{", "", '{"version":1}'):
        path.write_text(text)
        assert control.refuse("snapshots.restore", snapshot="x")["status"] == 409
    assert dump_state(control.sandbox) == before


def test_a_snapshot_of_other_profiles_is_refused(tmp_path):
    first = make_control(tmp_path)
    first.do("snapshots.create", {"name": "x"})
    second = make_control(tmp_path, seed=5)
    refused = second.refuse("snapshots.restore", snapshot="x")
    assert (refused["status"], "profiles" in refused["detail"]) == (409, True)


def test_a_folder_that_cannot_be_written_is_reported(tmp_path):
    place = tmp_path / "file"
    place.write_text("in the way")
    control = make_control(place)
    assert control.refuse("snapshots.create", {"name": "x"})["status"] == 507
    assert control.do("snapshots.list") == {"snapshots": []}
