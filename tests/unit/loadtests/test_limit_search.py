"""The search ends close to the load at which the verdict changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.loadtests.limit_search import CLOSE, FEWEST, LARGEST, search


@given(st.integers(5, 400), st.integers(1, 20_000))
def test_the_limit_lies_between_the_last_pass_and_the_first_failure(users, limit):
    found = search(lambda load: "within" if load <= limit else "missed", users)
    if found.failed is None:
        assert found.passed * 2 > users * LARGEST
    elif found.passed is None:
        assert found.failed // 2 < FEWEST
    else:
        assert found.passed <= limit < found.failed
        assert found.failed <= max(found.passed * CLOSE, found.passed + 2)
    assert len(found.verdicts) <= 12


def test_each_load_is_played_once():
    played = []

    def play(load):
        played.append(load)
        return "within" if load <= 130 else "missed"

    search(play, 60)
    assert played[:3] == [60, 120, 240]
    assert len(played) == len(set(played))


@pytest.mark.parametrize(("status", "is_over"), [("incomplete", True), ("missed", False)])
def test_a_machine_at_its_limit_ends_the_search(status, is_over):
    assert search(lambda load: "within" if load < 50 else status, 40).is_over == is_over
