import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.loadtests.shape import parse, quotas, shapes
from adsmock.mockserver.services.sandboxes.scenario import scenarios

PHASE = {
    "name": "day",
    "regions": ["NA"],
    "begin": 0,
    "end": 10,
    "start_level": 0.2,
    "end_level": 0.6,
}
DAY = {"title": "a day", "hours": 10, "phases": [PHASE]}


def test_the_promised_shapes_are_there():
    assert set(shapes()) == {"steady", "ramp", "spike", "prime-day"}


def test_prime_day_opens_in_the_far_east_then_in_europe_then_in_north_america():
    shape = shapes()["prime-day"]
    opening = {
        region: next(hour for hour in range(76) if shape.level(region, hour / shape.hours) == 1.0)
        for region in ("FE", "EU", "NA")
    }
    assert opening == {"FE": 6, "EU": 13, "NA": 22}
    assert shape.phase(0.0) == "lead-up"
    assert shape.phase(1.0) == "tail"


def test_shapes_and_their_scenarios_last_equally_long():
    for shape in shapes().values():
        if shape.scenario:
            assert scenarios()[shape.scenario].lasts == f"PT{shape.hours:g}H"


def test_others_press_hardest_where_the_shape_opens():
    shape, load_windows = shapes()["prime-day"], scenarios()["prime-day"].load_windows
    tightest = min(window["share"] for window in load_windows)
    begins = {
        window["region"]: window["from"] for window in load_windows if window["share"] == tightest
    }
    assert begins == {
        row.regions[0]: f"+PT{row.begin:g}H" for row in shape.phases if row.start_level == 1.0
    }


def test_spike_is_five_times_the_ordinary_load():
    levels = [shapes()["spike"].level("NA", part) for part in (0.1, 0.4, 0.9)]
    assert levels[1] == pytest.approx(5 * levels[0])
    assert levels[2] == levels[0]


def test_shape_goes_in_a_straight_line_within_a_row():
    shape = parse("day", DAY)
    assert [shape.users(part, 100, 1) for part in (0.0, 0.25, 0.5, 1.0)] == [20, 30, 40, 60]
    assert shape.level("EU", 0.5) == 0.0


def test_the_highest_of_overlapping_rows_counts():
    rush = PHASE | {"name": "rush", "begin": 4, "end": 5, "start_level": 1.0, "end_level": 1.0}
    shape = parse("day", DAY | {"phases": [PHASE, rush]})
    assert [shape.phase(part) for part in (0.3, 0.4, 0.5)] == ["day", "rush", "day"]


@given(progress=st.floats(0, 2), largest=st.integers(1, 10_000), fewest=st.integers(1, 50))
@pytest.mark.parametrize("name", shapes())
def test_shape_always_has_users_and_never_too_many(name, progress, largest, fewest):
    users = shapes()[name].users(progress, largest, fewest)
    assert fewest <= users <= max(largest, fewest)


@pytest.mark.parametrize(
    "change",
    [
        {"end": 9},
        {"begin": 1},
        {"end": 11},
        {"end": 0},
        {"start_level": -0.1},
        {"end_level": 1.1},
        {"share": 1},
    ],
)
def test_shape_refuses_what_does_not_fit(change):
    with pytest.raises(ValueError, match="day"):
        parse("day", DAY | {"phases": [PHASE | change]})


def test_quotas_are_stated_for_every_class_that_users_touch():
    touched = {"sp.read", "sp.write", "exports.create", "exports.get", "reporting.create"}
    assert touched | {"reporting.get", "lwa"} <= quotas().keys()
    assert all(row["rate"] > 0 and row["burst"] > 0 for row in quotas().values())
