"""The sandbox's time: shown, changed, moved, and what fires on the way."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.mockserver.control.fixtures import make_control
from tests.unit.mockserver.fixtures import EXPORT, NOON, value

HOUR = 3600
SERVER = make_control()
NAMES = (f"s{number}" for number in count())


def export(control) -> str:
    reply = control.server.call("/campaigns/export", {}, Content_Type=EXPORT, Accept=EXPORT)
    return value(reply)["exportId"]


def fired(control, seconds):
    return [
        (row["kind"], row["id"])
        for row in control.do("clock.advance", {"seconds": seconds})["fired"]
    ]


def test_advance_moves_a_frozen_clock_by_exactly_that(control):
    moved = control.do("clock.advance", {"seconds": 12.5})
    assert moved["nowSeconds"] == NOON + 12.5
    assert moved["now"] == "2026-07-01T12:00:12.500Z"
    assert control.do("clock.get")["nowSeconds"] == NOON + 12.5


@pytest.mark.parametrize("seconds", [-1, 1e300, "3", None])
def test_advance_refuses_what_is_no_way_forward(control, seconds):
    assert control.refuse("clock.advance", {"seconds": seconds})["pointer"] == "/seconds"
    assert control.do("clock.get")["nowSeconds"] == NOON


def test_advance_never_leaves_the_years_that_can_be_written(control):
    control.do("clock.advance", {"seconds": 2_000_000_000})
    refused = control.refuse("clock.advance", {"seconds": 2_000_000_000})
    assert "2099" in refused["detail"]


def test_put_changes_the_mode_and_keeps_the_time(control):
    assert control.do("clock.put", {"mode": "scaled", "rate": 60})["rate"] == 60
    assert control.do("clock.put", {"mode": "frozen"})["nowSeconds"] >= NOON
    shown = control.do("clock.put", {"mode": "frozen", "now": "2026-08-01T00:00:00Z"})
    assert shown["now"] == "2026-08-01T00:00:00.000Z"
    assert control.do("clock.put", {"mode": "frozen", "now": "2026-08-01T00:00:00Z"}) == shown


def test_put_refuses_to_go_back_and_says_what_time_it_is(control):
    refused = control.refuse("clock.put", {"mode": "frozen", "now": "2026-06-01"})
    assert refused["pointer"] == "/now"
    assert "2026-07-01T12:00:00.000Z" in refused["detail"]


def test_put_refuses_a_scaled_clock_without_a_rate(control):
    assert control.refuse("clock.put", {"mode": "scaled"})["pointer"] == "/rate"


def test_advance_tells_of_jobs_tokens_faults_and_families_in_order_of_time():
    control = make_control(token_lifetime=50.0)
    job = export(control)
    control.do("faults.put", {"effect": {"kind": "outage"}, "ttl": "PT20S"}, fault="dark")
    control.do("versions.put", {"families": {"sp": {"shutOff": "2026-07-01T12:00:30Z"}}})
    kinds = fired(control, 60)
    assert [kind for kind, _ in kinds] == [
        "job-completed",
        "fault-ended",
        "shut-off",
        "token-expired",
    ]
    assert kinds[0][1] == job
    assert kinds[1][1] == "dark"
    assert kinds[2][1] == "sp"
    assert kinds[3][1].startswith("tok-")


def test_advance_tells_nothing_twice(control):
    export(control)
    assert fired(control, 4.999) == []
    assert [kind for kind, _ in fired(control, 0.001)] == ["job-completed"]
    assert fired(control, HOUR) == []


def test_advance_tells_when_a_finished_job_is_gone(control):
    job = export(control)
    assert ("job-gone", job) in fired(control, 5 + 24 * HOUR)


def test_advance_tells_when_a_url_ends(control):
    job = export(control)
    control.do("clock.advance", {"seconds": 5})
    reply = control.server.call(f"/exports/{job}", b"", "GET", Accept=EXPORT, Content_Type=None)
    assert "url" in value(reply)
    assert ("url-expired", job) in fired(control, HOUR)


def test_advance_tells_of_the_deprecation_calendar():
    control = make_control(clock_start=1_640_995_200.0)  # 2022-01-01
    rows = control.server.runtime.contract_set.deprecations
    shut = {name for kind, name in fired(control, 10 * 365 * 24 * HOUR) if kind == "shut-off"}
    assert shut == {row.id for row in rows if row.shut_off > "2022-01-01"}
    assert shut


@given(st.lists(st.floats(0, 1e6), max_size=6))
def test_steps_and_one_leap_fire_the_same(steps):
    walker, leaper = (SERVER.another(next(NAMES), seed=1, token_lifetime=5e5) for _ in "ab")
    for control in (walker, leaper):
        control.do("faults.put", {"effect": {"kind": "outage"}, "ttl": "PT9H"}, fault="dark")
        control.do("versions.put", {"families": {"sp": {"shutOff": "2026-07-03"}}})
    walked = [row[0] for step in steps for row in fired(walker, step)]
    end = walker.do("clock.get")["nowSeconds"] - NOON
    assert walked == [row[0] for row in fired(leaper, end)]
