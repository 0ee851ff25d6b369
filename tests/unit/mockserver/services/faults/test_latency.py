from adsmock.mockserver.services.faults.kinds.latency import Latency
from tests.unit.mockserver.services.faults.delivery import BODY, deliver


def test_the_answer_comes_late_and_whole():
    done = deliver(Latency(latency=2))

    assert (done.wire.events, done.wire.sent) == (["pause 2", "send", "finish"], BODY)
    assert (done.ended, done.triggered) == ("complete", 1)


def test_it_is_triggered_when_the_client_gives_up_waiting():
    done = deliver(Latency(latency=2), leaves_in=1)

    assert (done.ended, done.triggered, done.wire.sent) == ("client-closed", 1, b"")


def test_it_is_not_triggered_when_the_client_has_left_before():
    done = deliver(Latency(latency=2), is_gone=True)

    assert (done.ended, done.triggered, done.fault) == ("client-closed", 0, None)
