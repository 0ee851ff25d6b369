from adsmock.mockserver.services.faults.kinds.timeout_after_commit import TimeoutAfterCommit
from tests.unit.mockserver.services.faults.delivery import deliver


def test_nothing_is_sent_until_the_client_leaves():
    done = deliver(TimeoutAfterCommit(), leaves_in=1)

    assert (done.wire.events, done.wire.sent) == (["pause 300", "close"], b"")
    assert (done.ended, done.triggered) == ("timeout", 1)


def test_it_is_not_triggered_when_the_client_has_left_before():
    done = deliver(TimeoutAfterCommit(), is_gone=True)

    assert (done.triggered, done.fault) == (0, None)
