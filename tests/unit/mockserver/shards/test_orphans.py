"""Journal entries of shards are the same after their way through JSON."""

import json
from dataclasses import fields

from adsmock.mockserver.control.client import Unreachable
from adsmock.mockserver.control.serializers import entry_row
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.shards.orphans import CollectedOrphans, entry_of


def entry(number, ended="complete", **more):
    return Entry("GET", "/x", float(number), seq=number, ended=ended, status=401, **more)


def test_an_entry_survives_its_row():
    values = {field.name: getattr(entry(1), field.name) for field in fields(Entry)}
    texts = {name: f"{name}-x" for name, value in values.items() if value is None}
    original = Entry(**(values | texts | {"headers": {"a": "b"}, "lag": 0.25, "c_send": 3.5}))
    assert entry_of(entry_row(original)) == original


class FakeShard:
    """A shard with a journal, as far as a collector asks."""

    is_up, starts = True, 1

    def __init__(self, name, *entries):
        self.name, self.entries, self.control = name, list(entries), self

    def call(self, _operation, *, cursor, format):  # noqa: A002 -- the parameter's name
        assert format == "ndjson"
        if not self.entries:
            raise Unreachable("starting")
        rows = (entry_row(each) for each in self.entries if each.seq > cursor)
        return "\n".join(json.dumps(row) for row in rows)


def test_entries_of_all_shards_are_in_the_order_of_their_arrival():
    first, second = FakeShard("01", entry(1), entry(3)), FakeShard("02", entry(2))
    second.entries[0].seq = 1
    first.entries[1].seq = 2
    journal = CollectedOrphans([first, second, FakeShard("03")])
    assert [(each.seq, each.t_arrive) for each in journal.rows()] == [(1, 1.0), (2, 2.0), (3, 3.0)]
    assert [each.seq for each in journal.rows(2)] == [3]
    journal.clear()
    assert list(journal.rows()) == []


def test_an_open_call_is_collected_when_it_has_ended():
    shard = FakeShard("01", entry(1, ended="open"), entry(2))
    journal = CollectedOrphans([shard])
    assert list(journal.rows()) == []
    shard.entries[0].ended = "complete"
    assert [each.t_arrive for each in journal.rows()] == [1.0, 2.0]


def test_a_shard_that_started_again_is_read_from_its_first_entry():
    shard = FakeShard("01", entry(1), entry(2))
    journal = CollectedOrphans([shard])
    assert len(list(journal.rows())) == 2
    shard.starts, shard.entries = 2, [entry(1)]
    assert len(list(journal.rows())) == 3
