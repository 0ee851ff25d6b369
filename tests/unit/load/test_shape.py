import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.shape import parse, quotas, shapes

PHASE = {"name": "day", "share": 1.0, "start": 0.2, "end": 0.6, "pressure": 1.0}


def test_shapes_open_with_a_burst_that_meets_the_tightest_quotas():
    phases = {phase.name: phase for phase in shapes()["prime-day"].phases}
    assert list(phases) == ["lead-up", "opening burst", "hot hours", "tail"]
    burst = phases["opening burst"]
    assert burst.start == max(phase.start for phase in phases.values())
    assert burst.pressure == min(phase.pressure for phase in phases.values())


def test_shape_goes_in_a_straight_line_within_a_phase():
    shape = parse("day", {"title": "a day", "phases": [PHASE]})
    assert [shape.at(part, 100).users for part in (0.0, 0.25, 0.5, 1.0)] == [20, 30, 40, 60]


def test_shape_changes_phase_where_the_shares_say():
    rows = [PHASE | {"name": "one", "share": 0.25}, PHASE | {"name": "two", "share": 0.75}]
    shape = parse("day", {"title": "a day", "phases": rows})
    assert [shape.at(part, 10).phase.name for part in (0.0, 0.249, 0.25, 0.99)] == [
        "one",
        "one",
        "two",
        "two",
    ]


@given(progress=st.floats(0, 2), largest=st.integers(1, 10_000))
@pytest.mark.parametrize("name", shapes())
def test_shape_always_has_users_and_never_too_many(name, progress, largest):
    assert 1 <= shapes()[name].at(progress, largest).users <= largest


@pytest.mark.parametrize(
    "change",
    [{"share": 0.5}, {"share": 0.0}, {"pressure": 0.0}, {"pressure": 1.5}, {"start": -0.1}],
)
def test_shape_refuses_numbers_out_of_range(change):
    with pytest.raises(ValueError, match="day"):
        parse("day", {"title": "a day", "phases": [PHASE | change]})


def test_shape_refuses_an_unknown_member():
    with pytest.raises(TypeError):
        parse("day", {"title": "a day", "phases": [PHASE | {"users": 3}]})


def test_quotas_are_stated_for_every_class_that_users_touch():
    assert {"sp.read", "sp.write", "exports.create", "exports.get", "lwa"} <= quotas().keys()
    assert all(row["rate"] > 0 and row["burst"] > 0 for row in quotas().values())
