"""Depth and number of values of JSON text: exact where it matters, cheap where it does not."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.core.json_shape import count_values, is_shallow, path_beyond

VALUES = st.recursive(
    st.none() | st.integers(0, 9) | st.text('[]{},"\\', max_size=4),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text("a[{", max_size=2), each),
    max_leaves=30,
)


def depth(value):
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


def size(value):
    members = value.values() if isinstance(value, dict) else value
    return 1 + (sum(map(size, members)) if isinstance(value, dict | list) else 0)


@given(VALUES, st.integers(1, 6))
def test_a_path_is_found_exactly_where_a_value_is_too_deep(value, levels):
    path = path_beyond(value, levels)
    assert (path is not None) == (depth(value) > levels)
    if path is not None:
        assert len(path) == levels
        for step in path:
            value = value[step]
        assert isinstance(value, dict | list)


@given(VALUES, st.integers(2, 6))
def test_no_deep_text_passes_as_shallow(value, levels):
    if is_shallow(orjson.dumps(value), levels):
        assert depth(value) <= levels


@given(VALUES)
def test_there_are_no_more_values_than_are_counted(value):
    assert size(value) <= count_values(orjson.dumps(value)) + 1


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 65 + b"]" * 65,
        b'{"a":[' * 40 + b"]}" * 40,
        b'[{"a":' * 300 + b"1" + b"}]" * 300,
        b'{"}":' * 300 + b"1" + b',"a":"{"}' * 300,
        b'["}",{"}":' * 300 + b"1" + b"}]" * 300,
        b'["\\"}",{"\\"}":' * 300 + b"1" + b',"a":"{\\""}]' * 300,
    ],
    ids=["lists", "both", "objects in lists", "texts that cancel", "texts", "escaped quotes"],
)
def test_deep_text_is_not_called_shallow(raw):
    assert not is_shallow(raw, 64)


def test_an_ordinary_batch_is_shallow():
    row = {"name": "x", "budget": {"budget": 10, "more": [{"a": []}]}}
    assert is_shallow(orjson.dumps({"campaigns": [row] * 1_000}), 64)
