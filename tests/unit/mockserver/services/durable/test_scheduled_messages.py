"""Messages of Marketing Stream that a fault delays survive the process."""

from tests.unit.mockserver.services.durable.fixtures import control_of, start
from tests.unit.mockserver.services.stream.stream_calls import made, queue_arn
from tests.unit.mockserver.services.stream.test_delivery import bodies


def test_a_message_that_is_sent_later_comes_after_a_restart(folder, killed):
    control = control_of(start(folder))
    control.do(
        "faults.put", {"effect": {"kind": "stream-unconfirmed", "delay": "PT1H"}}, fault="late"
    )
    made(control.server, dataset="budget-usage")
    control.do("clock.advance", {"seconds": 60})
    later = control_of(killed())
    waiting = len(later.sandbox.queues[queue_arn()]), bodies(later.server)
    later.do("clock.advance", {"seconds": 3_600})

    assert waiting == (1, [])
    assert [row["Type"] for row in bodies(later.server)] == ["SubscriptionConfirmation"]
    assert later.do("faults.get", fault="late")["met"] == 1
