from adsmock.mockserver.services.faults.kinds.drip import Drip
from tests.unit.mockserver.services.faults.delivery import BODY, deliver


def test_the_body_comes_byte_by_byte():
    done = deliver(Drip())

    assert done.wire.events == ["pause 0.5"] * len(BODY) + ["finish"]
    assert (done.wire.sent, done.ended, done.triggered) == (BODY, "complete", 1)


def test_latency_is_what_the_whole_takes():
    assert deliver(Drip(latency=2)).wire.events == ["pause 0.5"] * 4 + ["finish"]


def test_it_is_triggered_when_the_client_gives_up():
    done = deliver(Drip(), leaves_in=3)

    assert (done.wire.sent, done.ended, done.triggered) == (BODY[:2], "client-closed", 1)


def test_an_empty_body_is_not_counted():
    done = deliver(Drip(), b"")

    assert (done.ended, done.triggered) == ("complete", 0)


def test_it_is_not_triggered_when_the_client_has_left_before():
    assert deliver(Drip(), is_gone=True).triggered == 0
