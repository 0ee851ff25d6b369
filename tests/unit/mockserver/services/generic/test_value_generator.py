"""Generated values are valid for their schema, whatever the document contains."""

import re

import jsonschema_rs
import pytest

from adsmock.mockserver.services.generic.answer import valid_value
from adsmock.mockserver.services.generic.document import Document
from adsmock.mockserver.services.generic.schema import Schemas
from adsmock.mockserver.services.generic.value_generator import Echo, NoValidValue

PARTS = {
    "Tree": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "left": {"$ref": "#/components/schemas/Tree"},
            "rest": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
        "required": ["name"],
    },
    "Endless": {
        "type": "object",
        "properties": {"next": {"$ref": "#/components/schemas/Endless"}},
        "required": ["next"],
    },
    "Named": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    "Cat": {"type": "object", "properties": {"kind": {"enum": ["CAT"]}, "lives": {"maximum": 9}}},
    "Dog": {"type": "object", "properties": {"kind": {"enum": ["DOG"]}}, "required": ["kind"]},
}
PLAIN = {
    "pattern": {"type": "string", "pattern": "^[A-Z]{3}-\\d{2}$"},
    "pattern and length": {"type": "string", "pattern": "^[a-z]+$", "minLength": 3, "maxLength": 4},
    "pattern of what must not be": {"type": "string", "pattern": "^(?!default$)", "minLength": 1},
    "another engine's pattern": {"type": "string", "pattern": "(?<x", "maxLength": 5},
    "lengths": {"type": "string", "minLength": 40, "maxLength": 41},
    "one character": {"type": "string", "maxLength": 1},
    "bounds": {"type": "integer", "minimum": 7, "maximum": 8},
    "below zero": {"type": "number", "maximum": -3},
    "old exclusive": {"type": "integer", "minimum": 4, "exclusiveMinimum": True, "maximum": 5},
    "new exclusive": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "steps": {"type": "integer", "multipleOf": 7, "minimum": 1, "maximum": 20},
    "nullable": {"type": "string", "nullable": True, "enum": ["A", "B"]},
    "many types": {"type": ["null", "integer"]},
    "constant": {"const": {"a": 1}},
    "anything": {},
    "rows": {"type": "array", "minItems": 4, "items": {"type": "boolean"}},
    "all different": {
        "type": "array",
        "uniqueItems": True,
        "minItems": 3,
        "maxItems": 3,
        "items": {"enum": [1, 2, 3, 4, 5, 6, 7, 8]},
    },
    "places": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
    "map": {"type": "object", "additionalProperties": {"type": "integer"}},
    "least members": {"type": "object", "minProperties": 3, "additionalProperties": True},
    "closed": {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
    "circle": {"$ref": "#/components/schemas/Tree"},
    "nowhere": {"$ref": "#/components/schemas/Missing"},
    "all of": {
        "allOf": [
            {"$ref": "#/components/schemas/Named"},
            {"properties": {"name": {"maxLength": 6}, "age": {"type": "integer"}}},
            {"required": ["age"]},
        ]
    },
    "one of": {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind"},
        "required": ["kind"],
    },
    "one of plain ones": {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 0.5}]},
    "any of with null": {"anyOf": [{"type": "null"}, {"type": "string", "format": "date"}]},
    "required and unnamed": {"type": "object", "required": ["surprise"]},
    "written only": {
        "type": "object",
        "properties": {"secret": {"type": "string", "writeOnly": True}},
        "required": ["secret"],
    },
}


def schemas(node, version="3.0.3"):
    value = {"openapi": version, "paths": {}, "components": {"schemas": {**PARTS, "It": node}}}
    return Schemas(Document("x.json", "x", value))


POINTER = "#/components/schemas/It"


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("name", PLAIN)
def test_a_value_fits_its_schema(name, version):
    it = schemas(PLAIN[name], version)
    checker = it.checker(POINTER, "writeOnly")
    for seed in range(20):
        value = valid_value(it, POINTER, (seed,))
        assert checker.is_valid(value), value


def test_a_checker_refuses_what_does_not_fit():
    checker = schemas(PLAIN["all of"]).checker(POINTER, "readOnly")
    assert not checker.is_valid({"name": "too long a name", "age": 1})
    assert not checker.is_valid({"name": "short"})


def test_the_same_seed_gives_the_same_value_and_another_another():
    it = schemas(PARTS["Tree"])
    assert valid_value(it, POINTER, (1, "a")) == valid_value(it, POINTER, (1, "a"))
    assert valid_value(it, POINTER, (1, "a")) != valid_value(it, POINTER, (2, "a"))


@pytest.mark.parametrize(
    "node",
    [
        {"$ref": "#/components/schemas/Endless"},
        {"$ref": "#/components/schemas/It"},
        {"type": "string", "minLength": 5, "maxLength": 4},
    ],
)
def test_a_schema_without_a_valid_value_is_refused(node):
    if node.get("$ref", "").endswith("/It"):
        assert valid_value(schemas(node), POINTER, (0,)) is not None
        return
    with pytest.raises(NoValidValue):
        valid_value(schemas(node), POINTER, (0,))


def test_a_reply_never_promises_another_page():
    node = {"type": "object", "properties": {"nextToken": {"type": "string"}, "n": {}}}
    assert set(valid_value(schemas(node), POINTER, (0,))) == {"n"}


def test_a_reply_repeats_what_was_asked_row_by_row():
    row = {"type": "object", "properties": {"id": {"type": "string"}, "index": {"type": "integer"}}}
    rows = {"type": "array", "items": row}
    node = {"type": "object", "properties": {"profile": {"type": "string"}, "success": rows}}
    node["properties"]["error"] = {"type": "array", "items": row}
    value = valid_value(
        schemas(node), POINTER, (0,), Echo({"profile": 7}, [{"id": "a"}, {"id": 5}])
    )
    assert value == {
        "profile": "7",
        "success": [{"id": "a", "index": 0}, {"id": "5", "index": 1}],
        "error": [],
    }


def test_what_was_asked_is_not_repeated_where_it_does_not_fit():
    node = {"type": "object", "properties": {"id": {"type": "string", "maxLength": 3}}}
    value = valid_value(schemas(node), POINTER, (0,), Echo({"id": "far too long"}))
    assert jsonschema_rs.is_valid({"properties": {"id": {"maxLength": 3}}}, value)


def test_a_request_need_not_carry_what_only_replies_do():
    node = {
        "type": "object",
        "properties": {"id": {"type": "string", "readOnly": True}, "name": {"type": "string"}},
        "required": ["id", "name"],
    }
    assert schemas(node).checker(POINTER, "readOnly").is_valid({"name": "x"})
    assert not schemas(node).checker(POINTER, "writeOnly").is_valid({"name": "x"})


def test_a_request_may_fit_several_alternatives():
    options = [{"properties": {"a": {"type": "integer"}}}, {"properties": {"b": {}}}]
    checker = schemas({"oneOf": options}).checker(POINTER, "readOnly")
    assert checker.is_valid({"a": 1})
    assert not schemas({"oneOf": options[:1]}).checker(POINTER, "readOnly").is_valid({"a": "x"})


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        ("email", r"[a-z0-9._-]+@example\.(com|net|org)"),
        ("addressLine1", ".*丁目.*"),
        ("accountName", ".*(会社|Company).*"),
        ("brandName", r"\w{1,19}"),
        ("createdBy", r"\w+ \w+"),
    ],
)
def test_names_and_addresses_are_in_the_locale_of_the_marketplace(name, looks):
    node = {"type": "object", "properties": {name: {"type": "string"}}, "required": [name]}
    values = [
        valid_value(schemas(node), POINTER, (number,), country="JP")[name] for number in range(5)
    ]
    assert all(re.fullmatch(looks, value) for value in values), values
    assert len(set(values)) > 1
    again = valid_value(schemas(node), POINTER, (0,), country="JP")
    assert again[name] == values[0]
