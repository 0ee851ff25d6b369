from adsmock.mockserver.services.stream.subscription_table import Subscriptions
from tests.unit.mockserver.services.faults.stream_deliveries import (
    DAY,
    advance,
    journaled,
    subscribed,
)
from tests.unit.mockserver.services.stream.stream_calls import status
from tests.unit.mockserver.services.stream.test_delivery import bodies
from tests.unit.mockserver.services.stream.test_delivery import subscribed as subscribe


def test_the_subscription_ends_with_the_selected_record_and_nothing_comes_after_it():
    own, subscription = subscribed()
    own.plan("stream-suspended", skip=5)

    rows = advance(own, 2 * DAY)

    found = Subscriptions(own.sandbox, own.sandbox.clock.now()).get(subscription)
    assert len(rows) == 5
    assert status(own, subscription) == "SUSPENDED"
    assert found.ended_at < own.sandbox.clock.now()
    assert own.sandbox.faults.find("stream-suspended").triggered == 1
    assert journaled(own)[0].request["subscriptionId"] == subscription
    assert advance(own) == rows


def test_a_new_subscription_is_delivered_again():
    own, _ = subscribed()
    own.plan("stream-suspended", times=1)
    advance(own)
    subscribe(own, queue="second")
    advance(own)
    assert bodies(own, "second")
