import msgspec
from hypothesis import given
from hypothesis import strategies as st

from adsmock.loadtests.roles import ROLES, optimizer
from adsmock.loadtests.work_queue import Job, StoredQueue, WorkQueue
from tests.unit.loadtests.fixtures import TARGETS

TARGET = TARGETS[0]


def keyword(number):
    return optimizer.keyword(TARGET, number)


def queue_with(items, **members):
    queue = WorkQueue("optimizer", TARGET, **members)
    queue.arrive(items, 10.0)
    return queue


def numbers(items):
    return [number for number, _at in items]


def test_queue_keeps_a_fraction_until_it_is_one_item():
    queue = WorkQueue("optimizer", TARGET)
    assert [queue.arrive(0.5, 1.0) for _turn in range(3)] == [0, 1, 0]


def test_a_queue_continues_where_it_was_stopped():
    queue = queue_with(5.5)
    taken = queue.take(2, keyword)
    queue.job = Job("e1", 20.0)
    stored = queue.stored(3, 14.0)
    later = WorkQueue("optimizer", TARGET)
    later.restore(msgspec.json.decode(msgspec.json.encode(stored), type=StoredQueue), 100.0)

    assert numbers(taken) == [0, 1]
    assert list(later.waiting) == [(number, 96.0) for number in range(5)]
    assert (later.job.id, stored.process) == ("e1", 3)
    assert later.arrive(0.5, 100.0) == 1, "the fraction is kept"
    assert numbers(later.take(9))[-1] == 5


def test_queues_of_several_processes_number_their_items_apart():
    first, second = queue_with(3, number=0, step=2), queue_with(3, number=1, step=2)
    assert (numbers(first.take(9)), numbers(second.take(9))) == ([0, 2, 4], [1, 3, 5])


def test_queue_returns_the_oldest_items_without_subjects_in_progress():
    queue = queue_with(5)
    first = queue.take(10, keyword)
    assert numbers(first) == [0, 1, 2]
    assert queue.take(10, keyword) == []
    queue.finish(first, ["done"] * 3, keyword)
    assert numbers(queue.take(10, keyword)) == [3, 4]


def test_queue_puts_retries_in_front():
    queue = queue_with(3)
    queue.finish(queue.take(2), ["again", "refused"])
    assert numbers(queue.take(3)) == [0, 2]


def test_work_is_ripe_when_it_has_gathered_long_enough_or_fills_a_batch():
    queue = queue_with(3)
    assert [queue.is_due(now, 2.0, 500) for now in (11.9, 12.0)] == [False, True]
    assert queue.is_due(10.0, 2.0, 3)
    assert not WorkQueue("optimizer", TARGET).is_due(99.0, 0.0, 1)


def test_two_changes_of_one_keyword_set_different_bids():
    first, second = optimizer.item(TARGET, 0), optimizer.item(TARGET, 3)
    assert first["keywordId"] == second["keywordId"]
    assert first["bid"] != second["bid"]


def test_every_role_says_what_its_work_is():
    assert set(ROLES) == {"optimizer", "builder", "reader", "exporter", "reporter"}
    assert {name for name, role in ROLES.items() if role.is_write} == {"optimizer", "builder"}


@given(
    steps=st.lists(
        st.tuples(st.floats(0, 5), st.integers(1, 4), st.sampled_from(["done", "again", "refused"]))
    )
)
def test_every_piece_is_ended_or_waiting(steps):
    queue, ended = WorkQueue("optimizer", TARGET), 0
    for items, size, result in steps:
        queue.arrive(items, 0.0)
        batch = queue.take(size, keyword)
        queue.finish(batch, [result] * len(batch), keyword)
        ended += len(batch) * (result != "again")
        assert queue.arrived == ended + len(queue.waiting)
        assert list(queue.waiting) == sorted(queue.waiting)
        assert not queue.in_progress
