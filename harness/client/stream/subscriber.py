"""Subscriptions to Marketing Stream: what is missing or lost is created, the rest stays.

Source: guides/amazon-marketing-stream: managing-subscriptions (documented: states, final states,
``clientRequestToken``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ..api import Api
from ..call import Call
from ..errors import AdsError
from ..sender import Sender

LIVE = frozenset({"ACTIVE", "PENDING_CONFIRMATION", "PROVISIONING"})
"""States of a subscription that delivers, or will when it is confirmed."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A dataset with the id of its subscription, or the error that left it without one."""

    dataset: str
    subscription: str = ""
    error: AdsError | None = None


def token_of(*subject: object) -> str:
    """Return the request token for a subject: the same in every attempt and process."""
    return str(uuid5(NAMESPACE_URL, " ".join(map(str, subject))))


class Subscriber:
    """Subscribes profiles to datasets; a repeated call changes nothing."""

    def __init__(self, api: Api, sender: Sender) -> None:
        self._api, self._sender = api, sender

    def subscribe(self, profile: str, datasets: Sequence[str], queue_arn: str) -> list[Subscribed]:
        """Give each dataset a live subscription with this queue; return one row per dataset.

        A dataset that fails does not stop the others.

        Raises:
            AdsError: the subscriptions could not be read.
        """
        own = [row for row in self.read(profile) if row.get("destinationArn") == queue_arn]
        return [
            self._ensure(profile, dataset, queue_arn, own) for dataset in dict.fromkeys(datasets)
        ]

    def read(self, profile: str) -> list[Mapping[str, Any]]:
        """Return all subscriptions of a profile."""
        found: list[Mapping[str, Any]] = []
        query: dict[str, str] = {}
        while True:
            reply = self._send("list", profile, query=query)
            found += reply["subscriptions"]
            if not reply.get("nextToken"):
                return found
            query = {"startingToken": reply["nextToken"]}

    def _ensure(
        self, profile: str, dataset: str, queue_arn: str, own: Sequence[Mapping[str, Any]]
    ) -> Subscribed:
        rows = [row for row in own if row["dataSetId"] == dataset]
        live = next((row for row in rows if self.is_live(row)), None)
        if live is not None:
            return Subscribed(dataset, live["subscriptionId"])
        try:
            return Subscribed(dataset, self.create(profile, dataset, queue_arn, len(rows)))
        except AdsError as error:
            return Subscribed(dataset, error=error)

    def is_live(self, row: Mapping[str, Any]) -> bool:
        """Say whether a subscription delivers, or will."""
        return row["status"] in LIVE

    def create(self, profile: str, dataset: str, queue_arn: str, ended: int) -> str:
        """Create the subscription that follows ``ended`` earlier ones, and return its id.

        Raises:
            AdsError: it was refused.
        """
        body = {
            "clientRequestToken": token_of(profile, dataset, queue_arn, ended),
            "dataSetId": dataset,
            "destinationArn": queue_arn,
        }
        return str(self._send("create", profile, body)["subscriptionId"])

    def _send(
        self, verb: str, profile: str, body: Any = None, query: Mapping[str, str] | None = None
    ) -> Any:
        return self._sender.send(self._call(verb, profile, body, query)).json

    def _call(
        self, verb: str, profile: str, body: Any = None, query: Mapping[str, str] | None = None
    ) -> Call:
        operation = self._api.operation(f"stream.subscriptions.{verb}")
        region = self._sender.router.region_of(profile)
        return Call(
            operation,
            region,
            profile,
            body,
            query=query or {},
            idempotent=verb == "create",
            names_profile=True,
        )
