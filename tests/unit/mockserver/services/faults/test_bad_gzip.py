import gzip

import pytest

from adsmock.mockserver.services.faults.kinds.bad_gzip import BadGzip
from tests.unit.mockserver.services.faults.delivery import BODY, deliver


@pytest.mark.parametrize(
    "body", [BODY, gzip.compress(BODY, mtime=0), b"1"], ids=["json", "gzip", "short"]
)
def test_the_body_is_gzip_that_does_not_decompress(body):
    done = deliver(BadGzip(), body)

    assert done.wire.sent.startswith(b"\x1f\x8b")
    with pytest.raises(Exception, match=r".+"):
        gzip.decompress(done.wire.sent)
    assert (done.ended, done.triggered) == ("complete", 1)


def test_an_empty_body_stays_empty_and_is_not_counted():
    done = deliver(BadGzip(), b"")

    assert (done.wire.sent, done.reply.headers, done.triggered) == (b"", {}, 0)


def test_it_is_not_triggered_when_the_client_has_left():
    assert deliver(BadGzip(), is_gone=True).triggered == 0
