from adsmock.mockserver.services.faults.kinds.close import Close
from tests.unit.mockserver.services.faults.delivery import deliver


def test_the_connection_is_closed_before_any_byte():
    done = deliver(Close())

    assert (done.wire.events, done.wire.sent) == (["close"], b"")
    assert (done.ended, done.triggered) == ("closed", 1)


def test_it_is_not_triggered_when_the_client_has_left():
    assert deliver(Close(), is_gone=True).triggered == 0
