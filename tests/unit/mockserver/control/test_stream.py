"""The control plane's view of Marketing Stream: subscriptions, queues, messages."""

import json

from tests.unit.mockserver.services.stream import stream_calls
from tests.unit.mockserver.services.stream.stream_calls import made, queue_arn, status


def test_a_subscription_is_confirmed_and_suspended_by_hand(control):
    subscription_id = made(control.server)
    early = control.refuse("stream.confirm", subscription=subscription_id)
    control.do("clock.advance", {"seconds": 5})
    confirmed = control.do("stream.confirm", subscription=subscription_id)
    suspended = control.do("stream.suspend", subscription=subscription_id)
    (row,) = control.do("stream.subscriptions")["subscriptions"]
    again = control.refuse("stream.suspend", subscription=subscription_id)

    assert (early["status"], again["status"]) == (409, 409)
    assert "is PROVISIONING: it must be PENDING_CONFIRMATION" in early["detail"]
    assert (confirmed["status"], suspended["status"]) == ("ACTIVE", "SUSPENDED")
    assert row == suspended
    assert (row["destination"], row["user"]) == (queue_arn(), "owner")
    assert status(control.server, subscription_id) == "SUSPENDED"


def test_an_unknown_subscription_or_queue_is_refused_with_the_nearest_name(control):
    subscription_id = made(control.server)
    control.do("clock.advance", {"seconds": 5})
    unknown = control.refuse("stream.confirm", subscription=subscription_id[:-1])
    queue = control.refuse("stream.messages", query={"queue": "order"})

    assert subscription_id in unknown["detail"]
    assert queue["status"] == 404
    assert "did you mean orders?" in queue["detail"]


def test_an_advance_delivers_and_messages_can_be_seen_without_being_received(control):
    made(control.server)
    before = control.do("stream.queues")["queues"]
    control.do("clock.advance", {"seconds": 10})
    (queue,) = control.do("stream.queues")["queues"]
    (message,) = control.do("stream.messages", query={"queue": "orders"})["messages"]
    same = control.do("stream.messages")["messages"]

    assert before == []
    assert (queue["name"], queue["visible"], queue["inFlight"]) == ("orders", 1, 0)
    assert queue["oldestSeconds"] == 6.6
    assert same == [message]
    assert json.loads(message["body"])["Type"] == "SubscriptionConfirmation"
    assert (message["receives"], message["isHidden"]) == (0, False)


def test_a_reset_of_the_state_removes_queues_and_subscriptions(control):
    made(control.server)
    control.do("clock.advance", {"seconds": 10})
    control.do("sandboxes.reset", {"scope": ["state"]})

    assert control.do("stream.queues") == {"queues": []}
    assert control.do("stream.subscriptions") == {"subscriptions": []}
    assert stream_calls.made(control.server)


def test_messages_are_put_into_a_queue_that_is_created_by_its_name(control):
    first = control.do("stream.send", {"queue": "orders", "bodies": ["one", "two"]})
    again = control.do("stream.send", {"queue": queue_arn(), "bodies": ["three"]})
    rows = control.do("stream.messages", query={"queue": "orders"})["messages"]

    assert (first["name"], first["visible"], again["visible"]) == ("orders", 2, 3)
    assert first["arn"] == queue_arn()
    assert [row["body"] for row in rows] == ["one", "two", "three"]
    calls = control.do("journal.get")["entries"]
    assert [call["operation"] for call in calls if call["operation"].startswith("sqs.")] == []


def test_a_queue_name_that_sqs_does_not_allow_is_refused(control):
    refused = control.refuse("stream.send", {"queue": "a b", "bodies": ["one"]})

    assert (refused["status"], refused["pointer"]) == (400, "/queue")
