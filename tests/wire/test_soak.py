"""What a soak calls level: memory, and what a call takes; the machine's noise is no fault."""

import pytest

from tests.bench.soak import DEARER, GROWN, SLOWER, Course, Slice, _lines, faults


def course(after=1.0, **last):
    calm = {"calls": 1000, "p50": 1.0, "p99": 5.0, "memory": 90.0, "cpu": 200.0}
    slices = [Slice(**calm)] * 8 + [Slice(**calm | last)] * 4
    return Course(200.0, slices, 1.0, after)


def test_what_stays_level_has_no_fault():
    assert faults(course()) == []
    assert _lines(course())[-1].startswith("level")


def test_a_busy_machine_is_no_fault_of_the_server():
    assert faults(course(p50=900.0, p99=4000.0)) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"memory": 90.0 + GROWN + 1}, "memory grew from 90 to 107 MB"),
        ({"cpu": 200.0 * DEARER + 1}, "microseconds"),
        ({"after": SLOWER + 0.1}, "a lone call"),
    ],
)
def test_what_grows_is_named(changed, says):
    (fault,) = faults(course(**changed))
    assert says in fault
    assert _lines(course(**changed))[-1] == fault
