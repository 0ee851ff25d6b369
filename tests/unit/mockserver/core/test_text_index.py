"""Indexes of texts: they say what reading every entity would say, whatever was put in between."""

import json
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.core import text_index
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.job import at_once
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.core.text_index import Growing

WORDS = st.text(st.sampled_from("aAbß\n"), max_size=3)
TEXTS = st.lists(WORDS, max_size=2)
STEPS = st.lists(st.tuples(st.integers(0, 7), TEXTS), max_size=20)


def texts(body):
    return json.loads(body)


def exact(table):
    return text_index.Growing(text_index.Exact, texts, at_once, table)


def within(table):
    return text_index.Growing(text_index.Within, texts, at_once, table)


def put(table, number, words):
    entity = Entity(str(number), number + 1, "ENABLED", json.dumps(words).encode(), (), None, 0, 0)
    table.put(entity)


def put_all(steps, table, order):
    """Put entities in order of creation, each again with other words where a step repeats."""
    for number, words in steps:
        put(table, order.setdefault(number, len(order)), words)


def found_by_age(table, found):
    ids = [each for ids in found for each in ids]
    assert len(ids) == len(set(ids))
    for each in found:
        assert each == sorted(each, key=lambda one: table.get(one).seq)
    return set(ids)


@given(STEPS, STEPS, STEPS, st.sets(WORDS.filter(bool), min_size=1, max_size=3))
def test_indexes_agree_with_reading_all(first, meanwhile, more, wanted):
    table, order, held = Table(), {}, []
    put_all(first, table, order)
    with mock.patch.object(text_index, "LARGE", 4):  # some are made at once, some by a worker
        whole, part = (
            table.index(kind, lambda table, kind=kind: Growing(kind, texts, held.append, table))
            for kind in (text_index.Exact, text_index.Within)
        )
    put_all(meanwhile, table, order)
    assert (whole.search() is None) is bool(held)
    for make in held:
        make()
    put_all(more, table, order)
    whole, part = whole.search(), part.search()

    said = {entity.id: texts(entity.body) for entity in table.all()}
    assert found_by_age(table, whole.find(wanted)) == {
        one for one, words in said.items() if wanted & set(words)
    }
    assert found_by_age(table, part.find(wanted)) == {
        one
        for one, words in said.items()
        if any(each.casefold() in word.casefold() for each in wanted for word in words)
    }


def test_an_index_is_made_once():
    table = Table()
    made = [table.index("whole", exact) for _ in range(2)]

    assert made[0] is made[1]


def test_texts_are_found_across_stretches():
    table = Table()
    for number in range(2_500):
        put(table, number, [f"name {number}"])
    part = table.index("part", within).search()
    put(table, 1_200, ["Other"])
    put(table, 2_500, ["another"])

    assert part.find({"NAME 1100"}) == [["1100"]]
    assert part.find({"oTHER"}) == [["1200", "2500"]]
    assert part.find({"name 1200"}) == [[]]
