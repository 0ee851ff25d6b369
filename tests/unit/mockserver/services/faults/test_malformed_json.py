import json

import pytest

from adsmock.mockserver.services.faults.kinds.malformed_json import MalformedJson
from tests.unit.mockserver.services.faults.delivery import deliver


@pytest.mark.parametrize("body", [b"{}", b"[1]", b'"text"', b"7", b"null", b"", b'{"a":1}\n'])
def test_no_body_parses(body):
    done = deliver(MalformedJson(), body)

    with pytest.raises(json.JSONDecodeError):
        json.loads(done.wire.sent)
    assert (done.ended, done.triggered) == ("complete", 1)


def test_a_reply_without_a_body_stays_so_and_is_not_counted():
    done = deliver(MalformedJson(), b"", 204)

    assert (done.wire.sent, done.triggered) == (b"", 0)


def test_it_is_not_triggered_when_the_client_has_left():
    assert deliver(MalformedJson(), is_gone=True).triggered == 0
