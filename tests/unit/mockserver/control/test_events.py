"""The stream of the dashboard: summaries, state and calls, without secrets and without repeats."""

import orjson
import pytest

from adsmock.mockserver.control.event_stream import MAX_STREAMS
from adsmock.mockserver.control.routes import BY_ID
from adsmock.mockserver.control.schema import check
from tests.unit.mockserver.fixtures import campaign

PATH = BY_ID["events.follow"].path


@pytest.fixture
def busy(control):
    """Four calls: a token, a create with one refused item, a refused list, an unknown path."""
    server = control.server
    server.call("/sp/campaigns", {"campaigns": [campaign(), campaign()]})
    control.do("faults.put", {"effect": {"kind": "http", "status": 503}}, fault="f1")
    server.call("/sp/campaigns/list", {})
    control.do("faults.clear")
    server.call("/sp/nothing", {})
    return control


def follow(control, **query):
    return control.client.get(PATH, query_string=query)


def events(pieces):
    blocks = b"".join(pieces).decode().split("\n\n")
    found = [block.partition("\ndata: ") for block in blocks if block.startswith("event: ")]
    return [(name.removeprefix("event: "), orjson.loads(data)) for name, _, data in found]


def of(name, found):
    return [value for each, value in found if each == name]


def once(control, **query):
    return events(follow(control, wait="no", **query).response)


def test_one_read_has_every_sandbox_and_the_calls_of_one(busy):
    busy.another("other")
    found = once(busy, follow="t1")
    assert [name for name, _ in found] == ["sandboxes", "sandbox", "state", "entries"]
    (all_sandboxes,) = of("sandboxes", found)
    assert [row["id"] for row in all_sandboxes["changed"]] == ["t1", "other"]
    assert all_sandboxes["changed"][0]["lastCall"]["path"] == "/sp/nothing"
    (calls,) = of("entries", found)
    for row in calls["entries"]:
        check("CallSummary", row)
    assert [row["status"] for row in calls["entries"]] == [200, 207, 503, 404]
    created, failed, unknown = calls["entries"][1:]
    assert (created["items"], created["failedItems"]) == (2, 1)
    assert (failed["fault"], "refusal" in failed) == ("f1", False)
    assert (unknown["refusal"], "fault" in unknown) == ("notFound", False)


def test_no_event_and_no_list_has_a_secret(busy):
    text = b"".join(follow(busy, wait="no", follow="t1").response)
    text += orjson.dumps(busy.do("sandboxes.list"))
    own = busy.sandbox.credentials
    assert own.client_id.encode() in text
    for secret in (own.client_secret, own.refresh_token, busy.server.token):
        assert secret.encode() not in text
    (row,) = busy.do("sandboxes.list")["sandboxes"]
    assert row["client"] == {"clientId": own.client_id}
    assert busy.do("sandboxes.get")["client"]["clientSecret"] == own.client_secret


def test_the_stream_continues_after_the_cursor_and_restarts_for_another_journal(busy):
    assert of("entries", once(busy, follow="t1", cursor=4)) == []
    (calls,) = of("entries", once(busy, follow="t1", cursor=3))
    assert [row["seq"] for row in calls["entries"]] == [4]
    (calls,) = of("entries", once(busy, follow="t1", cursor=99))
    assert [row["seq"] for row in calls["entries"]] == [1, 2, 3, 4]


def test_only_what_changes_is_sent_again(busy):
    pieces = iter(follow(busy, follow="t1").response)
    before = events(next(pieces) for _ in range(12))
    busy.another("later")
    busy.server.call("/sp/campaigns/list", {})
    busy.do("faults.put", {"effect": {"kind": "outage"}}, fault="dark")
    after = events(pieces)
    assert [len(of(name, before)) for name in ("sandboxes", "sandbox", "state", "entries")] == [
        1
    ] * 4
    assert of("sandbox", after) == []
    changed = [row["id"] for value in of("sandboxes", after) for row in value["changed"]]
    assert sorted(changed) == ["later", "t1"]
    assert [row["seq"] for value in of("entries", after) for row in value["entries"]] == [5]
    assert [[rule["id"] for rule in value["faults"]] for value in of("state", after)] == [["dark"]]


def test_a_call_is_reported_when_it_begins_and_again_when_it_ends(busy):
    call = list(busy.sandbox.journal.rows())[1]
    call.ended = "open"
    pieces = iter(follow(busy, follow="t1").response)
    seen = events(next(pieces) for _ in range(8))
    assert [row["ended"] for row in of("entries", seen)[0]["entries"]] == [
        "complete", "open", "complete", "complete",
    ]  # fmt: skip
    call.ended = "reset"
    later = [row for value in of("entries", events(pieces)) for row in value["entries"]]
    assert [(row["seq"], row["ended"]) for row in later] == [(2, "reset")]


def test_a_deleted_sandbox_ends_its_stream(busy):
    busy.another("gone")
    pieces = iter(follow(busy, follow="gone").response)
    next(pieces)
    busy.do("sandboxes.delete", sandbox="gone")
    assert len(list(pieces)) < 8
    (refused,) = [busy.refuse("events.follow", query={"follow": "gone"})]
    assert (refused["status"], refused["pointer"]) == (404, "/follow")


def test_reading_once_needs_no_place_among_the_followers(busy):
    held = [follow(busy) for _ in range(MAX_STREAMS)]
    for reply in held:
        next(iter(reply.response))
    assert follow(busy).status_code == 503
    assert of("sandboxes", once(busy))
    for reply in held:
        reply.close()
    assert follow(busy).status_code == 200


def test_a_rule_says_whether_its_window_is_open(control):
    late = {"effect": {"kind": "outage"}, "when": {"from": "+PT1H", "until": "+PT2H"}}
    control.do("faults.put", late, fault="late")
    once = {"effect": {"kind": "http", "status": 500}, "when": {"times": 1}, "priority": 1}
    control.do("faults.put", once, fault="once")
    control.server.call("/sp/campaigns/list", {})
    assert control.do("faults.get", fault="once")["state"] == "over"
    control.do("faults.delete", fault="once")
    control.do("faults.put", {"effect": {"kind": "outage"}}, fault="always")
    seen = []
    for _ in range(3):
        seen.append([row["state"] for row in control.do("faults.list")["faults"]])
        control.do("clock.advance", {"seconds": 3600})
    assert seen == [["pending", "active"], ["active", "active"], ["over", "active"]]
    rule = control.do("faults.get", fault="late")
    assert (rule["begins"], rule["ends"]) == (
        "2026-07-01T13:00:00.000Z",
        "2026-07-01T14:00:00.000Z",
    )
    control.do("faults.put", rule, fault="late")  # what a read shows can be written
