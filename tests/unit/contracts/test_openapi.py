"""The project's own OpenAPI document is valid and complete, and names every refusal."""

import json
import re

import jsonschema_rs
import pytest
import schemathesis

from adsmock.contracts.loader import load
from adsmock.contracts.openapi import REFUSALS, document

BOOK = load()


def entry(operation):
    row = BOOK.operations[operation]
    return document()["paths"][row.path][row.method.lower()]


def resolved(schema):
    if "$ref" in schema:
        return document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def schemas(value):
    """Yield every JSON Schema of the document."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "schema":
                yield item
            else:
                yield from schemas(item)
    elif isinstance(value, list):
        for item in value:
            yield from schemas(item)


def test_the_document_loads_with_every_operation():
    loaded = schemathesis.openapi.from_dict(document())
    names = {result.ok().label for result in loaded.get_all_operations()}
    assert names == {f"{row.method} {row.path}" for row in BOOK.operations.values()}


def test_every_schema_of_the_document_is_valid():
    found = [*schemas(document()["paths"]), *document()["components"]["schemas"].values()]
    assert len(found) > len(BOOK.operations)
    assert [schema for schema in found if not jsonschema_rs.meta.is_valid(schema)] == []


@pytest.mark.parametrize("operation", sorted(BOOK.operations))
def test_an_operation_declares_its_success_and_every_refusal_it_can_word(operation):
    row = BOOK.operations[operation]
    dialect = BOOK.contract_of(operation).dialect
    worded = {
        status
        for kind, status in BOOK.kinds.items()
        if status in REFUSALS and BOOK.has_text(dialect, kind)
    }
    assert {int(status) for status in entry(operation)["responses"]} >= {row.success, *worded}
    assert {404, 406, 429, 500, 503} <= worded


def test_every_reference_leads_to_a_schema():
    parts = document()["components"]["schemas"]
    used = re.findall(r"#/components/schemas/(\w+)", json.dumps(document()))
    assert set(used) == set(parts)


def asked(operation):
    return BOOK.by_name[operation.rpartition(".")[0]].filters


def test_only_a_list_may_come_without_its_body():
    needed = {
        operation: entry(operation)["requestBody"]["required"]
        for operation in BOOK.operations
        if "requestBody" in entry(operation)
    }
    optional = {
        operation
        for operation in needed
        if operation.endswith(".list") and not any(row.required for row in asked(operation))
    }
    assert {operation for operation, value in needed.items() if not value} == optional


def test_headers_follow_the_operation():
    def headers(operation):
        return {row["name"] for row in entry(operation)["parameters"] if row["in"] == "header"}

    client, scope = "Amazon-Advertising-API-ClientId", "Amazon-Advertising-API-Scope"
    assert headers("sp.keywords.create") == {client, scope, "Prefer"}
    assert headers("sp.keywords.list") == {client, scope}
    assert headers("profiles.list") == {client}
    assert headers("lwa.token") == set()


def test_a_get_of_an_export_answers_in_each_media_type():
    content = entry("exports.get")["responses"]["200"]["content"]
    assert len(content) == len(BOOK.by_name["exports"].extra["kinds"])


def test_a_refused_token_names_every_code_of_its_status():
    content = entry("lwa.token")["responses"]["400"]["content"]
    (media,) = content.values()
    wanted = {row.error for row in BOOK.lwa.errors.values() if row.status == 400}
    assert wanted <= set(resolved(media["schema"])["properties"]["error"]["enum"])
