"""No secret reaches the journal, by way of an address or of a body."""

import orjson
import pytest

from adsmock.mockserver.control.serializers import entry_row
from adsmock.mockserver.core.call import Call, Endpoint, Reply
from adsmock.mockserver.core.caller import Caller
from adsmock.mockserver.core.journal import REQUEST_KEPT_BYTES, Entry
from adsmock.mockserver.core.redaction import Redactor
from adsmock.mockserver.stages.journaling import _without_secrets, kept_body, note_reply
from tests.unit.mockserver.fixtures import create_server


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("a=1&b=%20x&a=2", "a=1&b=%20x&a=2"),
        ("code=", "code="),
        ("token=Atza%7Cabc&x=1", "token=tok-da7d83e38c89&x=1"),
        ("Authorization=Bearer%20Atza%7Cabc", "Authorization=tok-da7d83e38c89"),
        ("authorization=bearer+Atza%7Cabc", "authorization=tok-da7d83e38c89"),
        ("client_secret=zzz", "client_secret=tok-1f711685f64f"),
        ("s=amzn1.oa2-cs.v1.12&s=2", "s=tok-99e7131541d1&s=2"),
    ],
)
def test_secret_in_a_query_is_hashed_and_all_else_is_kept(query, kept):
    assert _without_secrets(query, Redactor()) == kept


@pytest.mark.parametrize("media", ["text/plain", "application/json; charset=utf-8"])
def test_secret_in_a_body_of_any_type_is_hashed(media):
    call = Call(
        "POST", "/auth/o2/token", "", {}, b'{"client_secret":"zzz","a":1}', Endpoint("main"), 0
    )
    call.headers["content-type"] = media
    kept = kept_body(call, Caller(None, "none"), orjson.loads(call.body), Redactor())
    assert kept == {"client_secret": "tok-1f711685f64f", "a": 1}


def test_of_a_giant_body_the_journal_keeps_the_size_and_a_name():
    server = create_server()
    space = b" " * REQUEST_KEPT_BYTES
    raws = [b'{"campaigns":[' + space + item + b"]}" for item in (b"", b"", b"1")]
    for raw in raws:
        server.call("/sp/campaigns", raw)
    entries = server.entries()[-3:]
    assert [entry.request for entry in entries] == [None] * 3
    assert entries[0].request_bytes == len(raws[0])
    assert entries[0].chain == entries[1].chain != entries[2].chain
    assert entries[1].attempt == 2


def chains(*paths, method="GET"):
    """Return the chain and the number of the attempt of calls to these paths."""
    server = create_server()
    for path in paths:
        server.send(method, path, b"{}" if method == "POST" else b"", server.headers())
    return [(entry.chain, entry.attempt) for entry in server.entries()[-len(paths) :]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/sp/campaigns/list?_={}"),
        ("POST", "/sp/campaigns/list?requestId=7f3-{}&debug"),
        ("GET", "/v2/profiles?accessLevel=edit&_={}"),
        ("GET", "/sd/campaigns?%5F={}&stateFilter=enabled"),
    ],
)
def test_parameter_that_the_service_ignores_makes_no_other_request(method, path):
    (first, one), (second, two) = chains(path.format(1), path.format(2), method=method)
    assert first == second
    assert (one, two) == (1, 2)


@pytest.mark.parametrize(
    "path",
    [
        "/sd/campaigns?startIndex={}",
        "/sd/campaigns?start%49ndex={}",
        "/sd/negativeTargets?targetIdFilter={}",
        "/v2/profiles?accessLevel={}",
        "/_storage/a.json?X-Amz-Signature={}",
        "/v2/sp/unknown?_={}",
    ],
)
def test_parameter_that_the_service_reads_makes_another_request(path):
    (first, _), (second, _) = chains(path.format(1), path.format(2))
    assert first != second


def test_ignored_parameter_of_a_call_that_is_refused_unread_makes_no_other_request():
    server = create_server()
    for number in (1, 2):
        path = f"/sp/campaigns/list?_={number}"
        server.send("POST", path, b"{}", server.headers(Authorization="Bearer none"))
    first, second = server.entries()[-2:]
    assert (first.status, first.chain, second.attempt) == (401, second.chain, 2)


def entities(count):
    return b'{"campaigns":[%b]' % b",".join(b'{"name":"nextToken"}' for _ in range(count))


@pytest.mark.parametrize(
    ("end", "token"),
    [
        (b',"nextToken":"a\\"b+/=","totalResults":9000}', 'a"b+/='),
        (b',"totalResults":9000}', ""),
        (b"}", ""),
    ],
)
def test_list_that_is_too_long_for_the_journal_leaves_its_page_token(end, token):
    entry = Entry("POST", "/sp/campaigns/list", 0.0)
    entry.operation = "sp.campaigns.list"
    reply = Reply(200, entities(9000) + end)
    note_reply(entry, reply, Redactor(), full=True, secret=False)

    assert entry.reply is None
    assert entry_row(entry)["nextToken"] == token


def test_short_list_is_kept_as_it_is():
    entry = Entry("POST", "/sp/campaigns/list", 0.0)
    entry.operation = "sp.campaigns.list"
    note_reply(entry, Reply(200, entities(3) + b"}"), Redactor(), full=True, secret=False)

    assert "nextToken" not in entry_row(entry)
    assert len(entry_row(entry)["reply"]["campaigns"]) == 3


@pytest.mark.parametrize(
    ("operation", "body", "kept"),
    [
        ("amc.workflows.create", b'{"code":"400"}', {"code": "400"}),
        ("amc.workflows.create", b"campaign,reach\n", None),
        ("storage.get", b'{"workflowId":"reach"}', None),
    ],
)
def test_document_that_is_named_octet_stream_is_kept_and_a_file_is_not(operation, body, kept):
    entry = Entry("POST", "/amc", 0.0)
    entry.operation = operation
    reply = Reply(400, body, "application/octet-stream")
    note_reply(entry, reply, Redactor(), full=True, secret=False)

    assert entry_row(entry)["reply"] == kept
