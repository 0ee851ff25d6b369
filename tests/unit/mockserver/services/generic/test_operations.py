"""Documents become operations; their calls take the path that every call takes."""

import dataclasses
import io
import json
import sys

import orjson
import pytest
from ruamel.yaml import YAML

from adsmock.contracts.loader import load
from adsmock.mockserver.core.fault import FaultRule, Match, When
from adsmock.mockserver.services.faults.kinds.http import Http
from adsmock.mockserver.services.generic.coverage import coverage, totals
from adsmock.mockserver.services.generic.document import DocumentError, read, target
from tests.unit.mockserver.services.generic.fixtures import create_server

VENDOR = "application/vnd.Widget.v1+json"
SCOPE = {"in": "header", "name": "Amazon-Advertising-API-Scope", "required": True, "schema": {}}
WIDGET = {
    "type": "object",
    "properties": {"widgetId": {"type": "string"}, "size": {"type": "integer", "minimum": 1}},
    "required": ["widgetId"],
}


def reply(schema, media="application/json"):
    return {"description": "", "content": {media: {"schema": schema}}}


def body(schema, media="application/json", **more):
    return {"content": {media: {"schema": schema}}, **more}


PATHS = {
    "/widgets": {
        "parameters": [SCOPE],
        "post": {
            "operationId": "createWidgets",
            "requestBody": {"$ref": "#/components/requestBodies/Widgets"},
            "responses": {"207": {"$ref": "#/components/responses/Widgets"}},
        },
    },
    "/widgets/{widget-id}": {
        "get": {"responses": {"default": reply({"$ref": "#/components/schemas/Widget"}, "*/*")}},
        "delete": {"responses": {"204": {"description": ""}}},
    },
    "/silent": {"get": {}},
    "/elsewhere": {"get": {"responses": {"307": {"description": ""}}}},
    "/assets": {
        "post": {
            "requestBody": body({"type": "object"}, "multipart/form-data"),
            "responses": {"200": reply({"type": "object"})},
        }
    },
    "/endless": {"get": {"responses": {"200": reply({"$ref": "#/components/schemas/Endless"})}}},
    "/sp/campaigns": {"post": {"operationId": "mine", "responses": {"200": reply({})}}},
    "/v2/sp/{recordType}/snapshot": {"post": {"responses": {"200": reply({"type": "integer"})}}},
}
DOCUMENT = {
    "openapi": "3.0.1",
    "info": {"title": "Widgets"},
    "paths": PATHS,
    "components": {
        "schemas": {
            "Widget": WIDGET,
            "Endless": {
                "type": "object",
                "properties": {"next": {"$ref": "#/components/schemas/Endless"}},
                "required": ["next"],
            },
        },
        "requestBodies": {
            "Widgets": body(
                {"type": "object", "properties": {"widgets": {"type": "array", "items": WIDGET}}},
                VENDOR,
                required=True,
            )
        },
        "responses": {
            "Widgets": reply(
                {
                    "type": "object",
                    "properties": {
                        "success": {"type": "array", "items": WIDGET},
                        "error": {"type": "array", "items": WIDGET},
                    },
                },
                VENDOR,
            )
        },
    },
}


@pytest.fixture
def file(tmp_path):
    def write(value, name="widgets.json"):
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
        return str(path)

    return write


NOON_2023 = 1_672_574_400.0


@pytest.fixture
def server(file):
    return create_server(read(file(DOCUMENT)))


def entry(server):
    return list(server.sandbox.journal.rows())[-1]


def test_a_reply_has_the_documents_status_and_media_type_and_is_marked(server):
    answer = server.call("/widgets", {"widgets": [{"widgetId": "7"}]}, media=VENDOR.upper())
    assert (answer.status, answer.content_type) == (207, VENDOR)
    assert [row["widgetId"] for row in orjson.loads(answer.body)["success"]] == ["7"]
    assert (entry(server).operation, entry(server).generic) == (
        "generic.widgets.createWidgets",
        True,
    )
    assert not entry(server).committed


def test_a_body_that_does_not_fit_is_refused_in_no_familys_words(server):
    answer = server.call("/widgets", {"widgets": [{"size": 0}]}, media=VENDOR)
    assert answer.status == 400
    said = orjson.loads(answer.body)
    assert set(said) == {"code", "details"}
    assert "widgets.1.member" in said["details"]
    assert server.call("/widgets", b"{", media=VENDOR).status == 400
    assert server.send("POST", "/widgets", b"", server.headers(VENDOR)).status == 400


def test_media_types_are_the_documents(server):
    assert server.call("/widgets", {}, media="text/plain").status == 415
    headers = server.headers(VENDOR) | {"Accept": "text/plain"}
    assert server.send("POST", "/widgets", b"{}", headers).status == 406


@pytest.mark.parametrize("sent", ["application/json", VENDOR])
@pytest.mark.parametrize("accept", ["*/*", VENDOR.upper(), "application/vnd.count.v1+json"])
def test_plain_json_and_the_requests_own_type_are_taken_too(file, sent, accept):
    answers = {"200": reply({"type": "integer"}, "application/vnd.Count.v1+json")}
    paths = {"/count": {"post": {"requestBody": body({}, VENDOR), "responses": answers}}}
    server = create_server(read(file({"openapi": "3.0.1", "paths": paths})))
    headers = server.headers(sent) | {"Accept": accept}
    answer = server.send("POST", "/count", b"{}", headers)
    assert (answer.status, answer.content_type) == (200, "application/vnd.Count.v1+json")


def test_token_and_scope_are_asked_for(server):
    headers = server.headers(VENDOR, Amazon_Advertising_API_Scope=None)
    assert server.send("POST", "/widgets", b"{}", headers).status == 401
    assert server.send("GET", "/widgets/5", b"", headers).status == 200
    assert server.send("GET", "/widgets/5").status == 401


def test_the_path_is_repeated_and_the_same_call_gets_the_same_reply(file):
    document = read(file(DOCUMENT))
    one, two, other = (
        create_server(document),
        create_server(document),
        create_server(document, seed=2),
    )
    replies = [each.call("/widgets/5", b"", "GET", media="").body for each in (one, two, other)]
    assert replies[0] == replies[1] != replies[2]
    asked = DOCUMENT["paths"]["/widgets/{widget-id}"]
    assert asked  # the blank's own name is no identifier
    assert orjson.loads(replies[0])["size"] >= 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("DELETE", "/widgets/5", 204), ("GET", "/silent", 200), ("GET", "/elsewhere", 307)],
)
def test_a_reply_without_a_schema_has_no_body(server, method, path, status):
    answer = server.call(path, b"", method, media="")
    assert (answer.status, answer.body) == (status, b"")
    assert ("Location" in answer.headers) == (status == 307)


def test_a_body_that_is_no_json_is_taken_as_it_is(server):
    headers = server.headers("multipart/form-data; boundary=x") | {"Accept": "*/*"}
    assert server.send("POST", "/assets", b"--x\r\n\xff--x--", headers).status == 200


def test_a_schema_that_nothing_fits_is_a_planned_refusal(server):
    answer = server.call("/endless", b"", "GET", media="")
    assert answer.status == 422
    assert "requires itself" in orjson.loads(answer.body)["details"]


def test_a_contract_wins_over_a_document(server):
    assert "generic.widgets.mine" not in server.runtime.contract_set.operations
    server.call("/sp/campaigns", {"campaigns": []})
    assert (entry(server).operation, entry(server).generic) == ("sp.campaigns.create", False)


def test_quota_and_faults_hold(server):
    rule = FaultRule("f", Match(operation=("generic.*",)), When(), Http(status=503))
    server.sandbox.faults.add(rule)
    server.sandbox.throttle.quotas["generic"].burst = 2
    assert server.call("/silent", b"", "GET", media="").status == 503
    server.sandbox.faults.clear()
    assert 429 in [server.call("/silent", b"", "GET", media="").status for _ in range(3)]


def test_a_retired_path_is_alive_before_its_day_and_gone_after(file):
    document = read(file(DOCUMENT))
    path = "/v2/sp/campaigns/snapshot"
    alive, gone = create_server(document, start=NOON_2023), create_server(document)
    assert alive.call(path, b"", media="").status == 200
    assert (gone.call(path, b"", media="").status, entry(gone).generic) == (404, False)
    assert (
        create_server(start=NOON_2023).call(path, b"", media="").status == 202
    )  # retired paths are answered


def test_what_two_documents_describe_takes_a_body_of_either(file):
    other = json.loads(json.dumps(DOCUMENT))
    content = other["components"]["requestBodies"]["Widgets"]["content"]
    content[VENDOR]["schema"] = {"type": "object", "required": ["gadgets"]}
    server = create_server(read(file(DOCUMENT)), read(file(other, "other.json")))
    assert server.call("/widgets", {"widgets": [], "gadgets": []}, media=VENDOR).status == 207
    assert server.call("/widgets", {"widgets": 5, "gadgets": []}, media=VENDOR).status == 207
    assert server.call("/widgets", {"widgets": 5}, media=VENDOR).status == 400
    names = [
        name for name in server.runtime.contract_set.operations if name.endswith(".createWidgets")
    ]
    assert names == ["generic.widgets.createWidgets"]


def test_a_servers_path_precedes_every_path(file):
    value = {**DOCUMENT, "servers": [{"url": "https://x.test/base/"}]}
    server = create_server(read(file(value)))
    assert server.call("/base/silent", b"", "GET", media="").status == 200
    assert server.call("/silent", b"", "GET", media="").status == 404


def test_coverage_counts_what_is_stateful_generic_and_unserved(file):
    (row,) = coverage(load(), [read(file(DOCUMENT))])
    assert (row.operations, row.stateful, row.generic) == (9, 1, 7)
    assert [each.split(":")[0] for each in row.unserved] == ["GET /endless"]
    assert totals([row])["unserved"] == 1


def test_coverage_counts_a_path_once_for_each_ad_product(file):
    names = {"type": "string", "enum": ["AMAZON_DSP", "SPONSORED_PRODUCTS"]}
    include = {"properties": {"include": {"type": "array", "items": names}}}
    query = {"type": "object", "properties": {"adProductFilter": include}}
    body = {"content": {"application/json": {"schema": query}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "rows"}}}
    paths = {"/adsApi/v1/query/campaigns": {"post": operation}, "/v2/profiles": {"get": operation}}
    document = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": paths}

    (row,) = coverage(load(), [read(file(document))])

    assert (row.operations, row.stateful) == (3, 2)
    refused = "POST /adsApi/v1/query/campaigns: ad product AMAZON_DSP is refused"
    assert row.unserved == (refused,)


def test_yaml_reads_as_json_does(file):
    text = io.StringIO()
    YAML(typ="safe", pure=True).dump(DOCUMENT, text)
    document = read(file(text.getvalue(), "widgets.yaml"))
    assert dataclasses.replace(document, file="") == dataclasses.replace(
        read(file(DOCUMENT)), file=""
    )
    numbered = read(file("openapi: 3.0.1\npaths: {/a: {get: {responses: {200: {}}}}}", "n.yml"))
    assert list(numbered.value["paths"]["/a"]["get"]["responses"]) == ["200"]


def test_yaml_is_version_1_2_so_countries_and_switches_stay_strings(file):
    text = """
        openapi: 3.0.1
        paths: {}
        components: {schemas: {S: {enum: [NO, SE, on, 2026-01-02, 2026-01-02T03:04:05Z]}}}
    """
    values = read(file(text, "n.yaml")).value["components"]["schemas"]["S"]["enum"]
    assert values == ["NO", "SE", "on", "2026-01-02", "2026-01-02T03:04:05+00:00"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: [", "is not valid YAML: .* at line 1, column 5"),
        ("a: 1\na: 2", 'found duplicate key "a"'),
        ("a: *x", "found undefined alias"),
        ("!!python/object:os.system x", "could not determine a constructor"),
        ("a: &a [*a]", "a value contains itself"),
        ("- " * 3000, "nested too deeply"),
    ],
)
def test_malformed_yaml_is_refused_with_its_place(file, text, reason):
    with pytest.raises(DocumentError, match=reason) as caught:
        read(file(text, "n.yaml"))
    assert "\n" not in str(caught.value)


def test_yaml_without_the_extra_says_what_to_install(file, monkeypatch):
    monkeypatch.setitem(sys.modules, "ruamel.yaml", None)
    with pytest.raises(DocumentError, match=r"pip install 'adsmock\[yaml\]'"):
        read(file("openapi: 3.0.1", "n.yaml"))


def test_a_reference_with_an_odd_digit_points_to_nothing():
    assert target({"a": [1, 2, 3]}, "#/a/1") == 2
    assert target({"a": [1, 2, 3]}, "#/a/²") is None
    assert target({"a/b": {"~": 1}}, "#/a~1b/~0") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is not valid JSON"),
        ("[]", "is not an OpenAPI"),
        ('{"swagger": "2.0", "paths": {}}', 'has no "openapi" member'),
        ('{"openapi": "2.9", "paths": {}}', 'its "openapi" is 2.9'),
        ('{"openapi": "3.0.1"}', '"paths" must be an object'),
        ('{"openapi": "3.0.1", "paths": {"a": {}}}', 'use "/a"'),
    ],
)
def test_a_file_that_cannot_be_served_is_refused_in_one_line(file, text, reason):
    with pytest.raises(DocumentError, match=reason) as caught:
        read(file(text))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(DocumentError, match="No such file"):
        read(str(tmp_path / "none.json"))
