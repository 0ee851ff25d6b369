"""Requests that are large or deep: refused in the family's words, and never a defect."""

from types import SimpleNamespace
from urllib.parse import parse_qsl

import orjson
import pytest

from adsmock.mockserver.core.call import Call
from adsmock.mockserver.core.capacity import Capacity
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.pipeline import Pipeline
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.services.validation.request_body import Unreadable, parse
from adsmock.mockserver.stages import client as client_stage
from tests.unit.mockserver.fixtures import (
    ENDPOINTS,
    FORM,
    campaign,
    contract_set,
    create_server,
)

DEEP = [65, 255, 300, 1_000, 1_024, 2_000]
STORAGE = "/_storage/x"


def nested(levels):
    return b'{"campaigns":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.fixture
def server():
    return create_server()


def failures(caplog):
    return [row for row in caplog.records if row.exc_info]


@pytest.mark.parametrize("levels", DEEP)
def test_deep_json_is_refused_with_or_without_a_token(server, levels, caplog):
    for reply in (
        server.call("/sp/campaigns", nested(levels)),
        server.call("/sp/campaigns/list", nested(levels)),
        server.send("POST", "/sp/campaigns", nested(levels)),
        server.send("POST", "/auth/o2/token", nested(levels), {"Content-Type": "application/json"}),
    ):
        assert reply.status in (400, 401), reply.body
    assert failures(caplog) == []


def test_the_refusal_of_deep_json_says_how_deep_it_may_be(server):
    reply = server.call("/sp/campaigns", nested(65))
    assert (reply.status, orjson.loads(reply.body)["code"]) == (400, "INVALID_ARGUMENT")
    assert "nested deeper than 64 levels" in orjson.loads(reply.body)["message"]


def test_json_at_the_limit_is_read():
    limits = Limits(json_depth=4, json_values=10)
    assert parse(b"[[[[]]]]", limits) == [[[[]]]]
    assert parse(b"[[[[[]]]]]", limits) == Unreadable(
        "Could not parse JSON: it is nested deeper than 4 levels"
    )
    assert parse(b"[1,1,1,1,1,1,1,1,1,1]", limits) == [1] * 10
    assert isinstance(parse(b"[1,1,1,1,1,1,1,1,1,1,1]", limits), Unreadable)


def test_brackets_in_texts_are_not_levels():
    raw = orjson.dumps({"name": "[" * 500 + "{" * 500})
    assert parse(raw, Limits()) == orjson.loads(raw)


def test_a_body_with_too_many_values_is_not_parsed(server, monkeypatch):
    raw = b'{"campaigns":[' + b",".join([b"1"] * 300_000) + b"]}"
    monkeypatch.setattr(orjson, "loads", pytest.fail)
    assert isinstance(parse(raw, Limits()), Unreadable)


def test_a_batch_with_too_many_items_is_refused_before_its_schema_is_read(server):
    server.runtime.validators = SimpleNamespace(check=pytest.fail)
    many = {"campaigns": [{}] * (server.runtime.limits.batch_items + 1)}
    assert server.call("/sp/campaigns", many).status == 413
    ids = {"campaignIdFilter": {"include": ["1"] * (server.runtime.limits.batch_items + 1)}}
    assert server.call("/sp/campaigns/list", ids).status == 413


def test_a_batch_of_invalid_items_gets_ten_errors(server):
    reply = server.call("/sp/campaigns", {"campaigns": [{}] * 900})
    assert reply.status == 400
    assert orjson.loads(reply.body)["message"].startswith("10 validation errors detected: ")


def test_a_late_error_of_a_large_batch_is_named(server):
    rows = [campaign(f"c{number}") for number in range(900)]
    rows[850]["budget"] = "much"
    message = orjson.loads(server.call("/sp/campaigns", {"campaigns": rows}).body)["message"]
    assert message.startswith("1 validation error detected: ")
    assert "campaigns.851.member.budget" in message


@pytest.mark.parametrize(
    "body",
    [
        b"true",
        b'["a"]',
        b'"a"',
        b"5",
        b"null",
        b'{"grant_type":["a"]}',
        b'{"grant_type":{}}',
        b"[]",
    ],
)
@pytest.mark.parametrize("media", ["application/json", FORM, "text/plain"])
def test_a_token_request_that_is_no_form_is_a_bad_request(server, body, media, caplog):
    reply = server.send("POST", "/auth/o2/token", body, {"Content-Type": media})
    assert reply.status == 400
    assert orjson.loads(reply.body)["error"] in ("invalid_request", "unsupported_grant_type")
    assert failures(caplog) == []


def test_a_giant_form_is_not_read(server, monkeypatch):
    def watched(text, **rest):
        assert len(text) < 20_000
        return parse_qsl(text, **rest)

    monkeypatch.setattr(client_stage, "parse_qsl", watched)
    form = b"a=&" * 5_000_000
    reply = server.send("POST", "/auth/o2/token", form, {"Content-Type": FORM})
    assert reply.status == 400


@pytest.mark.parametrize("body", [b"{}", b"[]", b'["a","1","9e12"]', b"true", b"1", b'{"a":1}'])
def test_a_body_does_not_replace_a_signature(server, body, caplog):
    for headers in ({}, server.headers()):
        reply = server.send("GET", STORAGE, body, headers)
        assert reply.status == 403
    assert failures(caplog) == []


def test_further_sandboxes_are_refused_at_the_ceiling():
    sandboxes = Sandboxes(capacity=Capacity(Limits(sandboxes=1)))
    home = Runtime.build(sandboxes, contract_set(), "http://storage.test")
    create_server(home, "one")
    with pytest.raises(Exception, match="--max-sandboxes") as refused:
        create_server(home, "two")
    assert refused.value.status == 503


@pytest.mark.parametrize("status", [400, 408, 413, 414, 431, 503])
def test_the_edge_refuses_in_the_words_of_the_gateway(server, status):
    pipeline = Pipeline(server.runtime)
    call = Call("POST", "/x", "", {}, b"", ENDPOINTS["NA"], 0.0)
    for reply in (pipeline.refusal(status), pipeline.refuse(call, status).reply):
        assert reply.status == status
        body = orjson.loads(reply.body)
        assert body["code"] == str(status)
        assert body["details"]
