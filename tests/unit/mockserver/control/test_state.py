"""States over the control plane: put whole, added to, read back the same."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from adsmock.mockserver.services.sandboxes import import_state
from adsmock.mockserver.services.sandboxes.import_state import put_state
from tests.unit.mockserver.fixtures import campaign, value
from tests.unit.mockserver.services.unified.fixtures import money


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


def test_ids_and_numbers_go_on_as_if_the_state_had_been_made_in_place(plane):
    other = plane.beside("t2")
    for each in (plane, other):
        each.desk.call("/sp/campaigns", {"campaigns": [campaign("before")]})
    document = [campaign("a"), campaign("b")]
    plane.do("state.put", state(plane, **{"sp.campaigns": document}))
    with other.sandbox.lock:
        put_state(
            other.sandbox,
            other.desk.runtime.resources,
            state(other, **{"sp.campaigns": document}),
            replace=True,
        )
    for each in (plane, other):
        each.desk.call("/sp/campaigns", {"campaigns": [campaign("after")]})
    assert plane.sandbox.mint.counts() == other.sandbox.mint.counts()
    assert plane.sandbox.store.seq == other.sandbox.store.seq
    assert names(plane) == names(other) == ["a", "b", "after"]


def test_a_call_that_comes_while_a_state_is_made_is_kept_by_patch(plane, monkeypatch):
    calls = []

    def slow(sandbox, resources, document, **rest):
        ids = put_state(sandbox, resources, document, **rest)
        if not calls:
            calls.append(plane.desk.call("/sp/campaigns", {"campaigns": [campaign("between")]}))
        return ids

    monkeypatch.setattr("adsmock.mockserver.control.handler.state.put_state", slow)
    added = plane.do("state.patch", state(plane, **{"sp.campaigns": [campaign("a")]}))
    assert calls[0].status == 207
    assert sorted(names(plane)) == ["a", "between"]
    (ids,) = added["profiles"].values()
    shown = {
        row["campaignId"]
        for rows in plane.do("state.get")["profiles"].values()
        for row in rows.get("sp.campaigns", [])
    }
    assert set(ids["sp.campaigns"]) < shown


def test_calls_are_answered_while_a_large_state_is_made(plane, monkeypatch):
    statuses = []

    def during(sandbox, resources, document, **rest):
        statuses.append(run_in_thread(lambda: plane.desk.call("/sp/campaigns/list", {}).status))
        return put_state(sandbox, resources, document, **rest)

    monkeypatch.setattr("adsmock.mockserver.control.handler.state.put_state", during)
    plane.do("state.put", state(plane, **{"sp.campaigns": [campaign("a")]}))
    plane.do("sandboxes.reset", {"scope": ["state"]})
    plane.do("state.patch", state(plane, **{"sp.campaigns": [campaign("a")]}))
    assert statuses == [200, 200]


def adding(plane, *names):
    return state(plane, **{"sp.campaigns": [campaign(name) for name in names]})


def test_calls_are_answered_while_rows_are_added_to_a_state(plane, monkeypatch):
    plane.do("state.put", adding(plane, "first"))
    statuses = {"checked": [], "stored": []}

    def call():
        return run_in_thread(lambda: plane.desk.call("/sp/campaigns/list", {}).status)

    validate = import_state._validate
    monkeypatch.setattr(import_state, "BATCH_SIZE", 4)
    monkeypatch.setattr(import_state, "_pause", lambda: statuses["stored"].append(call()))
    monkeypatch.setattr(
        import_state,
        "_validate",
        lambda *all_: (statuses["checked"].append(call()), validate(*all_)),
    )
    plane.do("state.patch", adding(plane, *map(str, range(12))))
    assert statuses == {"checked": [200] * 12, "stored": [200] * 3}
    assert len(names(plane)) == 13


def test_what_a_call_takes_while_rows_are_checked_refuses_them_all(plane, monkeypatch):
    plane.do("state.put", adding(plane, "first"))
    claim = import_state._reserve

    def late(draft):
        plane.desk.call("/sp/campaigns", {"campaigns": [campaign("b")]})
        claim(draft)

    monkeypatch.setattr(import_state, "_reserve", late)
    refused = plane.refuse("state.patch", adding(plane, "a", "b", "c"))
    assert refused["pointer"].endswith("/sp.campaigns/1")
    assert names(plane) == ["first", "b"]
    monkeypatch.undo()
    plane.do("state.patch", adding(plane, "a", "c"))  # what was refused holds no name


def test_a_name_that_is_to_come_is_taken(plane, monkeypatch):
    plane.do("state.put", adding(plane, "first"))
    taken = []

    def meanwhile():
        reply = plane.desk.call("/sp/campaigns", {"campaigns": [campaign("b")]})
        taken.append(len(value(reply)["campaigns"]["success"]))

    monkeypatch.setattr(import_state, "BATCH_SIZE", 1)
    monkeypatch.setattr(import_state, "_pause", meanwhile)
    plane.do("state.patch", adding(plane, "a", "b"))
    assert taken == [0, 0]
    assert names(plane) == ["first", "a", "b"]


def run_in_thread(work):
    """Return what ``work`` comes to in another thread; a lock held here would stop it."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(timeout=5)


def test_invention_fills_every_profile_and_is_refused_twice(plane):
    made = plane.do("state.invent", {"campaigns": 3})

    assert len(made["profiles"]) == len(plane.desk.sandbox.profiles)
    assert all(len(rows["sp.campaigns"]) == 3 for rows in made["profiles"].values())
    assert len(set(names(plane))) == 3
    assert plane.send("state.invent", {"campaigns": 3}).status_code == 400


@pytest.mark.parametrize(
    ("resource", "changes", "member"),
    [
        ("sp.campaigns", {"startDate": "someday"}, "startDate"),
        ("sp.campaigns", {"startDate": "2026-02-30"}, "startDate"),
        ("sp.campaigns", {"startDate": "2026-W31-1"}, "startDate"),
        ("sp.campaigns", {"startDate": "20260701"}, "startDate"),
        ("sp.campaigns", {"budget": {"budget": 1e300, "budgetType": "DAILY"}}, "budget/budget"),
        ("sd.campaigns", {"startDate": "2026-W31"}, "startDate"),
        ("sd.campaigns", {"startDate": "20260732"}, "startDate"),
        ("v1.st.campaigns", {"startDateTime": "someday"}, "startDateTime"),
    ],
)
def test_days_that_are_none_and_amounts_beyond_money_are_refused(plane, resource, changes, member):
    rows = {
        "sp.campaigns": campaign("a", startDate="2026-07-01"),
        "sd.campaigns": {
            "name": "a",
            "state": "enabled",
            "tactic": "T00020",
            "budgetType": "daily",
            "budget": 5.0,
            "startDate": "20260701",
        },
        "v1.st.campaigns": {
            "adProduct": "SPONSORED_TELEVISION",
            "name": "a",
            "state": "ENABLED",
            "startDateTime": "2026-07-01T00:00:00Z",
            "budgets": money(10.0),
        },
    }
    plane.do("state.put", state(plane, **{resource: [rows[resource]]}))

    refused = plane.refuse("state.put", state(plane, **{resource: [rows[resource] | changes]}))

    assert refused["pointer"].endswith(f"/{resource}/0/{member}")


def test_a_whole_number_may_be_written_with_a_point(plane):
    made = plane.do("state.invent", {"campaigns": 2.0})
    assert {len(rows["sp.campaigns"]) for rows in made["profiles"].values()} == {2}
    limit = {"effect": {"kind": "http", "status": 503.0}, "when": {"times": 1.0}}
    plane.do("faults.put", limit, fault="down")
    statuses = [plane.desk.call("/sp/campaigns/list", {}).status for _ in range(2)]
    assert statuses == [503, 200]


def test_invention_refuses_a_profile_that_is_not_here(plane):
    refused = plane.send("state.invent", {"profiles": ["7"]})

    assert refused.status_code == 400
    assert refused.json["pointer"] == "/profiles/0"
