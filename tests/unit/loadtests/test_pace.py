import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.loadtests.pace import HIGHEST_RATE, LONGEST_BACKOFF, LOWEST_RATE, Pace, seconds_of

fractions = st.floats(0, 1, exclude_max=True)


def run(pace: Pace, rate: float, seconds: float) -> tuple[int, int]:
    """Drive a pace against a service that takes ``rate`` calls a second; count both outcomes."""
    now, level, accepted, throttled = 0.0, rate, 0, 0
    while now < seconds:
        waited = max(pace.wait(now), 0.001)
        now += waited
        level = min(rate, level + waited * rate)
        pace.take(now)
        if level >= 1:
            level -= 1
            accepted += 1
            pace.accepted()
        else:
            throttled += 1
            pace.throttled(now, 1.0, 0.5)
    return accepted, throttled


def test_pace_lets_the_first_call_go_at_once():
    assert Pace().wait(100.0) == 0.0


def test_pace_spaces_calls_by_its_rate():
    pace = Pace(rate=4.0)
    pace.take(10.0)
    assert pace.wait(10.0) == pytest.approx(0.25)
    assert pace.wait(10.25) == 0.0


def test_pace_saves_no_slots_for_later():
    pace = Pace(rate=1.0)
    pace.take(10.0)
    pace.take(50.0)
    assert pace.wait(50.0) == pytest.approx(1.0)


@given(stated=st.floats(0, 3600), draw=fractions, now=st.floats(0, 1e9))
def test_pace_never_undercuts_a_stated_wait(stated, draw, now):
    pace = Pace()
    pace.throttled(now, stated, draw)
    assert pace.free_at >= now + stated


def test_pace_spreads_those_who_were_refused_together():
    paces = [Pace() for _each in range(2)]
    for pace, draw in zip(paces, (0.1, 0.9), strict=True):
        pace.throttled(0.0, 10.0, draw)
    assert paces[0].free_at != paces[1].free_at


def test_pace_waits_longer_each_time_when_nothing_is_stated():
    pace, holds = Pace(), []
    for _refusal in range(8):
        pace.free_at = 0.0
        pace.throttled(0.0, None, 0.0)
        holds.append(pace.free_at)
    assert holds[:4] == [0.5, 1.0, 2.0, 4.0]
    assert max(holds) <= LONGEST_BACKOFF


def test_pace_forgets_refusals_once_it_is_accepted():
    pace = Pace()
    pace.throttled(0.0, None, 0.0)
    pace.accepted()
    assert pace.refusals == 0


@given(outcomes=st.lists(st.booleans(), max_size=200))
def test_pace_stays_within_its_bounds(outcomes):
    pace = Pace()
    for accepted in outcomes:
        pace.accepted() if accepted else pace.throttled(0.0, None, 0.5)
        assert LOWEST_RATE <= pace.rate <= HIGHEST_RATE


@pytest.mark.parametrize("rate", [3.0, 10.0, 20.0])
def test_pace_finds_an_unknown_limit(rate):
    accepted, throttled = run(Pace(), rate, 120.0)
    assert accepted > 0.6 * rate * 120.0
    assert throttled < 0.1 * (accepted + throttled)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3.0), ("0", 0.0), ("-1", 0.0), (None, None), ("Tue, 24 Nov 2026 12:00:00 GMT", None)],
)
def test_retry_after_is_read_as_seconds(header, seconds):
    assert seconds_of(header) == seconds
