"""The clocks of all sandboxes at once: all of them change, or none."""

import pytest

from tests.unit.mockserver.control.fixtures import make_control
from tests.unit.mockserver.fixtures import NOON

LATER = "2090-08-01T00:00:00Z"


@pytest.fixture
def control():
    control = make_control()
    control.do("sandboxes.create", {"id": "other", "clock": {"mode": "frozen"}})
    return control


def shown(control):
    return {row.pop("sandbox"): row for row in control.do("clocks.get")["clocks"]}


def times(control):
    return {name: row["nowSeconds"] for name, row in shown(control).items()}


def test_all_clocks_are_shown_as_each_alone(control):
    rows = shown(control)
    assert {"t1", "other"} <= rows.keys()
    assert rows["t1"] == control.do("clock.get", sandbox="t1")


def test_all_clocks_advance_and_report_their_events(control):
    before = times(control)
    control.do("faults.put", {"effect": {"kind": "outage"}, "ttl": "PT20S"}, fault="dark")
    rows = control.do("clocks.advance", {"seconds": 60})["clocks"]
    assert {row["sandbox"]: row["nowSeconds"] for row in rows} == {
        name: time + 60 for name, time in before.items()
    }
    assert [row["kind"] for row in rows if row["sandbox"] == "t1" for row in row["fired"]] == [
        "fault-ended"
    ]


def test_all_clocks_are_set(control):
    body = {"mode": "frozen", "now": LATER}
    rows = control.do("clocks.put", body)["clocks"]
    assert {(row["mode"], row["now"]) for row in rows} == {("frozen", "2090-08-01T00:00:00.000Z")}


def test_a_time_that_has_passed_for_one_changes_none(control):
    control.do("clock.put", {"mode": "frozen", "now": LATER}, sandbox="other")
    before = shown(control)
    wanted = {"mode": "scaled", "rate": 2, "now": "2090-07-15T00:00:00Z"}
    refused = control.refuse("clocks.put", wanted)
    assert (refused["pointer"], "2090-08-01" in refused["detail"]) == ("/now", True)
    assert control.refuse("clocks.put", {"mode": "scaled"})["pointer"] == "/rate"
    control.do("clock.put", {"mode": "frozen", "now": "2099-12-01"}, sandbox="other")
    refused = control.refuse("clocks.advance", {"seconds": 9_000_000})
    assert refused["pointer"] == "/seconds"
    assert control.do("clock.get", sandbox="t1") == before["t1"]
    assert times(control)["t1"] == NOON
