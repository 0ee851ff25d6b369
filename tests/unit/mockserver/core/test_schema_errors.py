"""The first errors of a value: the validator itself only ever sees small ones."""

from itertools import islice

import jsonschema_rs
import pytest

from adsmock.mockserver.core.schema_errors import first_errors, is_small

ITEM = {
    "type": "object",
    "required": ["name", "state"],
    "properties": {
        "name": {"type": "string"},
        "state": {"enum": ["ENABLED"]},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5_000},
    },
}
BATCH = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {"type": "array", "items": ITEM, "minItems": 2, "maxItems": 3_000},
        "mode": {"type": "string"},
    },
    "additionalProperties": False,
}
GOOD = {"name": "n", "state": "ENABLED"}


class Watched:
    """A validator that records the largest value of which it had to compute errors."""

    def __init__(self, schema):
        self._own = jsonschema_rs.validator_for(schema)
        self.seen = []

    def is_valid(self, value):
        return self._own.is_valid(value)

    def iter_errors(self, value):
        self.seen.append(value)
        return self._own.iter_errors(value)


def errors(value, schema=BATCH, limit=10):
    watched = Watched(schema)
    found = list(islice(first_errors(watched, value), limit))
    assert all(is_small(each, 4_000) for each in watched.seen)
    return [(one.path, one.error.kind.name) for one in found]


def test_a_small_value_gets_all_errors_of_the_validator():
    value = {"items": [{}, GOOD, {"name": 1, "state": "X"}], "mode": 1, "other": 2}
    plain = jsonschema_rs.validator_for(BATCH).iter_errors(value)
    assert errors(value) == [(tuple(one.instance_path), one.kind.name) for one in plain]


def test_invalid_items_of_a_large_batch_are_named_by_their_place():
    rows = [GOOD] * 2_990
    rows[7], rows[2_500] = {"name": 1, "state": "ENABLED"}, {"name": "n"}
    assert errors({"items": rows}) == [
        (("items", 7, "name"), "type"),
        (("items", 2_500), "required"),
    ]


def test_ten_errors_of_a_batch_without_one_valid_item_are_enough():
    found = errors({"items": [{}] * 80_000})
    assert len(found) == 10
    assert found[0] == (("items", 0), "required")


def test_a_giant_item_is_cut_and_what_cutting_causes_is_no_error():
    giant = GOOD | {"tags": ["t"] * 4_000 + [1]}
    late = {"items": [giant, {"state": "ENABLED"}]}
    assert errors(late) == [(("items", 1), "required")]
    beyond = {"items": [GOOD | {"tags": ["t"] * 1_700 + [1] + ["t"] * 2_000}]}
    assert errors(beyond) == [(("items", 0, "tags", 1_700), "type")]
    early = {"items": [GOOD | {"tags": [1] * 50_000}]}
    assert errors(early)[0] == (("items", 0, "tags", 0), "type")


def test_an_object_with_a_hundred_thousand_members_is_cut():
    found = errors({f"m{number}": 1 for number in range(100_000)})
    assert "additionalProperties" in [kind for _, kind in found]


def test_a_large_object_with_an_empty_list_has_errors_too():
    schema = {"properties": {"deep": {"maxProperties": 2_500}, "items": {"type": "array"}}}
    value = {"items": [], "deep": {f"m{number}": 1 for number in range(3_000)}}
    assert errors(value, schema) == []  # no part of it is invalid on its own


def test_an_error_outside_the_list_is_named_first():
    assert errors({"items": [GOOD] * 2_900, "mode": 5})[0] == (("mode",), "type")


def test_a_list_that_is_too_long_is_named_though_its_items_are_valid():
    short = BATCH | {"properties": {"items": BATCH["properties"]["items"] | {"maxItems": 900}}}
    assert errors({"items": [GOOD] * 1_200}, short) == [(("items",), "maxItems")]


@pytest.mark.parametrize("rows", [[GOOD] * 2_500 + [1], [1] * 100_000])
def test_a_bare_list_is_read_item_by_item(rows):
    schema = {"type": "array", "items": ITEM}
    assert errors(rows, schema)[0] == ((rows.index(1),), "type")
