from hypothesis import given
from hypothesis import strategies as st

from loadtests.desk import Desk, Target, is_throttled

TARGET = Target("1", "NA", "US", ("k0", "k1", "k2"), 0.02)
THROTTLED = {"index": 0, "errors": [{"errorType": "throttledError"}]}
REFUSED = {"index": 1, "errors": [{"errorType": "rangeError"}]}


def desk_with(changes: float) -> Desk:
    desk = Desk(TARGET)
    desk.arrive(changes)
    return desk


def test_desk_keeps_a_part_of_a_change_until_it_is_whole():
    desk = Desk(TARGET)
    for _turn in range(3):
        desk.arrive(0.5)
    assert desk.arrived == 1


def test_desk_gives_the_oldest_changes_and_no_keyword_twice():
    desk = desk_with(5)
    assert [desk.take(10), desk.take(10), desk.take(10)] == [[0, 1, 2], [3, 4], []]


def test_desk_puts_unwritten_changes_in_front():
    desk = desk_with(3)
    desk.put_back(desk.take(2))
    assert desk.take(3) == [0, 1, 2]


def test_desk_tells_written_throttled_and_refused_rows_apart():
    desk = desk_with(3)
    desk.settle(desk.take(3), {"success": [{"index": 2}], "error": [THROTTLED, REFUSED]})
    assert (desk.done, desk.refused, list(desk.waiting)) == (1, 1, [0])


def test_a_row_is_throttled_only_by_its_own_errors():
    assert is_throttled(THROTTLED)
    assert not is_throttled(REFUSED)
    assert not is_throttled({"index": 0})


def test_two_changes_of_one_keyword_set_different_bids():
    desk = desk_with(4)
    assert desk.item(0)["keywordId"] == desk.item(3)["keywordId"]
    assert desk.item(0)["bid"] != desk.item(3)["bid"]


@given(
    steps=st.lists(
        st.tuples(st.floats(0, 5), st.integers(1, 4), st.sampled_from("wtr")), max_size=40
    )
)
def test_every_change_is_written_refused_or_waiting(steps):
    desk = Desk(TARGET)
    for changes, size, outcome in steps:
        desk.arrive(changes)
        batch = desk.take(size)
        rows = [{"index": n, "errors": THROTTLED["errors"]} for n in range(len(batch))]
        refused = [{"index": n, "errors": REFUSED["errors"]} for n in range(len(batch))]
        answer = {"w": {"success": batch}, "t": {"error": rows}, "r": {"error": refused}}[outcome]
        desk.settle(batch, answer)
        assert desk.arrived == desk.done + desk.refused + len(desk.waiting)
        assert list(desk.waiting) == sorted(desk.waiting)
