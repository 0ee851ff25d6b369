from adsmock.mockserver.services.faults.kinds.reset import Reset
from tests.unit.mockserver.fixtures import campaign, create_server
from tests.unit.mockserver.services.faults.delivery import BODY, deliver


def test_on_wire_it_comes_after_half_of_the_body():
    done = deliver(Reset(point="on_wire"))

    assert (done.last, done.wire.sent) == ("reset", BODY[: len(BODY) // 2])
    assert (done.ended, done.triggered) == ("reset", 1)


def test_after_the_work_nothing_is_sent():
    done = deliver(Reset(point="after_commit"))

    assert (done.wire.sent, done.triggered) == (b"", 1)


def test_it_is_not_triggered_when_the_client_has_left():
    assert deliver(Reset(point="on_wire"), is_gone=True).triggered == 0


def test_before_the_work_it_refuses_the_call():
    server = create_server()
    server.plan("reset")

    server.call("/sp/campaigns", {"campaigns": [campaign()]})
    entry = server.entries()[-1]

    assert (entry.committed, entry.fault["kind"]) == (False, "reset")
    assert server.sandbox.faults.find("reset").triggered == 1
