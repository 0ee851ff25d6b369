"""The pool gives tasks to the copy with the most room, and gives a dead one a pause."""

import pytest

from adsmock.loadtests.program import CopyDied, CopyPool, Reply
from adsmock.loadtests.program.copies import PAUSE
from adsmock.loadtests.roles import Task
from tests.unit.loadtests.fixtures import ManualClock

TASK = Task("list", {})


class FixedCopy:
    def __init__(self, dies=False):
        self.tasks = []
        self.dies = dies
        self.is_closed = False

    def run(self, task):
        self.tasks.append(task)
        if self.dies:
            raise CopyDied("exit code 1")
        return Reply("done")

    def close(self):
        self.is_closed = True


def test_the_least_busy_copy_gets_the_task():
    copies = [FixedCopy(), FixedCopy()]
    pool = CopyPool(copies, 2, ManualClock().now)
    with pool.room() as first, pool.room() as second:
        first(TASK)
        second(TASK)
    assert [len(copy.tasks) for copy in copies] == [1, 1]


def test_a_full_pool_has_no_room_and_notes_it():
    notes = []
    pool = CopyPool([FixedCopy()], 2, ManualClock().now, lambda *note: notes.append(note))
    with pool.room(), pool.room():
        with pool.room() as room:
            assert room is None
        assert notes == [("full", "")]
    with pool.room() as room:
        assert room is not None


def test_a_dead_copy_gets_work_again_after_a_pause():
    clock = ManualClock()
    pool = CopyPool([FixedCopy(dies=True)], 1, clock.now)
    with pool.room() as room, pytest.raises(CopyDied):
        room(TASK)
    with pool.room() as room:
        assert room is None
    clock.at += PAUSE
    with pool.room() as room:
        assert room is not None


def test_all_copies_are_closed():
    copies = [FixedCopy(), FixedCopy()]
    CopyPool(copies, 1, ManualClock().now).close()
    assert all(copy.is_closed for copy in copies)
