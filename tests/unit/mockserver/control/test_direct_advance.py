"""``clock.advance`` on the event loop: the same reply as through Flask, or none."""

import json
from concurrent.futures import Future

import orjson
import pytest

from adsmock.mockserver.control.access import AccessRules
from adsmock.mockserver.control.direct_advance import MAX_EVENTS, DirectAdvance
from tests.unit.mockserver.control.fixtures import make_control
from tests.unit.mockserver.fixtures import EXPORT, NOON, value

PATH = "/_mock/v1/sandboxes/t1/clock/advance"
HEADERS = {"host": "127.0.0.1:9090", "content-type": "application/json"}
BODY = b'{"seconds": 60}'


@pytest.fixture
def control():
    made = make_control()
    made.do("clock.advance", {"seconds": 0})  # the first one learns that nothing is to deliver
    return made


def answer(control, line=("POST", PATH, b""), headers=HEADERS, body=BODY, **rules):
    direct = DirectAdvance(control.server.runtime, AccessRules(**rules))
    pairs = [(name.encode(), text.encode()) for name, text in headers.items()]
    return direct.answer(line, pairs, body)


def test_reply_is_the_one_of_the_usual_path(control):
    other = make_control()
    for each in (control, other):
        call = each.server.call("/campaigns/export", {}, Content_Type=EXPORT, Accept=EXPORT)
        assert value(call)["exportId"]
    hour = {"seconds": 3600}

    reply, usual = (
        answer(control, body=json.dumps(hour).encode()),
        other.send("clock.advance", hour),
    )

    assert orjson.loads(reply.body) == usual.get_json()
    assert usual.get_json()["fired"], "an event, or the comparison shows little"
    assert (reply.status, reply.content_type) == (usual.status_code, usual.content_type)
    assert {name: usual.headers[name] for name in reply.headers} == reply.headers
    assert control.do("clock.get")["nowSeconds"] == NOON + 3600


@pytest.mark.parametrize(
    "request_part",
    [
        {"line": ("GET", PATH, b"")},
        {"line": ("POST", PATH, b"a=1")},
        {"line": ("POST", PATH + "/", b"")},
        {"line": ("POST", PATH.replace("t1", "nobody"), b"")},
        {"headers": HEADERS | {"host": "evil.example"}},
        {"headers": HEADERS | {"origin": "http://evil.example"}},
        {"headers": HEADERS | {"content-type": "text/plain"}},
        {"headers": {"host": "127.0.0.1"}},
        {"token": "secret"},
        {"body": b""},
        {"body": b"{"},
        {"body": b'{"seconds": -1}'},
        {"body": b'{"seconds": "3"}'},
        {"body": b'{"seconds": 4000000000}'},
        {"body": b'{"seconds": 1, "more": 1}'},
    ],
    ids=str,
)
def test_request_that_needs_a_message_takes_the_usual_path(control, request_part):
    assert answer(control, **request_part) is None
    assert control.do("clock.get")["nowSeconds"] == NOON, "nothing has moved"


def test_token_in_the_header_is_accepted(control):
    headers = HEADERS | {"authorization": "Bearer secret"}

    assert answer(control, headers=headers, token="secret").status == 200


def test_advance_that_waits_for_a_file_takes_the_usual_path(control):
    value(control.server.call("/campaigns/export", {}, Content_Type=EXPORT, Accept=EXPORT))
    (job,) = control.sandbox.jobs.values()
    job.file = Future()

    assert answer(control) is None

    job.file.set_result(b"")
    assert answer(control).status == 200


def test_advance_with_many_events_takes_the_usual_path(control):
    control.sandbox.tokens.expiries.update(
        {f"token-{number}": NOON for number in range(MAX_EVENTS + 1)}
    )

    assert answer(control) is None


def test_advance_with_messages_to_deliver_takes_the_usual_path():
    assert answer(make_control()) is None, "not yet known"


def test_changes_that_a_data_directory_must_record_take_the_usual_path(control):
    control.server.runtime.data = object()

    assert answer(control) is None
