"""A receiver in memory, and sandboxes whose messages go to it instead of to the inbox."""

from adsmock.mockserver.core.push import PushTargets
from adsmock.mockserver.push.channel import Unavailable
from adsmock.mockserver.push.pusher import Pusher
from adsmock.mockserver.services.stream.delivery import catch_up
from adsmock.mockserver.services.stream.subscription_table import Subscriptions
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import CAMPAIGN, campaign
from tests.unit.mockserver.services.stream.stream_calls import made

TARGETS = PushTargets(webhook="http://127.0.0.1:1/", secret="whsec_")


class Receiver:
    """A channel that keeps what it accepts; ``down`` and ``refuses`` say what it does not."""

    size = 1

    def __init__(self):
        self.accepted = []
        self.down = False
        self.refuses = set()
        self.asked = 0

    def send(self, parcel):
        self.asked += 1
        if self.down:
            raise Unavailable("the receiver is down")
        refused = {}
        for message in parcel.messages:
            if message.body in self.refuses:
                refused[message.id] = "answered 400"
            else:
                self.accepted.append((message.id, message.body))
        return refused

    def close(self):
        """Nothing is open."""

    @property
    def bodies(self):
        return [body for _, body in self.accepted]


def create_server(name="same", runtime=None):
    """Return a sandbox with campaigns on a frozen clock; the same name gives the same one."""
    own = fixtures.create_server(runtime or fixtures.runtime(), name, seed=5)
    rows = [campaign(f"Campaign {number}") for number in range(3)]
    own.call("/sp/campaigns", {"campaigns": rows}, "POST", media=CAMPAIGN)
    return own


def pusher_of(own, receiver, targets=TARGETS, **settings):
    """Return what sends the messages of a server to a receiver, in the caller's thread."""
    own.runtime.sandboxes.pushes.targets = targets
    channels = dict.fromkeys(("webhook", "sqs", "firehose", "s3"), receiver)
    plain = {"submit": lambda function, *arguments: function(*arguments)}
    return Pusher(own.runtime.sandboxes, channels, **(plain | settings))


def subscribe(own, dataset="budget-usage", **members):
    """Subscribe and confirm; the confirmation message stays in the queue."""
    subscription_id = made(own, dataset=dataset, **members)
    own.sandbox.clock.advance(5)
    with own.sandbox.lock:
        now = own.sandbox.clock.now()
        catch_up(own.sandbox, own.runtime.sandboxes, now)
        subscriptions = Subscriptions(own.sandbox, now)
        subscriptions.confirm(subscriptions.get(subscription_id))
    return subscription_id
