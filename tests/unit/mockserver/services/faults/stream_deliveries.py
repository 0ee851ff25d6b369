"""Messages of Marketing Stream on their way to a queue, and deliveries of a whole sandbox."""

from typing import Any

from adsmock.mockserver.core.delivery import Delivery
from adsmock.mockserver.core.effect import Effect
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.services.stream.stream_calls import create_server, queue_arn
from tests.unit.mockserver.services.stream.test_delivery import bodies, campaigns, catch_up
from tests.unit.mockserver.services.stream.test_delivery import subscribed as subscribe

DAY = 86_400.0
AT = 1_000.0
MEASURES = {"clicks": 1, "impressions": 1, "cost": 100}


def delta(**changes: Any) -> dict[str, Any]:
    """Return an hourly delta of three numbers."""
    plain = {
        "idempotency_id": "one",
        "dataset_id": "sp-traffic",
        "campaign_id": "7",
        "clicks": 3,
        "impressions": 47,
        "cost": 1.23,
    }
    return plain | changes


def changed(effect: Effect, value: dict[str, Any] | None = None) -> tuple[bool, Delivery]:
    """Return whether an effect changed the delivery of a record, and the delivery."""
    delivery = Delivery(AT, value or delta(), MEASURES, ("seed",))
    return effect.change_delivery(delivery), delivery


def totals(messages) -> dict[str, int]:
    """Return the sums of the numbers of messages, amounts in cents."""
    return {
        name: sum(round(each.value[name] * units) for each in messages)
        for name, units in MEASURES.items()
    }


def subscribed(**request):
    """Return a server with campaigns, whose budget usage is delivered to a queue."""
    own = create_server(**request)
    list(campaigns(own, 10))
    return own, subscribe(own)


def same():
    """Return such a server that is the same one in each call."""
    own = fixtures.create_server(fixtures.runtime(), "same", seed=5)
    list(campaigns(own, 10))
    subscribe(own)
    return own


def advance(own, seconds=DAY):
    """Advance the clock, deliver what is due, and return the bodies in the queue."""
    own.sandbox.clock.advance(seconds)
    catch_up(own)
    return bodies(own)


def journaled(own):
    """Return the journal entries of faults of deliveries."""
    found = [each for each in own.entries() if (each.operation or "").startswith("delivery.")]
    assert all(each.fault["point"] == "delivery" for each in found)
    return found


def queue(own):
    """Return the queue of the subscription."""
    return own.sandbox.queues[queue_arn()]
