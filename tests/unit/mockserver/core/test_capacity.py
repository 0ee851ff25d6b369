"""Ceilings of what all callers occupy: they refuse, count and say so, and make room again."""

import pytest

from adsmock.mockserver.core.capacity import LOG_SECONDS, Capacity
from adsmock.mockserver.core.limits import Limits


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def capacity(clock):
    return Capacity(Limits(connections=2, buffered_bytes=10, sandboxes=1), clock)


def test_a_connection_above_the_ceiling_is_refused_until_one_ends(capacity):
    assert [capacity.connect() for _ in range(3)] == [True, True, False]
    capacity.disconnect()
    assert capacity.connect()
    assert capacity.refused["connections"] == 1


def test_bodies_fill_the_buffer_together(capacity):
    assert capacity.buffer(10)
    assert not capacity.buffer(1)
    capacity.release(4)
    assert capacity.buffer(4)
    assert capacity.buffered == 10


def test_sandboxes_are_counted_by_their_owner(capacity):
    assert capacity.has_room(0)
    assert not capacity.has_room(1)


def test_the_log_says_which_option_helps_but_not_for_every_refusal(capacity, clock, caplog):
    for _ in range(3):
        capacity.buffer(11)
    capacity.has_room(1)
    assert [row.args[-1] for row in caplog.records] == ["--max-buffered", "--max-sandboxes"]
    clock.now = LOG_SECONDS
    capacity.buffer(11)
    assert len(caplog.records) == 3
    assert capacity.refused["buffered bytes"] == 4
