"""Messages that go outside: those of the inbox, in its order, each until it was accepted."""

import json
import threading
from contextlib import suppress

from adsmock.mockserver.core.push import MOST_ATTEMPTS, PushTargets
from adsmock.mockserver.push.pusher import Pusher
from adsmock.mockserver.services.stream import queues
from adsmock.mockserver.services.stream.delivery import catch_up
from tests.unit.mockserver.push.receiver import (
    TARGETS,
    Receiver,
    create_server,
    pusher_of,
    subscribe,
)
from tests.unit.mockserver.services.durable.fixtures import control_of, start
from tests.unit.mockserver.services.stream.stream_calls import firehose, made, queue_arn

HOUR = 3_600.0
WAIT = 60
"""Seconds of the machine that another thread may need at most."""


def send(own, *bodies, queue="orders"):
    with own.sandbox.lock:
        now = own.sandbox.clock.now()
        found = queues.create_queue(own.sandbox, queue_arn(queue), now)
        for body in bodies:
            queues.send(own.sandbox, found, body, now)


def state_of(own, arn=None):
    return own.runtime.sandboxes.pushes.states[own.sandbox.id, arn or queue_arn()]


def attempts(own):
    return [each.request for each in own.entries() if each.operation == "delivery.webhook"]


def with_faults():
    own = create_server()
    own.plan("stream-duplicate", probability=0.3, effect={"delay": 1_200.0})
    own.plan("stream-late", probability=0.3, effect={"delay": 5_400.0})
    subscribe(own)
    return own


def test_what_is_received_is_what_the_inbox_gives_under_duplicates_and_delays():
    inbox, outside, receiver = with_faults(), with_faults(), Receiver()
    pusher = pusher_of(outside, receiver)
    for _ in range(60):
        for own in (inbox, outside):
            own.sandbox.clock.advance(HOUR)
            with own.sandbox.lock:
                catch_up(own.sandbox, own.runtime.sandboxes, own.sandbox.clock.now())
        pusher.look()
    queue = inbox.sandbox.queues[queue_arn()]
    expected = [(each.id, each.body) for each in queue.peek(10_000, inbox.sandbox.clock.now())]

    assert len(expected) > 50
    assert len(set(receiver.bodies)) < len(receiver.bodies)
    assert receiver.accepted == expected
    assert len(outside.sandbox.queues[queue_arn()]) == 0
    assert state_of(outside).delivered == len(expected)


def test_the_confirmation_comes_first_and_a_firehose_needs_none():
    own, receiver = create_server(), Receiver()
    pusher = pusher_of(own, receiver)
    subscribe(own)
    pusher.look()
    assert [json.loads(body)["Type"] for body in receiver.bodies] == ["SubscriptionConfirmation"]

    other, records = create_server("firehose"), Receiver()
    pusher_of(other, records, PushTargets({"firehose": "http://127.0.0.1:1"}))
    subscribe_firehose(other)
    stream = pusher_of(other, records, PushTargets({"firehose": "http://127.0.0.1:1"}))
    other.sandbox.clock.advance(12 * HOUR)
    stream.look()
    assert {json.loads(body)["dataset_id"] for body in records.bodies} == {"budget-usage"}


def subscribe_firehose(own):
    made(own, dataset="budget-usage", destinationArn=None, destination=firehose())
    own.sandbox.clock.advance(5)


def test_messages_older_than_the_retention_of_a_queue_are_sent_too():
    own, receiver = create_server(), Receiver()
    pusher = pusher_of(own, receiver)
    subscribe(own)
    receiver.down = True
    pusher.look()
    own.sandbox.clock.advance(30 * 24 * HOUR)
    receiver.down = False
    for _ in range(10):  # what does not fit into the queue is made after some was sent
        pusher.look()
    assert json.loads(receiver.bodies[0])["Type"] == "SubscriptionConfirmation"
    days = {json.loads(body)["usage_updated_timestamp"][:10] for body in receiver.bodies[1:]}
    assert len(days) > 25


def test_a_receiver_that_is_down_is_asked_again_ever_more_rarely_and_loses_nothing():
    own, receiver = create_server(), Receiver()
    pusher = pusher_of(own, receiver)
    subscribe(own)
    send(own, "1", "2", "3")
    receiver.down, asked = True, []
    for _ in range(200):
        pusher.look()
        asked.append(receiver.asked)
        own.sandbox.clock.advance(1)
    moments = [second for second, count in enumerate(asked) if second and count > asked[second - 1]]
    receiver.down = False
    own.sandbox.clock.advance(60)
    pusher.look()

    assert moments == [1, 3, 7, 15, 31, 63, 123, 183]
    assert receiver.bodies[1:] == ["1", "2", "3"]
    assert [each["attempt"] for each in attempts(own)[:10]] == [*range(1, 11)]
    assert attempts(own)[0]["problem"] == state_of(own).error == "the receiver is down"
    assert "problem" not in attempts(own)[-1]


def test_a_refused_message_is_tried_in_its_place_and_then_set_aside():
    own, receiver = create_server(), Receiver()
    pusher = pusher_of(own, receiver)
    subscribe(own)
    send(own, "1", "poison", "3")
    receiver.refuses = {"poison"}
    pusher.look()
    assert receiver.bodies[1:] == ["1"]
    for _ in range(20):
        own.sandbox.clock.advance(60)
        pusher.look()

    assert receiver.bodies[1:] == ["1", "3"]
    assert [each["messages"] for each in attempts(own) if "refused" in each] == [
        [attempts(own)[2]["messages"][0]]
    ] * MOST_ATTEMPTS
    aside = own.sandbox.queues[queue_arn() + "-undelivered"]
    assert [each.body for each in aside.peek(10, own.sandbox.clock.now())] == ["poison"]
    assert state_of(own).undelivered == 1


def test_the_other_messages_of_a_request_count_as_accepted():
    own, receiver = create_server(), Receiver()
    receiver.size = 10
    pusher = pusher_of(own, receiver)
    subscribe(own)
    send(own, "1", "poison", "3")
    receiver.refuses = {"poison"}
    pusher.look()
    assert receiver.bodies[1:] == ["1", "3"]
    queue = own.sandbox.queues[queue_arn()]
    assert [each.body for each in queue.peek(10, own.sandbox.clock.now())] == ["poison"]


def test_a_queue_without_a_target_stays_in_the_inbox():
    own, receiver = create_server(), Receiver()
    pusher = pusher_of(own, receiver, PushTargets({"firehose": "http://127.0.0.1:1"}))
    subscribe(own)
    send(own, "1")
    pusher.look()
    assert receiver.accepted == []
    assert len(own.sandbox.queues[queue_arn()]) == 2


def test_a_slow_receiver_holds_up_its_own_queue_only():
    arrived, release = threading.Event(), threading.Event()

    class Slow(Receiver):
        def send(self, parcel):
            if parcel.name == "slow":
                assert release.wait(WAIT)
            else:
                arrived.set()
            return super().send(parcel)

    own, receiver = create_server(), Slow()
    pusher = pusher_of(own, receiver, submit=None)
    for name in ("slow", "fast"):
        subscribe(own, destinationArn=queue_arn(name))
    try:
        pusher.look()
        assert arrived.wait(WAIT)
        pusher.look()  # the slow queue has a request under way
        assert own.grant().status == 200
    finally:
        release.set()
        pusher.stop()
    assert len(receiver.accepted) == 2


def test_a_reset_while_a_request_is_under_way_deletes_nothing_of_the_new_state():
    own = create_server()

    class Resets(Receiver):
        def send(self, parcel):
            own.sandbox.queues = {}
            return super().send(parcel)

    pusher = pusher_of(own, Resets())
    subscribe(own)
    pusher.look()
    assert state_of(own).attempts == 0


def test_an_error_of_ours_is_visible_and_the_message_stays():
    class Broken(Receiver):
        def send(self, _):
            raise KeyError("surprise")

    own = create_server()
    pusher = pusher_of(own, Broken())
    subscribe(own)
    pusher.look()
    assert state_of(own).error == "KeyError: 'surprise'"
    assert len(own.sandbox.queues[queue_arn()]) == 1


def test_a_restart_loses_no_message_and_repeats_none_that_was_accepted(folder, killed):
    control = control_of(start(folder))
    control.sandbox.clock.set("frozen")
    own, receiver = control.server, Receiver()
    pusher = pusher_of(own, receiver)
    subscribe(own)
    control.do("stream.send", {"queue": queue_arn(), "bodies": ["1", "2", "later"]})
    receiver.refuses = {"2"}
    pusher.look()
    before = list(receiver.accepted)

    later = control_of(killed())
    again = Receiver()
    pusher_of(later.server, again).look()
    assert receiver.bodies[1:] == ["1"]
    assert again.bodies == ["2", "later"]
    assert not {each for each, _ in before} & {each for each, _ in again.accepted}


def test_a_message_that_was_under_way_at_the_end_comes_again_with_its_id(folder, killed):
    control = control_of(start(folder))
    own = control.server

    class Dies(Receiver):
        def send(self, parcel):
            self.accepted += [(each.id, each.body) for each in parcel.messages]
            raise KeyboardInterrupt

    pusher = pusher_of(own, receiver := Dies())
    subscribe(own)
    with suppress(KeyboardInterrupt):
        pusher.look()
    again = Receiver()
    pusher_of(control_of(killed()).server, again).look()
    assert again.accepted == receiver.accepted
    assert len(again.accepted) == 1


def test_the_default_threads_send_what_is_due():
    arrived = threading.Event()

    class Signals(Receiver):
        def send(self, parcel):
            arrived.set()
            return super().send(parcel)

    own, receiver = create_server(), Signals()
    own.runtime.sandboxes.pushes.targets = TARGETS
    pusher = Pusher(own.runtime.sandboxes, {"webhook": receiver})
    subscribe(own)
    pusher.start()
    assert arrived.wait(WAIT)
    pusher.stop()
    assert len(receiver.accepted) == 1
