"""JSON text that is read in slices: the same value, the same refusals, no long step."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.core import json_slices
from adsmock.mockserver.core.json_slices import parse

TEXTS = st.text('a",[]{}\\ é', max_size=6)
VALUES = st.recursive(
    st.none()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda each: st.lists(each, max_size=8) | st.dictionaries(TEXTS, each, max_size=4),
    max_leaves=60,
)


def outcome(read, raw):
    """Return the value, or what the refusal says."""
    try:
        return read(raw)
    except orjson.JSONDecodeError as error:
        return error.msg, error.pos


def parse_divided(raw):
    """Return the value of a short text that is divided like a long one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_slices, "LARGE", 8)
        patch.setattr(json_slices, "_PIECE", 6)
        return parse(raw)


@pytest.fixture
def longest(monkeypatch):
    """Return a function that says how many bytes were read at once."""
    lengths = [0]
    loads = orjson.loads

    def noting(raw):
        lengths.append(len(raw))
        return loads(raw)

    monkeypatch.setattr(json_slices.orjson, "loads", noting)
    return lambda: max(lengths)


@given(VALUES, st.sampled_from((0, orjson.OPT_INDENT_2)))
def test_the_value_is_that_of_reading_at_once(value, option):
    assert parse_divided(orjson.dumps(value, option=option)) == value


@given(VALUES, st.sampled_from((b"", b",", b"]", b"[", b'"', b"}", b"\xff", b"\x0c")), st.data())
def test_damaged_text_is_refused_as_by_reading_at_once(value, piece, data):
    raw = orjson.dumps(value)
    begin = data.draw(st.integers(0, len(raw)))
    damaged = raw[:begin] + piece + raw[data.draw(st.integers(begin, len(raw))) :]
    assert outcome(parse_divided, damaged) == outcome(orjson.loads, damaged)


@pytest.mark.parametrize(
    "raw",
    [
        b"[1,2,3,4,5,6,,7,8,9,10,11]",
        b"[1,2,3,4,5,6,7,8,9,10,11,]",
        b"[,1,2,3,4,5,6,7,8,9,10,11]",
        b"\x0c[1,2,3,4,5,6,7,8,9,10]",
        b'{"a":[1,2,3,4,5,6,7,8,9]]}',
        b'{"\\ud800":[1,2,3,4,5,6,7]}',
        b'{"a":["\xff","b","c","d","e"]}',
    ],
)
def test_what_is_not_json_is_refused_with_its_place(raw):
    with pytest.raises(orjson.JSONDecodeError) as whole:
        orjson.loads(raw)
    with pytest.raises(orjson.JSONDecodeError) as divided:
        parse_divided(raw)
    assert str(divided.value) == str(whole.value)


def test_a_large_state_is_never_read_at_once(longest):
    row = {"name": 'a name with "},{" in it', "budget": {"budget": 1.0}, "list": [{}, {}]}
    document = {"profiles": {"1": {"sp.campaigns": [row] * 20_000, "sp.adGroups": [row] * 9}}}
    raw = orjson.dumps(document)
    assert len(raw) > json_slices.LARGE
    assert parse(raw) == document
    assert longest() < json_slices.LARGE


@pytest.mark.parametrize("item", [10**15, "a text with , in it", [1, [2]], {"a": ["},{"]}])
def test_a_large_list_is_never_read_at_once(longest, item):
    document = [item] * (json_slices.LARGE // len(orjson.dumps(item)) + 1)
    assert parse(orjson.dumps(document)) == document
    assert longest() < json_slices.LARGE
