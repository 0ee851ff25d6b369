"""The wait for passes of a program: it reports that they run, and ends with the first error."""

from concurrent.futures import Future

import pytest

from adsmock.harness.suite.free_run.waiting import results


def ended(result):
    future = Future()
    future.set_result(result)
    return future


def test_results_are_in_order_and_a_short_wait_says_nothing():
    said = []

    assert results([ended(1), ended(2)], said.append, lambda: "waiting") == [1, 2]
    assert said == []


def test_long_wait_says_that_a_pass_is_running():
    hanging, said = Future(), []

    def say(line):
        said.append(line)
        if len(said) == 3:
            hanging.set_result("late")

    assert results([ended("soon"), hanging], say, lambda: "waiting", 0.001) == ["soon", "late"]
    assert said == ["waiting"] * 3


def test_first_error_ends_the_wait():
    refused = Future()
    refused.set_exception(ValueError("refused"))

    with pytest.raises(ValueError, match="refused"):
        results([Future(), refused], print, lambda: "waiting")
