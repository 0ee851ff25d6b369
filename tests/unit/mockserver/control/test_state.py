"""States over the control plane: put whole, added to, read back the same."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from adsmock.mockserver.services.sandboxes import import_state
from adsmock.mockserver.services.sandboxes.import_state import put_state
from tests.unit.mockserver.fixtures import campaign, value
from tests.unit.mockserver.services.unified.fixtures import money


def state(control, **resources):
    return {"profiles": {control.server.profile().id: resources}}


def names(control):
    reply = value(control.server.call("/sp/campaigns/list", {}))
    return [row["name"] for row in reply["campaigns"]]


def test_put_replaces_and_patch_adds(control):
    first = control.do(
        "state.put", state(control, **{"sp.campaigns": [campaign("a"), campaign("b")]})
    )
    (ids,) = first["profiles"].values()
    assert len(ids["sp.campaigns"]) == 2
    control.do(
        "state.patch", state(control, **{"sp.campaigns": [campaign("c") | {"campaignId": "7"}]})
    )
    assert names(control) == ["a", "b", "c"]
    control.do("state.put", state(control, **{"sp.campaigns": [campaign("d")]}))
    assert names(control) == ["d"]


def test_what_is_read_can_be_put_back(control):
    control.do("state.put", state(control, **{"sp.campaigns": [campaign("a")]}))
    kept = control.do("state.get")
    control.do("sandboxes.reset", {"scope": ["state"]})
    assert names(control) == []
    control.do("state.put", kept)
    assert control.do("state.get") == kept
    assert names(control) == ["a"]


def test_seeding_is_not_journaled_throttled_or_faulted(control):
    control.do("throttle.put", {"quotas": {"sp.write": {"rate": 0, "burst": 1}}})
    control.do("faults.put", {"effect": {"kind": "http", "status": 500}}, fault="all")
    before = control.do("journal.get")["next"]
    for _ in range(3):
        control.do("state.put", state(control, **{"sp.campaigns": [campaign("a")]}))
    assert control.do("journal.get")["next"] == before
    assert control.do("faults.get", fault="all")["met"] == 0


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({}, "/profiles"),
        ({"profiles": {"1": {}}}, "/profiles/1"),
        ({"profile": {}}, "/profile"),
        ({"profiles": []}, "/profiles"),
    ],
)
def test_a_state_is_refused_with_the_pointer(control, document, pointer):
    assert control.refuse("state.put", document)["pointer"] == pointer


def test_a_refused_state_changes_nothing(control):
    control.do("state.put", state(control, **{"sp.campaigns": [campaign("a")]}))
    orphan = {"campaignId": "1", "name": "g", "state": "ENABLED", "defaultBid": 1.0}
    bad = state(control, **{"sp.campaigns": [campaign("b")], "sp.adGroups": [orphan]})
    assert control.refuse("state.put", bad)["pointer"].endswith("/sp.adGroups/0/campaignId")
    assert names(control) == ["a"]


def test_ids_and_numbers_go_on_as_if_the_state_had_been_made_in_place(control):
    other = control.another("t2")
    for each in (control, other):
        each.server.call("/sp/campaigns", {"campaigns": [campaign("before")]})
    document = [campaign("a"), campaign("b")]
    control.do("state.put", state(control, **{"sp.campaigns": document}))
    with other.sandbox.lock:
        put_state(
            other.sandbox,
            other.server.runtime.resources,
            state(other, **{"sp.campaigns": document}),
            replace=True,
        )
    for each in (control, other):
        each.server.call("/sp/campaigns", {"campaigns": [campaign("after")]})
    assert control.sandbox.mint.counts() == other.sandbox.mint.counts()
    assert control.sandbox.store.seq == other.sandbox.store.seq
    assert names(control) == names(other) == ["a", "b", "after"]


def test_a_call_that_comes_while_a_state_is_made_is_kept_by_patch(control, monkeypatch):
    calls = []

    def slow(sandbox, resources, document, **rest):
        ids = put_state(sandbox, resources, document, **rest)
        if not calls:
            calls.append(control.server.call("/sp/campaigns", {"campaigns": [campaign("between")]}))
        return ids

    monkeypatch.setattr("adsmock.mockserver.control.handler.state.put_state", slow)
    added = control.do("state.patch", state(control, **{"sp.campaigns": [campaign("a")]}))
    assert calls[0].status == 207
    assert sorted(names(control)) == ["a", "between"]
    (ids,) = added["profiles"].values()
    shown = {
        row["campaignId"]
        for rows in control.do("state.get")["profiles"].values()
        for row in rows.get("sp.campaigns", [])
    }
    assert set(ids["sp.campaigns"]) < shown


def test_calls_are_answered_while_a_large_state_is_made(control, monkeypatch):
    statuses = []

    def during(sandbox, resources, document, **rest):
        statuses.append(run_in_thread(lambda: control.server.call("/sp/campaigns/list", {}).status))
        return put_state(sandbox, resources, document, **rest)

    monkeypatch.setattr("adsmock.mockserver.control.handler.state.put_state", during)
    control.do("state.put", state(control, **{"sp.campaigns": [campaign("a")]}))
    control.do("sandboxes.reset", {"scope": ["state"]})
    control.do("state.patch", state(control, **{"sp.campaigns": [campaign("a")]}))
    assert statuses == [200, 200]


class CountedTurns:
    """Counts the turns and says whether one is taken."""

    def __init__(self):
        self.count, self.is_taken = 0, False

    def __enter__(self):
        self.count, self.is_taken = self.count + 1, True

    def __exit__(self, *_):
        self.is_taken = False


def test_a_large_state_is_checked_and_stored_in_turns_without_a_lock(control, monkeypatch):
    turns, checked = CountedTurns(), []
    validate, minted = import_state._validate, import_state._minted
    monkeypatch.setattr(import_state, "TURNS", turns)
    monkeypatch.setattr(import_state, "SLICE", 5)
    monkeypatch.setattr(
        import_state, "_validate", lambda *all_: (checked.append(turns.is_taken), validate(*all_))
    )

    def outside(*all_):
        assert not turns.is_taken, "it waits for the sandbox's lock"
        return minted(*all_)

    monkeypatch.setattr(import_state, "_minted", outside)
    control.do("state.put", adding(control, *map(str, range(5))))
    assert (turns.count, any(checked)) == (0, False)
    control.do("state.put", adding(control, *map(str, range(12))))
    assert (turns.count, all(checked[5:])) == (3 + 3, True)
    assert len(names(control)) == 12


def adding(control, *names):
    return state(control, **{"sp.campaigns": [campaign(name) for name in names]})


def test_calls_are_answered_while_rows_are_added_to_a_state(control, monkeypatch):
    control.do("state.put", adding(control, "first"))
    statuses = {"checked": [], "stored": []}

    def call():
        return run_in_thread(lambda: control.server.call("/sp/campaigns/list", {}).status)

    validate = import_state._validate
    monkeypatch.setattr(import_state, "BATCH_SIZE", 4)
    monkeypatch.setattr(import_state, "pause", lambda: statuses["stored"].append(call()))
    monkeypatch.setattr(
        import_state,
        "_validate",
        lambda *all_: (statuses["checked"].append(call()), validate(*all_)),
    )
    control.do("state.patch", adding(control, *map(str, range(12))))
    assert statuses == {"checked": [200] * 12, "stored": [200] * 3}
    assert len(names(control)) == 13


def test_what_a_call_takes_while_rows_are_checked_refuses_them_all(control, monkeypatch):
    control.do("state.put", adding(control, "first"))
    claim = import_state._reserve

    def late(draft):
        control.server.call("/sp/campaigns", {"campaigns": [campaign("b")]})
        claim(draft)

    monkeypatch.setattr(import_state, "_reserve", late)
    refused = control.refuse("state.patch", adding(control, "a", "b", "c"))
    assert refused["pointer"].endswith("/sp.campaigns/1")
    assert names(control) == ["first", "b"]
    monkeypatch.undo()
    control.do("state.patch", adding(control, "a", "c"))  # what was refused holds no name


def test_a_name_that_is_to_come_is_taken(control, monkeypatch):
    control.do("state.put", adding(control, "first"))
    taken = []

    def meanwhile():
        reply = control.server.call("/sp/campaigns", {"campaigns": [campaign("b")]})
        taken.append(len(value(reply)["campaigns"]["success"]))

    monkeypatch.setattr(import_state, "BATCH_SIZE", 1)
    monkeypatch.setattr(import_state, "pause", meanwhile)
    control.do("state.patch", adding(control, "a", "b"))
    assert taken == [0, 0]
    assert names(control) == ["first", "a", "b"]


def run_in_thread(work):
    """Return what ``work`` comes to in another thread; a lock held here would stop it."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(timeout=60)


def test_invention_fills_every_profile_and_adds_when_repeated(control):
    made = control.do("state.invent", {"campaigns": 3})

    assert len(made["profiles"]) == len(control.server.sandbox.profiles)
    assert all(len(rows["sp.campaigns"]) == 3 for rows in made["profiles"].values())
    assert len(set(names(control))) == 3
    more = control.do("state.invent", {"campaigns": 3})
    assert len(set(names(control))) == 6
    ids = [each["profiles"][control.server.profile().id]["sp.campaigns"] for each in (made, more)]
    assert len({*ids[0], *ids[1]}) == 6


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
def test_days_that_are_none_and_amounts_beyond_money_are_refused(
    control, resource, changes, member
):
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
    control.do("state.put", state(control, **{resource: [rows[resource]]}))

    refused = control.refuse("state.put", state(control, **{resource: [rows[resource] | changes]}))

    assert refused["pointer"].endswith(f"/{resource}/0/{member}")


def test_a_whole_number_may_be_written_with_a_point(control):
    made = control.do("state.invent", {"campaigns": 2.0})
    assert {len(rows["sp.campaigns"]) for rows in made["profiles"].values()} == {2}
    limit = {"effect": {"kind": "http", "status": 503.0}, "when": {"times": 1.0}}
    control.do("faults.put", limit, fault="down")
    statuses = [control.server.call("/sp/campaigns/list", {}).status for _ in range(2)]
    assert statuses == [503, 200]


def test_invention_refuses_a_profile_that_is_not_here(control):
    refused = control.send("state.invent", {"profiles": ["7"]})

    assert refused.status_code == 400
    assert refused.json["pointer"] == "/profiles/0"
