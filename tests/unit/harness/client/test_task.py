"""Task files: every verb, results that tell the truth, and the command."""

import json
from pathlib import Path

import pytest

from adsmock.harness.client import SystemClock, task
from adsmock.harness.client.__main__ import main
from tests.unit.harness.client.fake_service import (
    EU,
    NA,
    START,
    TASK,
    ClientFixture,
    campaigns,
    failure,
    fill,
    json_reply,
)


def row(verb, **args):
    return {"verb": verb, "args": args}


def perform(fixture, *rows, workers=1):
    return task.perform({**TASK, "tasks": list(rows)}, fixture.client, fixture.clock, workers)


def test_every_verb_of_the_schema_is_performed():
    fixture = ClientFixture()
    fill(fixture.service, 3)
    answer = json_reply(207, {"campaigns": {"success": [{"index": 0, "campaignId": "1"}]}})
    fixture.plan("/delete", answer)
    place = {"resource": "sp.campaigns", "profile": NA}
    results = perform(
        fixture,
        row("list_profiles"),
        row("list", **place, filter={}, pageSize=2),
        row("create", **place, items=campaigns("a", "b")),
        row("archive", **place, ids=["1"]),
        row("create_tree", profile=EU, campaigns=[{"name": "t", "adGroups": [{"name": "g"}]}]),
        row("export", kind="campaigns", profile=NA),
        row("idle", seconds=90),
    )
    assert [result.status for result in results] == ["done"] * 7
    assert [result.done for result in results] == [2, 3, 2, 1, 2, 1, 1]
    assert fixture.clock.now() >= START + 90
    fixture.plan("/sp/campaigns", answer)
    (updated,) = perform(fixture, row("update", **place, items=[{"campaignId": "1"}]))
    assert updated.done == 1


def test_failed_task_does_not_stop_the_next():
    fixture = ClientFixture()
    fixture.plan("/sp/campaigns/list", json_reply(400, {"message": "no"}))
    place = {"resource": "sp.campaigns", "profile": NA}
    failed, done = perform(fixture, row("list", **place), row("list", **place))
    assert failed.row() == {
        "verb": "list",
        "status": "failed",
        "done": 0,
        "failed": 1,
        "error": "Refused: 400: no",
    }
    assert done.status == "done"


def test_partly_failed_write_says_what_failed():
    fixture = ClientFixture()
    reply = {"success": [{"index": 0, "campaignId": "1"}], "error": [failure(1, "rangeError")]}
    fixture.plan("/sp/campaigns", json_reply(207, {"campaigns": reply}))
    place = {"resource": "sp.campaigns", "profile": NA}
    (result,) = perform(fixture, row("create", **place, items=campaigns("a", "b")))
    assert (result.status, result.done, result.failed) == ("partial", 1, 1)
    assert "item 1: rangeError" in result.error


def test_children_of_a_failed_parent_are_reported_as_not_sent():
    fixture = ClientFixture()
    fixture.plan("/sp/campaigns", json_reply(207, {"campaigns": {"error": [failure(0, "x")]}}))
    tree = {"name": "t", "adGroups": [{"name": "g"}]}
    (result,) = perform(fixture, row("create_tree", profile=NA, campaigns=[tree]))
    assert (result.status, result.failed) == ("failed", 2)
    assert "sp.adGroups: not sent" in result.error


def test_dark_region_does_not_hide_the_profiles_of_the_others():
    fixture = ClientFixture()
    fixture.plan("na.test/v2/profiles", *[json_reply(503, {})] * 20)
    (result,) = perform(fixture, row("list_profiles"))
    assert (result.status, result.done) == ("partial", 1)
    assert result.error.startswith("NA: GaveUp")


def test_verbs_need_the_arguments_that_the_schema_requires():
    schema = json.loads(Path("contracts/meta/task.schema.json").read_text("utf-8"))
    needed = {}
    for row in schema["$defs"]["task"]["allOf"]:
        kind = row["if"]["properties"]["verb"]
        args = row["then"]["properties"]["args"]
        required = schema["$defs"][args["$ref"].rpartition("/")[2]] if "$ref" in args else {}
        for verb in kind.get("enum", [kind.get("const")]):
            needed[verb] = set(required.get("required", ()))
    assert {verb: set(names) for verb, names in task.ARGUMENTS.items()} == needed


@pytest.mark.parametrize(
    ("change", "bid_error"),
    [
        ({"tasks": [{"verb": "lst", "args": {}}]}, "/tasks/0/verb: unknown verb lst: did you mean"),
        ({"tasks": [{"verb": "idle", "args": {}}]}, "/tasks/0/args: needs seconds"),
        ({"credentials": {"clientId": "me"}}, "/credentials: needs clientSecret, refreshToken"),
        ({"regions": {"NA": {"ads": "http://a"}}}, "/regions/NA: needs lwa"),
    ],
)
def test_task_file_that_lacks_something_is_refused_with_its_place(change, bid_error):
    with pytest.raises(ValueError, match=bid_error):
        task.checked({**TASK, **change})


def test_workers_keep_the_order_of_results():
    fixture = ClientFixture()
    rows = [row("list", resource="sp.campaigns", profile=profile) for profile in [NA, EU] * 8]
    results = perform(fixture, *rows, row("list_profiles"), workers=4)
    assert [result.verb for result in results] == ["list"] * 16 + ["list_profiles"]


def test_command_prints_a_line_for_each_task(tmp_path, capsys, monkeypatch):
    file = tmp_path / "task.json"
    file.write_text(json.dumps({**TASK, "tasks": [row("idle", seconds=0)] * 2}))
    monkeypatch.setenv("ADSMOCK_TASK", str(file))
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["done", "done"]


def test_allowed_giving_up_is_an_orderly_end(tmp_path, capsys):
    file = tmp_path / "task.json"
    rows = [row("list", resource="sp.campaigns", profile="nobody")]
    file.write_text(json.dumps({**TASK, "tasks": rows}))
    assert main([str(file)]) == 0
    assert "Misuse: unknown profile nobody" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "{nope", '{"tasks": []}', json.dumps({**TASK, "tasks": [{}]})]
)
def test_useless_task_file_is_one_line_and_exit_code_2(tmp_path, capsys, content):
    file = tmp_path / "task.json"
    file.write_text(content)
    assert main([str(file)]) == 2
    assert main([str(tmp_path / "absent.json")]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2


def test_system_clock_moves_only_forward():
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0)
    clock.sleep(-1)
    assert clock.now() >= before
