import pytest

from adsmock.mockserver.services.faults.kinds.truncate import Truncate
from tests.unit.mockserver.services.faults.delivery import BODY, deliver


@pytest.mark.parametrize(("keep", "left"), [(None, len(BODY) // 2), (0, 0), (5, 5)])
def test_part_of_the_body_is_sent(keep, left):
    done = deliver(Truncate(keep_bytes=keep))

    assert (done.wire.sent, done.last) == (BODY[:left], "close")
    assert (done.ended, done.triggered) == ("truncated", 1)


@pytest.mark.parametrize(("body", "keep"), [(b"", None), (b"", 0), (BODY, len(BODY)), (BODY, 999)])
def test_a_body_that_loses_nothing_is_sent_whole_and_not_counted(body, keep):
    done = deliver(Truncate(keep_bytes=keep), body)

    assert (done.wire.sent, done.ended) == (body, "complete")
    assert (done.triggered, done.fault) == (0, None)


def test_it_is_not_triggered_when_the_client_has_left():
    assert deliver(Truncate(), is_gone=True).triggered == 0
