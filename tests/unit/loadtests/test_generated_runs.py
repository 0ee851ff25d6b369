"""Generated runs, in one or more parts and processes: no number disagrees with the queues."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from adsmock.loadtests import rehearsal
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.optimum import minimum_calls
from adsmock.loadtests.part import Part
from adsmock.loadtests.roles import ROLES
from adsmock.loadtests.shared_state import SharedState
from adsmock.loadtests.verdict import MockLoad, Outcome, measures
from tests.unit.loadtests.fixtures import FixedCaller, ManualClock, NoChance, plan
from tests.unit.loadtests.test_checkpoint import stopped

turns = st.tuples(st.sampled_from(sorted(ROLES)), st.sampled_from(["done", "again", "refused"]))
parts = st.lists(
    st.lists(st.tuples(st.integers(1, 9), st.lists(turns, max_size=6)), max_size=8),
    min_size=1,
    max_size=3,
)


def play(part, state, clock):
    """Let work arrive, and do some of it."""
    for seconds, todo in part:
        clock.at += seconds
        for one in state:
            one.add_arrivals()
            for role, result in todo:
                one.work(role, FixedCaller(result, came=result == "done"))


def outcome_of(counters, elapsed):
    regions = ("NA", "EU")
    return Outcome(counters, elapsed, 100.0, [], regions)


@given(parts, st.integers(1, 3))
def test_work_that_waits_is_counted_however_often_the_run_stops(found, processes):
    clock, whole, offset, left = ManualClock(), Counters(), 0.0, ()
    for part in found:
        began = clock.at - offset
        own = plan(offset=offset, queues=left, workers=processes)
        state = [SharedState(own, clock, NoChance(), n, processes) for n in range(processes)]
        play(part, state, clock)
        for one in state:
            whole.merge(one.counters.drain())
        left = tuple(each for one in state for each in one.stored())
        offset = clock.at - began

        assert whole.waiting() == sum(len(each.waiting) for each in left)
        for name in ROLES:
            waits = sum(len(each.waiting) for each in left if each.role == name)
            assert whole.waiting(name) == waits
        seen = outcome_of(whole, max(1.0, offset))
        assert all(value >= 0 for value in measures(seen).values())
        assert minimum_calls(whole) >= 0


class Shown:
    """Keeps what the page of a run in progress would show."""

    def __init__(self):
        self.rows = []

    def follow(self, row, _calls, _planned):
        self.rows.append(dict(row))


def test_the_live_page_of_a_resumed_run_counts_the_work_that_waited_before(monkeypatch):
    """The second part does two items that the first part left: two less than nothing arrived."""
    own = plan(duration=1200.0, offset=600.0)
    counts = {"accepted": 2, "throttled": 0, "failed": 0}
    row = {"elapsed": 601.0, "users": 1, "waiting": -2, **counts}
    live = Shown()
    witness = SimpleNamespace(start_here=lambda: None, look=list, see_ended=list)
    operator = SimpleNamespace(
        metric=lambda _name: None,
        go_on=lambda _rate: None,
        now=lambda: 0.0,
        injected=lambda *_args: None,
    )
    monkeypatch.setattr(rehearsal, "_rows", lambda *_args: [row])
    monkeypatch.setattr(rehearsal, "_result", lambda *_args: {})
    monkeypatch.setattr(rehearsal, "say", lambda *_lines: None)
    part = Part(earlier=stopped(mock_load=MockLoad()))
    rehearsal._follow(own, operator, witness, part, live)

    assert [each["waiting"] for each in live.rows] == [0]
    assert [each["accepted"] for each in live.rows] == [12]
