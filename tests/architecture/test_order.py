"""Slow tests start first, and every test is run once."""

from dataclasses import dataclass

import pytest

from tests.order import slow_first


@dataclass(frozen=True)
class Item:
    path: str
    number: int

    def get_closest_marker(self, name):
        return name == "slow" and self.path.startswith("slow") and self.number == 0


def items_of(**files):
    return [Item(path, number) for path, count in files.items() for number in range(count)]


def test_half_of_the_workers_start_with_slow_files():
    items = items_of(quick=9, slow_a=2, other=7, slow_b=2)

    ordered = slow_first(items, 4)

    slices = [ordered[start : start + 5] for start in range(0, 20, 5)]
    assert [[each.path for each in one[:2]] for one in slices] == [
        ["slow_a", "slow_a"],
        ["slow_b", "slow_b"],
        ["quick", "quick"],
        ["other", "other"],
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
