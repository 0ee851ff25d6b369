"""What a store remembers of changes: of followed resources, in order, bounded, and cheaply."""

from adsmock.mockserver.core.change_log import MOST_CHANGES
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.store import Store


def entity(name, state="ENABLED", seq=1):
    return Entity(name, seq, state, b"{}", (), None, 0.0, 0.0)


def test_only_followed_resources_are_logged():
    store = Store()
    early = store.table("p", "a")
    store.log_changes(frozenset({"a"}))
    first, second = entity("1"), entity("1", "PAUSED")
    early.put(first)
    store.table("p", "b").put(entity("2"))
    store.table("q", "a").put(entity("3"))
    early.put(second)
    assert store.changes("p") == [("a", None, first), ("a", first, second)]
    assert store.changes("nobody") == []


def test_nothing_is_noted_while_nobody_looks():
    store = Store()
    store.log_changes(frozenset({"a"}))
    with store.without_log():
        store.table("p", "a").put(entity("1"))
    assert store.changes("p") == []
    store.table("p", "a").put(entity("2"))
    assert len(store.changes("p")) == 1


def test_the_oldest_fall_out_and_a_drop_forgets():
    store = Store()
    store.log_changes(frozenset({"a"}))
    table = store.table("p", "a")
    for number in range(MOST_CHANGES + 5):
        table.put(entity(str(number), seq=number + 1))
    assert len(store.changes("p")) == MOST_CHANGES
    assert store.changes("p")[0][2].id == "5"
    store.drop("p")
    assert store.changes("p") == []
