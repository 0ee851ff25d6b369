"""The subscriptions of a sandbox, with the indexes that limits and deliveries need.

They are stored like other records, so snapshots and the data directory contain them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.stream.facts import CONFIRM_CHOICE, CONFIRM_SECONDS
from adsmock.mockserver.services.stream.subscription import (
    LIVE,
    Owner,
    Status,
    Subscription,
    read,
)

TABLE = "stream.subscriptions"
"""The name of the table. A subscription belongs to an application, so it is of no profile."""

Pair = tuple[str, str]


class SubscriptionIndex:
    """Every subscription as a value, and the ids by what limits compare."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.by_id: dict[str, Subscription] = {}
        self.by_token: dict[Pair, str] = {}
        """Ids by user and clientRequestToken."""
        self.by_arn: dict[str, list[str]] = {}
        self.unended: dict[Pair, set[str]] = {}
        """Ids that nothing ended, by application and dataset."""
        self.by_account: dict[tuple[str, str, str], list[str]] = {}
        """Ids by application, dataset and account."""
        self.unconfirmed: set[str] = set()
        self.unannounced: set[str] = set()
        """Ids of queue subscriptions whose confirmation message was not sent."""
        self.delivering: set[str] = set()
        """Ids of confirmed subscriptions whose records are not all in the queue."""
        self.next_due = 0.0
        """When the next message may be due (sandbox seconds); 0 after every change."""
        for each in entities:
            self.put(None, each)

    def put(self, before: Entity | None, entity: Entity) -> None:
        """Add a subscription, or replace ``before``."""
        subscription = read(entity)
        owner = subscription.owner
        if before is None:
            self.by_arn.setdefault(subscription.arn, []).append(subscription.id)
            account = (owner.client, subscription.dataset, owner.account)
            self.by_account.setdefault(account, []).append(subscription.id)
            if subscription.token:
                self.by_token[owner.user, subscription.token] = subscription.id
        self.by_id[subscription.id] = subscription
        unended = self.unended.setdefault((owner.client, subscription.dataset), set())
        (unended.discard if subscription.ended else unended.add)(subscription.id)
        is_open = not subscription.ended and subscription.confirmed is None
        waits = is_open and subscription.service == "sqs"
        (self.unconfirmed.add if waits else self.unconfirmed.discard)(subscription.id)
        is_new = waits and subscription.announced is None
        (self.unannounced.add if is_new else self.unannounced.discard)(subscription.id)
        is_behind = not subscription.ended or subscription.delivered < subscription.ended_at
        delivers = subscription.confirmed is not None and is_behind
        (self.delivering.add if delivers else self.delivering.discard)(subscription.id)
        self.next_due = 0.0


class Subscriptions:
    """The subscriptions of one sandbox at a time (sandbox seconds)."""

    def __init__(self, sandbox: Sandbox, now: float) -> None:
        self._sandbox = sandbox
        self._table = sandbox.store.table("", TABLE)
        self._now = now
        choices = sandbox.choices
        self._confirm_within = float(choices.get(CONFIRM_CHOICE, CONFIRM_SECONDS))

    @property
    def _index(self) -> SubscriptionIndex:
        found: SubscriptionIndex = self._table.index(
            TABLE, lambda table: SubscriptionIndex(table.all())
        )
        return found

    @property
    def next_due(self) -> float:
        """When the next message may be due (sandbox seconds)."""
        return self._index.next_due

    @next_due.setter
    def next_due(self, at: float) -> None:
        self._index.next_due = at

    def add(self, subscription: Subscription) -> None:
        """Store a new subscription."""
        self._table.put(subscription.entity(self._sandbox.store.next_seq()))

    def put(self, subscription: Subscription) -> None:
        """Replace the subscription with the same id."""
        before = self._table.get(subscription.id)
        assert before is not None
        self._table.put(subscription.entity(before.seq))

    def get(self, subscription_id: str) -> Subscription | None:
        """Return one subscription."""
        return self._index.by_id.get(subscription_id)

    def by_token(self, user: str, token: str) -> Subscription | None:
        """Return what a user created with a clientRequestToken."""
        found = self._index.by_token.get((user, token))
        return None if found is None else self._index.by_id[found]

    def all(self) -> list[Subscription]:
        """Return every subscription, oldest first."""
        return list(self._index.by_id.values())

    def of(self, owner: Owner) -> list[Subscription]:
        """Return the subscriptions that ``owner`` sees, oldest first."""
        return [each for each in self._index.by_id.values() if each.owner == owner]

    def status(self, subscription: Subscription) -> Status:
        """Return the present state of a subscription."""
        return subscription.status_at(self._now, self._confirm_within)[0]

    def shown(self, subscription: Subscription) -> dict[str, object]:
        """Return a subscription as the wire shows it."""
        return subscription.shown_at(self._now, self._confirm_within)

    def destinations(self) -> dict[str, str]:
        """Return the service of each queue and delivery stream by its ARN."""
        index = self._index
        return {
            arn: min(index.by_id[each].service for each in ids)  # "s3" before "sqs"
            for arn, ids in index.by_arn.items()
        }

    def unannounced(self) -> list[Subscription]:
        """Return the queue subscriptions whose confirmation message was not sent."""
        return self._ordered(self._index.unannounced)

    def delivering(self) -> list[Subscription]:
        """Return the confirmed subscriptions whose records are not all in the queue."""
        return self._ordered(self._index.delivering)

    def of_account(self, owner: Owner, dataset: str) -> list[Subscription]:
        """Return an account's subscriptions of a dataset that are in no final state."""
        return self._live(self._index.by_account.get((owner.client, dataset, owner.account), ()))

    def is_full(self, client: str, dataset: str, limit: int) -> bool:
        """Say whether an application has ``limit`` subscriptions of a dataset in no final state."""
        ids = self._index.unended.get((client, dataset), ())
        return len(ids) >= limit and len(self._live(ids)) >= limit

    def are_pending(self, client: str, limit: int) -> bool:
        """Say whether ``limit`` subscriptions of an application wait for their confirmation."""
        ids = self._index.unconfirmed
        if len(ids) < limit:
            return False
        return sum(each.owner.client == client for each in self._live(ids)) >= limit

    def confirm(self, subscription: Subscription) -> Subscription:
        """Return a subscription that is confirmed now; one that does not wait stays as it is."""
        if self.status(subscription) != "PENDING_CONFIRMATION":
            return subscription
        confirmed = replace(subscription, confirmed=self._now)
        self.put(confirmed)
        return confirmed

    def archive(self, subscription: Subscription) -> Subscription:
        """Return a subscription that its owner archives now."""
        ended = replace(subscription, ended="ARCHIVED", ended_at=self._now)
        self.put(ended)
        return ended

    def suspend(self, subscription: Subscription) -> Subscription:
        """Return a subscription that ends because its user lost access to the advertiser."""
        ended = replace(subscription, ended="SUSPENDED", ended_at=self._now)
        self.put(ended)
        return ended

    def _live(self, ids: Iterable[str]) -> list[Subscription]:
        known = map(self._index.by_id.__getitem__, ids)
        return [each for each in known if self.status(each) in LIVE]

    def _ordered(self, ids: set[str]) -> list[Subscription]:
        """Return subscriptions in order of creation, whatever order a set has."""
        return [each for each in self._index.by_id.values() if each.id in ids] if ids else []
