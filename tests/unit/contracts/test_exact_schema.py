"""Bodies that are stored unchanged: valid, with nothing to drop, add or rewrite."""

import jsonschema_rs
import pytest

from adsmock.contracts.exact_schema import exact_body
from adsmock.contracts.loader import load
from adsmock.contracts.schema import request_body
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResources
from tests.unit.mockserver.services.sandbox_fixture import CONTENT

CONTRACTS = load()
COMPILED = CompiledResources(CONTRACTS)
OPERATIONS = [
    (contract, operation)
    for name, contract in CONTRACTS.by_name.items()
    if name in CATALOG and contract.shape == "keyed" and contract.row is None
    for operation in contract.operations
    if operation.verb in {"create", "update"}
]
NAMED = pytest.mark.parametrize(
    ("contract", "operation"), OPERATIONS, ids=[row[1].id for row in OPERATIONS]
)


def validator(contract, operation):
    return jsonschema_rs.validator_for(exact_body(contract, operation))


def item_of(contract, operation):
    """Return an item with an id wherever one is required."""
    item = dict(CONTENT.get(contract.name, {})) if operation.verb == "create" else {}
    schema = request_body(contract, operation)["properties"][contract.envelope]["items"]
    for name in schema.get("required", ()):
        item.setdefault(name, "1")
    return item


def body(contract, item):
    return {contract.envelope: [item]}


@NAMED
def test_what_no_exact_body_holds(contract, operation):
    exact = exact_body(contract, operation)
    item = exact["properties"][contract.envelope]["items"]
    assert item["additionalProperties"] is False
    for schema in every(exact):
        kinds = schema.get("type")
        assert "null" not in (kinds if isinstance(kinds, list) else [kinds])
        assert isinstance(kinds, str) or len(kinds) == 1, "an id has one form"


def every(schema):
    """Yield all typed schemas within one."""
    if isinstance(schema, dict):
        if "type" in schema and isinstance(schema["type"], (str, list)):
            yield schema
        for each in schema.values():
            yield from every(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from every(each)


@pytest.mark.parametrize(
    ("contract", "operation"),
    [row for row in OPERATIONS if row[0].name in CONTENT],
    ids=[row[1].id for row in OPERATIONS if row[0].name in CONTENT],
)
def test_a_usual_body_is_exact_and_a_valid_one_with_more_is_not(contract, operation):
    exact, valid = validator(contract, operation), request_body(contract, operation)
    is_compliant = jsonschema_rs.validator_for(valid).is_valid
    item = item_of(contract, operation)
    assert exact.is_valid(body(contract, item))
    assert is_compliant(body(contract, item))
    compiled = COMPILED[contract.name]
    shape = compiled.normalize_create if operation.verb == "create" else compiled.normalize_update
    assert shape([item]) == [item]
    ids = {name: int(value) for name, value in item.items() if name.endswith("Id")}
    for more in ({"unknown": 1}, ids):
        changed = body(contract, item | more)
        assert is_compliant(changed)
        assert exact.is_valid(changed) is (not more)
