"""What a store remembers of changes: of followed resources, in order, bounded, and cheaply."""

from adsmock.mockserver.core.change_log import TRAIL
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.store import Store


def entity(name, state="ENABLED", seq=1):
    return Entity(name, seq, state, b"{}", (), None, 0.0, 0.0)


def test_only_followed_resources_leave_a_trail():
    store = Store()
    early = store.table("p", "a")
    store.follow(frozenset({"a"}))
    first, second = entity("1"), entity("1", "PAUSED")
    early.put(first)
    store.table("p", "b").put(entity("2"))
    store.table("q", "a").put(entity("3"))
    early.put(second)
    assert store.trail("p") == [("a", None, first), ("a", first, second)]
    assert store.trail("nobody") == []


def test_nothing_is_noted_while_nobody_looks():
    store = Store()
    store.follow(frozenset({"a"}))
    with store.unobserved():
        store.table("p", "a").put(entity("1"))
    assert store.trail("p") == []
    store.table("p", "a").put(entity("2"))
    assert len(store.trail("p")) == 1


def test_the_oldest_fall_out_and_a_drop_forgets():
    store = Store()
    store.follow(frozenset({"a"}))
    table = store.table("p", "a")
    for number in range(TRAIL + 5):
        table.put(entity(str(number), seq=number + 1))
    assert len(store.trail("p")) == TRAIL
    assert store.trail("p")[0][2].id == "5"
    store.drop("p")
    assert store.trail("p") == []
