"""Long replies come in pieces, and an entry that cannot be written hides no other one."""

import orjson
import pytest

from adsmock.mockserver.control.json_stream import array, in_pieces
from adsmock.mockserver.services.sandboxes.import_state import read_state
from tests.unit.mockserver.control.fixtures import make_control
from tests.unit.mockserver.fixtures import campaign


@pytest.mark.parametrize("rows", [[], [b"1"], [b"1", b"2", b"[]"]])
def test_an_array_is_json(rows):
    text = b"".join(array(b'{"a":', rows, b',"b":2}'))
    assert orjson.loads(text) == {"a": [orjson.loads(row) for row in rows], "b": 2}


def test_pieces_are_neither_tiny_nor_the_whole():
    parts = [b"x" * 1_000] * 1_000
    pieces = list(in_pieces(parts))
    assert b"".join(pieces) == b"".join(parts)
    assert max(map(len, pieces)) < 70_000
    assert len(pieces) < 20


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("form", ["json", "ndjson", "har"])
def test_an_entry_that_cannot_be_written_loses_its_bodies_only(form):
    control = make_control()
    for name in ("before", "bad", "after"):
        control.server.call(f"/sp/{name}")
    control.server.entries()[-2].request = {"a": deep(400)}
    text = control.send("journal.get", query={"format": form}).get_data(as_text=True)
    assert all(f"/sp/{name}" in text for name in ("before", "bad", "after"))
    rows = text.splitlines() if form == "ndjson" else [text]
    assert all(orjson.loads(row) for row in rows)


def test_a_state_is_written_as_it_is_read():
    control = make_control()
    assert control.do("state.get") == read_state(control.sandbox)
    control.server.call("/sp/campaigns", {"campaigns": [campaign("a"), campaign("b")]})
    state = control.do("state.get")
    assert state == read_state(control.sandbox)
    assert len(state["profiles"][control.server.profile().id]["sp.campaigns"]) == 2
    control.do("state.put", state)
    assert control.do("state.get") == state


def test_the_text_of_many_rules_comes_in_pieces():
    control = make_control()
    globs = [f"sp.campaigns.{'*' * number}" for number in range(1, 180)]
    rule = {"match": {"operation": globs}, "effect": {"kind": "empty"}}
    control.do("faults.replace", {"faults": [rule] * 20})
    response = control.send("faults.list")
    pieces = list(response.response)
    assert len(pieces) > 2
    assert [row["match"] for row in orjson.loads(b"".join(pieces))["faults"]] == [
        rule["match"]
    ] * 20
