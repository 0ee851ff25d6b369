from adsmock.mockserver.core.selected_fault import LONGEST_GATHERING
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


def test_gathering_starts_the_wait_again_with_each_call_that_arrives():
    done = deliver(Latency(latency=2, gather=True), calls=3)

    assert done.wire.events == ["pause 2"] * 4 + ["send", "finish"]


def test_gathering_answers_calls_without_end_too():
    done = deliver(Latency(latency=2, gather=True), calls=1000)

    assert done.wire.events.count("pause 2") == LONGEST_GATHERING
    assert done.ended == "complete"


def test_without_gathering_each_call_waits_for_itself():
    assert deliver(Latency(latency=2), calls=3).wire.events.count("pause 2") == 1


def test_gathering_ends_when_the_client_leaves():
    assert deliver(Latency(latency=2, gather=True), calls=9, leaves_in=2).ended == "client-closed"
