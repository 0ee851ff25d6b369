"""What the mock plans is read in seconds of the run, whatever clock the sandbox has."""

import pytest

from adsmock.loadtests.injected import Moment, injected
from tests.unit.loadtests.event import FAULTS, SECONDS, THROTTLE, planned

BEGAN = 1_796_040_000.0


def test_times_without_a_date_count_from_the_scenario():
    start = Moment(began=BEGAN, played=1.5)
    assert start.at("+PT10S") == 11.5
    assert start.at("2026-11-30T12:00:10Z") == 10.0


def test_a_scaled_clock_makes_the_event_shorter():
    start = Moment(began=BEGAN, played=1.5, rate=60.0)
    assert start.at("+PT10M") == 11.5
    assert start.at("2026-11-30T12:10:00Z") == 10.0


def test_faults_and_load_windows_have_regions_and_times():
    found = planned()
    assert [(each.rule, each.regions) for each in found.faults] == [
        ("prime-day.dark", ("FE",)),
        ("prime-day.unavailable-na", ("NA",)),
        ("prime-day.slow", ("EU",)),
        ("ours", ()),
    ]
    first = found.load_windows[0]
    assert (first.region, first.begin, first.end, first.share) == ("FE", 9.0, 15.0, 0.3)


@pytest.mark.parametrize("seconds", [10, 60])
def test_what_begins_after_the_end_is_left_out(seconds):
    found = injected(FAULTS, THROTTLE, Moment(BEGAN, 0.0), float(seconds))
    assert all(each.begin < seconds for each in found.faults)
    assert all(each.end <= seconds for each in found.faults)
    assert len(found.faults) < len(planned().faults) or seconds == SECONDS
