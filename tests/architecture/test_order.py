"""Slow tests start first, the longest before the others, and every test is run once."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from tests.order import slow_first


@dataclass(frozen=True)
class Item:
    path: str
    number: int

    def get_closest_marker(self, name):
        is_slow = name == "slow" and self.path.startswith("slow")
        seconds = (90,) if self.path == "slow_long" else ()
        return SimpleNamespace(args=seconds) if is_slow else None


def items_of(**files):
    return [Item(path, number) for path, count in files.items() for number in range(count)]


def test_two_thirds_of_the_workers_start_with_slow_tests_and_the_longest_first():
    items = items_of(quick=9, slow_a=2, other=5, slow_long=2)

    ordered = slow_first(items, 3)

    slices = [ordered[start : start + 6] for start in range(0, 18, 6)]
    assert [[each.path for each in one[:3]] for one in slices] == [
        ["slow_long", "slow_a", "quick"],
        ["slow_long", "slow_a", "quick"],
        ["quick", "other", "other"],
    ]


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7, 50])
@pytest.mark.parametrize("slow", [0, 1, 5, 200])
def test_each_test_is_kept_once(workers, slow):
    items = items_of(quick=13, slow=slow, other=6)

    ordered = slow_first(items, workers)

    assert len(ordered) == len(items)
    assert set(ordered) == set(items)


def test_order_of_one_process_is_left_alone():
    items = items_of(quick=2, slow=1)

    assert slow_first(items, 1) == items
