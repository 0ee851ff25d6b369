"""Turns of background threads: one at a time, in the order in which they asked."""

from itertools import chain
from threading import Event, Thread

import pytest

from adsmock.mockserver.core import turns
from adsmock.mockserver.core.turns import (
    SLICE,
    Turns,
    free_in_slices,
    in_turns,
    slices_in_turns,
)

SECONDS = 300


def until(is_so):
    """Wait for a condition of another thread, for minutes at most."""
    tries = 0
    while not is_so():
        tries += 1
        assert tries < SECONDS * 100
        Event().wait(0.01)


@pytest.fixture
def own(monkeypatch):
    found = Turns()
    monkeypatch.setattr(turns, "TURNS", found)
    return found


def test_threads_get_their_turn_in_the_order_in_which_they_asked(own):
    order, threads = [], []

    def work(name):
        with own:
            order.append(name)

    with own:
        for number in range(4):
            threads.append(Thread(target=work, args=(number,)))
            threads[-1].start()
            until(lambda: own.waiting == len(threads))
        assert order == []
    for thread in threads:
        thread.join(SECONDS)
    assert order == [0, 1, 2, 3]
    with own:  # nobody has it now
        assert own.waiting == 0


def test_long_work_lets_others_have_a_turn_after_each_slice(own):
    order = []

    def work(name):
        def of_slice(rows):
            if not order:
                until(lambda: own.waiting == 1)  # the other one asks during the first slice
            order.append(name)
            return rows

        return lambda: in_turns(of_slice, list(range(3 * SLICE)))

    first, second = Thread(target=work("a")), Thread(target=work("b"))
    first.start()
    until(lambda: own._is_taken)
    second.start()
    for thread in (first, second):
        thread.join(SECONDS)
    assert order[:2] == ["a", "b"]
    assert sorted(order) == ["a"] * 3 + ["b"] * 3
    assert order != ["a", "a", "a", "b", "b", "b"]


def test_a_turn_ends_when_the_work_fails(own):
    with pytest.raises(ZeroDivisionError):
        in_turns(lambda _: [1 // 0], [1])
    assert in_turns(lambda rows: rows[::-1], list(range(SLICE + 2)))[-2:] == [SLICE + 1, SLICE]


def test_reading_a_slice_takes_a_turn_and_using_it_does_not(own):
    taken = []

    def rows():
        for number in range(2 * SLICE + 1):
            taken.append(own._is_taken)
            yield number

    slices = []
    for part in slices_in_turns(rows()):
        slices.append(part)
        assert not own._is_taken
    assert all(taken)
    assert list(map(len, slices)) == [SLICE, SLICE, 1]
    assert list(chain.from_iterable(slices)) == list(range(2 * SLICE + 1))


def test_a_list_is_emptied_a_slice_at_a_time():
    class Counted(list):
        def __delitem__(self, place):
            sizes.append(len(self[place]))
            super().__delitem__(place)

    sizes = []
    rows = Counted(range(2 * SLICE + 1))
    free_in_slices(rows)
    assert (list(rows), sizes) == ([], [SLICE, SLICE, 1])
