"""Messages of Marketing Stream that are delayed or under way survive the process."""

from tests.unit.mockserver.fixtures import value
from tests.unit.mockserver.services.durable.fixtures import control_of, start
from tests.unit.mockserver.services.stream.stream_calls import aws, made, queue_arn
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


def received(control, url):
    reply = aws(control.server, "ReceiveMessage", {"QueueUrl": url, "MaxNumberOfMessages": 10})
    return [each["Body"] for each in value(reply).get("Messages", [])]


def test_a_delayed_message_and_one_under_way_come_after_a_restart(folder, killed):
    control = control_of(start(folder))
    control.sandbox.clock.set("frozen")
    url = value(aws(control.server, "CreateQueue", {"QueueName": "orders"}))["QueueUrl"]
    for body, delay in (("now", 0), ("delayed", 600)):
        message = {"QueueUrl": url, "MessageBody": body, "DelaySeconds": delay}
        aws(control.server, "SendMessage", message)
    assert received(control, url) == ["now"]
    control.do("clock.advance", {"seconds": 1})  # records the clock

    later = control_of(killed())
    assert received(later, url) == []
    later.do("clock.advance", {"seconds": 30})
    assert received(later, url) == ["now"]
    later.do("clock.advance", {"seconds": 600})
    assert sorted(received(later, url)) == ["delayed", "now"]
