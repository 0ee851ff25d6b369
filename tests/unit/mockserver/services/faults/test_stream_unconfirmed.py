from adsmock.mockserver.services.faults.kinds.stream_unconfirmed import StreamUnconfirmed
from tests.unit.mockserver.services.faults.stream_deliveries import (
    AT,
    DAY,
    advance,
    changed,
    journaled,
)
from tests.unit.mockserver.services.stream.stream_calls import create_server, made, status


def test_the_message_is_lost_and_the_subscription_fails():
    own = create_server()
    own.plan("stream-unconfirmed", times=1)
    lost = made(own, dataset="budget-usage")
    rows = advance(own, 60)
    states = [status(own, lost), advance(own, 4 * DAY) and "", status(own, lost)]
    second = made(own, dataset="sp-traffic")
    again = advance(own, 60)

    assert rows == []
    assert [states[0], states[2]] == ["PENDING_CONFIRMATION", "FAILED_CONFIRMATION"]
    assert [row["Type"] for row in again] == ["SubscriptionConfirmation"]
    assert status(own, second) == "PENDING_CONFIRMATION"
    (entry,) = journaled(own)
    assert (entry.operation, entry.items) == ("delivery.confirmation", 1)
    assert entry.request["subscriptionId"] == lost


def test_with_a_delay_it_comes_late():
    own = create_server()
    own.plan("stream-unconfirmed", effect={"delay": DAY})
    made(own, dataset="budget-usage")

    assert advance(own, 60) == []
    assert [row["Type"] for row in advance(own, DAY)] == ["SubscriptionConfirmation"]
    assert not changed(StreamUnconfirmed(delay=0.0))[0]
    assert changed(StreamUnconfirmed(delay=2.0))[1].messages[0].at == AT + 2


def test_it_leaves_records_alone():
    assert StreamUnconfirmed.acts_on == ("confirmation",)
